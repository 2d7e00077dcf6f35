"""What the OpenAPI document shows of the metrics: an example of each answer."""

from __future__ import annotations

from typing import Any

from evistore.delivery import routes_schema

_AT = "2026-03-20T14:27:05Z"
_PURL = "pkg:oci/shop@sha256%3A3c9d?tag=1.4.2"
_QUESTION: dict[str, Any] = {
    "window": {"since": "2026-01-01T00:00:00Z", "until": "2026-04-01T00:00:00Z"},
    "filters": {"service": "shop", "environment": None, "source": None},
}
_PLACE: dict[str, Any] = {"service_id": "shop", "environment_id": "prod"}
_DEPLOYMENT: dict[str, Any] = _PLACE | {
    "at": _AT,
    "position": 1047,
    "predicate": "upgraded",
    "artifact_id": _PURL,
    "source": "/cd/example",
    "failed": True,
    "ways": ["rollback", "artifact"],
    "incident_ids": ["INC-7"],
    "recovered_at": "2026-03-20T15:03:00Z",
    "recovery_reason": None,
    "rework": False,
    "rework_ways": [],
    "rework_incident_ids": [],
}
_CHANGE: dict[str, Any] = _PLACE | {
    "deployed_at": _AT,
    "position": 1047,
    "artifact_id": _PURL,
    "change_id": "shop/pull/17",
    "way": "artifact",
    "reason": None,
    "merged_at": "2026-03-19T09:00:00Z",
    "built_at": "2026-03-19T09:06:00Z",
    "published_at": "2026-03-19T09:09:00Z",
    "seconds": 106025.0,
}
_INCIDENT: dict[str, Any] = _PLACE | {
    "incident_id": "INC-7",
    "name": None,
    "source": "/alerts",
    "began_at": "2026-03-20T14:35:00Z",
    "resolved_at": "2026-03-20T15:03:00Z",
    "seconds": 1680.0,
    "artifact_id": _PURL,
    "way": "artifact",
    "reason": None,
    "cause_service_id": "shop",
    "cause_environment_id": "prod",
    "cause_at": _AT,
    "cause_position": 1047,
    "cause_artifact_id": _PURL,
}
_COVERAGE: dict[str, Any] = {"items": 40, "unexplained": 2, "reasons": {"no-change": 2}}
_PERCENTILES: dict[str, Any] = {"p50_seconds": 3600.0, "p80_seconds": 7200.0, "p95_seconds": 90000.0}
_FREQUENCY: dict[str, Any] = {
    "bucket": None,
    "per_day": 0.44,
    "active_days": 31,
    "items": 40,
    "unexplained": 0,
    "reasons": {},
}
_LEAD_TIME: dict[str, Any] = {
    "bucket": None,
    **_PERCENTILES,
    "merge_to_build_seconds": 240.0,
    "build_to_artifact_seconds": 130.0,
} | {
    "artifact_to_production_seconds": 3200.0,
    "releases": 38,
    **_COVERAGE,
}
_FAILURES: dict[str, Any] = (
    {"bucket": None, "rate": 0.05, "failed": 2, "ways": {"rollback": 1, "time": 1}}
    | _COVERAGE
    | {"reasons": {"no-deployment": 2}}
)
_RECOVERY: dict[str, Any] = {
    "bucket": None,
    **_PERCENTILES,
    "items": 1,
    "unexplained": 1,
    "reasons": {"incident-open": 1},
}
_REWORK: dict[str, Any] = {
    "bucket": None,
    "rate": 0.05,
    "reworked": 2,
    "ways": {"incident": 2},
    "items": 40,
    "unexplained": 0,
    "reasons": {},
}
_COUNTS: dict[str, Any] = {
    "failure_rate": 0.1,
    "passed": 36,
    "failed": 4,
    "cancelled": 0,
    "items": 40,
    "unexplained": 0,
    "reasons": {},
}
_STATISTICS: dict[str, Any] = {"key": "shop-main", "name": "shop-main", **_PERCENTILES, "queue_p50_seconds": 11.0} | {
    "queue_p80_seconds": 14.0,
    "queue_p95_seconds": 30.0,
    "queued": 40,
    "last_finished_at": _AT,
    **_COUNTS,
}
_RUN: dict[str, Any] = {
    "subject_id": "run-1",
    "key": "shop-main",
    "name": "shop-main",
    "environment_id": None,
    "source": "/ci/example",
    "queued_at": None,
    "started_at": "2026-03-20T14:20:00Z",
    "finished_at": _AT,
    "outcome": "success",
    "verdict": "passed",
    "seconds": 425.0,
    "queue_seconds": None,
    "reason": None,
}
_FLAKY: dict[str, Any] = {
    "key": "shop/unit/retries-once",
    "name": "retries-once",
    "flaky_rate": 0.25,
    "flaky": 1,
    "failed": 1,
    "runs": 9,
} | {
    "last_failed_at": _AT,
    "sample_ids": ["run-1-retries-once"],
    "items": 4,
    "unexplained": 0,
    "reasons": {},
}
_STUCK: dict[str, Any] = {
    "subject": "pipelinerun",
    "subject_id": "run-9",
    "name": "shop-main",
    "environment_id": None,
} | {
    "source": "/ci/example",
    "queued_at": None,
    "started_at": _AT,
    "since": _AT,
    "seconds": 90000.0,
    "last_position": 1047,
}
_SOURCE: dict[str, Any] = {
    "source": "/ci/example",
    "silent": True,
    "reason": None,
    "last_day": "2026-03-02",
    "quiet_days": 18,
} | {
    "longest_pause_days": 3,
    "active_days": 60,
    "events": 12000,
}
_HISTORY: dict[str, Any] = {
    "environment_id": "prod",
    "at": _AT,
    "position": 1047,
    "predicate": "upgraded",
    "artifact_id": _PURL,
} | {
    "source": "/cd/example",
    "before_artifact_id": None,
    "until_at": None,
}
_VERSION: dict[str, Any] = {
    "artifact_id": _PURL,
    "environment_id": "prod",
    "first_at": _AT,
    "last_at": _AT,
    "times": 1,
    "is_running": True,
}
_STAGE: dict[str, Any] = {"at": _AT, "stage": "upgraded", "subject": "service", "subject_id": "shop", **_PLACE} | {
    "outcome": None,
    "until_at": None,
    "position": 1047,
}


