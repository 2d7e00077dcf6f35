"""What a metric is asked about, a half-open window of time and filters, and what every answer is made of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Literal, TypeVar

from evistore.kernel.errors import Rejected

T = TypeVar("T")

Bucket = Literal["day", "week", "month"]
USUAL = timedelta(days=90)
EVERY_ENVIRONMENT = "*"
"""Filter that lets every environment pass; for DORA's metrics none at all means production."""
WITHIN = timedelta(days=1)
"""How long before an incident a deployment may lie that nothing else ties to it."""


@dataclass(frozen=True, slots=True)
class Window:
    """Moments from *since* on and before *until*, both aware."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Filters:
    """What is let pass; ``None`` is anything, but for *environment* in DORA's metrics: production."""

    service: str | None = None
    environment: str | None = None
    source: str | None = None


ANYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Series(Generic[T]):
    """A figure for the whole window, and for its days, weeks or months where they were asked for, the oldest first."""

    whole: T
    parts: list[T]


def window(since: datetime | None = None, until: datetime | None = None) -> Window:
    """The window between two moments; without *until* it ends now, without *since* it is 90 days long.

    Raises:
        Rejected: ``moment-invalid``: it ends before it begins, or with it.
    """
    end = until or datetime.now(UTC).replace(microsecond=0)
    begin = since or _before(end)
    if begin >= end:
        raise Rejected("the window ends before it begins", code="moment-invalid")
    return Window(begin, end)


def asked(window_: Window, filters: Filters) -> dict[str, Any]:
    """Both as parameters of a statement."""
    return asdict(window_) | asdict(filters)


def series(rows: list[T]) -> Series[T]:
    """The figures as the database tells them: the whole, then its parts."""
    return Series(rows[0], rows[1:])


def _before(end: datetime) -> datetime:
    try:
        return end - USUAL
    except OverflowError:
        return end
