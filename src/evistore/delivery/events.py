"""The events as they came: pages newest first, one by its position, and the feed that misses none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evistore.kernel.database import Transaction
from evistore.kernel.paging import Page, cursor_of, key_of
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "events")

SCAN = 20_000
"""Most events that are looked at for one page: a filter that hardly any event passes ends with a cursor to go on from."""
MOST_COUNTED = 200_000


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the lake."""

    position: int
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
    payload: Any


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events are asked for; ``None`` is all. The window ``[since, until)`` is half-open, UTC, by the events' own times."""

    subject: str | None = None
    subject_id: str | None = None
    predicate: str | None = None
    source: str | None = None
    verdict: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def passes(self, event: Event) -> bool:
        """Whether *event* is one of those."""
        named = ("subject", "subject_id", "predicate", "source")
        return (
            all(getattr(self, name) in (None, getattr(event, name)) for name in named)
            and self.verdict in (None, event.verdict or "none")
            and (self.since is None or event.timestamp >= self.since)
            and (self.until is None or event.timestamp < self.until)
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """How much there is: events ever stored (``is_exact`` or by statistics), and the times of the first and last in the lake."""

    events: int
    is_exact: bool
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Activity:
    """Events of one kind of subject in the last day and the last seven days."""

    subject: str
    day: int
    week: int


def page(tx: Transaction, wanted: Filter, *, cursor: str | None = None, limit: int = 50) -> Page[Event]:
    """Events that *wanted* lets pass, newest first.

    A page may be short, or even empty, and still have a next one: only so many events are looked at for it.

    Raises:
        Rejected: ``cursor-invalid``.
    """
    before = key_of(cursor, int) if cursor else (None, None)
    asked = {
        "subject": wanted.subject,
        "predicate": wanted.predicate,
        "source": wanted.source,
        "verdict": wanted.verdict,
        "since": wanted.since,
        "until": wanted.until,
        "before_timestamp": before[0],
        "before_position": before[1],
        "scan": SCAN,
    }
    if wanted.subject_id is not None:
        rows = tx.all(Event, SQL["page_of_subject"], **asked, subject_id=wanted.subject_id, limit=limit + 1)
    else:
        rows = tx.all(Event, SQL["page"], **asked, limit=limit + 1)
    if len(rows) > limit:
        return Page(rows[:limit], cursor_of((rows[limit - 1].timestamp, rows[limit - 1].position)))
    if wanted.subject_id is not None:
        return Page(rows, None)
    horizon = tx.rows(SQL["horizon"], **{k: v for k, v in asked.items() if k not in _FILTERS})
    return Page(rows, cursor_of((horizon[0]["timestamp"], horizon[0]["position"])) if horizon else None)


_FILTERS = frozenset({"subject", "predicate", "source", "verdict"})


def at(tx: Transaction, position: int) -> Event:
    """The event at *position*.

    Raises:
        NotFound: there is none, or retention took it.
    """
    return tx.one(Event, SQL["at"], position=position)


def named(tx: Transaction, context_id: str) -> list[Event]:
    """The events with this ``context.id``, the exact spelling first: it is unique per source only."""
    return tx.all(Event, SQL["named"], context_id=context_id)


def after(tx: Transaction, position: int | None, *, limit: int = 1000) -> list[Event]:
    """The events that follow the one at *position* (``None``: from the first), in the order of the feed.

    Whoever goes on from the last position of the list misses none, even one whose transaction committed late.
    """
    return tx.all(Event, SQL["after"], position=position, limit=limit)


def newest(tx: Transaction) -> int | None:
    """The position to go on from for whoever wants only what is new."""
    return tx.value(SQL["newest"])


def summary(tx: Transaction) -> Summary:
    """How many events there are, since when, and the last."""
    return tx.one(Summary, SQL["summary"])


def activity(tx: Transaction, *, now: datetime) -> list[Activity]:
    """Events per kind of subject in the day and the seven days before *now*, the busiest first; at most ``MOST_COUNTED`` are counted."""
    return tx.all(Activity, SQL["activity"], now=now, most=MOST_COUNTED)
