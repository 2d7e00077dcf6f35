"""Trends: one figure over the parts of a window, each part leading to its evidence, beside what the figure was before.

Small enough for several beside each other; the table under them has the same values and is the keyboard's way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from evistore.web.charts import Chart, path
from evistore.web.filters import Window
from evistore.web.scales import Linear, Tick, Time, from_zero
from evistore.web.words import count, day, duration

Kind = Literal["number", "duration", "share"]
Size = Literal["day", "week", "month"]

_SMALL = timedelta(days=45)
_LARGE = timedelta(days=400)
_LONGEST = timedelta(days=50_000)
_HEIGHT = 72
_DECEMBER = 12
_LITTLE = 0.1
_LENGTHS = [
    *(1, 2, 5, 10, 20, 30),
    *(60 * minutes for minutes in (1, 2, 4, 10, 20, 30)),
    *(3600 * hours for hours in (1, 2, 4, 6, 12)),
    *(86_400 * days for days in (1, 2, 4, 6, 10, 20, 30, 60, 120, 360)),
]
"""Seconds whose half is round, too."""


@dataclass(frozen=True, slots=True)
class Part:
    """The figure in one stretch of time, cut at the ends of the window; *value* is ``None`` where there is nothing to tell it by."""

    since: datetime
    until: datetime
    value: float | None
    words: str
    href: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A part with its place: the middle, the left edge and the width in percent, the height in pixels."""

    part: Part
    x: float
    left: float
    width: float
    y: float | None
    name: str


@dataclass(frozen=True, slots=True)
class Trend(Chart):
    """A figure over the parts of a window."""

    path: str = ""
    marks: Sequence[Mark] = ()
    before: tuple[float, str] | None = None
    """What it was in the window before: height and words."""


def trend(
    title: str,
    parts: Sequence[Part],
    window: Window,
    kind: Kind = "number",
    *,
    before: tuple[float, str] | None = None,
) -> Trend:
    """The trend of *parts*; *before* is the figure of the window before, with its words."""
    time = Time(window.since, window.until)
    known = [part.value for part in parts if part.value is not None]
    scale = _scale(kind, max([*known, before[0] if before else 0.0], default=0.0))
    marks = [_mark(part, time, scale) for part in parts]
    return Trend(
        title,
        _told(parts),
        _HEIGHT,
        time.ticks(4),
        _axis(kind, scale) if known else [(float(_HEIGHT), "")],
        None,
        path([(mark.x, mark.y) for mark in marks]),
        marks,
        (scale.at(before[0]), before[1]) if before else None,
    )


def size_of(window: Window) -> Size | None:
    """Parts that fit the window: days, weeks or months; none where even months would be thousands."""
    length = window.until - window.since
    if length > _LONGEST:
        return None
    return "day" if length <= _SMALL else "week" if length <= _LARGE else "month"


def bounds(begin: datetime, size: Size, window: Window) -> tuple[datetime, datetime, bool]:
    """From when until when the part that *begin* names lies within *window*, and whether the window cuts it."""
    try:
        end = _end(begin, size)
    except (OverflowError, ValueError):  # at the end of the calendar
        end = datetime.max.replace(tzinfo=UTC)
    since, until = max(begin, window.since), min(end, window.until)
    return since, until, (since, until) != (begin, end)


def _end(begin: datetime, size: Size) -> datetime:
    if size == "month":
        at = begin.astimezone(UTC)
        return at.replace(year=at.year + (at.month == _DECEMBER), month=at.month % _DECEMBER + 1)
    return begin + timedelta(days=1 if size == "day" else 7)


def _mark(part: Part, time: Time, scale: Linear) -> Mark:
    left, right = time.at(part.since), time.at(part.until)
    y = None if part.value is None else scale.at(part.value)
    return Mark(part, round((left + right) / 2, 2), left, round(right - left, 2), y, f"{_stretch(part)}: {part.words}")


def _stretch(part: Part) -> str:
    last = part.until - timedelta(microseconds=1)
    return day(part.since) if day(part.since) == day(last) else f"{day(part.since)} to {day(last)}"


def _told(parts: Sequence[Part]) -> str:
    known = [part for part in parts if part.value is not None]
    if not known:
        return "No data in this window."
    least, most = min(known, key=lambda one: one.value or 0), max(known, key=lambda one: one.value or 0)
    return f"From {least.words} ({_stretch(least)}) to {most.words} ({_stretch(most)}); at the end {known[-1].words}."


def _scale(kind: Kind, most: float) -> Linear:
    """From zero to a round value at or above *most*."""
    if kind == "duration" and (round_ := next((one for one in _LENGTHS if one >= most), 0)):
        return Linear(0.0, round_, _HEIGHT, down=True)
    return from_zero([most or _LITTLE], _HEIGHT) if kind == "share" else from_zero([most], _HEIGHT)


def _axis(kind: Kind, scale: Linear) -> list[Tick]:
    """Nothing, a half, and the whole, the only one that is told: its words stand above all points."""
    words = {
        "number": count(round(scale.high)) if scale.high >= 1 else f"{scale.high:g}",
        "share": f"{round(100 * scale.high, 3):g}\u202f%",
        "duration": duration(scale.high),
    }
    return [(scale.at(0.0), ""), (scale.at(scale.high / 2), ""), (scale.at(scale.high), words[kind])]
