"""Runs: durations, queues, failures, flaky tests, what is stuck and who is silent, counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from evistore.delivery import executions
from evistore.delivery.windows import Filters, Window
from evistore.kernel.database import Transaction
from fixtures.histories import minutes_ago, moment, runs, store, told

DAY = Window(moment("00:00"), moment("2026-03-21T00:00:00+00:00"))


def tx(connection):
    return Transaction(connection)


def finished(kind, key, at, outcome="success", **more):
    return told(f"{kind}.finished", key, at, **({"outcome": outcome} if outcome else {}), **more)


def pipeline(key, start, end, outcome="success", *, queued=None, name="build", **more):
    events = [
        told("pipelinerun.started", key, start, pipelineName=name),
        finished("pipelinerun", key, end, outcome, pipelineName=name, **more),
    ]
    return ([told("pipelinerun.queued", key, queued, pipelineName=name)] if queued else []) + events


def case(key, at, outcome="pass", *, test="t/1", chain=None, part=None, environment=None):
    more = {"testCase": {"id": test, "name": "adds up"}}
    if part:
        more["testSuiteRun"] = {"id": part}
    if environment:
        more["environment"] = {"id": environment}
    return finished("testcaserun", key, at, outcome, context={"chainId": chain} if chain else None, **more)


def statistics(connection, kind="pipelinerun", filters=Filters(), **more):  # noqa: B008
    return executions.statistics(tx(connection), kind, DAY, filters, **more)


# Durations, queues, failure rates


def test_durations_and_queues_have_percentiles_and_failures_a_rate(delivery):
    store(
        delivery,
        *pipeline("1", "10:00", "10:10", queued="09:58"),
        *pipeline("2", "11:00", "11:20", "failure", queued="10:59"),
        *pipeline("3", "12:00", "12:30"),
        *pipeline("4", "13:00", "13:40", "cancel"),
        *pipeline("5", "14:00", "14:50", "error"),
    )

    (one,) = statistics(delivery)

    assert (one.key, one.items, one.unexplained) == ("build", 5, 0)
    assert (one.p50_seconds, one.p80_seconds, one.p95_seconds) == pytest.approx((1800, 2520, 2880))
    assert (one.queue_p50_seconds, one.queued) == (90, 2)
    assert (one.failure_rate, one.passed, one.failed, one.cancelled) == (0.5, 2, 2, 1)
    assert one.last_finished_at == moment("14:50")


def test_what_is_not_known_of_a_run_is_told_and_not_guessed(delivery):
    store(
        delivery,
        finished("pipelinerun", "no start", "10:00", pipelineName="build"),
        *pipeline("backwards", "10:30", "10:20"),
        *pipeline("no outcome", "10:00", "10:10", None),
        *pipeline("strange", "10:00", "10:10", "purple"),
        *pipeline("queued late", "10:00", "10:10", queued="10:05"),
    )

    (one,) = statistics(delivery)

    assert (one.items, one.unexplained) == (5, 4)
    assert one.reasons == {"no-start": 1, "ends-before-start": 1, "no-outcome": 1, "outcome-unknown": 1}
    assert (one.p50_seconds, one.queue_p50_seconds, one.passed, one.failure_rate) == (600, None, 3, 0.0)


def test_only_cancelled_runs_have_no_failure_rate(delivery):
    store(delivery, *pipeline("1", "10:00", "10:10", "cancel"))

    assert statistics(delivery)[0].failure_rate is None


def test_the_window_goes_by_the_end_and_is_half_open(delivery):
    store(
        delivery,
        *pipeline("in", "2026-03-19T23:50:00+00:00", "2026-03-20T00:00:00+00:00"),
        *pipeline("after", "23:50", "2026-03-21T00:00:00+00:00"),
        *pipeline("before", "2026-03-19T23:50:00+00:00", "2026-03-19T23:59:59+00:00"),
    )

    assert [one.subject_id for one in executions.runs(tx(delivery), "pipelinerun", DAY)] == ["in"]


def test_a_correction_replaces_what_it_corrects(delivery):
    store(delivery, *pipeline("1", "10:00", "10:10", "failure"))
    store(delivery, finished("pipelinerun", "1", "10:12", "success"))

    (one,) = executions.runs(tx(delivery), "pipelinerun", DAY)

    assert (one.verdict, one.seconds) == ("passed", 720)


def test_tests_are_told_apart_by_their_ids_and_everything_else_by_name(delivery):
    store(
        delivery,
        case("1", "10:00", test="a/t"),
        case("2", "10:00", "fail", test="b/t"),
        told("testsuiterun.started", "s", "10:00", testSuite={"id": "suite-1", "name": "smoke"}),
        finished("testsuiterun", "s", "10:05", "pass", testSuite={"id": "suite-1", "name": "smoke"}),
        told("taskrun.started", "t", "10:00", taskName="lint"),
        finished("taskrun", "t", "10:01", taskName="lint"),
    )

    assert [(one.key, one.name, one.failed) for one in statistics(delivery, "testcaserun")] == [
        ("a/t", "adds up", 0),
        ("b/t", "adds up", 1),
    ]
    assert [(one.key, one.p50_seconds) for one in statistics(delivery, "testsuiterun")] == [("suite-1", 300)]
    assert [(one.key, one.p50_seconds) for one in statistics(delivery, "taskrun")] == [("lint", 60)]
    assert [one.key for one in statistics(delivery, "testcaserun", name="b/t")] == ["b/t"]
    assert len(statistics(delivery, "testcaserun", name="adds up")) == 2


def test_builds_have_no_outcome_and_that_is_nothing_to_explain(delivery):
    store(delivery, told("build.started", "b", "10:00"), told("build.finished", "b", "10:04", artifactId="a@1"))

    (one,) = statistics(delivery, "build")

    assert (one.p50_seconds, one.failure_rate, one.unexplained) == (240, None, 0)


def test_environment_and_source_are_filters(delivery):
    store(
        delivery,
        case("1", "10:00", environment="prod"),
        case("2", "10:00", environment="stage"),
        case("3", "10:00") | {"context": case("3", "10:00")["context"] | {"source": "/other"}},
    )

    def found(**asked):
        return {one.subject_id for one in executions.runs(tx(delivery), "testcaserun", DAY, Filters(**asked))}

    assert found() == found(environment="*") == {"1", "2", "3"}
    assert found(environment="prod") == {"1"}
    assert found(source="/other") == {"3"}


def test_a_service_has_the_pipelines_and_suites_its_artifacts_came_of_and_what_ran_in_them(delivery):
    events = []
    for number, (service, chain) in enumerate((("shop", "c1"), ("shop", "c2"), ("cart", "c3"), ("cart", "c4"))):
        in_chain = {"context": {"chainId": chain}}
        run, suite = f"run-{number}", f"suite-{number}"
        outcome = "failure" if number == 1 else "success"
        events += [
            told("pipelinerun.started", run, "10:00", pipelineName=f"{service}-main", **in_chain),
            finished("pipelinerun", run, "10:05", outcome, pipelineName=f"{service}-main", **in_chain),
            finished("taskrun", f"task-{number}", "10:02", taskName="lint", pipelineRun={"id": run}, **in_chain),
            finished("testsuiterun", suite, "10:04", "pass", testSuite={"id": f"{service}/unit"}, **in_chain),
            case(f"case-{number}", "10:03", chain=chain, part=suite),
            told("artifact.packaged", f"a@{number}", "10:05", **in_chain),
            runs(service, "prod", f"a@{number}", "11:00"),
        ]
    # A failed run made no artifact, and still is one of the service's.
    events.append(finished("pipelinerun", "failed", "12:00", "failure", pipelineName="shop-main"))
    store(delivery, *events)

    def found(kind, service):
        return {one.subject_id for one in executions.runs(tx(delivery), kind, DAY, Filters(service=service))}

    assert found("pipelinerun", "shop") == {"run-0", "run-1", "failed"}
    assert found("taskrun", "shop") == {"task-0", "task-1"}
    assert found("testsuiterun", "cart") == {"suite-2", "suite-3"}
    assert found("testcaserun", "cart") == {"case-2", "case-3"}
    assert found("pipelinerun", "nobody") == set()


def test_a_trend_has_the_whole_and_every_day_also_those_without_runs(delivery):
    store(
        delivery,
        *pipeline("1", "10:00", "10:10"),
        *pipeline("2", "2026-03-22T10:00:00+00:00", "2026-03-22T10:30:00+00:00", "failure"),
    )
    span = Window(moment("00:00"), moment("00:00") + timedelta(days=3))

    found = executions.trend(tx(delivery), "pipelinerun", span, bucket="day")

    assert (found.whole.items, found.whole.p50_seconds, found.whole.failure_rate) == (2, 1200, 0.5)
    assert [(part.items, part.p50_seconds, part.failure_rate) for part in found.parts] == [
        (1, 600, 0.0),
        (0, None, None),
        (1, 1800, 1.0),
    ]


# Flaky tests


def flaky(connection, **more):
    found = executions.flaky_tests(tx(connection), DAY, **more)
    return [(one.key, one.flaky, one.items, one.unexplained) for one in found]


def test_a_test_that_passed_and_failed_on_one_state_of_the_code_is_flaky(delivery):
    store(
        delivery,
        case("1", "10:00", "fail", chain="c1"),
        case("2", "10:05", "pass", chain="c1"),
        case("3", "11:00", "pass", chain="c2"),
        case("4", "11:05", "pass", chain="c2"),
        case("5", "12:00", "fail", chain="c3"),
    )

    (one,) = executions.flaky_tests(tx(delivery), DAY)

    assert (one.key, one.name, one.flaky, one.items, one.flaky_rate) == ("t/1", "adds up", 1, 2, 0.5)
    assert (one.failed, one.runs, one.sample_ids) == (2, 5, ["5", "1"])
    assert one.last_failed_at == moment("12:00")


def test_other_code_other_environments_and_other_tests_make_nothing_flaky(delivery):
    store(
        delivery,
        case("1", "10:00", "fail", chain="c1"),
        case("2", "10:05", "pass", chain="c2"),
        case("3", "10:00", "fail", chain="c3", environment="stage"),
        case("4", "10:05", "pass", chain="c3", environment="prod"),
        case("5", "10:00", "fail", chain="c4"),
        case("6", "10:05", "pass", chain="c4", test="t/2"),
        case("7", "10:00", "fail", chain="c5"),
        case("8", "10:05", "cancel", chain="c5"),
    )

    assert flaky(delivery) == []


def test_without_a_chain_the_run_it_is_part_of_is_the_state_and_without_both_it_is_told(delivery):
    store(
        delivery,
        case("1", "10:00", "fail", part="suite-1"),
        case("2", "10:05", "pass", part="suite-1"),
        case("3", "10:06", "fail", part="suite-2"),
        case("4", "10:10", "pass"),
    )

    assert flaky(delivery) == [("t/1", 1, 1, 1)]


# Stuck runs


def test_what_began_long_ago_and_has_not_ended_is_stuck(delivery):
    store(
        delivery,
        told("pipelinerun.started", "stuck", minutes_ago(300), pipelineName="build"),
        told("pipelinerun.started", "fresh", minutes_ago(200)),
        told("taskrun.queued", "waiting", minutes_ago(400)),
        told("testcaserun.queued", "skipped", minutes_ago(500)),
        told("testcaserun.skipped", "skipped", minutes_ago(499)),
        told("build.started", "over", minutes_ago(500)),
        told("build.finished", "over", minutes_ago(499)),
        told("pipelinerun.finished", "again", minutes_ago(700)),
        told("pipelinerun.started", "again", minutes_ago(600)),
    )

    found = executions.stuck_runs(tx(delivery))

    assert [one.subject_id for one in found] == ["again", "waiting", "stuck"]
    assert found[-1].seconds == pytest.approx(300 * 60, abs=60)
    assert [one.subject_id for one in executions.stuck_runs(tx(delivery), after=timedelta(minutes=350))] == [
        "again",
        "waiting",
    ]
    assert [one.subject_id for one in executions.stuck_runs(tx(delivery), kind="taskrun")] == ["waiting"]
    assert executions.stuck_runs(tx(delivery), filters=Filters(source="/nobody")) == []

    store(delivery, told("pipelinerun.finished", "stuck", minutes_ago(1)))
    assert [one.subject_id for one in executions.stuck_runs(tx(delivery))] == ["again", "waiting"]


# Silent sources


def days(source, *numbers):
    start = datetime(2026, 3, 1, 9, tzinfo=UTC)
    return [
        told("ticket.created", f"{source}-{n}", (start + timedelta(days=n)).isoformat(), source=source) for n in numbers
    ]


@pytest.mark.parametrize("counted", [True, False])
def test_a_source_is_silent_when_it_is_quiet_for_longer_than_it_ever_was(delivery, counted):
    # 1 March 2026 is a Sunday; on day 19 people look.
    store(
        delivery,
        *days("/daily", 0, 1, 2, 3, 4, 5, 6, 16, 17, 18, 19),
        *days("/quiet", 0, 1, 2, 3, 4, 5, 8, 9),
        *days("/weekdays", 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15, 16),
        *days("/new", 16, 17),
    )
    if counted:
        delivery.execute("SELECT cdviz.refresh_activity()")

    found = executions.silent_sources(tx(delivery), at=datetime(2026, 3, 20, 12, tzinfo=UTC))

    assert [(one.source, one.silent, one.quiet_days, one.longest_pause_days) for one in found] == [
        ("/quiet", True, 10, 3),
        ("/weekdays", False, 3, 3),
        ("/daily", False, 0, 10),
        ("/new", None, 2, 1),
    ]
    assert (found[0].last_day, found[0].active_days, found[0].events) == (date(2026, 3, 10), 8, 8)
    assert found[-1].reason == "no-rhythm"
