"""Charts, prepared for the macros of ``web/charts.html``: few kinds, used alike everywhere.

Each has a title that says what it shows, a text alternative (``told``), and the same data as a table (``table``; ``None`` where the page's own
table under the chart has them). Widths are percent and heights pixels, so that a chart fits any screen without script and without style.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from evistore.web.filters import Window
from evistore.web.scales import Tick, Time, counts, durations, from_zero, quantile
from evistore.web.tables import Table
from evistore.web.words import count, counted, duration

_MILLE = 10
MOST_LINKS = 60
"""More links than these are left out of the tab order: the table is the keyboard's way."""
_DOTS_TOLD = 400


@dataclass(frozen=True, slots=True)
class Chart:
    """What all charts have."""

    title: str
    told: str
    height: int
    ticks: Sequence[Tick]
    axis: Sequence[Tick]
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One run: when, how long in seconds, and whether it failed; failures lead to *href*."""

    at: datetime
    value: float
    failed: bool = False
    href: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A linked mark at a place."""

    x: float
    y: float
    href: str
    name: str


@dataclass(frozen=True, slots=True)
class Dots(Chart):
    """Single runs as dots: what succeeded as one path, failures as linked marks, quantiles as lines."""

    path: str = ""
    marks: Sequence[Mark] = ()
    quantiles: Sequence[tuple[float, str, str]] = ()
    """Place, name, how long."""
    hints: Sequence[tuple[float, float, str]] = ()
    tabbed: bool = True


def dots(
    title: str,
    points: Sequence[Point],
    window: Window,
    *,
    noun: str = "run",
    height: int = 160,
    table: Table | None = None,
) -> Dots:
    """The chart of *points*, each a *noun*, in *window*, by how long each took."""
    time = Time(window.since, window.until)
    scale = from_zero((point.value for point in points), height)
    good = [(time.at(point.at), scale.at(point.value), point) for point in points if not point.failed]
    bad = [
        Mark(time.at(p.at), scale.at(p.value), p.href, f"{p.name} failed after {duration(p.value)}")
        for p in points
        if p.failed
    ]
    ordered = sorted(point.value for point in points)
    lines = [(name, quantile(ordered, share)) for name, share in (("P50", 0.5), ("P95", 0.95))]
    return Dots(
        title,
        _told_dots(points, len(bad), lines, noun),
        height,
        time.ticks(),
        durations(scale),
        table,
        "".join(f"M{x * _MILLE:g} {y:g}h0" for x, y, _ in good),
        bad,
        [(scale.at(value), name, duration(value)) for name, value in lines if value is not None],
        [(x, y, f"{p.name}, {duration(p.value)}") for x, y, p in good] if len(good) <= _DOTS_TOLD else [],
        len(bad) <= MOST_LINKS,
    )


def _told_dots(points: Sequence[Point], failed: int, lines: Sequence[tuple[str, float | None]], noun: str) -> str:
    if not points:
        return f"No {noun}s in this window."
    middle, most = (duration(value) if value is not None else "unknown" for _, value in lines)
    bad = f", {count(failed)} of them failed" if noun == "run" else ""
    return f"{counted(len(points), noun)}{bad}; half took at most {middle}, 95 in 100 at most {most}."


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a value per moment, ``None`` where there is no data."""

    name: str
    values: Sequence[tuple[datetime, float | None]]


@dataclass(frozen=True, slots=True)
class Lines(Chart):
    """Lines over time; the path of each breaks where there is no data."""

    paths: Sequence[tuple[str, str, str]] = ()
    """Name, path, words for the last value."""


def lines(
    title: str,
    of: Sequence[Line],
    window: Window,
    *,
    lasting: bool = False,
    most: float = 0.0,
    height: int = 96,
    table: Table | None = None,
) -> Lines:
    """A chart of several lines on one scale from zero; *lasting* values are seconds. Small multiples share *most*."""
    time = Time(window.since, window.until)
    known = [value for one in of for _, value in one.values if value is not None]
    scale = from_zero([*known, most], height)
    last = {one.name: next((v for _, v in reversed(one.values) if v is not None), None) for one in of}
    ends = {
        name: "no data" if value is None else duration(value) if lasting else count(round(value))
        for name, value in last.items()
    }
    return Lines(
        title,
        "; ".join(f"{name}: {end} at the end" for name, end in ends.items()) + ".",
        height,
        time.ticks(5),
        durations(scale, 3) if lasting else counts(scale, 3),
        table,
        [
            (one.name, path([(time.at(at), v if v is None else scale.at(v)) for at, v in one.values]), ends[one.name])
            for one in of
        ],
    )


def path(points: Sequence[tuple[float, float | None]]) -> str:
    """A line through *points* (percent, pixels), broken at gaps; a single point between gaps is a dot."""
    parts: list[str] = []
    pen = False
    for n, (x, y) in enumerate(points):
        if y is None:
            pen = False
            continue
        alone = not pen and (n + 1 == len(points) or points[n + 1][1] is None)
        parts.append(f"{'L' if pen else 'M'}{x * _MILLE:g} {y:g}{'h0' if alone else ''}")
        pen = True
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a value with its name, link and share of the longest."""

    name: str
    value: float
    words: str
    href: str | None
    width: float


def bars(of: Sequence[tuple[str, float, str | None]], words: Mapping[str, str] | None = None) -> list[Bar]:
    """Bars of names, values and links, on one scale from zero."""
    most = max((value for _, value, _ in of), default=0) or 1
    return [
        Bar(name, value, (words or {}).get(name, count(round(value))), href, round(100 * value / most, 1))
        for name, value, href in of
    ]


@dataclass(frozen=True, slots=True)
class Spark:
    """A line as small as a word."""

    title: str
    path: str


def spark(title: str, values: Sequence[float | None], height: int = 16) -> Spark:
    """The *values* as a line from zero."""
    scale = from_zero([value for value in values if value is not None], height - 2)
    step = 100 / max(1, len(values) - 1)
    return Spark(title, path([(n * step, None if v is None else scale.at(v) + 1) for n, v in enumerate(values)]))
