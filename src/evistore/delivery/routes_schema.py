"""What the OpenAPI document says of the doors out: an example of each answer, and the problems it may be instead."""

from __future__ import annotations

from typing import Any

from evistore.web.problems import MEDIA_TYPE, SCHEMA

_PURL = "pkg:oci/shop@sha256%3A3c9d?tag=1.4.2"
EVENT: dict[str, Any] = {
    "position": 1047,
    "timestamp": "2026-03-20T14:27:05Z",
    "imported_at": "2026-03-20T14:27:06Z",
    "subject": "service",
    "predicate": "deployed",
    "version": [0, 2, 0],
    "context_id": "271069a8-fc18-44f1-b38f-9d70a1695819",
    "source": "/cd/example",
    "subject_id": "shop",
    "verdict": "valid",
    "verdict_reasons": None,
    "payload": {"context": {"type": "dev.cdevents.service.deployed.0.2.0"}, "subject": {"id": "shop"}},
}
_PLACEMENT = {
    "service_id": "shop",
    "environment_id": "prod",
    "artifact_id": _PURL,
    "since": "2026-03-20T14:27:05Z",
    "predicate": "deployed",
    "position": 1047,
}
_LISTED = {
    "subject": "pipelinerun",
    "subject_id": "run-1",
    "at": "2026-03-20T14:27:05Z",
    "last_at": "2026-03-20T14:31:00Z",
    "name": "build",
    "outcome": "success",
    "environment_id": None,
    "artifact_id": None,
    "service_id": None,
    "source": "/ci/example",
}
_STATE = {
    "subject": "pipelinerun",
    "subject_id": "run-1",
    "last_predicate": "finished",
    "first_seen_at": "2026-03-20T14:27:05Z",
    "last_at": "2026-03-20T14:31:00Z",
    "predicate_at": {"started": "2026-03-20T14:27:05Z", "finished": "2026-03-20T14:31:00Z"},
    "outcome": "success",
    "name": "build",
    "environment_id": None,
    "artifact_id": None,
    "service_id": None,
    "source": "/ci/example",
    "canonical_id": "run-1",
    "last_payload": {"subject": {"id": "run-1"}},
}
_ATTEMPT = {
    "attempt": 1,
    "queued_at": None,
    "started_at": "2026-03-20T14:27:05Z",
    "finished_at": "2026-03-20T14:31:00Z",
    "skipped_at": None,
    "outcome": "success",
    "events": 2,
}
_ENTRY = {
    "id": 12,
    "received_at": "2026-03-20T14:27:05Z",
    "reason": "timestamp-missing",
    "detail": "context.timestamp is missing",
    "origin": "http",
    "seen": 1,
    "state": "open",
    "settled_at": None,
    "settled_by": None,
}
_NEXT = "/api/delivery/v1/events?cursor=WzE3NzQwMTY4MjUwMDAwMDAsMTA0N10"
_NODES = [
    {"node_id": "shop", "node_type": "service", "depth": 0, "path": ["shop"]},
    {"node_id": _PURL, "node_type": "artifact", "depth": 1, "path": ["shop", _PURL]},
]
_EDGE = {
    "from_node_id": "shop",
    "from_node_type": "service",
    "to_node_id": _PURL,
    "to_node_type": "artifact",
    "relation": "deployedWith",
    "first_at": "2026-03-20T14:27:05Z",
    "last_at": "2026-03-20T14:27:05Z",
    "seen": 1,
    "ended_at": None,
    "source_event_id": "271069a8-fc18-44f1-b38f-9d70a1695819",
}

EXAMPLES: dict[str, Any] = {
    "events": {"items": [EVENT], "next": _NEXT},
    "event": EVENT,
    "subjects": {"items": [_LISTED], "next": None},
    "subject": {"states": [_STATE], "attempts": [_ATTEMPT], "events": {"items": [EVENT], "next": None}},
    "running": {"at": None, "items": [_PLACEMENT]},
    "services": {"items": [{"service_id": "shop", "drifted": False, "placements": [_PLACEMENT]}]},
    "reach": {"nodes": _NODES, "edges": [_EDGE], "complete": True},
    "quarantine": {"items": [_ENTRY], "next": None},
    "message": _ENTRY | {"payload": {"context": {"id": "1"}}, "text": None, "base64": None},
    "receipt": {
        "outcome": "stored",
        "reason": None,
        "context_id": "1",
        "position": 1048,
        "quarantine_id": None,
        "detail": None,
        "reasons": [],
    },
}

_PROBLEMS = {
    400: ("request-invalid", "The request cannot be served as it is; the code says why."),
    401: ("credentials-missing", "Changing something asks for a token."),
    403: ("cross-site", "The request came from a page of another site."),
    404: ("not-found", "Nothing stands under that name."),
    422: ("request-invalid", "A parameter does not fit, or is not known."),
    500: ("internal-error", "A fault of the server."),
    503: ("database-busy", "The database does not answer in time; the same request may succeed later."),
}


def answers(example: str | dict[str, Any], *statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of an operation: its example, and the problems that every operation may answer and those of *statuses*."""
    shown = EXAMPLES[example] if isinstance(example, str) else example
    told: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"example": shown}}}}
    for status in (400, *statuses, 422, 500, 503):
        code, description = _PROBLEMS[status]
        problem = {"type": f"urn:evistore:problem:{code}", "title": "…", "status": status, "code": code}
        told[status] = {
            "description": description,
            "content": {MEDIA_TYPE: {"schema": dict(SCHEMA), "example": problem}},
        }
    return told
