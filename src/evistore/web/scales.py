"""Scales of charts: from values to places, and the round values that stand at an axis. Places along a width are in percent, heights in pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta

from evistore.web.words import count, duration

Tick = tuple[float, str]
"""A place and what stands there."""

_STEPS = (1, 2, 5, 10)
_SECONDS = (
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    10_800,
    21_600,
    43_200,
    86_400,
    172_800,
    604_800,
)
_HOURS = (1, 2, 3, 6, 12)
_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)
_ENOUGH = 7


@dataclass(frozen=True, slots=True)
class Linear:
    """Values from *low* to *high*, drawn over *length*; turned, so that the greatest is at 0, when *down*."""

    low: float
    high: float
    length: float = 100.0
    down: bool = False

    def at(self, value: float) -> float:
        """The place of *value*, held inside."""
        span = self.high - self.low
        part = (value - self.low) / span if span > 0 and math.isfinite(value) else 0.0
        part = min(max(part, 0.0), 1.0)
        return _short(self.length * (1 - part if self.down else part))


def from_zero(values: Iterable[float], length: float, *, down: bool = True) -> Linear:
    """A scale from zero to a round value above all *values*."""
    most = max((value for value in values if math.isfinite(value)), default=0.0)
    return Linear(0.0, _above(most), length, down)


def counts(scale: Linear, most: int = 4) -> list[Tick]:
    """Round whole values at the axis of *scale*, zero among them."""
    step = max(1.0, _round_step((scale.high - scale.low) / most))
    return [(scale.at(value), count(round(value))) for value in _values(scale.low, scale.high, step)]


def durations(scale: Linear, most: int = 4) -> list[Tick]:
    """Round lengths of time, of seconds, at the axis of *scale*."""
    wanted = (scale.high - scale.low) / most
    step = next((one for one in _SECONDS if one >= wanted), 0) or _round_step(wanted / 86_400) * 86_400
    return [(scale.at(value), duration(value) if value else "0") for value in _values(scale.low, scale.high, step)]


@dataclass(frozen=True, slots=True)
class Time:
    """Moments from *since* to *until*, drawn over 100 percent."""

    since: datetime
    until: datetime

    def at(self, moment: datetime) -> float:
        """The place of *moment* in percent, held inside."""
        span = (self.until - self.since) / timedelta(seconds=1)
        part = (moment - self.since) / timedelta(seconds=1) / span if span > 0 else 0.0
        return _short(100 * min(max(part, 0.0), 1.0))

    def ticks(self, most: int = _ENOUGH) -> list[Tick]:
        """Round moments, UTC, with short words: hours with the day at midnight, days, or months with the year in January."""
        span = self.until - self.since
        if span <= timedelta(0):
            return []
        if span <= timedelta(hours=2):
            return self._marks(timedelta(minutes=5 if span <= timedelta(minutes=30) else 15), "%H:%M")
        for hours in _HOURS:
            if span / timedelta(hours=hours) <= most:
                return self._marks(timedelta(hours=hours), "%H:%M")
        for days in _DAYS:
            if span / timedelta(days=days) <= most:
                return self._marks(timedelta(days=days), "%-d %b")
        return self._months(next((m for m in _MONTHS if span / timedelta(days=30 * m) <= most), _MONTHS[-1]))

    def _marks(self, step: timedelta, form: str) -> list[Tick]:
        # Weeks begin on Monday: 5 January 1970 was one.
        origin = datetime(1970, 1, 5, tzinfo=UTC)
        at = origin + math.ceil((self.since - origin) / step) * step
        marks: list[Tick] = []
        while at <= self.until:
            midnight = at.hour == at.minute == 0
            marks.append((self.at(at), f"{at:%-d %b}" if midnight else f"{at:{form}}"))
            at += step
        return marks

    def _months(self, step: int) -> list[Tick]:
        number = math.ceil((self.since.year * 12 + self.since.month - 1 + (self.since.day > 1)) / step) * step
        marks: list[Tick] = []
        while (year := number // 12) < MAXYEAR and (at := datetime(year, number % 12 + 1, 1, tzinfo=UTC)) <= self.until:
            marks.append((self.at(at), f"{at:%Y}" if at.month == 1 else f"{at:%b}"))
            number += step
        return marks


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value below which *share* of the *ordered* values lie, between neighbours by proportion; ``None`` of nothing."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _above(most: float) -> float:
    """The round value at or above *most*; one where there is nothing."""
    if most <= 0:
        return 1.0
    step = _round_step(most / 4)
    return math.ceil(most / step) * step


def _round_step(wanted: float) -> float:
    if wanted <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(step * power for step in (*_STEPS, 20) if step * power >= wanted * 0.999999)


def _values(low: float, high: float, step: float) -> list[float]:
    first = math.ceil(low / step)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


def _short(number: float) -> float:
    """Few digits: the place is smaller than a pixel anyway."""
    return round(number, 2)
