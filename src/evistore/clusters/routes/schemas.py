"""JSON schemas of answers, for the description of the interface."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
MOMENT: Schema = {"type": "string", "format": "date-time", "description": "UTC; `0001-01-01T00:00:00Z` for none."}
UUID: Schema = {"type": "string", "description": "Cluster, as its messages name it."}
UUIDS: Schema = {"type": "array", "items": UUID}
NULL_TIME: Schema = {
    "type": "object",
    "description": "A moment that may be none.",
    "required": ["Time", "Valid"],
    "properties": {"Time": MOMENT, "Valid": {"type": "boolean", "description": "Whether there is one."}},
    "additionalProperties": False,
}


def closed(**members: Schema) -> dict[str, Any]:
    """An object with exactly these members."""
    return {
        "type": "object",
        "required": list(members),
        "properties": members,
        "additionalProperties": False,
    }


def listed(items: Schema, *, or_null: bool = False) -> dict[str, Any]:
    """A list of *items*; where it is *or_null* an empty one is null."""
    return {"type": ["array", "null"] if or_null else "array", "items": items}


def mapped(values: Schema) -> dict[str, Any]:
    """An object whose members, whatever their names, are *values*."""
    return {"type": "object", "additionalProperties": values}


def answer(**members: Schema) -> dict[str, Any]:
    """An answer with these members and its status, which is ok unless it is among them."""
    return closed(**dict(sorted(({"status": {"const": "ok"}} | members).items())))
