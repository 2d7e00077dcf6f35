"""Figures as short text for people: sparklines, durations, shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

NOTHING = "-"
"""What stands where there is no figure."""
_BARS = "▁▂▃▄▅▆▇█"
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def sparkline(values: Sequence[float | None]) -> str:
    """A bar for each value, from nothing to the greatest of them; a dot where there is none."""
    highest = max((value for value in values if value is not None), default=0) or 1
    return "".join("·" if value is None else _BARS[round(value / highest * (len(_BARS) - 1))] for value in values)


def span(seconds: float | None) -> str:
    """A duration by its two greatest units: ``1 d 4 h``."""
    if seconds is None:
        return NOTHING
    rest = round(seconds)
    for place, (size, unit) in enumerate(_UNITS[:-1]):
        if rest >= size:
            smaller, name = _UNITS[place + 1]
            more = rest % size // smaller
            return f"{rest // size} {unit} {more} {name}" if more else f"{rest // size} {unit}"
    return f"{rest} s"


def percent(share: float | None) -> str:
    """A share of one: ``3.0 %``."""
    return NOTHING if share is None else f"{share * 100:.1f} %"


def number(value: float | None) -> str:
    """A number with two places."""
    return NOTHING if value is None else f"{value:,.2f}"


def moment(at: datetime) -> str:
    """A moment to the minute, UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def reasons(unexplained: int, told: Mapping[str, int]) -> str:
    """How many could not be explained, and why: ``3: no-change 2, not-merged 1``."""
    if not unexplained:
        return ""
    return f"{unexplained:,}: " + ", ".join(f"{why} {count:,}" for why, count in sorted(told.items()))
