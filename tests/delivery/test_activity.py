"""The daily counts are exact at any moment, whatever came late and whatever retention took."""

from __future__ import annotations

import random
from datetime import timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evistore.delivery import CONTEXTS
from evistore.kernel.migrations import migrate
from fixtures.cdevents import NOW, event, insert, store, table
from fixtures.databases import template

DAY = timedelta(days=1)
KINDS = ["pipelinerun.started", "pipelinerun.finished", "service.deployed"]
BY_HAND = """
    SELECT ("timestamp" AT TIME ZONE 'UTC')::date, subject, predicate, source, count(*) FROM cdviz.cdevents_lake
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
DAILY = "SELECT day, subject, predicate, source, events FROM cdviz.activity_daily ORDER BY 1, 2, 3, 4"

EVENTS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 40), st.sampled_from(["/a", "/b"])), max_size=4)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("store"), EVENTS),
        st.tuples(st.just("insert"), EVENTS),
        st.tuples(st.just("begin"), EVENTS),
        st.tuples(st.just("end"), st.booleans()),
        st.tuples(st.just("refresh"), st.none()),
    ),
    max_size=12,
)


def made(drawn, subject="x"):
    return [event(kind, subject, NOW - days * DAY - timedelta(hours=13), source=source) for kind, days, source in drawn]


@pytest.fixture(scope="module")
def shared_url(engine):
    url = engine.fresh_database(template(engine))
    migrate(url, CONTEXTS)
    with psycopg.connect(url, autocommit=True) as connection:  # a writer that makes a partition holds up the next
        store(connection, *made([(KINDS[0], days, "/a") for days in range(42)]))
    yield url
    engine.discard(url)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
def test_counts_equal_counting_with_writers_that_commit_late(shared_url, steps):
    with (
        psycopg.connect(shared_url, autocommit=True) as one,
        psycopg.connect(shared_url) as other,
    ):
        for what, how in steps:
            match what:
                case "store" if how:
                    store(one, *made(how))
                case "insert" if how:
                    insert(one, *made(how))
                case "begin" if how:  # of another subject: writers of one subject wait for each other
                    store(other, *made(how, subject="y"))
                case "end":
                    other.commit() if how else other.rollback()
                case "refresh":
                    one.execute("SELECT cdviz.refresh_activity()")
            assert table(one, DAILY) == table(one, BY_HAND)


@pytest.mark.parametrize("engine", ["timescale"], indirect=True)
def test_counts_equal_counting_on_timescaledb(delivery):
    chance = random.Random(4)
    for _ in range(12):
        store(delivery, *made([(chance.choice(KINDS), chance.randrange(40), "/a") for _ in range(5)]))
        assert table(delivery, DAILY) == table(delivery, BY_HAND)
        if chance.random() < 0.5:
            delivery.execute("SELECT cdviz.refresh_activity()")
            assert table(delivery, DAILY) == table(delivery, BY_HAND)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_what_a_running_transaction_stored_is_counted_when_it_commits_after_others(delivery, delivery_url):
    delivery.execute("SELECT cdviz.ensure_ahead(%s)", [NOW])
    with psycopg.connect(delivery_url) as slow:
        store(slow, event("service.deployed", "slow", NOW))
        store(delivery, event("service.deployed", "quick", NOW))
        assert delivery.execute("SELECT cdviz.refresh_activity()").fetchone() == (0,)
        slow.commit()
    assert table(delivery, DAILY) == table(delivery, BY_HAND)
    assert delivery.execute("SELECT cdviz.refresh_activity()").fetchone() == (2,)
    assert table(delivery, "SELECT sum(events)::int FROM cdviz.activity_rollup") == [(2,)]


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_a_database_restored_into_a_younger_cluster_counts_on(delivery):
    store(delivery, *[event("service.deployed", f"s{n}", NOW) for n in range(5)])
    delivery.execute("SELECT cdviz.refresh_activity()")
    store(delivery, event("service.deployed", "not counted yet", NOW))
    # What the same rows look like where transactions are numbered from the start again.
    delivery.execute("UPDATE cdviz.event_identity SET xid = (xid::text::bigint + 1000000)::text::xid8")
    delivery.execute("UPDATE cdviz.activity_progress SET xid = (xid::text::bigint + 1000000)::text::xid8")
    store(delivery, event("service.deployed", "first of the new cluster", NOW))
    assert table(delivery, DAILY) == table(delivery, BY_HAND)

    for _ in range(2):
        delivery.execute("SELECT cdviz.refresh_activity()")
        assert table(delivery, DAILY) == table(delivery, BY_HAND)
    assert table(delivery, "SELECT sum(events)::int FROM cdviz.activity_rollup") == [(7,)]
