"""Many writers at once with the same events in other orders: each is stored once, nobody is locked out, and all is read off them."""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest

from evistore.delivery import CONTEXTS
from evistore.delivery.history import history
from evistore.delivery.projections import SQL as REBUILD
from evistore.kernel.migrations import migrate
from fixtures.cdevents import insert
from fixtures.databases import template
from fixtures.engines import Engine
from fixtures.histories import told
from fixtures.projecting import batch, call, differences, projections

NATIVES = pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
NATIVE = pytest.mark.parametrize("engine", ["native"], indirect=True)


@pytest.fixture(scope="module")
def events() -> list[str]:
    """Some weeks of a small platform, with links between its events: over two thousand of them."""
    return list(history(seed=5, services=6, days=30, until=datetime(2026, 6, 10, tzinfo=UTC)))


@pytest.fixture
def ordered(engine: Engine, events: list[str]) -> Iterator[dict[str, list]]:
    """What one writer leaves that stores them in order."""
    url = engine.fresh_database(template(engine))
    migrate(url, CONTEXTS)
    with psycopg.connect(url, autocommit=True) as connection:
        batch(connection, events)
        connection.execute("SELECT cdviz.settle_links()")
        yield projections(connection)
    engine.discard(url)


def by_batches(connection: psycopg.Connection, texts: list[str]) -> Counter[str]:
    tally: Counter[str] = Counter()
    for start in range(0, len(texts), 150):
        tally.update(batch(connection, texts[start : start + 150]))
    return tally


def by_calls(connection: psycopg.Connection, texts: list[str]) -> Counter[str]:
    call(connection, texts)
    return Counter()


def by_inserts(connection: psycopg.Connection, texts: list[str]) -> Counter[str]:
    return Counter(stored=sum(insert(connection, json.loads(text)) for text in texts))


def together(url: str, jobs: list[tuple[Callable[..., Counter[str]], list[str]]]) -> list[Counter[str]]:
    """Do all *jobs* at once, each with a connection of its own; an error of one is raised here."""
    start = threading.Barrier(len(jobs))

    def work(job: tuple[Callable[..., Counter[str]], list[str]]) -> Counter[str]:
        way, texts = job
        with psycopg.connect(url, autocommit=True) as connection:
            start.wait(30)
            return way(connection, texts)

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(work, jobs))


def shuffled(texts: list[str], seed: int, share: float = 1.0) -> list[str]:
    chance = random.Random(seed)
    return chance.sample(texts, int(len(texts) * share))


def stored_once(connection: psycopg.Connection, texts: list[str]) -> bool:
    """Whether every one of *texts* stands in the lake and in the identities exactly once, and nothing else does."""
    wanted = sorted((e["context"]["source"], e["context"]["id"]) for e in map(json.loads, texts))
    lake = sorted(connection.execute("SELECT source, context_id FROM cdviz.cdevents_lake").fetchall())
    identities = connection.execute(
        """SELECT count(*), count(l.position) FROM cdviz.event_identity AS i
             LEFT JOIN cdviz.cdevents_lake AS l USING ("timestamp", position)"""
    ).fetchone()
    return lake == wanted and identities == (len(wanted), len(wanted))


@NATIVES
@pytest.mark.parametrize("writers", [2, 8])
def test_writers_of_overlapping_batches_store_each_event_once_and_lock_nobody_out(
    delivery_url, ordered, events, writers
):
    """The first batches make the partitions as well: several writers want the same ones at the same time."""
    tallies = together(delivery_url, [(by_batches, shuffled(events, seed, 0.9)) for seed in range(writers)])
    rest = together(delivery_url, [(by_batches, events)])

    total = sum([*tallies, *rest], Counter())
    assert total["stored"] == len(events)
    assert set(total) == {"stored", "duplicate"}
    with psycopg.connect(delivery_url, autocommit=True) as connection:
        assert stored_once(connection, events)
        connection.execute("SELECT cdviz.settle_links()")
        assert differences(ordered, projections(connection)) == {}


