"""How much happened when and by whom, by days of UTC; and what is different from a moment before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from evistore.delivery.services import Placement
from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import Unavailable
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "activity")
T = TypeVar("T")

PATIENCE_MILLISECONDS = 200
MOST_SOURCES = 500


@dataclass(frozen=True, slots=True)
class Day:
    """Events of one day."""

    day: date
    events: int


@dataclass(frozen=True, slots=True)
class Source:
    """A sender in a span of days: how many events, its first and last day, the days with their counts, the kinds of its last day."""

    source: str
    events: int
    first_day: date
    last_day: date
    days: list[date]
    counts: list[int]
    subjects: str


@dataclass(frozen=True, slots=True)
class Change:
    """A place whose artifact is another than before: *was* is ``None`` where nothing ran, *now* is where nothing runs any more."""

    service_id: str
    environment_id: str
    was: Placement | None
    now: Placement | None


def by_day(
    tx: Transaction, first: date, last: date, *, source: str | None = None, subject: str | None = None
) -> dict[date, int]:
    """Events per day from *first* to *last*, both included; days without any are left out."""
    days = tx.all(Day, SQL["by_day"], first=first, last=last, source=source, subject=subject)
    return {one.day: one.events for one in days}


def sources(tx: Transaction, first: date, last: date, *, source: str | None = None) -> list[Source]:
    """Who sent events from *first* to *last*, the busiest first; at most :data:`MOST_SOURCES`."""
    return tx.all(Source, SQL["sources"], first=first, last=last, source=source, limit=MOST_SOURCES)


def changes(before: Sequence[Placement], after: Sequence[Placement]) -> list[Change]:
    """Where *after* runs another artifact than *before*, or the same one put there anew; what happened last comes first."""
    old = {(one.service_id, one.environment_id): one for one in before}
    new = {(one.service_id, one.environment_id): one for one in after}
    found = [Change(*place, old.get(place), new.get(place)) for place in old.keys() | new.keys()]
    differ = [one for one in found if one.was is None or one.now is None or one.was.position != one.now.position]
    return sorted(differ, key=lambda one: (-_at(one).timestamp(), one.service_id, one.environment_id))


def _at(change: Change) -> datetime:
    last = change.now or change.was
    assert last is not None  # noqa: S101  # a change has one of them
    return last.since


def in_time(database: Database, ask: Callable[[Transaction], T], milliseconds: int = PATIENCE_MILLISECONDS) -> T | None:
    """What *ask* answers in a transaction of its own, or ``None`` where one statement takes longer: a page does not wait for a slow part.

    Raises:
        Unavailable: the database is away.
    """
    try:
        with database.transaction(read_only=True) as tx:
            tx.run(SQL["hurry"], milliseconds=str(milliseconds))
            return ask(tx)
    except Unavailable as fault:
        if fault.code != "database-busy":
            raise
        return None
