"""Tickets: when they were created and closed, and what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evistore.delivery.windows import Window
from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "tickets")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket; times are UTC, ``None`` until their event arrives, and the rest is what the newest event says."""

    subject_id: str
    name: str | None
    source: str | None
    created_at: datetime | None
    updated_at: datetime | None
    closed_at: datetime | None
    kind: str | None
    priority: str | None
    resolution: str | None

    @property
    def open(self) -> bool:
        """Whether nothing says that it was closed, or it was created anew since."""
        return self.closed_at is None or (self.created_at is not None and self.closed_at < self.created_at)

    @property
    def seconds(self) -> float | None:
        """From its creation to its end; ``None`` while it is open, or where nobody told when it was created."""
        if self.open or self.closed_at is None or self.created_at is None:
            return None
        return (self.closed_at - self.created_at).total_seconds()


def created(tx: Transaction, window: Window, *, source: str | None = None, limit: int = 50) -> list[Ticket]:
    """Tickets created in the window, the newest first; where nobody told that, those updated or closed in it."""
    return tx.all(Ticket, SQL["created"], since=window.since, until=window.until, source=source, limit=limit)
