"""A new release beside the old one, on one database and in the middle of traffic: nobody notices."""

from __future__ import annotations

import json
import threading
import time
from contextlib import ExitStack
from itertools import cycle

import httpx
import psycopg
import pytest
from structlog.testing import capture_logs

from evistore.app import consume
from evistore.contexts import CONTEXTS
from evistore.kernel.database import Database
from evistore.kernel.errors import Misconfigured, Unavailable
from evistore.kernel.migrations import migrate
from evistore.kernel.readiness import now_and_then, readiness
from evistore.kernel.settings import Settings
from fixtures.commands import evistore
from fixtures.consuming import PATIENCE, eventually, rows
from fixtures.databases import template
from fixtures.releasing import NEWEST
from fixtures.reporting import program, send, settings
from fixtures.serving import JSON, cdevent, serving

READS = (
    "/ready",
    "/",
    "/pipelines",
    "/events",
    "/api/delivery/v1/events?limit=5",
    "/api/delivery/v1/running",
    "/clusters",
)
LEDGER = """
    SELECT (SELECT array_agg(m ORDER BY m.number)::text FROM evistore.migration AS m),
           (SELECT array_agg(d ORDER BY d.context)::text FROM evistore.definition AS d),
           (SELECT max(p.xmin::text::bigint) FROM pg_proc AS p), (SELECT max(c.xmin::text::bigint) FROM pg_class AS c WHERE c.relkind = 'v')
"""
WAITING = "SELECT count(*) FROM pg_locks AS l WHERE NOT l.granted AND l.relation = 'cdviz.subject_state'::regclass"


@pytest.fixture
def url(postgres18):
    url = postgres18.fresh_database(template(postgres18))
    migrate(url, CONTEXTS)  # a copy has everything but the settings of its database
    yield url
    postgres18.discard(url)


class Traffic:
    """Senders and readers that never rest, over HTTP and Kafka."""

    def __init__(self, servers, broker, topic):
        self.servers, self.broker, self.topic = servers, broker, topic
        self.accepted, self.sent, self.reads, self.failures, self.slowest = [], [], 0, [], 0.0
        self._stop = threading.Event()
        workers = (self._write, self._write, self._read, self._send)
        self._threads = [threading.Thread(target=one, daemon=True) for one in workers]

    def __enter__(self):
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for one in self._threads:
            one.join(PATIENCE)

    def flows(self):
        """Wait until much more of everything was done; nothing failed."""
        before = len(self.accepted), len(self.sent), self.reads
        give_up = time.monotonic() + PATIENCE
        while not (
            len(self.accepted) > before[0] + 30
            and len(self.sent) > before[1] + 5
            and self.reads > before[2] + 2 * len(READS)
        ):
            assert not self.failures, self.failures
            assert time.monotonic() < give_up
            time.sleep(0.02)

    def _ask(self, client, method, path, **more):
        server, began = self.servers[0], time.monotonic()
        self.servers = [*self.servers[1:], server] if len(self.servers) > 1 else self.servers
        try:
            answer = client.request(method, server + path, **more)
        except httpx.TransportError as error:
            return self.failures.append((server, path, repr(error)))
        self.slowest = max(self.slowest, time.monotonic() - began)
        if answer.status_code not in (200, 201):
            return self.failures.append((server, path, answer.status_code, answer.text[:300]))
        return answer

    def _write(self):
        with httpx.Client(timeout=20) as client:
            while not self._stop.wait(0.01):
                event = cdevent()
                if self._ask(client, "POST", "/cdevents", content=json.dumps(event), headers=JSON):
                    self.accepted.append(event["context"]["id"])

    def _read(self):
        with httpx.Client(timeout=20) as client:
            for path in cycle(READS):
                if self._stop.is_set():
                    return
                self._ask(client, "GET", path)
                self.reads += 1

    def _send(self):
        while not self._stop.wait(0.1):
            event = cdevent()
            send(self.broker, self.topic, [json.dumps(event).encode()])
            self.sent.append(event["context"]["id"])


@pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
def test_a_release_is_rolled_out_and_no_request_fails(url, broker, next_release, monkeypatch):
    topic = broker.fresh_topic()
    with ExitStack() as stack:
        old = stack.enter_context(serving(url))
        stack.enter_context(program(settings(broker, "rollout", url, kafka_topics=[topic])))
        with Traffic([old.url], broker, topic) as traffic:
            traffic.flows()
            assert f"applied {NEWEST + 1:04} expand" in next_release.run("migrate", database_url=url)
            traffic.flows()
            assert old.get("/ready").status_code == 200

            before = rows(url, LEDGER)
            again = evistore("migrate", settings={"database_url": url})
            assert (again.returncode, "nothing was changed" in again.stdout) == (0, True), again.stderr
            assert rows(url, LEDGER) == before

            restarted = stack.enter_context(serving(url))
            assert restarted.get("/ready").json() == {"status": "ready"}
            with monkeypatch.context() as environment:
                environment.setenv("PYTHONPATH", next_release.environment["PYTHONPATH"])
                new = stack.enter_context(serving(url))
            assert new.get("/openapi.json").json()["info"]["version"] == "99.0.0"
            traffic.servers = [old.url, restarted.url, new.url]
            traffic.flows()

            traffic.servers = [new.url]
            traffic.flows()
            old.process.terminate()
            assert old.process.wait(PATIENCE) == 0
            traffic.flows()
        assert traffic.failures == []
        wanted = sorted(traffic.accepted + traffic.sent)
        eventually(lambda: sorted(one for (one,) in rows(url, "SELECT context_id FROM cdviz.cdevents_lake")), wanted)
    assert traffic.slowest < 5


def test_a_migration_that_has_to_wait_for_a_reader_holds_up_nobody_for_long(url, next_release):
    slowest, waits, was = 0.0, 0, 0
    with psycopg.connect(url) as reader, psycopg.connect(url, autocommit=True) as other:
        reader.execute("SELECT count(*) FROM cdviz.subject_state")
        process = next_release.start("migrate", database_url=url)
        give_up = time.monotonic() + PATIENCE
        while waits < 2:
            assert time.monotonic() < give_up
            waiting = other.execute(WAITING).fetchone()[0]
            waits, was = waits + (waiting > was), waiting
            began = time.monotonic()
            other.execute("SELECT count(*) FROM cdviz.subject_state")
            other.execute("CALL cdviz.store_cdevent(%s::jsonb)", [json.dumps(cdevent())])
            slowest = max(slowest, time.monotonic() - began)
    assert process.communicate(timeout=PATIENCE) is not None
    assert (process.returncode, slowest < 2) == (0, True), slowest
    assert rows(url, "SELECT max(number) FROM evistore.migration") == [(NEWEST + 1,)]


def test_a_release_that_is_not_served_any_more_stops_and_the_newer_one_knows_the_way_back(url, next_release, tmp_path):
    later = next_release.contracting(tmp_path)
    with serving(url) as server, Database(url) as database:
        later.run("migrate", database_url=url)
        ready = server.get("/ready")
        assert (ready.status_code, ready.json()["code"]) == (503, "schema-newer")
        assert f"from migration {NEWEST + 1} on" in ready.json()["detail"]
        given = Settings(_env_file=None, database_url=url, kafka_brokers="127.0.0.1:1", kafka_topics=["events"])
        works = (readiness(database, CONTEXTS), lambda: consume(given, lambda: False), lambda: migrate(url, CONTEXTS))
        for one in works:
            with pytest.raises(Misconfigured) as told:
                one()
            assert told.value.code == "schema-newer"

        later.run("migrate", "--to", str(NEWEST), database_url=url)
        assert migrate(url, CONTEXTS).defined
        assert server.get("/ready").status_code == 200
        assert server.post(cdevent()).status_code == 201


def test_that_the_schema_is_ahead_is_logged_once_and_asked_now_and_then(url):
    later = "INSERT INTO evistore.migration (number, context, name, serves_from) VALUES (%s, 'kernel', 'later', %s)"
    with Database(url) as database, psycopg.connect(url, autocommit=True) as connection, capture_logs() as logs:
        check = readiness(database, CONTEXTS)
        seldom, often = now_and_then(check, 60), now_and_then(check, 0)
        connection.execute(later, [NEWEST + 1, NEWEST])
        for one in (check, check, seldom, often):
            one()
        connection.execute(later, [NEWEST + 2, NEWEST + 2])
        seldom()
        with pytest.raises(Misconfigured):
            often()
    ahead = {"migration": NEWEST + 1, "known": NEWEST, "serves_from": NEWEST}
    assert logs == [{"event": "schema-ahead", "log_level": "warning", **ahead}]


def test_a_statement_that_was_prepared_before_its_columns_changed_is_prepared_anew(url):
    with Database(url, size=1) as database, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE VIEW public.changing AS SELECT 1 AS a")

        def columns():
            with database.transaction(read_only=True) as tx:
                return tx.rows("SELECT * FROM public.changing")

        assert [columns() for _ in range(8)] == [[{"a": 1}]] * 8
        connection.execute("CREATE OR REPLACE VIEW public.changing AS SELECT 1 AS a, 2 AS b")
        with pytest.raises(Unavailable) as told:
            columns()
        assert told.value.code == "database-busy"
        assert columns() == [{"a": 1, "b": 2}]
