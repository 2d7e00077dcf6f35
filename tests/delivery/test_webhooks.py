"""Webhooks: signed, in order, at least once, and none held up by another."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import threading
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import psycopg
import pytest
from cloudevents.v1.http import from_http
from standardwebhooks import Webhook as Verifier

from evistore.delivery import delivering, webhooks
from evistore.delivery.delivering import attempt, deliver, pause
from evistore.delivery.feed import Wanted
from evistore.kernel.database import Database
from evistore.kernel.errors import NotFound, Rejected
from evistore.web.words import duration
from fixtures.histories import runs, store, told
from fixtures.receiving import FINE, receiving
from soak.proxy import Proxy

WAITS = delivering.WAITS
NATIVE = pytest.mark.parametrize("engine", ["native"], indirect=True)


@pytest.fixture
def database(delivery_url):
    with Database(delivery_url, size=8, timeout=5) as one:
        yield one


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


@pytest.fixture(autouse=True)
def brisk(monkeypatch):
    """Attempts follow each other faster than in life."""
    monkeypatch.setattr(delivering, "WAITS", (0.2, 0.4))


def added(database, url, name="hook", wanted=None, **how):
    with database.transaction() as tx:
        return webhooks.add(tx, name, url, wanted or Wanted(), **how)


def known(database, name="hook"):
    with database.transaction(read_only=True) as tx:
        return webhooks.one(tx, name)


def sent(database, *events):
    with database.session() as connection:
        assert set(store(connection, *events)) == {"stored"}


def changes(*names):
    return [told("change.created", name) for name in names]


@contextmanager
def workers(database, count=1, seconds=2.0):
    """So many workers that deliver meanwhile."""
    over = threading.Event()
    threads = [threading.Thread(target=deliver, args=(database, seconds, over.is_set)) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()


def settled(database, name="hook"):
    """Whether the webhook has nothing to send and nobody serves it."""
    one = known(database, name)
    return one.behind == 0 and one.failures == 0


@NATIVE
def test_a_database_that_was_away_holds_a_webhook_up_no_longer_than_that(delivery_url, receiver, monkeypatch):
    """The claim of the worker that was cut off has half a minute to run; he gives it up as soon as he can."""
    monkeypatch.setattr(delivering, "_AWAY_SECONDS", 0.2)
    socket = Path(parse_qs(urlsplit(delivery_url).query)["host"][0]) / ".s.PGSQL.5432"
    with Proxy(socket) as proxy, Database(delivery_url, size=1) as straight:
        added(straight, receiver.url)
        sent(straight, *changes("c-1"))
        url = f"postgresql://postgres@127.0.0.1:{proxy.port}{urlsplit(delivery_url).path}?sslmode=disable"
        receiver.answer = lambda _: proxy.refuse() or FINE
        with Database(url, size=4, timeout=1) as cut_off, workers(cut_off, seconds=10):
            receiver.wait_for("c-1")
            receiver.answer = lambda _: FINE
            time.sleep(2)  # longer than it waits for a connection
            proxy.heal()
            receiver.wait(lambda: len(receiver.requests) == 2, seconds=12)
            receiver.wait(lambda: settled(straight))

    assert receiver.subjects == ["c-1", "c-1"]


def test_events_from_now_on_arrive_in_order_and_signed(database, receiver):
    sent(database, *changes("before"))
    secret = added(database, receiver.url)
    sent(database, runs("shop", "prod", "pkg:oci/shop@1", "10:00"), *changes("c-1", "c-2"))

    with workers(database):
        receiver.wait_for("shop", "c-1", "c-2")
        receiver.wait(lambda: settled(database))

    assert receiver.subjects == ["shop", "c-1", "c-2"]
    assert known(database).delivered == 3
    for request in receiver.requests:
        assert Verifier(secret).verify(request.body, request.headers) == json.loads(request.body)
        of_code_hosts = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
        assert request.headers["X-Hub-Signature-256"] == f"sha256={of_code_hosts}"
        assert request.headers["User-Agent"].startswith("Evistore/")
    first = from_http(receiver.requests[0].headers, receiver.requests[0].body)
    assert (first["type"], first["source"]) == ("dev.cdevents.service.deployed.0.2.0", "/ci/test")
    assert first.data["subject"]["content"]["environment"] == {"id": "prod"}


@NATIVE
def test_a_signature_fits_no_other_secret_content_name_or_time(database, receiver):
    secret = added(database, receiver.url)
    sent(database, *changes("c-1"))
    with workers(database):
        receiver.wait_for("c-1")
    (request,) = receiver.requests

    for changed in (
        {"webhook-id": "other"},
        {"webhook-timestamp": str(int(request.headers["webhook-timestamp"]) + 1)},
        {"webhook-timestamp": str(int(request.headers["webhook-timestamp"]) - 3600)},
    ):
        with pytest.raises(Exception, match=r"signature|timestamp"):
            Verifier(secret).verify(request.body, request.headers | changed)
    with pytest.raises(Exception, match="signature"):
        Verifier(secret).verify(request.body + b" ", request.headers)
    with pytest.raises(Exception, match="signature"):
        Verifier(added(database, receiver.url, "other")).verify(request.body, request.headers)


@NATIVE
def test_many_events_of_one_request_come_as_a_batch(database, receiver):
    added(database, receiver.url, batch=3)
    sent(database, *changes(*"abcdefg"))
    with workers(database):
        receiver.wait_for(*"abcdefg")

    assert [request.subjects for request in receiver.requests] == [["a", "b", "c"], ["d", "e", "f"], ["g"]]
    assert {request.headers["Content-Type"].partition(";")[0] for request in receiver.requests} == {
        "application/cloudevents-batch+json"
    }


@NATIVE
@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(subjects=["service", "incident"]), ["shop", "i-1"]),
        (Wanted(predicates=["created"]), ["c-1"]),
        (Wanted(environments=["prod"], subjects=["service"]), ["shop"]),
        (Wanted(services=["shop"]), ["shop", "i-1"]),
        (Wanted(sources=["/other"]), ["b-1"]),
    ],
)
def test_only_what_is_wanted_is_sent_and_the_rest_is_passed_over(database, receiver, wanted, ids):
    added(database, receiver.url, wanted=wanted)
    sent(
        database,
        runs("shop", "prod", "pkg:oci/shop@1", "10:00"),
        told("incident.detected", "i-1", service={"id": "shop"}),
        told("build.finished", "b-1", source="/other"),
        *changes("c-1"),
    )
    with workers(database):
        receiver.wait(lambda: settled(database))

    assert receiver.subjects == ids


def test_what_fails_is_sent_again_before_anything_else(database, receiver):
    added(database, receiver.url)
    tries = []

    def answer(request):
        tries.append(request)
        return (500, {}, b"not now") if len(tries) < 4 else FINE

    receiver.answer = answer
    sent(database, *changes("c-1", "c-2"))
    with workers(database):
        receiver.wait(lambda: len(tries) == 3)
        receiver.wait(lambda: known(database).failures == 3)
        failing = known(database)
        receiver.wait(lambda: settled(database))

    assert receiver.subjects == ["c-1"] * 4 + ["c-2"]
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 2
    assert (failing.last_status, failing.last_answer) == (500, "not now")
    assert failing.failing_since < failing.next_try_at
    assert known(database).failing_since is None
    gaps = [later.at - earlier.at for earlier, later in pairwise(tries)]
    assert all(gap >= 0.15 for gap in gaps[:3])


@NATIVE
def test_a_receiver_may_ask_for_more_time(database, receiver, monkeypatch):
    monkeypatch.setattr(delivering, "WAITS", (0.01,))
    added(database, receiver.url)
    receiver.answer = lambda _: (503, {"Retry-After": "2"}, b"") if len(receiver.requests) == 1 else FINE
    sent(database, *changes("c-1"))
    with workers(database):
        receiver.wait(lambda: settled(database))

    first, second = receiver.requests
    assert second.at - first.at >= 1.9


@NATIVE
def test_a_receiver_that_is_gone_is_not_asked_again_until_somebody_resumes_it(database, receiver):
    added(database, receiver.url)
    receiver.answer = lambda _: (410, {}, b"gone")
    sent(database, *changes("c-1", "c-2"))
    with workers(database):
        receiver.wait(lambda: known(database).state == "disabled")
        time.sleep(1)
        assert receiver.subjects == ["c-1"]
        receiver.answer = lambda _: FINE
        with database.transaction() as tx:
            webhooks.resume(tx, "hook")
        receiver.wait(lambda: settled(database))

    assert receiver.subjects == ["c-1", "c-1", "c-2"]


@NATIVE
def test_a_redirect_is_a_failure_and_is_not_followed(database, receiver):
    added(database, receiver.url)
    receiver.answer = lambda _: (302, {"Location": receiver.url.replace("hook", "elsewhere")}, b"")
    sent(database, *changes("c-1"))
    with workers(database):
        receiver.wait(lambda: known(database).failures >= 2)

    assert {request.path for request in receiver.requests} == {"/hook?key=1"}


@NATIVE
def test_a_paused_webhook_waits_where_it_stands_and_may_leave_out_what_came(database, receiver):
    for name in ("hook", "other"):
        added(database, receiver.url.replace("hook", name), name)
        with database.transaction() as tx:
            webhooks.pause(tx, name)
    sent(database, *changes("c-1"))
    with workers(database):
        time.sleep(1.2)
        assert receiver.requests == []
        with database.transaction() as tx:
            webhooks.resume(tx, "hook")
            webhooks.resume(tx, "other", skip=True)
        receiver.wait(lambda: settled(database) and settled(database, "other"))
        sent(database, *changes("c-2"))
        receiver.wait(lambda: len(receiver.requests) == 3)

    assert sorted((request.path, *request.subjects) for request in receiver.requests) == [
        ("/hook?key=1", "c-1"),
        ("/hook?key=1", "c-2"),
        ("/other?key=1", "c-2"),
    ]


def test_receivers_that_are_dead_hold_up_no_other(database, receiver):
    with ExitStack() as stack:
        dead = [stack.enter_context(receiving()) for _ in range(20)]
        for number, one in enumerate(dead):
            one.answer = lambda _: time.sleep(30) or FINE
            added(database, one.url, f"dead-{number:02}")
        added(database, receiver.url, "zz-alive")
        sent(database, *changes("first"))
        with workers(database, seconds=0.8):
            receiver.wait_for("first", seconds=10)
            receiver.wait(lambda: known(database, "dead-19").failures > 0, 20)
            began = time.monotonic()
            sent(database, *changes("second"))
            receiver.wait_for("second", seconds=10)
            took = time.monotonic() - began

    assert took < 3, f"{took:.1f} s"


@NATIVE
def test_no_transaction_is_open_while_a_receiver_thinks(database, receiver):
    release = threading.Event()
    receiver.answer = lambda _: release.wait(20) and FINE
    added(database, receiver.url)
    sent(database, *changes("c-1"))
    with workers(database, seconds=20):
        receiver.wait(lambda: receiver.requests != [])
        with database.session() as connection:
            open_ = connection.execute(
                """SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"""
            ).fetchone()
        release.set()
        receiver.wait(lambda: settled(database))

    assert open_ == (0,)


@NATIVE
def test_many_workers_serve_each_webhook_one_at_a_time(database):
    with ExitStack() as stack:
        receivers = [stack.enter_context(receiving()) for _ in range(4)]
        busy, worst = {}, []
        lock = threading.Lock()

        def answer(request):
            with lock:
                busy[request.path] = busy.get(request.path, 0) + 1
                worst.append(busy[request.path])
            time.sleep(random.uniform(0, 0.01))
            with lock:
                busy[request.path] -= 1
            return FINE

        for number, one in enumerate(receivers):
            one.answer = answer
            added(database, one.url.replace("hook", f"hook-{number}"), f"hook-{number}")
        names = [f"c-{n}" for n in range(60)]
        with workers(database, 4):
            for start in range(0, 60, 10):
                sent(database, *changes(*names[start : start + 10]))
                time.sleep(0.2)
            for number, one in enumerate(receivers):
                one.wait(lambda name=f"hook-{number}": settled(database, name))

        assert [one.subjects for one in receivers] == [names] * 4
        assert max(worst) == 1


@NATIVE
def test_a_late_worker_notes_nothing_of_what_another_has_taken_over(database, receiver):
    added(database, receiver.url)
    sent(database, *changes("c-1", "c-2"))
    with database.transaction() as tx:
        (first,) = webhooks.claim(tx, uuid4(), lease=0.1, most=5, failing=True)
    with database.transaction() as tx:
        assert webhooks.claim(tx, uuid4(), lease=30, most=5, failing=True) == []
    time.sleep(0.2)
    with database.transaction() as tx:
        (second,) = webhooks.claim(tx, uuid4(), lease=30, most=5, failing=True)

    with database.transaction() as tx:
        assert second.place == first.place
        assert not webhooks.advance(tx, first, first.place, events=1, status=200, lease=30)
        webhooks.leave(tx, first)
        assert webhooks.advance(tx, second, second.place, events=0, status=None, lease=30)


@NATIVE
def test_an_event_whose_transaction_commits_late_is_sent_all_the_same(delivery_url, database, receiver):
    sent(database, *changes("first"))
    added(database, receiver.url)
    with psycopg.connect(delivery_url) as late, workers(database):
        store(late, *changes("small-position"))
        sent(database, *changes("large-position"))
        time.sleep(1)
        late.commit()
        receiver.wait_for("small-position", "large-position")

    assert sorted(receiver.subjects) == ["large-position", "small-position"]


def test_a_webhook_can_be_tried_without_an_event(database, receiver):
    secret = added(database, receiver.url)
    receiver.answer = lambda _: (200, {}, b"welcome")
    with database.transaction(read_only=True) as tx:
        target = webhooks.target(tx, "hook")

    answer = attempt("hook", target, 2)

    assert (answer.status, answer.text) == (200, "welcome")
    (request,) = receiver.requests
    assert Verifier(secret).verify(request.body, request.headers)["data"] == {"webhook": "hook"}
    assert known(database).delivered == 0


@NATIVE
@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "http://",
        "example.com",
        "https://user:secret@example.com/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://[::1/",
        "https://example.com:0/",
        "https://exämple.com/",
        "https://example.com/" + "x" * 2000,
        "https://exa%mple.com:x/",
        "",
    ],
)
def test_a_url_that_cannot_be_sent_to_is_refused(database, url):
    with pytest.raises(Rejected) as refusal:
        added(database, url)
    assert refusal.value.code == "webhook-url"


@NATIVE
@pytest.mark.parametrize("name", ["", "Hook", "a b", "-a", "x" * 64, "a/b", "ä", "a\n"])
def test_a_name_that_is_none_is_refused(database, name):
    with pytest.raises(Rejected) as refusal:
        added(database, "https://example.com/", name)
    assert refusal.value.code == "webhook-name"


@NATIVE
def test_what_somebody_put_in_by_hand_holds_up_no_other(database, receiver):
    with database.session() as connection:
        for name, url in (("a-odd", "http://[/"), ("b-odd", "http://a:b:c/"), ("c-odd", "https://")):
            connection.execute(
                "SELECT cdviz.add_webhook(%s, %s, %s)", [name, url, known_secret := "whsec_" + "A" * 43 + "="]
            )
    added(database, receiver.url)
    sent(database, *changes("c-1"))
    with workers(database):
        receiver.wait_for("c-1")
        receiver.wait(lambda: all(known(database, f"{one}-odd").failures > 1 for one in "abc"))

    assert known_secret not in str(known(database, "a-odd"))


@NATIVE
def test_a_name_is_given_once_and_what_is_not_there_is_told(database, receiver):
    added(database, receiver.url)
    with pytest.raises(Rejected) as refusal:
        added(database, receiver.url)
    assert refusal.value.code == "webhook-exists"

    with database.transaction() as tx:
        webhooks.remove(tx, "hook")
        for act in (webhooks.remove, webhooks.pause, webhooks.resume, webhooks.one, webhooks.target):
            with pytest.raises(NotFound):
                act(tx, "hook")


def test_pauses_grow_to_an_hour_and_differ():
    assert [max(pause(n, None) for _ in range(200)) <= limit for n, limit in ((1, 0.2), (2, 0.4), (9, 0.4))] == [
        True
    ] * 3
    assert len({pause(3, None) for _ in range(20)}) > 10
    assert (pause(3, 7200.0), pause(3, 0.0), pause(3, 1e9)) == (7200.0, 1.0, 86_400.0)


def test_the_waits_of_the_documentation():
    text = (Path(__file__).parents[2] / "docs/operate/webhooks.md").read_text("utf-8")

    assert WAITS[-1] == 3600
    assert ", ".join(duration(timedelta(seconds=wait)).replace("\u202f", " ") for wait in WAITS) in text


@NATIVE
def test_restored_into_another_cluster_a_webhook_misses_nothing(database, receiver):
    """There transactions have lower numbers than those that the rows came with."""
    added(database, receiver.url)
    sent(database, *changes("c-1"))
    with workers(database):
        receiver.wait_for("c-1")
        receiver.wait(lambda: settled(database))
    sent(database, *changes("c-2"))
    with database.session() as connection:
        for table, column in (
            ("event_identity", "xid"),
            ("webhook", "after_xid"),
            ("activity_progress", "xid"),
        ):
            connection.execute(f"UPDATE cdviz.{table} SET {column} = ({column}::text::numeric + 10 ^ 12)::text::xid8")
    receiver.requests.clear()
    with workers(database):
        sent(database, *changes("c-3"))
        time.sleep(1.2)
        assert receiver.subjects == []
        with database.session() as connection:
            connection.execute("SELECT cdviz.refresh_activity()")
        receiver.wait_for("c-2", "c-3")
        receiver.wait(lambda: settled(database))

    assert receiver.subjects[-2:] == ["c-2", "c-3"]


@NATIVE
def test_a_reader_sees_how_it_goes_and_no_secret(delivery_url, database):
    added(database, "https://hooks.example.com/T0/secret-of-the-receiver?key=2")
    with psycopg.connect(delivery_url) as connection:
        connection.execute("SET LOCAL ROLE cdviz_reader")
        row = connection.execute("SELECT to_jsonb(w)::text FROM cdviz.webhooks AS w").fetchone()[0]
        assert "hooks.example.com" in row
        assert "secret" not in row
        assert "whsec" not in row
    for statement in (
        "SELECT secret FROM cdviz.webhook",
        "SELECT * FROM cdviz.webhook_target('hook')",
        "SELECT cdviz.add_webhook('x', 'http://x', 'y')",
    ):
        with psycopg.connect(delivery_url) as connection:
            connection.execute("SET LOCAL ROLE cdviz_reader")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@NATIVE
def test_the_service_needs_no_more_than_its_role(delivery_url, receiver):
    with Database(f"{delivery_url}&options=-c%20role%3Devistore_service", size=4) as service:
        added(service, receiver.url)
        sent(service, *changes("c-1"))
        with workers(service):
            receiver.wait_for("c-1")
            receiver.wait(lambda: settled(service))
        with service.transaction() as tx:
            assert [one.delivered for one in webhooks.every(tx)] == [1]
            webhooks.remove(tx, "hook")
