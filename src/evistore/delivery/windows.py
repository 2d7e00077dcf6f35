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
_LENGTHS: dict[Bucket, timedelta] = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=28)}
_MOST_PARTS = 2000


@dataclass(frozen=True, slots=True)
class Series(Generic[T]):
    """A figure for the whole window, and for its days, weeks or months where they were asked for, the oldest first."""

    whole: T
    parts: list[T]


def window(since: datetime | None = None, until: datetime | None = None) -> Window:
    """The window between two aware moments; without *until* it ends now, without *since* it is 90 days long.

    Raises:
        Rejected: ``moment-invalid``: it ends before it begins, or with it, or lies outside the calendar.
    """
    try:
        end = (until or datetime.now(UTC).replace(microsecond=0)).astimezone(UTC)
        begin = (since or end - USUAL).astimezone(UTC)
    except OverflowError:
        raise Rejected("the window lies outside the calendar", code="moment-invalid") from None
    if begin >= end:
        raise Rejected("the window ends before it begins", code="moment-invalid")
    return Window(begin, end)


def asked(window_: Window, filters: Filters) -> dict[str, Any]:
    """Both as parameters of a statement."""
    return asdict(window_) | asdict(filters)


def divided(window_: Window, bucket: Bucket | None) -> dict[str, Bucket | None]:
    """The parts of the window as a parameter of a statement.

    Raises:
        Rejected: ``moment-invalid``: there would be thousands of them.
    """
    if bucket and window_.until - window_.since > _MOST_PARTS * _LENGTHS[bucket]:
        raise Rejected(f"the window has too many parts by {bucket}", code="moment-invalid")
    return {"bucket": bucket}


def series(rows: list[T]) -> Series[T]:
    """The figures as the database tells them: the whole, then its parts."""
    return Series(rows[0], rows[1:])
