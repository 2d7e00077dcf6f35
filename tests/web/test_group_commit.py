"""Group commit on a real database: what is answered is stored, and a failure belongs to the one who caused it."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager

import psycopg
import pytest

from evistore.kernel.database import Database
from evistore.kernel.errors import Rejected, Unavailable
from evistore.web.group_commit import Bounds, GroupCommit

INSERT = "INSERT INTO number SELECT unnest(%(numbers)s::int[]) RETURNING number"


@pytest.fixture
def database(postgres18):
    url = postgres18.fresh_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE number (number int, batch xid8 DEFAULT pg_current_xact_id())")
    with Database(url, size=4, timeout=2) as one:
        yield one
    postgres18.discard(url)


def keep(tx, numbers):
    if 13 in numbers:
        raise ZeroDivisionError
    if 17 in numbers:
        raise Rejected("an unlucky number", code="unlucky")
    return tx.values(INSERT, numbers=list(numbers))


@contextmanager
def running(database, work=keep, **options):
    commits = GroupCommit(database, work, **options)
    commits.start()
    try:
        yield commits
    finally:
        commits.stop()


def kept(database):
    with database.transaction() as tx:
        return sorted(tx.values("SELECT number FROM number"))


def told(commits, *requests):
    """What callers that come together are told: receipts, or the exception."""

    async def together():
        return await asyncio.gather(*[commits.store(list(request)) for request in requests], return_exceptions=True)

    return asyncio.run(together())


class Gate:
    """Work that waits until it may go on, so that requests gather behind it."""

    def __init__(self):
        self.open = threading.Event()
        self.sizes = []

    def __call__(self, tx, numbers):
        self.open.wait(10)
        self.sizes.append(len(numbers))
        return keep(tx, numbers)


@pytest.mark.parametrize("writers", [1, 2])
def test_every_caller_gets_its_own_receipts(database, writers):
    with running(database, writers=writers) as commits:
        answers = told(commits, *[range(start, start + 3) for start in range(100, 700, 3)])

    assert answers == [list(range(start, start + 3)) for start in range(100, 700, 3)]
    assert kept(database) == list(range(100, 700))


def test_what_waits_together_is_stored_together(database):
    gate = Gate()
    with running(database, gate) as commits:
        threading.Timer(0.3, gate.open.set).start()
        told(commits, *[[number] for number in range(20, 60)])

    assert len(gate.sizes) <= 3
    assert sum(gate.sizes) == 40


def test_a_bug_at_one_request_is_told_to_that_one_and_costs_no_other(database):
    gate = Gate()
    with running(database, gate) as commits:
        threading.Timer(0.3, gate.open.set).start()
        answers = told(commits, [1], [2, 13], [3], [17], [4])

    assert [answers[0], answers[2], answers[4]] == [[1], [3], [4]]
    assert isinstance(answers[1], ZeroDivisionError)
    assert isinstance(answers[3], Rejected)
    assert kept(database) == [1, 3, 4]


def test_a_group_stays_within_its_bound_except_for_a_caller_that_alone_is_larger(database):
    gate = Gate()
    with running(database, gate, bounds=Bounds(group=10)) as commits:
        threading.Timer(0.3, gate.open.set).start()
        told(commits, *[range(20, 24)] * 6, range(100, 125))

    gate.sizes.remove(25)
    assert max(gate.sizes) <= 10


def test_beyond_the_bound_callers_are_turned_away_and_those_before_are_stored(database):
    gate = Gate()
    with running(database, gate, bounds=Bounds(waiting=5, group=1)) as commits:
        threading.Timer(0.3, gate.open.set).start()
        answers = told(commits, *[[number] for number in range(20, 40)])
        refused = [answer for answer in answers if isinstance(answer, Unavailable)]

    assert {fault.code for fault in refused} == {"overloaded"}
    assert 13 <= len(refused) <= 15
    assert len(kept(database)) == 20 - len(refused)


def test_stopping_stores_what_waits_and_takes_nothing_more(database):
    gate = Gate()
    commits = GroupCommit(database, gate, bounds=Bounds(group=1))
    commits.start()

    async def stopped_in_between():
        waiting = [asyncio.create_task(commits.store([number])) for number in range(5)]
        await asyncio.sleep(0.1)
        stopping = asyncio.create_task(asyncio.to_thread(commits.stop))
        await asyncio.sleep(0.1)
        gate.open.set()
        with pytest.raises(Unavailable) as refused:
            await commits.store([99])
        await stopping
        return refused.value.code, await asyncio.gather(*waiting)

    assert asyncio.run(stopped_in_between()) == ("going-down", [[number] for number in range(5)])
    assert kept(database) == list(range(5))


def test_who_stops_waiting_costs_the_others_nothing(database):
    gate = Gate()
    with running(database, gate) as commits:

        async def one_leaves():
            tasks = [asyncio.create_task(commits.store([number])) for number in range(6)]
            await asyncio.sleep(0.1)
            tasks[3].cancel()
            gate.open.set()
            return await asyncio.gather(*tasks, return_exceptions=True)

        answers = asyncio.run(one_leaves())

    assert isinstance(answers[3], asyncio.CancelledError)
    assert [answer for number, answer in enumerate(answers) if number != 3] == [[0], [1], [2], [4], [5]]


def test_a_database_that_ends_the_connection_is_asked_once_more(database):
    attempts = []

    def interrupted(tx, numbers):
        attempts.append(len(numbers))
        if len(attempts) == 1:
            tx.run("SELECT pg_terminate_backend(pg_backend_pid())")
        return keep(tx, numbers)

    with running(database, interrupted) as commits:
        assert told(commits, [1]) == [[1]]

    assert attempts == [1, 1]


def test_every_caller_hears_of_a_database_that_stays_away():
    with Database("postgresql://127.0.0.1:1/nothing", timeout=0.3) as database, running(database) as commits:
        answers = told(commits, [1], [2], [3])

    assert [answer.code for answer in answers] == ["database-away"] * 3
    assert len(set(map(id, answers))) == 3
