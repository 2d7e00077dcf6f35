"""The metrics under /api/delivery/v1/metrics on a listening server."""

from __future__ import annotations

import pytest

from fixtures.histories import runs, told
from fixtures.serving import served

BASE = "/api/delivery/v1/metrics"
DAY = "from=2026-03-20T00:00:00Z&until=2026-03-21T00:00:00Z"
WINDOW = {"since": "2026-03-20T00:00:00Z", "until": "2026-03-21T00:00:00Z"}


@pytest.fixture(scope="module")
def api(postgres18):
    with served(postgres18) as one:
        one.post(
            [
                told("change.merged", "c/1", "08:00"),
                told("artifact.packaged", "a@1", "08:30", change={"id": "c/1"}),
                runs("shop", "prod", "a@1", "10:00"),
                runs("shop", "prod", "a@0", "10:30", "rolledback"),
                runs("shop", "prod", "a@2", "11:00", "upgraded"),
                runs("shop", "stage", "a@2", "10:50"),
                told("incident.detected", "I", "10:10", service={"id": "shop"}, environment={"id": "prod"}),
                told("incident.resolved", "I", "10:40", service={"id": "shop"}),
                told("incident.detected", "J", "09:00", service={"id": "cart"}),
                told("pipelinerun.started", "run-1", "08:00", pipelineName="main"),
                told("pipelinerun.finished", "run-1", "08:10", pipelineName="main", outcome="success"),
                told("pipelinerun.started", "run-2", "08:00", pipelineName="main"),
                told(
                    "testcaserun.finished",
                    "t-1",
                    "08:00",
                    testCase={"id": "t"},
                    outcome="fail",
                    context={"chainId": "c"},
                ),
                told(
                    "testcaserun.finished",
                    "t-2",
                    "08:01",
                    testCase={"id": "t"},
                    outcome="pass",
                    context={"chainId": "c"},
                ),
            ]
        )
        yield one


def got(api, path):
    response = api.get(f"{BASE}/{path}")
    assert response.status_code == 200, response.text
    return response.json()


def test_all_five_metrics_come_together_with_what_they_are_made_of(api):
    found = got(api, f"dora?{DAY}&by=day")

    assert found["window"] == WINDOW
    assert found["filters"] == {"service": None, "environment": None, "source": None}
    metrics = found["metrics"]
    assert metrics["environments"] == ["prod"]
    whole = {name: series["whole"] for name, series in metrics.items() if name != "environments"}
    assert whole["deployment_frequency"]["per_day"] == 2.0
    assert whole["change_failure_rate"] | {"bucket": None} == {
        "bucket": None,
        "rate": 0.5,
        "failed": 1,
        "ways": {"rollback": 1, "time": 1},
        "items": 2,
        "unexplained": 1,
        "reasons": {"no-deployment": 1},
    }
    assert whole["failed_deployment_recovery_time"]["p50_seconds"] == 2400.0
    assert whole["deployment_rework_rate"]["ways"] == {"rollback": 1}
    assert whole["lead_time_for_changes"]["p50_seconds"] == 7200.0
    assert whole["lead_time_for_changes"]["reasons"] == {"no-change": 1}
    assert [part["bucket"] for part in metrics["deployment_frequency"]["parts"]] == ["2026-03-20T00:00:00Z"]


@pytest.mark.parametrize(
    ("path", "figure", "value", "samples"),
    [
        ("deployment-frequency", "items", 2, [("at", "2026-03-20T11:00:00Z"), ("at", "2026-03-20T10:00:00Z")]),
        ("lead-time-for-changes", "items", 1, [("change_id", "c/1")]),
        ("change-failure-rate", "rate", 0.5, [("incident_ids", ["I"])]),
        ("failed-deployment-recovery-time", "p95_seconds", 2400.0, [("recovered_at", "2026-03-20T10:40:00Z")]),
        ("deployment-rework-rate", "rate", 0.5, [("at", "2026-03-20T11:00:00Z")]),
    ],
)
def test_each_metric_comes_with_the_newest_of_its_evidence(api, path, figure, value, samples):
    found = got(api, f"{path}?{DAY}")

    assert found["series"]["whole"][figure] == value
    assert [one[name] for one, (name, _) in zip(found["samples"], samples, strict=True)] == [at for _, at in samples]


@pytest.mark.parametrize(
    ("query", "items"),
    [
        ("", 2),
        ("&environment=stage", 1),
        ("&environment=*", 3),
        ("&service=cart", 0),
        ("&source=/ci/test", 2),
        ("&source=/x", 0),
    ],
)
def test_filters_let_pass_what_they_name(api, query, items):
    assert got(api, f"deployment-frequency?{DAY}{query}")["series"]["whole"]["items"] == items
    assert len(got(api, f"deployments?{DAY}{query}")["items"]) == items


