"""What happened to a service and to an artifact, and how much happened at all."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from evistore.delivery import timelines
from evistore.delivery.windows import Filters, Window
from evistore.kernel.database import Transaction
from fixtures.cdevents import NOW, event
from fixtures.cdevents import store as store_events
from fixtures.histories import link, moment, runs, store, told

PURL = "pkg:oci/shop@sha256%3Aab12?b=2&a=1"
OTHER = "pkg:oci/shop@sha256:ab12?a=1&b=2"
BUCKETS = """
    SELECT date_trunc(%s, "timestamp" AT TIME ZONE 'UTC')::date, subject, predicate, count(*) FROM cdviz.cdevents_lake
     WHERE "timestamp" >= %s::date AND "timestamp" < %s::date AND (%s::text IS NULL OR source = %s) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def tx(connection):
    return Transaction(connection)


@pytest.fixture
def history(delivery):
    store(
        delivery,
        runs("shop", "stage", "a@1", "09:00"),
        runs("shop", "prod", "a@1", "10:00"),
        runs("shop", "prod", "a@2", "11:00", "upgraded"),
        runs("shop", "prod", "a@1", "12:00", "rolledback"),
        runs("shop", "stage", None, "13:00", "removed"),
        told("service.deployed", "shop", "14:00", artifactId="a@3"),
        runs("cart", "prod", "c@1", "10:00"),
    )
    return delivery


def test_the_history_of_a_service_tells_what_ran_before_and_until_when(history):
    found = timelines.service_history(tx(history), "shop")

    told_ = [(f"{one.at:%H}", one.environment_id, one.artifact_id, one.before_artifact_id) for one in found]
    assert told_ == [
        ("14", "", "a@3", None),
        ("13", "stage", None, "a@1"),
        ("12", "prod", "a@1", "a@2"),
        ("11", "prod", "a@2", "a@1"),
        ("10", "prod", "a@1", None),
        ("09", "stage", "a@1", None),
    ]
    assert [one.until_at for one in found] == [None, None, None, moment("12:00"), moment("11:00"), moment("13:00")]


def test_a_part_of_it_can_be_asked_for(history):
    window = Window(moment("10:00"), moment("12:00"))

    found = timelines.service_history(tx(history), "shop", window, Filters(environment="prod"))

    assert [f"{one.at:%H}" for one in found] == ["11", "10"]
    assert [one.artifact_id for one in timelines.service_history(tx(history), "shop", limit=2)] == ["a@3", None]
    assert timelines.service_history(tx(history), "nobody") == []


def test_versions_tell_which_reached_which_environment_when(history):
    found = timelines.service_versions(tx(history), "shop")

    assert [
        (one.artifact_id, one.environment_id, f"{one.first_at:%H}", one.times, one.is_running) for one in found
    ] == [
        ("a@2", "prod", "11", 1, False),
        ("a@1", "stage", "09", 1, False),
        ("a@1", "prod", "10", 2, True),
    ]


def test_the_way_of_an_artifact_goes_from_the_merge_to_where_it_ran(delivery):
    store(
        delivery,
        told("change.merged", "c/1", "08:00"),
        told("build.finished", "b-1", "08:30", artifactId=PURL),
        told("artifact.packaged", PURL, "09:00", change={"id": "c/1"}, context={"chainId": "chain-1"}),
        told("testsuiterun.finished", "s-1", "08:45", outcome="pass", context={"chainId": "chain-1"}),
        told("artifact.published", OTHER, "09:10"),
        runs("shop", "stage", OTHER, "10:00"),
        runs("shop", "prod", PURL, "11:00"),
        runs("shop", "prod", "pkg:oci/shop@sha256%3Acd34", "12:00", "upgraded"),
    )

    for spelling in (PURL, OTHER):
        found = timelines.artifact_history(tx(delivery), spelling)
        assert [(f"{one.at:%H:%M}", one.stage, one.subject_id) for one in found] == [
            ("08:00", "merged", "c/1"),
            ("08:30", "built", "b-1"),
            ("08:45", "tested", "s-1"),
            ("09:00", "packaged", PURL),
            ("09:10", "published", OTHER),
            ("10:00", "deployed", "shop"),
            ("11:00", "deployed", "shop"),
        ]
        assert [one.environment_id for one in found[-2:]] == ["stage", "prod"]
        assert [one.until_at for one in found[-2:]] == [None, moment("12:00")]


def test_the_change_of_an_artifact_may_be_found_through_its_runs(delivery):
    store(
        delivery,
        told("change.merged", "c/1", "08:00"),
        told("pipelinerun.finished", "run-1", "08:20", custom=link("change", "c/1", "trigger")),
        told("build.finished", "b-1", "08:30", artifactId="a@1", custom=link("pipelineRun", "run-1", "cause")),
        told("artifact.packaged", "a@1", "09:00"),
    )

    assert [one.stage for one in timelines.artifact_history(tx(delivery), "a@1")] == ["merged", "built", "packaged"]
    assert timelines.artifact_history(tx(delivery), "unheard of") == []


def test_activity_equals_counting_by_day_week_and_month_whatever_is_rolled_up(delivery):
    chance = random.Random(9)
    since, until = date(2026, 4, 1), date(2026, 6, 12)
    for _ in range(5):
        events = [
            event(
                chance.choice(["service.deployed", "build.finished"]),
                "x",
                NOW - timedelta(hours=chance.randrange(100 * 24)),
                source=chance.choice(["/a", "/b"]),
            )
            for _ in range(20)
        ]
        store_events(delivery, *events)
        for bucket in ("day", "week", "month"):
            for source in (None, "/a"):
                found = timelines.activity(tx(delivery), since, until, bucket=bucket, source=source)
                counted = delivery.execute(BUCKETS, [bucket, since, until, source, source]).fetchall()
                assert [(one.bucket, one.subject, one.predicate, one.events) for one in found] == counted
        if chance.random() < 0.6:
            delivery.execute("SELECT cdviz.refresh_activity()")
    only = timelines.activity(tx(delivery), since, until, subject="build", predicate="finished", bucket="month")
    assert {(one.subject, one.predicate) for one in only} == {("build", "finished")}
