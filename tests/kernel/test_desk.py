"""Threads that answer questions to the database for an event loop."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest

from evistore.kernel import desk as module
from evistore.kernel.database import Database
from evistore.kernel.desk import Desk
from evistore.kernel.errors import NotFound, Unavailable

BACKEND = "SELECT pg_backend_pid()"
SLEEP = "SELECT pg_sleep(30)"


@pytest.fixture
def url(postgres18):
    found = postgres18.fresh_database()
    yield found
    postgres18.discard(found)


@contextmanager
def working(url, size=1):
    with Database(url, name="desk") as database:
        desk = Desk(database, size=size)
        desk.start()
        try:
            yield desk
        finally:
            desk.stop()


def administered(url, query, *parameters):
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query, parameters).fetchall()


def test_questions_of_one_thread_go_over_one_connection(url):
    async def ask(desk):
        return [await desk.ask(lambda tx: tx.value(BACKEND)) for _ in range(3)]

    with working(url) as desk:
        assert len(set(asyncio.run(ask(desk)))) == 1


def test_a_question_has_no_transaction_and_a_change_has_one(url):
    def change(tx):
        tx.run("INSERT INTO kept VALUES (1)")
        return tx.connection.info.transaction_status.name

    def failing(tx):
        change(tx)
        raise NotFound("no", code="not-found")

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (a int)")

    async def run(desk):
        idle = await desk.ask(lambda tx: tx.connection.info.transaction_status.name)
        within = await desk.ask(change, writes=True)
        with pytest.raises(NotFound):
            await desk.ask(failing, writes=True)
        return idle, within

    with working(url) as desk:
        assert asyncio.run(run(desk)) == ("IDLE", "INTRANS")
    assert administered(url, "SELECT count(*) FROM kept") == [(1,)]


def test_a_connection_that_was_lost_is_made_again_without_the_caller_noticing(url):
    async def run(desk):
        before = await desk.ask(lambda tx: tx.value(BACKEND))
        await asyncio.to_thread(administered, url, "SELECT pg_terminate_backend(%s)", before)
        return before, await desk.ask(lambda tx: tx.value(BACKEND))

    with working(url) as desk:
        before, after = asyncio.run(run(desk))
    assert before != after


def test_a_database_that_is_away_is_told_as_such(postgres18):
    url = postgres18.fresh_database()
    postgres18.discard(url)

    with working(url) as desk, pytest.raises(Unavailable) as told:
        asyncio.run(desk.ask(lambda tx: tx.value(BACKEND)))
    assert told.value.code == "database-away"


def test_a_statement_that_nobody_waits_for_is_cancelled(url):
    async def run(desk):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await desk.ask(lambda tx: tx.value(SLEEP))
        began = time.monotonic()
        assert await desk.ask(lambda tx: tx.value("SELECT 1")) == 1
        return time.monotonic() - began

    with working(url) as desk:
        assert asyncio.run(run(desk)) < 10
    assert administered(url, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = %s", SLEEP) == [
        (0,)
    ]


def test_a_question_that_nobody_waits_for_any_more_is_not_asked(url):
    asked = []

    async def run(desk):
        slow = asyncio.ensure_future(desk.ask(lambda tx: tx.value("SELECT pg_sleep(0.5)")))
        given_up = asyncio.ensure_future(desk.ask(lambda _: asked.append(1)))
        await asyncio.sleep(0.1)
        given_up.cancel()
        await slow
        await desk.ask(lambda _: asked.append(2))

    with working(url) as desk:
        asyncio.run(run(desk))
    assert asked == [2]


def test_more_questions_than_can_wait_are_turned_away(url, monkeypatch):
    monkeypatch.setattr(module, "_WAITING", 2)
    held = threading.Event()

    async def run(desk):
        first = asyncio.ensure_future(desk.ask(lambda _: held.wait(20)))
        await asyncio.sleep(0.2)
        waiting = [asyncio.ensure_future(desk.ask(lambda _: True)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable) as told:
            await desk.ask(lambda _: True)
        held.set()
        await asyncio.gather(first, *waiting)
        return told.value.code

    with working(url) as desk:
        assert asyncio.run(run(desk)) == "overloaded"


def test_a_bug_is_told_to_the_caller_it_belongs_to(url):
    async def run(desk):
        with pytest.raises(ZeroDivisionError):
            await desk.ask(lambda _: 1 // 0)
        return await desk.ask(lambda tx: tx.value("SELECT 1"))

    with working(url) as desk:
        assert asyncio.run(run(desk)) == 1