def _series(whole: dict[str, Any]) -> dict[str, Any]:
    return {"whole": whole, "parts": []}


def _answer(whole: dict[str, Any], sample: dict[str, Any]) -> dict[str, Any]:
    return _QUESTION | {"series": _series(whole), "samples": [sample]}


EXAMPLES: dict[str, Any] = {
    "dora": _QUESTION
    | {
        "metrics": {
            "environments": ["prod"],
            "deployment_frequency": _series(_FREQUENCY),
            "lead_time_for_changes": _series(_LEAD_TIME),
            "change_failure_rate": _series(_FAILURES),
            "failed_deployment_recovery_time": _series(_RECOVERY),
            "deployment_rework_rate": _series(_REWORK),
        }
    },
    "frequency": _answer(_FREQUENCY, _DEPLOYMENT),
    "lead_time": _answer(_LEAD_TIME, _CHANGE),
    "failures": _answer(_FAILURES, _DEPLOYMENT),
    "recovery": _answer(_RECOVERY, _DEPLOYMENT),
    "rework": _answer(_REWORK, _DEPLOYMENT | {"rework": True, "rework_ways": ["rollback"]}),
    "deployments": _QUESTION | {"items": [_DEPLOYMENT]},
    "changes": _QUESTION | {"items": [_CHANGE]},
    "incidents": _QUESTION | {"items": [_INCIDENT]},
    "environments": {"items": [{"environment_id": "prod", "is_production": True, "is_set": False}]},
    "executions": _QUESTION | {"items": [_STATISTICS]},
    "trend": _QUESTION | {"series": _series({"bucket": None, **_PERCENTILES, "queue_p50_seconds": 11.0, **_COUNTS})},
    "runs": _QUESTION | {"items": [_RUN]},
    "flaky": _QUESTION | {"items": [_FLAKY]},
    "stuck": {"items": [_STUCK]},
    "sources": {"items": [_SOURCE]},
    "service_history": _QUESTION | {"items": [_HISTORY]},
    "service_versions": _QUESTION | {"items": [_VERSION]},
    "artifact_history": {"items": [_STAGE]},
    "activity": {"items": [{"bucket": "2026-03-20", "subject": "service", "predicate": "deployed", "events": 12}]},
}


def answers(example: str, *statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of an operation of the metrics, as :func:`evistore.delivery.routes_schema.answers`."""
    return routes_schema.answers(EXAMPLES[example], *statuses)
