"""What the OpenAPI document says of ``POST /cdevents``: it is decoded by hand, so it is described by hand."""

from __future__ import annotations

from typing import Any

from evistore.web.problems import MEDIA_TYPE, SCHEMA

_CDEVENT: dict[str, Any] = {
    "type": "object",
    "description": "A CDEvent of any published version, or a CloudEvent that carries one.",
    "example": {
        "context": {
            "version": "0.4.1",
            "id": "271069a8-fc18-44f1-b38f-9d70a1695819",
            "source": "/ci/example",
            "type": "dev.cdevents.pipelinerun.queued.0.2.0",
            "timestamp": "2026-03-20T14:27:05Z",
        },
        "subject": {"id": "run-1", "type": "pipelineRun", "content": {"pipelineName": "build"}},
    },
}
_ANY = {"description": "An event, or a list of events."}
_BATCH = {"type": "array", "items": _CDEVENT, "description": "Structured CloudEvents; may be empty."}

_RECEIPT: dict[str, Any] = {
    "type": "object",
    "description": "What became of one event.",
    "required": ["outcome"],
    "properties": {
        "outcome": {
            "type": "string",
            "enum": ["stored", "duplicate", "conflict", "malformed", "refused"],
            "description": "stored; duplicate: known already, nothing changed; conflict: another event has this source and id; malformed: no CDEvent "
            "(both kept in quarantine); refused: breaks the rules of its version, not stored.",
        },
        "reason": {"type": "string", "description": "Stable code of why it was not stored."},
        "context_id": {"type": "string", "description": "Its `context.id`."},
        "position": {
            "type": "integer",
            "description": "Its position in the lake; of a conflict, that of the event that was first.",
        },
        "quarantine_id": {"type": "integer", "description": "Its number in quarantine."},
        "detail": {"type": "string", "description": "Why it was not stored, for people."},
        "reasons": {
            "type": "array",
            "description": "Where it breaks the rules.",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {
                    "path": {"type": "string", "description": "JSON pointer."},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
_RECEIPTS: dict[str, Any] = {
    "type": "object",
    "required": ["tally", "events"],
    "properties": {
        "tally": {
            "type": "object",
            "additionalProperties": {"type": "integer"},
            "description": "How many had which outcome.",
        },
        "events": {
            "type": "array",
            "items": _RECEIPT,
            "description": "One for each event, in the order they were sent.",
        },
    },
}
_PROBLEM: dict[str, Any] = {"allOf": [SCHEMA], "properties": _RECEIPT["properties"]}


def _answer(description: str, media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _told(description: str) -> dict[str, Any]:
    return _answer(description, MEDIA_TYPE, _PROBLEM)


OPERATION: dict[str, Any] = {
    "operation_id": "post_cdevents",
    "summary": "Send events",
    "description": "Takes CloudEvents in binary, structured and batch mode, and bare CDEvents, one or a list. The body may be packed with gzip "
    "or zstd. The answer comes after the commit: what it calls stored survives any crash. Sending anything again does no harm.",
    "tags": ["delivery"],
    "response_model": None,
    "status_code": 201,
    "responses": {
        200: _answer(
            "A list: what became of each event. One event: it is known already.",
            "application/json",
            {"oneOf": [_RECEIPTS, _RECEIPT]},
        ),
        201: _answer("One event: stored.", "application/json", _RECEIPT),
        202: _told("One event: kept in quarantine, as malformed or in conflict with one that is stored."),
        400: _told("The body is no JSON, or the envelope no CloudEvent."),
        401: _told("Neither an accepted token nor a right signature."),
        408: _told("The request did not arrive in time."),
        413: _told("The body is too large, as sent or as unpacked."),
        415: _told("Neither JSON nor CloudEvents in JSON, or packed in an unknown way."),
        422: _told("One event, mode `reject`: it breaks the rules of its version and was not stored."),
        503: _told(
            "The database does not answer, or too much is waiting. Send it again: identity makes that harmless."
        ),
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _ANY},
                "application/cloudevents+json": {"schema": _CDEVENT},
                "application/cloudevents-batch+json": {"schema": _BATCH},
            },
        },
    },
}
