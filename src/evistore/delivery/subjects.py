"""What is known of a subject: the state that its events left, and its attempts where an id was used again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evistore.kernel.database import Transaction
from evistore.kernel.paging import Page, cursor_of, key_of
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "subjects")

RUNS = frozenset({"pipelinerun", "taskrun", "build", "testcaserun", "testsuiterun"})


@dataclass(frozen=True, slots=True)
class State:
    """What is known of one subject; ``predicate_at`` is the latest time (ISO 8601) of each thing that happened to it."""

    subject: str
    subject_id: str
    last_predicate: str | None
    first_seen_at: datetime
    last_at: datetime | None
    predicate_at: dict[str, str] | None
    outcome: str | None
    name: str | None
    environment_id: str | None
    artifact_id: str | None
    service_id: str | None
    source: str | None
    canonical_id: str
    last_payload: Any

    @property
    def times(self) -> list[tuple[str, datetime]]:
        """What happened to it and when last, the newest first."""
        times = [(name, datetime.fromisoformat(at)) for name, at in (self.predicate_at or {}).items()]
        return sorted(times, key=lambda one: one[1], reverse=True)


@dataclass(frozen=True, slots=True)
class Listed:
    """A subject in a list; ``at`` is the time that the list is ordered by, ``None`` where it is ordered by id."""

    subject: str
    subject_id: str
    at: datetime | None
    last_at: datetime | None
    name: str | None
    outcome: str | None
    environment_id: str | None
    artifact_id: str | None
    service_id: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a run whose id was used more than once."""

    attempt: int
    queued_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    skipped_at: datetime | None
    outcome: str | None
    events: int


def states(tx: Transaction, subject_id: str, subject: str | None = None) -> list[State]:
    """The states of every subject with this id, of type *subject* or of any; the one heard of last comes first."""
    return tx.all(State, SQL["states"], subject_id=subject_id, subject=subject)


def page(tx: Transaction, subject: str, *, cursor: str | None = None, limit: int = 50) -> Page[Listed]:
    """Subjects of one type: runs, artifacts, incidents, tickets, changes and branches newest first, all others by id.

    Raises:
        Rejected: ``cursor-invalid``.
    """
    at, key = key_of(cursor, str) if cursor else (None, None)
    rows = tx.all(Listed, SQL["page"], subject=subject, before_at=at, key_id=key, limit=limit + 1)
    more = len(rows) > limit
    return Page(rows[:limit], cursor_of((rows[limit - 1].at, rows[limit - 1].subject_id)) if more else None)


def attempts(tx: Transaction, subject: str, subject_id: str) -> list[Attempt]:
    """The attempts of one run, oldest first; none for what is no run."""
    return tx.all(Attempt, SQL["attempts"], subject=subject, subject_id=subject_id) if subject in RUNS else []
