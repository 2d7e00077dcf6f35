"""Readers ask a replica while it is close behind, see there what they wrote, and the primary otherwise."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import contextmanager

import httpx
import pytest

from evistore.kernel.database import Database
from evistore.kernel.desk import Desk
from evistore.kernel.following import following as following_of
from evistore.kernel.replica import Replica
from fixtures.consuming import eventually
from fixtures.databases import template
from fixtures.replicating import replica_of
from fixtures.serving import cdevent, serving

QUARANTINE = "/api/delivery/v1/quarantine"


@pytest.fixture(scope="module")
def standby(postgres18):
    template(postgres18)
    with replica_of(postgres18) as one:
        yield one


@pytest.fixture
def url(postgres18, standby):
    standby.resume()
    found = postgres18.fresh_database(template(postgres18))
    yield found
    postgres18.discard(found)


@contextmanager
def following(url, standby, most_seconds):
    """A database whose readers ask the replica, once they do."""
    with (
        Database(url, size=2) as primary,
        Replica(standby.url(url), primary, most_seconds=most_seconds, size=2) as replica,
    ):
        database = primary.reading_from(replica)
        eventually(lambda: recovering(database), True)
        yield database, replica


def recovering(database):
    with database.transaction(read_only=True) as tx:
        return tx.value("SELECT pg_is_in_recovery()")


def test_readers_ask_the_replica_until_it_is_too_far_behind(url, standby):
    with following(url, standby, 1.5) as (database, replica):
        with database.transaction() as tx:
            assert not tx.value("SELECT pg_is_in_recovery()")
        eventually(lambda: recovering(database), True)

        standby.pause()
        with Database(url, size=1) as other, other.transaction() as tx:
            tx.run("SELECT pg_logical_emit_message(true, 'test', 'something to follow')")
        assert recovering(database)
        eventually(lambda: recovering(database), False)
        assert "behind" in replica.standing().reason
        assert replica.standing().lag_seconds >= 1.5

        standby.resume()
        eventually(lambda: recovering(database), True)
        assert replica.standing().lag_seconds < 1.5


def test_who_wrote_reads_where_it_stands(url, standby):
    with following(url, standby, 60) as (database, replica):
        standby.pause()
        with database.transaction() as tx:
            tx.run("SELECT pg_logical_emit_message(true, 'test', 'something to follow')")
        for _ in range(15):
            assert not recovering(database)
            time.sleep(0.1)
        assert replica.standing().reads
        standby.resume()
        eventually(lambda: recovering(database), True)


def test_a_desk_reads_there_too_and_goes_over_when_it_has_to(url, standby):
    def asked(tx):
        return tx.value("SELECT pg_is_in_recovery()")

    async def scene(database, replica):
        desk = Desk(database, size=2)
        desk.start()
        try:
            first = await desk.ask(asked)
            wrote = await desk.ask(lambda tx: tx.run("SELECT pg_current_xact_id()"), writes=True)
            after = await desk.ask(asked)
            await asyncio.to_thread(eventually, lambda: recovering(database), True)
            later = await desk.ask(asked)
            replica.failed()
            return first, wrote, after, later, await desk.ask(asked)
        finally:
            await asyncio.to_thread(desk.stop)

    with following(url, standby, 60) as (database, replica):
        assert asyncio.run(scene(database, replica)) == (True, 1, False, True, False)


def test_a_server_shows_what_the_replica_has(url, standby):
    with serving(url, read_database_url=standby.url(url), read_lag_seconds=60) as server:
        eventually(lambda: server.get("/ready").json()["replica"]["reads"], True)
        assert server.post(cdevent("before")).status_code == 201
        eventually(lambda: "before" in server.get("/api/delivery/v1/events").text, True)
        held = server.post({}).json()["quarantine_id"]
        eventually(lambda: len(server.get(QUARANTINE).json()["items"]), 1)

        figures = server.get("/metrics").text
        assert "evistore_replica_reads 1.0" in figures
        assert re.search(r"^evistore_replica_lag_seconds \d", figures, re.MULTILINE)

        standby.pause()
        assert server.post(cdevent("later")).status_code == 201
        assert "later" not in server.get("/api/delivery/v1/events").text
        assert [server.get(path).status_code for path in ("/", "/clusters", "/events")] == [200] * 3

        dropped = httpx.post(f"{server.url}{QUARANTINE}/{held}/drop", timeout=30)
        assert dropped.status_code == 200, dropped.text
        assert server.get(QUARANTINE).json()["items"] == []
        assert "later" in server.get("/api/delivery/v1/events").text


def test_what_is_no_replica_is_not_asked(url):
    with serving(url, read_database_url=url) as server:
        eventually(lambda: server.get("/ready").json()["replica"]["reason"], "it is no replica")
        assert server.get("/events").status_code == 200


def test_doctor_says_whether_it_follows(url, standby):
    eventually(lambda: following_of(standby.url(url), url).state, "ok")
    assert following_of(url, url).state == "bad"
    standby.pause()
    with Database(url, size=1) as primary, primary.transaction() as tx:
        tx.run("SELECT pg_logical_emit_message(true, 'test', 'something to follow')")
    assert following_of(standby.url(url), url).state == "warn"
    assert following_of("postgresql://nobody@127.0.0.1:9/nothing", url).state == "bad"


# The last one: the replica is gone afterwards.
def test_without_its_replica_a_server_goes_on(url, standby):
    with serving(url, read_database_url=standby.url(url), read_lag_seconds=60) as server:
        eventually(lambda: server.get("/ready").json()["replica"]["reads"], True)
        assert server.post(cdevent("kept")).status_code == 201
        standby.kill()
        for _ in range(5):
            assert [server.get(path).status_code for path in ("/events", "/clusters")] == [200, 200]
        assert not server.get("/ready").json()["replica"]["reads"]
        assert "evistore_replica_reads 0.0" in server.get("/metrics").text
