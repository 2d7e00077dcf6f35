"""The calendar: days as squares, a column per week, Monday at the top, darker where more happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evistore.web.charts import Chart
from evistore.web.scales import Tick, quantile
from evistore.web.tables import Table
from evistore.web.words import count

_LEVELS = 4
_WEEK = 7
_ROOM = 9.0
"""Percent of the width that the name of a month takes."""


@dataclass(frozen=True, slots=True)
class Square:
    """One day of a calendar: its place, how much, and one of five levels."""

    x: float
    y: int
    day: date
    value: int
    level: int
    href: str


@dataclass(frozen=True, slots=True)
class Calendar(Chart):
    """Days as squares: a column per week, Monday at the top."""

    squares: Sequence[Square] = ()
    width: float = 0.0
    size: int = 16
    bounds: Sequence[int] = ()
    """The least count of each level above the first."""


def calendar(
    title: str,
    values: Mapping[date, int],
    first: date,
    last: date,
    link: Mapping[date, str],
    *,
    table: Table | None = None,
) -> Calendar:
    """The days from *first* to *last*, both included, by how much happened; *link* leads to the evidence of a day."""
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // _WEEK + 1
    bounds = _bounds([value for at, value in values.items() if value and first <= at <= last])
    size, gap = 16, 0.12
    squares = [
        Square(
            round(100 * ((at - monday).days // _WEEK) / weeks, 2),
            size * at.weekday(),
            at,
            values.get(at, 0),
            sum(values.get(at, 0) >= bound for bound in bounds) + 1 if values.get(at) else 0,
            link.get(at, ""),
        )
        for at in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]
    return Calendar(
        title,
        _told_days(squares),
        size * _WEEK,
        _month_ticks(monday, weeks, last),
        [],
        table,
        squares,
        round((100 - gap * weeks) / weeks, 2),
        size,
        bounds,
    )


def _bounds(values: list[int]) -> list[int]:
    """The least values of the upper levels: a quarter of the busy days in each."""
    ordered = sorted(float(value) for value in values)
    found = [quantile(ordered, level / _LEVELS) for level in range(1, _LEVELS)]
    return sorted({max(2, round(value)) for value in found if value is not None})


def _month_ticks(monday: date, weeks: int, last: date) -> list[Tick]:
    ticks: list[Tick] = []
    for week in range(weeks):
        days = [
            monday + timedelta(days=_WEEK * week + n)
            for n in range(_WEEK)
            if _WEEK * week + n <= (date.max - monday).days
        ]
        start = next((at for at in days if at.day == 1 and at <= last), None)
        if start is None and week:
            continue
        place, shown = round(100 * week / weeks, 2), start or days[0]
        if ticks and place - ticks[-1][0] < _ROOM:
            ticks.pop()
        ticks.append((place, f"{shown:%b}" if shown.month > 1 else f"{shown:%b %Y}"))
    return ticks


def _told_days(squares: Sequence[Square]) -> str:
    total = sum(square.value for square in squares)
    if not total:
        return "Nothing happened in these days."
    busiest = max(squares, key=lambda square: square.value)
    quiet = sum(square.value == 0 for square in squares)
    most = f"the busiest was {busiest.day:%a %-d %b} with {count(busiest.value)}"
    return f"{count(total)} in {count(len(squares))} days; {most}, {count(quiet)} had none."
