"""Figures as cards: each with its trend, what it rests on, what it was before, and where its evidence stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evistore.delivery import windows
from evistore.delivery.reasons import told
from evistore.delivery.windows import Series
from evistore.web.filters import Filters, Window
from evistore.web.trends import Kind, Part, Trend, bounds, size_of, trend
from evistore.web.words import moment


@dataclass(frozen=True, slots=True)
class Metric:
    """How one figure is told: what it is, and where the evidence behind it stands, and that for what it *lacks*."""

    name: str
    how: str
    value: Callable[[Any], float | None]
    words: Callable[[float], str]
    kind: Kind
    rests: Callable[[Any], str]
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    lacks: str = ""
    """What it is that a figure could not be made of; empty where that is told elsewhere."""
    lacks_path: str = ""
    lacks_query: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    lacks_value: bool = True
    """Whether there were a value if nothing lacked."""
    total: bool = False
    """Whether it grows with the window, so that its parts do not compare with the whole before."""


@dataclass(frozen=True, slots=True)
class Card:
    """One metric: its *value* in words, and *rests*, *lacks* and *compared*, with the addresses of the evidence."""

    name: str
    how: str
    value: str | None
    missing: str
    """What is said in place of a value."""
    href: str
    rests: str
    lacks: str
    lacks_href: str
    compared: str
    trend: Trend


def card(metric: Metric, now: Series[Any], before: Any, window: Window, given: Filters) -> Card:
    """The card of *metric*; *before* is the figure of the window before, or ``None`` where nothing is known of that."""
    whole, value = now.whole, metric.value(now.whole)
    old = metric.value(before) if before else None
    parts = [part(metric, one, window, given) for one in now.parts]
    return Card(
        metric.name,
        f"/how/{metric.how}",
        None if value is None else metric.words(value),
        "unknown" if metric.lacks_value and whole.unexplained else "no data",
        given.link(metric.path, **metric.query),
        metric.rests(whole) if whole.items or whole.unexplained else "nothing to tell it by in this window",
        told(whole.reasons, metric.lacks) if metric.lacks else "",
        given.link(metric.lacks_path, **metric.lacks_query),
        _compared(value, old, metric.words) if before else "",
        trend(
            metric.name,
            parts,
            window,
            metric.kind,
            before=None if old is None or metric.total else (old, metric.words(old)),
        ),
    )


def part(metric: Metric, figure: Any, window: Window, given: Filters) -> Part:
    """The figure of one part of *window*, as a point of the trend."""
    value = metric.value(figure)
    since, until, cut = bounds(figure.bucket, size_of(window) or "month", window)
    words = "no data" if value is None else metric.words(value)
    href = given.link(metric.path, last=None, from_=moment(since), until=moment(until), **metric.query)
    return Part(since, until, value, words, href, cut)


def earlier(window: Window) -> windows.Window | None:
    """The window of the same length just before; none of one without length, or at the beginning of the calendar."""
    try:
        before = window.before
    except OverflowError:
        return None
    return windows.Window(before.since, before.until) if before.since < before.until else None


def _compared(now: float | None, before: float | None, words: Callable[[float], str]) -> str:
    if before is None:
        return "no data before"
    if now is None:
        return f"{words(before)} before"
    if words(now) == words(before):
        return "the same before"
    return f"{'up' if now > before else 'down'} from {words(before)}"
