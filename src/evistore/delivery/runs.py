"""Pipeline runs, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from evistore.delivery.artifacts import failed
from evistore.kernel.database import Transaction
from evistore.kernel.paging import Page, cursor_of, key_of
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "runs")


@dataclass(frozen=True, slots=True)
class Run:
    """One pipeline run; times are UTC, ``None`` until their event arrives."""

    subject_id: str
    name: str | None
    source: str | None
    queued_at: datetime | None
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None

    @property
    def length(self) -> timedelta | None:
        """From start to finish; ``None`` while it runs, or where a run of the same id was started again since."""
        if self.finished_at is None or self.finished_at < self.started_at:
            return None
        return self.finished_at - self.started_at

    @property
    def failed(self) -> bool:
        """Whether it is known to have failed."""
        return self.length is not None and failed(self.outcome)


def started(
    tx: Transaction,
    since: datetime,
    until: datetime,
    *,
    source: str | None = None,
    name: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Run]:
    """Runs that started in the half-open window ``[since, until)``, newest first.

    Raises:
        Rejected: ``cursor-invalid``.
    """
    at, key = key_of(cursor, str) if cursor else (None, None)
    rows = tx.all(
        Run,
        SQL["started"],
        since=since,
        until=until,
        source=source,
        name=name,
        before_at=at,
        before_id=key,
        limit=limit + 1,
    )
    more = len(rows) > limit
    return Page(rows[:limit], cursor_of((rows[limit - 1].started_at, rows[limit - 1].subject_id)) if more else None)
