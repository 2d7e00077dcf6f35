"""Those who deliver, killed in mid-delivery: nothing is lost, hardly anything comes twice, and the order stays."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from functools import partial

import psycopg
import pytest
from standardwebhooks import Webhook as Verifier

from fixtures.commands import PROGRAM, environment, evistore
from fixtures.databases import template
from fixtures.histories import store, told
from fixtures.receiving import FINE, receiving
from fixtures.serving import cdevent, served, serving

KILLS = 3


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


@contextmanager
def delivering(database):
    with subprocess.Popen(
        [PROGRAM, "deliver"],
        env=environment(database_url=database, webhook_seconds="0.5", log_format="json"),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def webhook(database, *words):
    done = evistore("webhooks", *words, settings={"database_url": database})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def has_heard(receiver, count):
    return len(receiver.requests) >= count


def test_killed_again_and_again_those_who_deliver_lose_nothing(database, receiver):
    secret = webhook(database, "add", "hook", receiver.url)
    names = [f"c-{n:03}" for n in range(240)]
    receiver.answer = lambda _: time.sleep(random.uniform(0, 0.02)) or FINE

    def send():
        with psycopg.connect(database, autocommit=True) as connection:
            for start in range(0, len(names), 8):
                store(connection, *[told("change.created", name) for name in names[start : start + 8]])
                time.sleep(0.05)

    sender = threading.Thread(target=send)
    sender.start()
    for _ in range(KILLS):
        enough = len(receiver.requests) + random.randint(1, 30)
        with delivering(database) as process:
            receiver.wait(partial(has_heard, receiver, enough))
            os.kill(process.pid, signal.SIGKILL)
    sender.join()
    with delivering(database), delivering(database):
        receiver.wait_for(*names, seconds=60)

    assert list(dict.fromkeys(receiver.subjects)) == names
    assert len(receiver.subjects) <= len(names) + KILLS
    for request in receiver.requests:
        Verifier(secret).verify(request.body, request.headers)


def test_a_receiver_that_dies_and_comes_back_misses_nothing(database):
    with receiving() as first:
        webhook(database, "add", "hook", first.url)
        port = int(first.url.split(":")[2].split("/")[0])
        with delivering(database), psycopg.connect(database, autocommit=True) as connection:
            store(connection, told("change.created", "c-1"))
            first.wait_for("c-1")
    with delivering(database), psycopg.connect(database, autocommit=True) as connection:
        store(connection, told("change.created", "c-2"))
        time.sleep(3)
        with receiving(port) as again:
            store(connection, told("change.created", "c-3"))
            webhook(database, "resume", "hook")
            again.wait_for("c-2", "c-3")
            # What was answered just before the end may come once more.
            assert [one for one in again.subjects if one != "c-1"] == ["c-2", "c-3"]


def test_one_evistore_feeds_another_and_killing_either_loses_nothing(database, postgres18):
    there = postgres18.fresh_database(template(postgres18))
    events = [cdevent() for _ in range(120)]
    with serving(there) as second:  # its address, before its secret
        address, port = second.url, second.url.rsplit(":", 1)[1]
    secret = webhook(database, "add", "copy", f"{address}/cdevents", "--batch", "7")
    guarded = {"http_port": port, "http_signature_secret": secret, "validation": "off"}
    with serving(database, webhook_seconds=0.5) as first:
        with serving(there, **guarded) as second:
            assert second.post(events[0]).status_code == 401
            for start in range(0, 60, 10):
                first.post(events[start : start + 10])
            wait_until(second.stored_ids)
        first.post(events[60:90])
    with serving(there, **guarded) as second, serving(database, webhook_seconds=0.5) as first:
        first.post(events[90:])
        webhook(database, "resume", "copy")
        wait_until(lambda: second.stored_ids() == {event["context"]["id"] for event in events})
        copied = "SELECT context_id, payload::text, digest FROM cdviz.cdevents_lake ORDER BY context_id"
        assert second.ask(copied) == first.ask(copied)
        assert second.ask("SELECT count(*) FROM cdviz.quarantine") == [(0,)]
    postgres18.discard(there)


def wait_until(condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_told_to_stop_the_request_on_its_way_is_waited_for(database, receiver):
    release = threading.Event()
    receiver.answer = lambda _: release.wait(10) and FINE
    webhook(database, "add", "hook", receiver.url)
    with psycopg.connect(database, autocommit=True) as connection:
        store(connection, told("change.created", "c-1"), told("change.created", "c-2"))
        with subprocess.Popen([PROGRAM, "deliver"], env=environment(database_url=database)) as process:
            receiver.wait_for("c-1")
            os.kill(process.pid, signal.SIGTERM)
            time.sleep(0.5)
            release.set()
            assert process.wait(10) == 0
        told_of = connection.execute(
            "SELECT w.delivered, v.behind, w.claim FROM cdviz.webhook AS w JOIN cdviz.webhooks AS v USING (name)"
        )
        assert told_of.fetchone() == (1, 1, None)


def test_serve_can_be_told_not_to_deliver(postgres18, receiver):
    with served(postgres18, webhooks="false") as server:
        webhook(server.database, "add", "hook", receiver.url)
        server.post(cdevent())
        time.sleep(2)
        assert receiver.requests == []


def test_the_commands_tell_what_there_is_and_what_is_not(database, receiver):
    receiver.answer = lambda _: (403, {}, b"who are you?")
    settings = {"database_url": database}

    assert webhook(database, "list") == "no webhooks"
    assert webhook(database, "add", "hook", receiver.url, "--subject", "service", "--after", "0").startswith("whsec_")
    assert "hook" in webhook(database, "list")
    assert '"subjects": ["service"]' in webhook(database, "list", "--json")
    shown = webhook(database, "show", "hook")
    assert receiver.url in shown
    assert "whsec_" not in shown
    tried = evistore("webhooks", "test", "hook", settings=settings)
    assert (tried.returncode, tried.stdout.strip()) == (1, "403 who are you?")
    again = evistore("webhooks", "add", "hook", receiver.url, settings=settings)
    assert (again.returncode, again.stderr.strip()) == (
        1,
        "evistore: there is a webhook hook already [webhook-exists]",
    )
    webhook(database, "pause", "hook")
    assert "paused" in webhook(database, "list")
    webhook(database, "remove", "hook")
    gone = evistore("webhooks", "show", "hook", settings=settings)
    assert (gone.returncode, "not-found" in gone.stderr) == (1, True)
    odd = evistore("webhooks", "add", "Odd Name", receiver.url, settings=settings)
    assert (odd.returncode, "[webhook-name]" in odd.stderr) == (1, True)
