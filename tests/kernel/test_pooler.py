"""Behind a pooler in transaction mode everything works that does not need a session of its own, and what does says so."""

from __future__ import annotations

import itertools
import json
from collections import Counter

import httpx
import psycopg
import pytest

from evistore.kernel.database import Database
from evistore.kernel.errors import Misconfigured
from fixtures.commands import evistore
from fixtures.consuming import consuming, eventually, rows, send, settings
from fixtures.pooling import pooled
from fixtures.serving import cdevent, serving

pytestmark = pytest.mark.parametrize("engine", ["native"], indirect=True)
ROUNDS = 12  # the driver prepares what it has executed five times


@pytest.fixture
def pooler(delivery_url):
    with pooled(delivery_url) as url:
        yield url


def test_a_pooler_gives_a_client_one_server_process_after_the_other(pooler):
    plainly = {"autocommit": True, "prepare_threshold": None}
    with psycopg.connect(pooler, **plainly) as one, psycopg.connect(pooler, **plainly) as other:
        with other.transaction():
            other.execute("SELECT pg_backend_pid()")
            processes = {one.execute("SELECT pg_backend_pid()").fetchone()[0] for _ in range(ROUNDS)}
        processes |= {one.execute("SELECT pg_backend_pid()").fetchone()[0] for _ in range(ROUNDS)}
    assert len(processes) > 1


def test_what_is_asked_often_is_not_prepared(pooler):
    with Database(pooler, size=3) as database, database.connect() as beside:
        for _ in range(ROUNDS):
            with database.transaction() as one, database.transaction() as other:
                assert one.value("SELECT 1") == other.value("SELECT 1") == 1
            assert beside.execute("SELECT 1").fetchone() == (1,)


def test_a_connection_of_its_own_prepares(delivery_url):
    with Database(delivery_url, size=1) as database:
        for _ in range(ROUNDS):
            with database.transaction() as tx:
                prepared = tx.value("SELECT count(*) FROM pg_prepared_statements")
    assert prepared > 0


def test_what_needs_a_session_of_its_own_says_so(pooler):
    with Database(pooler, size=1) as database, pytest.raises(Misconfigured) as fault, database.session():
        raise AssertionError
    assert fault.value.code == "database-pooled"

    for command in ("migrate", "maintain", "convert"):
        told = evistore(command, "--database-url", pooler)
        assert (told.returncode, "[database-pooled]" in told.stderr) == (3, True), told.stderr


def test_files_servers_and_pages_work(pooler, delivery_url, tmp_path):
    lines = tmp_path / "events.ndjson"
    lines.write_text("\n".join(json.dumps(cdevent(f"file-{number}")) for number in range(30)), "utf-8")
    ingested = evistore("ingest", str(lines), "--database-url", pooler)
    assert ingested.returncode == 0, ingested.stderr

    with serving(pooler, http_writers=2) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        assert client.get("/ready").status_code == 200
        for number in range(ROUNDS):
            assert server.post(cdevent(f"posted-{number}")).status_code == 201
            answers = {path: client.get(path).status_code for path in PATHS}
            assert answers == dict.fromkeys(PATHS, 200)
        with client.stream("GET", "/api/delivery/v1/feed?after=0") as feed:
            events = (line for line in feed.iter_lines() if line.startswith("event:"))
            assert sum(1 for _ in itertools.islice(events, 30 + ROUNDS)) == 30 + ROUNDS
    ids = {row[0] for row in rows(delivery_url, "SELECT context_id FROM cdviz.cdevents_lake")}
    assert ids == {f"file-{number}" for number in range(30)} | {f"posted-{number}" for number in range(ROUNDS)}


PATHS = (
    "/",
    "/services",
    "/events",
    "/clusters",
    "/sources",
    "/quarantine",
    "/api/delivery/v1/events",
    "/api/delivery/v1/quarantine",
    "/api/insights-results-aggregator/v1/organizations/1/clusters",
)


@pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
def test_messages_are_consumed(pooler, delivery_url, broker):
    topic = broker.fresh_topic()
    with consuming(settings(broker, "pooled", kafka_batch_size=3), pooler, topic, handler=count):
        for number in range(ROUNDS):
            send(broker, topic, [number])
        eventually(lambda: rows(delivery_url, "SELECT next_offset FROM evistore.consumer_position"), [(ROUNDS,)])


def count(tx, messages):
    """Ask something of the database for each message."""
    return Counter(stored=sum(tx.value("SELECT 1") for _ in messages))
