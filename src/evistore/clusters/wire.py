"""Bytes of a Kafka message to values: rule results and workload results. Total: whatever the bytes, a value comes out."""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import partial
from typing import Protocol, TypeVar

from evistore.clusters import wire_envelope, wire_json, wire_packing, wire_report, wire_workloads
from evistore.clusters.wire_types import Faults
from evistore.clusters.wire_values import (
    UNKNOWN,
    Envelope,
    Fault,
    Faulty,
    Hit,
    Namespace,
    Report,
    Skipped,
    Workloads,
)

__all__ = [
    "LIMIT",
    "ROWS_LIMIT",
    "Envelope",
    "Fault",
    "Faulty",
    "Hit",
    "Namespace",
    "Report",
    "Skipped",
    "Workloads",
    "report_of",
    "workloads_of",
]

LIMIT = 16 * 1024 * 1024
"""Bytes that a message may have without its compression."""
ROWS_LIMIT = 2 * 1024 * 1024 * 1024
"""Bytes that all rows of a workload result may hold: each namespace has a row, and each row the whole body."""

_TOO_DEEP = Faulty(UNKNOWN, (wire_json.TOO_DEEP,))


def report_of(value: bytes, *, limit: int = LIMIT, allowed: Container[int] | None = None) -> Report | Skipped | Faulty:
    """What a message of rule results says. Never raises.

    *limit* bounds the bytes without compression, *allowed* holds the organisations that may send (``None``: all).
    """
    try:
        read = _read(value, limit, allowed, "Report", wire_report.body)
        if isinstance(read, Skipped | Faulty):
            return read
        envelope, piece, body = read
        return Report(envelope, wire_json.canonical(piece), tuple(body.hits), body.version_info)
    except RecursionError:
        return _TOO_DEEP


def workloads_of(
    value: bytes, *, limit: int = LIMIT, allowed: Container[int] | None = None, rows_limit: int = ROWS_LIMIT
) -> Workloads | Skipped | Faulty:
    """What a message of workload results says. Never raises.

    *rows_limit* bounds the bytes of the rows that it becomes; other arguments as those of :func:`report_of`.
    """
    try:
        read = _read(value, limit, allowed, "Metrics", partial(wire_workloads.body, rows_limit=rows_limit))
        if isinstance(read, Skipped | Faulty):
            return read
        envelope, piece, body = read
        return Workloads(envelope, wire_json.canonical(piece), body.namespaces)
    except RecursionError:
        return _TOO_DEEP


class _Body(Protocol):
    """What every kind of body has."""

    skipped: bool
    faults: Faults


_B = TypeVar("_B", bound=_Body)


def _read(
    value: bytes, limit: int, allowed: Container[int] | None, name: str, read_body: Callable[[bytes, str], _B]
) -> tuple[Envelope, bytes, _B] | Skipped | Faulty:
    """The envelope and the body of a message that is to be stored, and the text of its body."""
    content = wire_packing.unpacked(value, limit)
    if isinstance(content, Fault):
        return Faulty(UNKNOWN, (content,))
    if damage := wire_json.damage(content):
        return Faulty(_guessed(content, name) if damage.code == "not-utf8" else UNKNOWN, (damage,))
    return _judged(wire_json.fields(content), allowed, name, read_body)


def _guessed(content: bytes, name: str) -> Envelope:
    """The envelope of what would be a message if it were UTF-8."""
    readable = content.decode(errors="replace").encode()
    if wire_json.damage(readable):
        return UNKNOWN
    return wire_envelope.envelope(wire_json.fields(readable), name, (), None)[0]


def _judged(
    fields: wire_envelope.Fields, allowed: Container[int] | None, name: str, read_body: Callable[[bytes, str], _B]
) -> tuple[Envelope, bytes, _B] | Skipped | Faulty:
    sent, piece = fields.get(name.lower(), (name, wire_json.NULL))
    body = read_body(piece, f"/{sent}") if wire_json.kind(piece) == "object" else None
    envelope, faults = wire_envelope.envelope(fields, name, body.faults if body else (), allowed)
    if body and body.skipped and all(wire_envelope.is_late(fault) for fault in faults):
        return Skipped(envelope)
    return Faulty(envelope, tuple(faults)) if faults or body is None else (envelope, piece, body)
