"""DORA's metrics: every rule and exception of each formula on a history small enough to count by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from evistore.delivery import CONTEXTS, evidence, metrics
from evistore.delivery.windows import Filters, Window, window
from evistore.kernel.database import Transaction
from evistore.kernel.errors import Rejected
from evistore.kernel.migrations import migrate
from fixtures.histories import link, moment, runs, store, told
from fixtures.projecting import differences, projections

DAY = Window(moment("00:00"), moment("2026-03-21T00:00:00+00:00"))
HOUR, MINUTE = 3600.0, 60.0


def tx(connection):
    return Transaction(connection)


def caused_by(event_id):
    return {"links": [{"linkType": "RELATION", "linkKind": "CAUSE", "target": {"contextId": event_id}}]}


def incident(key, at, *, kind="detected", service="shop", environment="prod", **more):
    content = {}
    if service:
        content["service"] = {"id": service}
    if environment:
        content["environment"] = {"id": environment}
    if artifact := more.pop("artifact", None):
        content["artifactId"] = artifact
    return told(f"incident.{kind}", key, at, **more, **content)


def frequency(connection, filters=Filters(), bucket=None, window_=DAY):  # noqa: B008
    return metrics.deployment_frequency(tx(connection), window_, filters, bucket=bucket)


def outcomes(connection, filters=Filters()):  # noqa: B008
    found = evidence.deployments(tx(connection), DAY, filters)
    return {(one.service_id, f"{one.at:%H:%M}"): one for one in found}


# Deployment frequency


def test_deployed_and_upgraded_in_production_count_and_nothing_else_does(delivery):
    store(
        delivery,
        runs("shop", "prod", "a@1", "10:00"),
        runs("shop", "prod", "a@2", "11:00", "upgraded"),
        runs("shop", "prod", "a@1", "12:00", "rolledback"),
        runs("shop", "prod", None, "13:00", "removed"),
        runs("shop", "stage", "a@3", "10:00"),
        told("service.published", "shop", "10:00", environment={"id": "prod"}),
    )

    whole = frequency(delivery).whole

    assert (whole.per_day, whole.items, whole.active_days, whole.unexplained) == (2.0, 2, 1, 0)
    assert frequency(delivery, Filters(environment="stage")).whole.items == 1
    assert frequency(delivery, Filters(environment="*")).whole.items == 3


def test_the_window_is_half_open(delivery):
    store(
        delivery,
        runs("shop", "prod", "a@1", "2026-03-20T00:00:00+00:00"),
        runs("shop", "prod", "a@2", "2026-03-20T23:59:59.999999+00:00"),
        runs("shop", "prod", "a@3", "2026-03-21T00:00:00+00:00"),
    )

    assert frequency(delivery).whole.items == 2


def test_service_and_source_are_filters(delivery):
    one, other = runs("shop", "prod", "a@1", "10:00"), runs("cart", "prod", "c@1", "10:00")
    other["context"]["source"] = "/cd/other"
    store(delivery, one, other)

    assert frequency(delivery, Filters(service="shop")).whole.items == 1
    assert frequency(delivery, Filters(source="/cd/other")).whole.items == 1
    assert frequency(delivery, Filters(service="shop", source="/cd/other")).whole.items == 0


def test_one_moment_in_one_place_is_one_deployment_the_one_that_what_runs_shows(delivery):
    store(
        delivery,
        runs("shop", "prod", "a@1", "10:00"),
        runs("shop", "prod", "a@2", "10:00"),
        runs("shop", "prod", "a@9", "11:00"),
        runs("shop", "prod", "a@1", "11:00", "rolledback"),
    )

    found = evidence.deployments(tx(delivery), DAY)

    assert [(one.at, one.artifact_id) for one in found] == [(moment("10:00"), "a@2")]


def test_before_the_first_deployment_nothing_is_known_and_after_it_nothing_is_zero(delivery):
    week = Window(moment("00:00") - timedelta(days=2), moment("00:00") + timedelta(days=2))
    assert frequency(delivery).whole.per_day is None

    store(delivery, runs("shop", "prod", "a@1", "10:00"))

    parts = frequency(delivery, bucket="day", window_=week).parts
    assert [part.per_day for part in parts] == [None, None, 1.0, 0.0]
    later = Window(moment("00:00") + timedelta(days=5), moment("00:00") + timedelta(days=6))
    assert frequency(delivery, window_=later).whole.per_day == 0.0
    assert frequency(delivery, Filters(service="cart"), window_=later).whole.per_day is None


def test_deployments_without_an_environment_are_not_counted_but_told(delivery):
    store(delivery, told("service.deployed", "shop", artifactId="a@1"), runs("shop", "prod", "a@1", "11:00"))

    whole = frequency(delivery).whole

    assert (whole.items, whole.unexplained, whole.reasons) == (1, 1, {"no-environment": 1})
    assert delivery.execute("SELECT count(*) FROM cdviz.what_runs()").fetchone() == (1,)


def test_weeks_begin_on_monday_and_are_cut_at_the_ends_of_the_window(delivery):
    # 20 March 2026 is a Friday.
    store(delivery, runs("shop", "prod", "a@1", "10:00"), runs("shop", "prod", "a@2", "2026-03-23T10:00:00+00:00"))
    span = Window(moment("12:00") - timedelta(days=1), moment("12:00") + timedelta(days=4))

    parts = frequency(delivery, bucket="week", window_=span).parts

    assert [(f"{part.bucket:%m-%d}", part.items) for part in parts] == [("03-16", 1), ("03-23", 1)]
    assert [part.per_day for part in parts] == pytest.approx([1 / 3.5, 1 / 1.5])


def test_late_events_count_at_once_and_duplicates_never(delivery):
    event = runs("shop", "prod", "a@2", "11:00", "upgraded")
    store(delivery, event)
    store(delivery, event, runs("shop", "prod", "a@1", "10:00"))

    assert frequency(delivery).whole.items == 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prod", True),
        ("production", True),
        ("Prod-EU", True),
        ("eu/prd1", True),
        ("live", True),
        ("preprod", False),
        ("pre-prod", False),
        ("non-production", False),
        ("product-catalogue", False),
        ("staging", False),
        ("olive", False),
    ],
)
@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_names_tell_production(delivery, name, expected):
    store(delivery, runs("shop", name, "a@1", "10:00"))

    assert [one.is_production for one in metrics.environments(tx(delivery))] == [expected]


def test_what_somebody_says_of_an_environment_wins_over_its_name(delivery):
    store(delivery, runs("shop", "prod", "a@1", "10:00"), runs("shop", "main", "a@1", "10:00"))
    metrics.set_production(tx(delivery), "main", True)
    metrics.set_production(tx(delivery), "prod", False)

    assert metrics.dora(tx(delivery), DAY).environments == ["main"]
    assert [one.environment_id for one in evidence.deployments(tx(delivery), DAY)] == ["main"]

    metrics.set_production(tx(delivery), "prod", None)
    assert metrics.dora(tx(delivery), DAY).environments == ["main", "prod"]


# Change failure rate: by rollback, and by incidents in every way


def test_a_deployment_that_is_rolled_back_next_failed_and_others_did_not(delivery):
    store(
        delivery,
        runs("shop", "prod", "a@1", "09:00"),
        runs("shop", "prod", "a@2", "10:00", "upgraded"),
        runs("shop", "stage", "a@3", "10:30", "rolledback"),
        runs("shop", "prod", "a@1", "2026-03-22T10:00:00+00:00", "rolledback"),
    )

    whole = metrics.change_failure_rate(tx(delivery), DAY).whole

    assert (whole.rate, whole.failed, whole.ways, whole.items) == (0.5, 1, {"rollback": 1}, 2)
    assert outcomes(delivery)["shop", "10:00"].recovered_at == moment("2026-03-22T10:00:00+00:00")


def test_without_deployments_there_is_no_rate_and_no_time(delivery):
    found = metrics.dora(tx(delivery), DAY)

    assert found.change_failure_rate.whole.rate is None
    assert found.deployment_rework_rate.whole.rate is None
    assert found.failed_deployment_recovery_time.whole.p50_seconds is None
    assert found.lead_time_for_changes.whole.p50_seconds is None


@pytest.fixture
def deployed(delivery):
    """shop in prod: a@1 at 08:00, a@2 at 10:00, a@3 at 11:00; in stage a@2 at 09:00."""
    store(
        delivery,
        runs("shop", "prod", "a@1", "08:00"),
        runs("shop", "stage", "a@2", "09:00"),
        runs("shop", "prod", "a@2", "10:00", "upgraded"),
        runs("shop", "prod", "a@3", "11:00", "upgraded"),
    )
    return delivery


def cause(connection, key):
    found = {one.incident_id: one for one in evidence.incidents(tx(connection), DAY, Filters(environment="*"))}
    one = found[key]
    return (one.way or one.reason, one.cause_at and f"{one.cause_at:%H:%M}")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        # The artifact it names, although something newer runs by then; and not that artifact elsewhere.
        (incident("I", "12:00", artifact="a@2"), ("artifact", "10:00")),
        (incident("I", "12:00", artifact="a@2", environment=None), ("artifact", "10:00")),
        (incident("I", "12:00", artifact="a@2", service=None, environment="stage"), ("artifact", "09:00")),
        (incident("I", "09:30", artifact="a@2", environment=None), ("artifact", "09:00")),
        # An artifact that was never deployed there before leaves the time.
        (incident("I", "12:00", artifact="b@1"), ("time", "11:00")),
        (incident("I", "10:30", artifact="a@3"), ("time", "10:00")),
        # The service it names as its cause, however long ago; one that it only affects, within a day.
        (incident("I", "2026-03-20T23:00:00+00:00", custom=link("service", "shop", "cause")), ("service", "11:00")),
        (incident("I", "12:00", service=None, custom=link("service", "shop", "cause")), ("service", "11:00")),
        (incident("I", "12:00", custom=link("artifact", "a@2", "cause")), ("artifact", "10:00")),
        (incident("I", "12:00"), ("time", "11:00")),
        (incident("I", "12:00", environment="stage"), ("time", "09:00")),
        (incident("I", "12:00", environment=None), ("time", "11:00")),
        (incident("I", "11:00"), ("time", "11:00")),
        # Nothing to be blamed.
        (incident("I", "07:00"), ("no-deployment", None)),
        (incident("I", "12:00", service="cart"), ("no-deployment", None)),
        (incident("I", "12:00", environment="dev"), ("no-deployment", None)),
        (incident("I", "12:00", service=None), ("no-service", None)),
    ],
)
@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_the_deployment_behind_an_incident_is_found_in_the_surest_way(deployed, event, expected):
    store(deployed, event)

    assert cause(deployed, "I") == expected


def test_an_incident_that_names_the_event_of_a_deployment_blames_that_one(delivery):
    blamed = runs("shop", "prod", "a@2", "10:00", "upgraded")
    store(delivery, runs("shop", "prod", "a@3", "11:00", "upgraded"))
    late = incident("I", "12:00", context=caused_by(blamed["context"]["id"]))
    store(delivery, late)
    assert cause(delivery, "I") == ("time", "11:00")

    store(delivery, blamed)

    assert cause(delivery, "I") == ("event", "10:00")
    assert outcomes(delivery)["shop", "10:00"].ways == ["event"]
    assert not outcomes(delivery)["shop", "11:00"].failed


def test_time_alone_ties_only_within_the_span_that_is_asked_for(delivery):
    store(delivery, runs("shop", "prod", "a@1", "10:00"), incident("I", "12:00"))

    assert metrics.change_failure_rate(tx(delivery), DAY).whole.ways == {"time": 1}
    short = metrics.change_failure_rate(tx(delivery), DAY, within=timedelta(hours=1)).whole
    assert (short.failed, short.unexplained, short.reasons) == (0, 1, {"no-deployment": 1})


def test_a_package_url_in_another_spelling_is_the_same_artifact(delivery):
    store(
        delivery,
        runs("shop", "prod", "pkg:oci/shop@sha256%3Aab12?b=2&a=1", "10:00"),
        runs("shop", "prod", "pkg:oci/shop@sha256%3Acd34", "11:00"),
        incident("I", "12:00", artifact="pkg:oci/shop@sha256:ab12?a=1&b=2"),
    )

    assert cause(delivery, "I") == ("artifact", "10:00")


def test_several_signs_make_one_failure(delivery):
    store(
        delivery,
        runs("shop", "prod", "a@1", "10:00"),
        runs("shop", "prod", "a@0", "12:00", "rolledback"),
        incident("I", "10:30", artifact="a@1"),
        incident("J", "10:40"),
    )

    whole = metrics.change_failure_rate(tx(delivery), DAY).whole

    assert (whole.rate, whole.failed) == (1.0, 1)
    assert whole.ways == {"rollback": 1, "artifact": 1, "time": 1}
    assert outcomes(delivery)["shop", "10:00"].incident_ids == ["I", "J"]


def test_incidents_outside_the_filters_are_not_told_as_unexplained(delivery):
    store(
        delivery,
        incident("here", "10:00"),
        incident("elsewhere", "10:00", environment="stage"),
        incident("anywhere", "10:00", environment=None),
        incident("of another", "10:00", service="cart"),
        incident("earlier", "2026-03-19T10:00:00+00:00"),
    )

    assert metrics.change_failure_rate(tx(delivery), DAY, Filters(service="shop")).whole.unexplained == 2
    assert metrics.change_failure_rate(tx(delivery), DAY).whole.unexplained == 3
    assert metrics.change_failure_rate(tx(delivery), DAY, Filters(environment="stage")).whole.unexplained == 2


# Failed deployment recovery time


def test_recovery_ends_with_the_last_incident_and_not_with_the_rollback(delivery):
    store(
        delivery,
        runs("shop", "prod", "a@1", "10:00"),
        runs("shop", "prod", "a@0", "10:20", "rolledback"),
        incident("I", "10:10", artifact="a@1"),
        incident("J", "10:15", artifact="a@1"),
        incident("I", "10:50", kind="resolved", artifact="a@1"),
        incident("J", "11:30", kind="resolved", artifact="a@1"),
    )

    whole = metrics.failed_deployment_recovery_time(tx(delivery), DAY).whole

    assert (whole.p50_seconds, whole.items, whole.unexplained) == (90 * MINUTE, 1, 0)


def test_without_incidents_recovery_is_the_rollback(delivery):
    store(delivery, runs("shop", "prod", "a@1", "10:00"), runs("shop", "prod", "a@0", "10:20", "rolledback"))

    assert metrics.failed_deployment_recovery_time(tx(delivery), DAY).whole.p50_seconds == 20 * MINUTE


def test_an_open_incident_is_no_recovery_and_one_that_came_back_is_open(delivery):
    store(
        delivery,
        runs("shop", "prod", "a@1", "10:00"),
        runs("shop", "prod", "a@0", "10:20", "rolledback"),
        incident("I", "10:10"),
        incident("I", "10:30", kind="resolved"),
        incident("I", "10:40"),
    )

    whole = metrics.failed_deployment_recovery_time(tx(delivery), DAY).whole
    assert (whole.p50_seconds, whole.items, whole.unexplained, whole.reasons) == (None, 0, 1, {"incident-open": 1})

    store(delivery, incident("I", "11:00", kind="resolved"))
    assert metrics.failed_deployment_recovery_time(tx(delivery), DAY).whole.p50_seconds == HOUR


def test_percentiles_are_interpolated(delivery):
    for hour, minutes in ((8, 10), (10, 20), (12, 50)):
        store(
            delivery,
            runs("shop", "prod", f"a@{hour}", f"{hour:02}:00"),
            runs("shop", "prod", "a@0", f"{hour:02}:{minutes}", "rolledback"),
        )

    whole = metrics.failed_deployment_recovery_time(tx(delivery), DAY).whole

    assert (whole.p50_seconds, whole.items) == (20 * MINUTE, 3)
    assert whole.p80_seconds == pytest.approx(38 * MINUTE)
    assert whole.p95_seconds == pytest.approx(47 * MINUTE)


# Deployment rework rate


def test_rework_is_what_comes_while_an_incident_is_open_or_right_after_a_rollback(delivery):
    store(
        delivery,
        runs("shop", "prod", "a@1", "08:00"),
        incident("I", "09:00"),
        runs("shop", "prod", "a@2", "09:30", "upgraded"),
        runs("shop", "prod", "a@3", "10:00", "upgraded"),
        incident("I", "10:00", kind="resolved"),
        runs("shop", "prod", "a@4", "10:30", "upgraded"),
        runs("shop", "prod", "a@3", "11:00", "rolledback"),
        runs("shop", "prod", "a@5", "12:00", "upgraded"),
        runs("shop", "prod", "a@6", "13:00", "upgraded"),
    )

    whole = metrics.deployment_rework_rate(tx(delivery), DAY).whole

    assert (whole.rate, whole.reworked, whole.items) == (0.5, 3, 6)
    assert whole.ways == {"incident": 2, "rollback": 1}
    assert {at for (_, at), one in outcomes(delivery).items() if one.rework} == {"09:30", "10:00", "12:00"}
    assert outcomes(delivery)["shop", "09:30"].rework_incident_ids == ["I"]


def test_an_incident_elsewhere_or_of_another_service_makes_no_rework(delivery):
    store(
        delivery,
        incident("I", "09:00", environment="stage"),
        incident("J", "09:00", service="cart"),
        runs("shop", "prod", "a@1", "09:30"),
    )

    assert metrics.deployment_rework_rate(tx(delivery), DAY).whole.reworked == 0


def test_a_deployment_at_the_moment_an_incident_begins_is_its_cause_and_not_its_mending(delivery):
    store(delivery, runs("shop", "prod", "a@1", "10:00"), incident("I", "10:00"))

    (one,) = outcomes(delivery).values()

    assert (one.ways, one.rework) == (["time"], False)


def test_an_incident_that_is_never_resolved_makes_rework_for_a_day_only(delivery):
    store(
        delivery,
        incident("old", "2026-03-19T08:00:00+00:00"),
        runs("shop", "prod", "a@1", "07:30"),
        runs("shop", "prod", "a@2", "08:30"),
    )

    assert {at for (_, at), one in outcomes(delivery).items() if one.rework} == {"07:30"}


# Lead time for changes


def delivered(connection, filters=Filters()):  # noqa: B008
    found = evidence.delivered_changes(tx(connection), DAY, filters)
    return sorted(
        (one.artifact_id or "", one.change_id or "", one.way or "", one.reason or one.seconds) for one in found
    )


def merged(change="c/1", at="08:00", **more):
    return told("change.merged", change, at, **more)


def packaged(artifact="a@1", change="c/1", at="09:00", **more):
    return told("artifact.packaged", artifact, at, **({"change": {"id": change}} if change else {}), **more)


def test_a_change_takes_from_its_merge_to_the_first_production_environment(delivery):
    store(
        delivery,
        merged(),
        told("build.finished", "b-1", "08:30", artifactId="a@1"),
        packaged(),
        told("artifact.published", "a@1", "09:10"),
        runs("shop", "stage", "a@1", "09:30"),
        runs("shop", "prod-eu", "a@1", "11:00"),
        runs("shop", "prod-us", "a@1", "12:00"),
    )

    whole = metrics.lead_time_for_changes(tx(delivery), DAY).whole

    assert (whole.p50_seconds, whole.items, whole.releases, whole.unexplained) == (3 * HOUR, 1, 1, 0)
    stages = (whole.merge_to_build_seconds, whole.build_to_artifact_seconds, whole.artifact_to_production_seconds)
    assert stages == (30 * MINUTE, 40 * MINUTE, 110 * MINUTE)
    assert delivered(delivery, Filters(environment="prod-us")) == [("a@1", "c/1", "artifact", 4 * HOUR)]
    assert delivered(delivery, Filters(environment="stage")) == [("a@1", "c/1", "artifact", 1.5 * HOUR)]


def test_a_release_may_hold_several_changes_and_each_counts(delivery):
    store(
        delivery,
        merged(),
        merged("c/2", "09:00"),
        packaged(),
        packaged(change="c/2"),
        runs("shop", "prod", "a@1", "10:00"),
    )

    whole = metrics.lead_time_for_changes(tx(delivery), DAY).whole

    assert (whole.items, whole.releases, whole.p50_seconds) == (2, 1, 1.5 * HOUR)


def test_a_change_that_is_named_twice_counts_once(delivery):
    store(delivery, merged(), packaged(custom=link("change", "c/1", "cause")), runs("shop", "prod", "a@1", "10:00"))

    assert delivered(delivery) == [("a@1", "c/1", "artifact", 2 * HOUR)]


def test_changes_are_found_through_builds_and_runs(delivery):
    store(
        delivery,
        merged(),
        told("pipelinerun.queued", "run-1", "08:05", custom=link("change", "c/1", "trigger")),
        told("taskrun.started", "task-1", "08:10", pipelineRun={"id": "run-1"}),
        told("build.finished", "b-1", "08:30", artifactId="a@1", custom=link("taskRun", "task-1", "cause")),
        runs("shop", "prod", "a@1", "10:00"),
    )

    assert delivered(delivery) == [("a@1", "c/1", "run", 2 * HOUR)]


def test_the_nearest_changes_win_and_a_chain_is_the_last_resort(delivery):
    store(
        delivery,
        merged("c/chain", context={"chainId": "chain-1"}),
        packaged(change=None, context={"chainId": "chain-1"}),
        runs("shop", "prod", "a@1", "10:00"),
    )
    assert delivered(delivery) == [("a@1", "c/chain", "chain", 2 * HOUR)]

    store(delivery, merged("c/near", "09:00"), packaged(change="c/near"))
    assert delivered(delivery) == [("a@1", "c/near", "artifact", HOUR)]


def test_the_change_is_found_under_another_spelling_of_the_artifact(delivery):
    store(
        delivery,
        merged(),
        packaged("pkg:oci/shop@sha256%3Aab12?b=2&a=1"),
        runs("shop", "prod", "pkg:oci/shop@sha256:ab12?a=1&b=2", "10:00"),
    )

    assert [row[1:] for row in delivered(delivery)] == [("c/1", "artifact", 2 * HOUR)]


def test_what_ran_there_before_is_no_release_and_what_cannot_be_explained_says_why(delivery):
    store(
        delivery,
        merged(),
        merged("c/late", "13:00"),
        packaged("a@old"),
        packaged("a@open", "c/open"),
        packaged("a@late", "c/late"),
        told("artifact.packaged", "a@none", "09:00"),
        runs("shop", "prod", "a@old", "2026-03-19T10:00:00+00:00"),
        runs("shop", "prod", "a@old", "10:00"),
        runs("shop", "prod", "a@open", "11:00"),
        runs("shop", "prod", "a@late", "12:00"),
        runs("shop", "prod", "a@none", "12:30"),
        runs("shop", "prod", None, "12:40"),
    )

    whole = metrics.lead_time_for_changes(tx(delivery), DAY).whole

    assert [(artifact, reason) for artifact, _, _, reason in delivered(delivery)] == [
        ("", "no-artifact"),
        ("a@late", "merged-later"),
        ("a@none", "no-change"),
        ("a@old", "repeated"),
        ("a@open", "not-merged"),
    ]
    assert (whole.p50_seconds, whole.items, whole.unexplained) == (None, 0, 4)
    assert whole.reasons == {"merged-later": 1, "no-artifact": 1, "no-change": 1, "not-merged": 1}


def test_an_artifact_of_two_services_is_a_release_of_each(delivery):
    store(delivery, merged(), packaged(), runs("shop", "prod", "a@1", "10:00"), runs("cart", "prod", "a@1", "11:00"))

    assert [row[3] for row in delivered(delivery)] == [2 * HOUR, 3 * HOUR]


def test_a_merge_that_arrives_last_explains_what_was_deployed_before(delivery):
    store(delivery, runs("shop", "prod", "a@1", "10:00"))
    store(delivery, packaged())
    assert delivered(delivery) == [("a@1", "c/1", "artifact", "not-merged")]

    store(delivery, merged())
    assert delivered(delivery) == [("a@1", "c/1", "artifact", 2 * HOUR)]


# What was stored before there were metrics


def test_metrics_read_what_was_stored_before_them_as_well(delivery_url):
    with psycopg.connect(delivery_url, autocommit=True) as connection:
        store(
            connection,
            runs("shop", "prod", "a@1", "10:00"),
            told("service.deployed", "shop", "11:00", artifactId="a@2"),
            told("testcaserun.finished", "t", "10:00", testCase={"id": "case", "name": "adds up"}),
            told("testsuiterun.finished", "s", "10:00", testSuite={"id": "suite"}),
            told("taskrun.finished", "task", "10:00", taskName="lint"),
        )
        before = projections(connection)
    assert {row[-1] for row in before["changes"]} == {"/ci/test"}

    assert migrate(delivery_url, CONTEXTS, to=6).undone != []
    migrate(delivery_url, CONTEXTS)

    with psycopg.connect(delivery_url, autocommit=True) as connection:
        assert differences(before, projections(connection)) == {}
        definitions = connection.execute(
            "SELECT definition_id FROM cdviz.subject_state WHERE definition_id IS NOT NULL"
        )
        assert sorted(definitions.fetchall()) == [("case",), ("suite",)]


# Windows


def test_a_window_has_an_order_and_a_usual_length():
    usual = window(until=datetime(2026, 3, 31, tzinfo=UTC))

    assert usual.until - usual.since == timedelta(days=90)
    with pytest.raises(Rejected, match="ends before"):
        window(usual.until, usual.since)
    with pytest.raises(Rejected, match="calendar"):
        window(until=datetime(1, 1, 2, tzinfo=UTC))


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_a_window_has_not_thousands_of_parts(delivery):
    with pytest.raises(Rejected, match="too many parts"):
        metrics.dora(
            tx(delivery), Window(datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)), bucket="day"
        )
