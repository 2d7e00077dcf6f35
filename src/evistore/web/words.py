"""Words for times, durations and counts, as people read them. All times are UTC; the script of the pages adds the reader's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_NARROW = "\u202f"  # a thin space at which no line ends
_SHOWN = 2
_MILLISECOND = 1000
_GRAIN = 1e-6


def count(number: int) -> str:
    """A count with thin spaces that hold it together: 1 000 000."""
    return f"{number:,}".replace(",", _NARROW)


def counted(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 service, 2 services."""
    return f"{count(number)} {one if number == 1 else many or f'{one}s'}"


def percent(part: float) -> str:
    """A share of one in whole percent; what is not quite nothing or everything is never told as that."""
    whole = round(100 * part)
    if whole == 0 and part > 0:
        return f"under 1{_NARROW}%"
    if whole == 100 and part < 1:  # noqa: PLR2004
        return f"over 99{_NARROW}%"
    return f"{whole}{_NARROW}%"


def day(at: datetime) -> str:
    """A date for people: 20 Mar 2026."""
    return f"{at.astimezone(UTC):%-d %b %Y}"


def clock(at: datetime) -> str:
    """An exact moment for people: 20 Mar 2026 14:27:05 UTC."""
    return f"{at.astimezone(UTC):%-d %b %Y %H:%M:%S} UTC"


def duration(length: timedelta | float) -> str:
    """A length of time, timedelta or seconds, in its two largest units: 3 h 12 min; below one second in milliseconds."""
    seconds = abs(length.total_seconds() if isinstance(length, timedelta) else length)
    if 0 < seconds < 1:
        return f"{round(seconds * _MILLISECOND) or 'under 1'}{_NARROW}ms"
    rest = int(seconds + _GRAIN)
    parts: list[str] = []
    for unit, size in _UNITS:
        number, rest = divmod(rest, size)
        if number or parts:
            parts.append(f"{number}{_NARROW}{unit}" if number else "")
        if len(parts) == _SHOWN:
            break
    return " ".join(part for part in parts if part) or f"0{_NARROW}s"


def elapsed(at: datetime, now: datetime) -> str:
    """How long *at* is from *now*, in the two largest units: 3 h 12 min."""
    return duration(abs(int((now - at).total_seconds())))


def ago(at: datetime, now: datetime) -> str:
    """When *at* was, as seen from *now*: 3 h 12 min ago."""
    return f"{elapsed(at, now)} ago" if at <= now else f"in {elapsed(at, now)}"


def unknown(known: int, total: int, why: str) -> str:
    """What is said in place of a figure, or beside it, that does not rest on everything: unknown (2 of 17 without a merge event).

    Empty where everything is known; "no data" where there is nothing to know.
    """
    if total == 0:
        return "no data"
    missing = total - known
    return f"unknown ({count(missing)} of {count(total)} {why})" if missing else ""


def coverage(known: int, total: int) -> str:
    """How much a figure rests on: known for 15 of 17."""
    return f"known for {'all' if known == total else f'{count(known)} of'} {count(total)}" if total else "no data"


def moment(at: datetime) -> str:
    """A moment as it stands in the address of a page: 2026-03-20T14:27:05Z."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def shortened(text: str, longest: int = 28) -> str:
    """*text* with its middle left out where it is longer than *longest* characters."""
    if len(text) <= longest:
        return text
    tail = longest // 2
    return f"{text[: longest - tail - 1]}…{text[-tail:]}"


def pretty(value: Any) -> str:
    """JSON for people."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode()


FILTERS = {
    "clock": clock,
    "count": count,
    "counted": counted,
    "day": day,
    "duration": duration,
    "iso": moment,
    "json": pretty,
    "percent": percent,
    "shortened": shortened,
}
"""What templates call them."""