def test_no_data_is_null(api):
    whole = got(api, f"change-failure-rate?{DAY}&service=cart&environment=*")["series"]["whole"]

    assert (whole["rate"], whole["items"]) == (None, 0)


def test_the_evidence_is_listed(api):
    assert [one["at"] for one in got(api, f"deployments?{DAY}&failed=true")["items"]] == ["2026-03-20T10:00:00Z"]
    assert [one["at"] for one in got(api, f"deployments?{DAY}&rework=false")["items"]] == ["2026-03-20T10:00:00Z"]
    assert [one["reason"] for one in got(api, f"changes?{DAY}&explained=false")["items"]] == ["no-change"]
    incidents = got(api, f"incidents?{DAY}")["items"]
    assert [(one["incident_id"], one["way"], one["reason"]) for one in incidents] == [
        ("I", "time", None),
        ("J", None, "no-deployment"),
    ]
    assert got(api, f"incidents?{DAY}&within_hours=0.1")["items"][0]["reason"] == "no-deployment"
    assert got(api, "environments")["items"][0] == {"environment_id": "prod", "is_production": True, "is_set": False}


def test_runs_are_told_by_name_over_time_and_one_by_one(api):
    (one,) = got(api, f"executions/pipelinerun?{DAY}")["items"]
    trend = got(api, f"executions/pipelinerun/trend?{DAY}&by=week")["series"]
    (run,) = got(api, f"executions/pipelinerun/runs?{DAY}&name=main")["items"]

    assert (one["key"], one["p50_seconds"], one["failure_rate"]) == ("main", 600.0, 0.0)
    assert (trend["whole"]["items"], trend["parts"][0]["bucket"]) == (1, "2026-03-16T00:00:00Z")
    assert (run["subject_id"], run["verdict"]) == ("run-1", "passed")
    assert [test["sample_ids"] for test in got(api, f"flaky?{DAY}")["items"]] == [["t-1"]]
    assert [stuck["subject_id"] for stuck in got(api, "stuck")["items"]] == ["run-2"]
    assert got(api, "stuck?kind=taskrun")["items"] == []


def test_histories_sources_and_activity_are_told(api):
    history = got(api, f"service-history?{DAY}&service=shop&environment=prod")["items"]
    assert [one["artifact_id"] for one in history] == ["a@2", "a@0", "a@1"]
    versions = got(api, f"service-versions?{DAY}&service=shop")["items"]
    assert {(one["artifact_id"], one["environment_id"]) for one in versions if one["is_running"]} == {
        ("a@2", "prod"),
        ("a@2", "stage"),
    }
    assert [one["stage"] for one in got(api, "artifact-history?id=a@1")["items"]] == ["merged", "packaged", "deployed"]
    (source,) = got(api, "sources?at=2026-03-21T00:00:00Z")["items"]
    assert (source["source"], source["silent"], source["reason"]) == ("/ci/test", None, "no-rhythm")
    activity = got(api, "activity?from=2026-03-20&until=2026-03-21&subject=incident")["items"]
    assert [(one["predicate"], one["events"]) for one in activity] == [("detected", 2), ("resolved", 1)]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("dora?nosuch=1", 400, "request-invalid"),
        ("dora?by=hour", 422, "request-invalid"),
        ("dora?from=2026-03-21T00:00:00Z&until=2026-03-20T00:00:00Z", 400, "moment-invalid"),
        ("dora?until=0001-01-02T00:00:00Z", 400, "moment-invalid"),
        ("dora?from=0001-01-01T00:00:00%2B14:00", 400, "moment-invalid"),
        ("dora?from=1970-01-01T00:00:00Z&by=day", 400, "moment-invalid"),
        ("change-failure-rate?within_hours=0", 422, "request-invalid"),
        ("executions/incident", 422, "request-invalid"),
        ("service-history", 400, "request-invalid"),
        ("activity?from=2026-03-20", 422, "request-invalid"),
    ],
)
def test_what_cannot_be_asked_is_told(api, path, status, code):
    response = api.get(f"{BASE}/{path}")

    assert (response.status_code, response.json()["code"]) == (status, code)


def test_any_window_is_answered(api):
    for query in (
        "from=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z",
        "from=9999-12-31T00:00:00Z&until=9999-12-31T01:00:00Z&by=month",
    ):
        assert got(api, f"dora?{query}")["metrics"]["environments"] == ["prod"]
