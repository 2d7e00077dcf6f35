"""The way of an artifact and what is different from a moment before, read from events."""

from __future__ import annotations

from datetime import date

import pytest

from evistore.delivery import activity, artifacts, provenance, runs, services
from evistore.delivery.windows import Window
from evistore.kernel.database import Transaction
from fixtures.histories import link, moment, store, told
from fixtures.histories import runs as placed

SHOP = "pkg:oci/shop@1"


@pytest.fixture
def tx(delivery):
    return Transaction(delivery)


def way(tx, artifact=SHOP, since="09:00"):
    reaches = [provenance.reach(tx, artifact, direction, depth=4) for direction in ("ancestors", "descendants")]
    return artifacts.way(tx, [artifact], moment(since), *reaches)


def test_who_changed_built_tested_and_deployed_an_artifact_is_known_from_the_graph(tx, delivery):
    store(
        delivery,
        told("change.merged", "c-1", "09:00"),
        told("build.started", "b-1", "09:05", custom=link("change", "c-1")),
        told("build.finished", "b-1", "09:10", artifactId=SHOP),
        told("artifact.packaged", SHOP, "09:11", change={"id": "c-1"}, custom=link("build", "b-1")),
        placed("shop", "dev", SHOP, "09:20"),
        told("testsuiterun.started", "t-1", "09:30", custom=link("service", "shop")),
        told("testsuiterun.finished", "t-1", "09:40", outcome="fail", custom=link("service", "shop")),
    )
    found = way(tx)

    assert [one.subject_id for one in found.changes] == ["c-1"]
    assert [one.subject_id for one in found.builders] == ["b-1"]
    assert [(one.subject_id, one.failed) for one in found.testers] == [("t-1", True)]
    assert found.services == ["shop"]


def test_a_test_of_a_service_is_a_test_of_what_it_ran_then(tx, delivery):
    store(
        delivery,
        told("testsuiterun.started", "before", "09:00", custom=link("service", "shop")),
        placed("shop", "dev", SHOP, "09:20"),
        told("testsuiterun.started", "during", "09:30", custom=link("service", "shop")),
        placed("shop", "dev", "pkg:oci/shop@2", "09:40"),
        told("testsuiterun.started", "after", "09:50", custom=link("service", "shop")),
    )

    assert [one.subject_id for one in way(tx).testers] == ["during"]


def test_an_artifact_ran_from_its_deployment_until_the_next_one_there(tx, delivery):
    store(
        delivery,
        placed("shop", "dev", SHOP, "09:20"),
        placed("shop", "prod", SHOP, "09:30"),
        placed("shop", "dev", "pkg:oci/shop@2", "09:40", "upgraded"),
    )

    assert [(one.environment_id, one.at, one.until) for one in way(tx).placed] == [
        ("dev", moment("09:20"), moment("09:40")),
        ("prod", moment("09:30"), None),
    ]


def test_what_runs_differently_is_told_with_what_was_there(tx, delivery):
    store(
        delivery,
        placed("shop", "dev", SHOP, "09:00"),
        placed("shop", "prod", SHOP, "09:00"),
        placed("pay", "dev", "pkg:oci/pay@1", "09:00"),
        placed("shop", "dev", "pkg:oci/shop@2", "10:00", "upgraded"),
        placed("pay", "dev", None, "10:05", "removed"),
        placed("cart", "dev", "pkg:oci/cart@1", "10:10"),
    )
    found = activity.changes(services.running(tx, at=moment("09:30")), services.running(tx))

    def artifact(one):
        return one and one.artifact_id

    assert {(one.service_id, artifact(one.was), artifact(one.now)) for one in found} == {
        ("shop", SHOP, "pkg:oci/shop@2"),
        ("pay", "pkg:oci/pay@1", None),
        ("cart", None, "pkg:oci/cart@1"),
    }
    assert found[0].service_id == "cart"


def test_events_are_counted_by_day_and_by_source(tx, delivery):
    store(
        delivery,
        told("ticket.created", "a", "2026-03-20T23:59:59+00:00", source="/a"),
        told("ticket.created", "b", "2026-03-21T00:00:00+00:00", source="/a"),
        told("incident.detected", "c", "2026-03-21T10:00:00+00:00", source="/b"),
    )
    first, last = date(2026, 3, 20), date(2026, 3, 21)
    found = activity.sources(tx, first, last)

    assert activity.by_day(tx, first, last) == {first: 1, last: 2}
    assert activity.by_day(tx, first, last, source="/a") == {first: 1, last: 1}
    assert activity.by_day(tx, last, last, subject="incident") == {last: 1}
    assert [(one.source, one.events, one.days, one.counts, one.subjects) for one in found] == [
        ("/a", 2, [first, last], [1, 1], "ticket"),
        ("/b", 1, [last], [1], "incident"),
    ]


def test_runs_are_listed_by_pages_newest_first(tx, delivery):
    store(
        delivery,
        *(told("pipelinerun.started", f"run-{n}", f"10:0{n}", pipelineName="build") for n in range(4)),
        *(told("pipelinerun.finished", f"run-{n}", f"10:3{n}", outcome="success") for n in (0, 2, 3)),
        told("pipelinerun.finished", "run-1", "10:31", outcome="failure"),
    )
    window = Window(moment("10:00"), moment("10:33"))
    first = runs.finished(tx, "pipelinerun", window, limit=2)
    rest = runs.finished(tx, "pipelinerun", window, limit=2, cursor=first.next)

    assert [one.subject_id for one in (*first.items, *rest.items)] == ["run-2", "run-1", "run-0"]
    assert [(one.verdict, one.seconds) for one in first.items] == [("passed", 30 * 60), ("failed", 30 * 60)]
    assert rest.next is None
    assert runs.finished(tx, "pipelinerun", window, verdict="failed").items == [first.items[1]]
    assert runs.finished(tx, "pipelinerun", window, name="test").items == []
