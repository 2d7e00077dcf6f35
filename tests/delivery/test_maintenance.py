"""Maintenance keeps partitions ahead, empties the default partition beside writers, and mends what a race left."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from evistore.delivery.maintenance import maintain
from fixtures.cdevents import event, insert, projections, store, table

DAY = timedelta(days=1)
TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
DEFAULT = "SELECT count(*) FROM cdviz.cdevents_lake_default"

native = pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)


@native
def test_partitions_are_made_four_weeks_ahead_and_only_once(delivery, delivery_url):
    assert maintain(delivery_url, dry_run=True).partitions_made == 6
    assert maintain(delivery_url).partitions_made == 6
    assert maintain(delivery_url).partitions_made == 0
    insert(delivery, event("taskrun.started", "t", TODAY + 28 * DAY))
    assert table(delivery, DEFAULT) == [(0,)]


@native
def test_events_outside_every_week_are_moved_into_theirs_and_projected_once(delivery, delivery_url):
    events = [
        event("service.deployed", f"s{n}", TODAY - n * 10 * DAY, environment="prod", artifact=f"pkg:oci/s@sha256:{n}")
        for n in range(20)
    ]
    assert insert(delivery, *events) == 20
    before = projections(delivery)
    assert table(delivery, DEFAULT) == [(20,)]

    foreseen = maintain(delivery_url, dry_run=True)
    report = maintain(delivery_url)

    assert report.events_moved == foreseen.events_moved
    assert report.events_moved == 20
    assert table(delivery, DEFAULT) == [(0,)]
    assert table(delivery, "SELECT count(*), count(DISTINCT position) FROM cdviz.cdevents_lake") == [(20, 20)]
    assert projections(delivery) == before


@native
def test_writers_lose_nothing_while_the_default_partition_is_emptied(delivery, delivery_url):
    weeks, faults, done = 12, [], threading.Event()

    def write(name):
        stored = 0
        with psycopg.connect(delivery_url, autocommit=True) as connection:
            while not done.is_set() or stored < 40:
                at = TODAY - (stored % weeks) * 7 * DAY
                try:
                    insert(connection, event("service.deployed", name, at, key=f"{name}-{stored}", environment="prod"))
                except psycopg.Error as error:
                    faults.append(error)
                    return
                stored += 1
        counts[name] = stored

    counts: dict[str, int] = {}
    writers = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(2)]
    for one in writers:
        one.start()
    moved = sum(maintain(delivery_url).events_moved for _ in range(6))
    done.set()
    for one in writers:
        one.join()

    assert faults == []
    assert moved > 0
    maintain(delivery_url)
    assert table(delivery, DEFAULT) == [(0,)]
    assert table(delivery, "SELECT count(*) FROM cdviz.cdevents_lake") == [(sum(counts.values()),)]
    assert table(delivery, "SELECT count(*) FROM cdviz.service_event") == [(sum(counts.values()),)]


@native
def test_two_creators_of_one_partition_make_it_once(delivery_url):
    barrier, faults = threading.Barrier(6), []
    # A Wednesday: on the first and last day of a week the neighbouring week is made ready, too.
    midweek = TODAY - (TODAY.weekday() - 2) % 7 * DAY

    def write(number):
        with psycopg.connect(delivery_url, autocommit=True) as connection:
            barrier.wait()
            for week in range(4):
                try:
                    store(connection, event("service.deployed", f"s{number}", midweek - week * 7 * DAY))
                except psycopg.Error as error:
                    faults.append(error)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()

    assert faults == []
    with psycopg.connect(delivery_url) as connection:
        assert table(connection, "SELECT count(*) FROM cdviz.lake_partition") == [(4,)]
        assert table(connection, "SELECT count(*) FROM cdviz.cdevents_lake") == [(24,)]
        assert table(connection, DEFAULT) == [(0,)]


@native
def test_a_link_stored_at_the_same_moment_as_its_event_is_tied_later(delivery, delivery_url):
    delivery.execute("SELECT cdviz.ensure_ahead(%s)", [TODAY])
    link = [{"linkType": "END", "from": {"contextId": "the-cause"}}]
    with psycopg.connect(delivery_url) as one, psycopg.connect(delivery_url) as other:
        store(one, event("pipelinerun.started", "run", TODAY, links=link))
        store(other, event("change.merged", "change-1", TODAY - timedelta(hours=1), key="the-cause"))
    assert len(projections(delivery)["pending"]) == 1

    assert maintain(delivery_url).links_settled == 1
    assert projections(delivery)["pending"] == []
    assert [edge[:5] for edge in projections(delivery)["edges"]] == [
        ("pipelinerun", "run", "causedBy", "change", "change-1")
    ]
    assert maintain(delivery_url).links_settled == 0


@native
def test_a_second_maintenance_leaves_the_work_to_the_first(delivery, delivery_url):
    delivery.execute("SELECT pg_advisory_lock(7881690136183923054)")
    assert maintain(delivery_url).busy


def test_maintenance_of_an_empty_database_does_little_and_can_be_repeated(delivery_url):
    for _ in range(2):
        report = maintain(delivery_url)
        assert (report.busy, report.retired, report.postponed, report.events_moved) == (False, {}, [], 0)


@native
def test_tables_that_changed_much_are_vacuumed_and_analyzed(delivery, delivery_url):
    store(delivery, *[event("taskrun.started", f"t{n}", TODAY) for n in range(3000)])
    delivery.execute("SELECT pg_stat_force_next_flush()")
    delivery.execute("SELECT 1")
    assert "cdviz.subject_state" in maintain(delivery_url).vacuumed
    assert table(delivery, "SELECT reltuples::int FROM pg_class WHERE oid = 'cdviz.subject_state'::regclass") == [
        (3000,)
    ]


@native
def test_a_partition_that_is_being_written_to_is_left_for_the_next_run(delivery, delivery_url):
    old = TODAY - 460 * DAY
    store(delivery, event("taskrun.started", "t", old))
    with psycopg.connect(delivery_url) as slow:
        store(slow, event("taskrun.started", "late", old))
        report = maintain(delivery_url)
        slow.commit()
    assert report.postponed != []
    assert maintain(delivery_url).retired["taskrun"] + report.retired["taskrun"] == 2
    assert table(delivery, "SELECT sum(events)::int FROM cdviz.activity_daily") == [(2,)]
