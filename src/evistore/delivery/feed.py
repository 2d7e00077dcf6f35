"""The feed: every event once its transaction has committed, in an order that never puts one before what was read already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "feed")

LIMIT = 200
"""Most events of a batch."""
SCAN = 1000
"""Most events that are looked at for one."""
BYTES = 1024 * 1024
"""No event of a batch begins after so many bytes of payloads, as they are stored."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are asked for: one of these each; ``None`` is any.

    Environment and service are those that the event itself names, or is about.
    """

    subjects: Sequence[str] | None = None
    subject_ids: Sequence[str] | None = None
    predicates: Sequence[str] | None = None
    sources: Sequence[str] | None = None
    environments: Sequence[str] | None = None
    services: Sequence[str] | None = None


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a reader of the feed stands: behind the event at *position*, which the transaction *xid* stored. Places have an order: the feed's."""

    xid: int
    position: int


START = Place(0, 0)
"""Before the first event."""


@dataclass(frozen=True, slots=True)
class Fed:
    """One event of the feed; *payload* is its JSON text."""

    place: Place
    timestamp: datetime
    imported_at: datetime
    subject: str
    predicate: str
    version: list[int] | None
    context_id: str
    source: str | None
    subject_id: str | None
    verdict: str | None
    verdict_reasons: Any
    payload: str

    def document(self, *, payload: bool = True) -> bytes:
        """The event as JSON, the same as REST gives it at its position; without its payload where that is not asked for."""
        members = {
            "position": self.place.position,
            "timestamp": self.timestamp.astimezone(UTC),
            "imported_at": self.imported_at.astimezone(UTC),
            "subject": self.subject,
            "predicate": self.predicate,
            "version": self.version,
            "context_id": self.context_id,
            "source": self.source,
            "subject_id": self.subject_id,
            "verdict": self.verdict,
            "verdict_reasons": self.verdict_reasons,
        }
        if payload:
            members["payload"] = orjson.Fragment(self.payload)
        return orjson.dumps(members, option=orjson.OPT_UTC_Z)


@dataclass(frozen=True, slots=True)
class Batch:
    """What follows a place: events, and the place behind all that was looked at."""

    events: Sequence[Fed]
    place: Place
    is_end: bool
    """Whether nothing at all followed."""


ALL = Wanted()


def newest(tx: Transaction) -> Place:
    """The place behind the last event: what follows it is new."""
    return place_of(tx, None)


def place_of(tx: Transaction, position: int | None) -> Place:
    """The place behind the event at *position*, 0 being before the first; behind the last where there never was such an event."""
    if position == 0:
        return START
    (row,) = tx.rows(SQL["place"], position=position)
    return Place(int(row["xid"]), row["position"])


def after(tx: Transaction, place: Place, wanted: Wanted = ALL, *, limit: int = LIMIT, size: int = BYTES) -> Batch:
    """The events that follow *place* and are *wanted*, at most *limit*.

    Whoever goes on from the place of the batch misses none, even one whose transaction committed late. A batch may have no events and still not be
    the end: only ``SCAN`` are looked at.
    """
    rows = tx.rows(
        SQL["after"],
        xid=str(place.xid),
        position=place.position,
        subjects=_listed(wanted.subjects),
        subject_ids=_listed(wanted.subject_ids),
        predicates=_listed(wanted.predicates),
        sources=_listed(wanted.sources),
        environments=_listed(wanted.environments),
        services=_listed(wanted.services),
        limit=limit,
        scan=limit if wanted == ALL else SCAN,
        bytes=size,
    )
    events = [_fed(row) for row in rows if row["passes"]]
    return Batch(events, _place(rows[-1]) if rows else place, is_end=not rows)


def _listed(values: Sequence[str] | None) -> list[str] | None:
    return list(values) if values else None


def _place(row: dict[str, Any]) -> Place:
    return Place(int(row["xid"]), row["position"])


def _fed(row: dict[str, Any]) -> Fed:
    place = _place(row)
    return Fed(place, **{name: value for name, value in row.items() if name not in ("xid", "position", "passes")})