@NATIVE
def test_batches_calls_and_direct_inserts_at_once_leave_what_one_ordered_writer_leaves(delivery_url, ordered, events):
    half = len(events) // 2
    together(
        delivery_url,
        [
            (by_batches, shuffled(events, 1)),
            (by_batches, shuffled(events, 2)),
            (by_calls, shuffled(events[:half], 3, 0.6)),
            (by_calls, shuffled(events[half // 2 :], 4, 0.4)),
            (by_inserts, shuffled(events, 5, 0.1)),
            (by_inserts, shuffled(events, 6, 0.1)),
        ],
    )

    with psycopg.connect(delivery_url, autocommit=True) as connection:
        assert stored_once(connection, events)
        connection.execute("SELECT cdviz.settle_links()")
        assert differences(ordered, projections(connection)) == {}


@NATIVE
def test_batches_full_of_what_is_malformed_or_in_conflict_lock_nobody_out(delivery_url):
    bad = [json.dumps({"bad": n}) for n in range(150)]
    conflicts = [json.dumps(told("service.published", f"other-{n}", id_=f"known-{n}")) for n in range(150)]
    known = [json.dumps(told("service.published", f"shop-{n}", id_=f"known-{n}")) for n in range(150)]
    together(delivery_url, [(by_batches, known)])

    together(delivery_url, [(by_batches, shuffled(bad + conflicts, seed)) for seed in range(6)])

    with psycopg.connect(delivery_url) as connection:
        assert connection.execute(
            "SELECT reason, count(*), min(seen), max(seen) FROM cdviz.quarantine GROUP BY 1 ORDER BY 1"
        ).fetchall() == [("conflict", 150, 6, 6), ("context-missing", 150, 6, 6)]


def waits(url: str, pid: int) -> None:
    """Return once the backend *pid* waits for a lock of another."""
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(200):
            if connection.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid]).fetchone() > (0,):
                return
            time.sleep(0.02)
    pytest.fail("it does not wait")


@NATIVE
@pytest.mark.parametrize("second", [by_batches, by_calls, by_inserts])
def test_a_writer_that_makes_a_partition_and_one_that_reads_the_lake_do_not_lock_each_other_out(delivery_url, second):
    """The second holds the identity of an event that the first wants too, and will look for a link; the first holds the default partition."""
    link = [{"linkType": "PATH", "from": {"contextId": "elsewhere"}}]
    shared = json.dumps(told("service.published", "shop", id_="shared", context={"links": link}))
    gate = json.dumps(told("pipelinerun.queued", "gate", id_="gate"))
    elsewhere = json.dumps(told("service.published", "shop", "2026-01-05T10:00:00+00:00"))
    with (
        ThreadPoolExecutor(2) as pool,
        psycopg.connect(delivery_url, autocommit=True) as one,
        psycopg.connect(delivery_url, autocommit=True) as other,
        psycopg.connect(delivery_url) as holder,  # left first: whoever waits for it goes on
    ):
        batch(other, [json.dumps(told("service.published", "warm"))])
        # A state that somebody is about to change stops the second in its midst, its identity taken.
        batch(holder, [json.dumps(told("service.published", "shop"))])
        holding = pool.submit(second, other, [shared])
        waits(delivery_url, other.info.backend_pid)
        making = pool.submit(by_batches, one, [elsewhere, gate, shared])
        time.sleep(0.3)
        holder.commit()
        holding.result(20)
        assert making.result(20)["stored"] == 2

    with psycopg.connect(delivery_url) as connection:
        assert connection.execute(
            "SELECT count(*) FROM cdviz.cdevents_lake WHERE context_id = 'shared'"
        ).fetchone() == (1,)


@NATIVE
@pytest.mark.parametrize("second", [by_batches, by_calls, by_inserts])
def test_a_writer_that_comes_while_another_waits_to_make_a_partition_waits_with_empty_hands(delivery_url, second):
    """Whoever took an identity first and asked for the lake then would hold up the maker of the partition, and be held up by it."""
    shared, warm, held = (json.dumps(told("service.published", name, id_=name)) for name in ("shared", "warm", "held"))
    elsewhere = json.dumps(told("service.published", "old", "2026-01-05T10:00:00+00:00"))
    with (
        ThreadPoolExecutor(2) as pool,
        psycopg.connect(delivery_url, autocommit=True) as one,
        psycopg.connect(delivery_url, autocommit=True) as other,
        psycopg.connect(delivery_url) as holder,  # left first: whoever waits for it goes on
    ):
        batch(other, [warm])
        batch(holder, [held])
        making = pool.submit(by_batches, one, [elsewhere, shared])
        waits(delivery_url, one.info.backend_pid)
        storing = pool.submit(second, other, [shared])
        waits(delivery_url, other.info.backend_pid)
        holder.commit()
        storing.result(20)
        assert making.result(20)["stored"] == 2

    with psycopg.connect(delivery_url) as connection:
        assert connection.execute("SELECT count(*) FROM cdviz.cdevents_lake").fetchone() == (4,)


@NATIVE
def test_a_rebuild_holds_up_no_reader_and_locks_out_no_caller_that_waits_for_it(delivery_url):
    """The caller has read states when he comes to the lake, which the rebuild has shut; then it clears them."""
    old, late = (json.dumps(told("service.published", name)) for name in ("old", "late"))
    with (
        ThreadPoolExecutor(1) as pool,
        psycopg.connect(delivery_url, autocommit=True) as caller,
        psycopg.connect(delivery_url) as rebuilding,  # left first: whoever waits for it goes on
        psycopg.connect(delivery_url, options="-c statement_timeout=5s") as reader,
    ):
        batch(caller, [old])
        rebuilding.execute(REBUILD["become_owner"])
        rebuilding.execute(REBUILD["begin"])
        calling = pool.submit(by_calls, caller, [late])
        waits(delivery_url, caller.info.backend_pid)
        rebuilding.execute("SET LOCAL lock_timeout = '5s'")
        rebuilding.execute(REBUILD["clear"])
        assert reader.execute("SELECT array_agg(subject_id) FROM cdviz.subject_state").fetchone() == (["old"],)
        rebuilding.rollback()
        calling.result(20)


@NATIVE
def test_all_who_want_the_same_new_partitions_get_them_and_store(delivery_url):
    weeks = [f"2025-{month:02}-{day:02}T10:00:00+00:00" for month in range(1, 7) for day in (3, 17)]
    numbers = itertools.count()
    jobs = [
        (way, [json.dumps(told("service.published", "shop", week, id_=f"w{next(numbers)}")) for week in weeks])
        for way in (by_batches, by_batches, by_calls, by_calls)
    ]

    together(delivery_url, jobs)

    with psycopg.connect(delivery_url) as connection:
        assert connection.execute("SELECT count(*) FROM cdviz.cdevents_lake").fetchone() == (48,)
        assert connection.execute("SELECT count(*) FROM cdviz.cdevents_lake_default").fetchone() == (0,)
        assert connection.execute(
            "SELECT count(*) FROM cdviz.lake_partition WHERE week BETWEEN '2024-12-30' AND '2025-06-30'"
        ).fetchone() >= (12,)


@NATIVE
def test_a_link_and_its_event_stored_at_the_same_moment_are_tied_in_the_end(delivery_url):
    first = json.dumps(told("taskrun.started", "first", id_="first"))
    linked = json.dumps(
        told("taskrun.started", "second", context={"links": [{"linkType": "PATH", "from": {"contextId": "first"}}]})
    )
    together(delivery_url, [(by_batches, [json.dumps(told("service.published", "shop"))])])  # makes the partition
    with psycopg.connect(delivery_url) as one, psycopg.connect(delivery_url) as other:
        batch(one, [first])
        batch(other, [linked])
        one.commit()
        other.commit()

        assert one.execute("SELECT count(*) FROM cdviz.edge").fetchone() == (0,)
        assert one.execute("SELECT cdviz.settle_links()").fetchone() == (1,)
        assert one.execute("SELECT relation FROM cdviz.edge").fetchall() == [("causedBy",)]
        assert one.execute("SELECT count(*) FROM cdviz.pending_link").fetchone() == (0,)
