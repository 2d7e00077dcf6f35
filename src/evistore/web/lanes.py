"""Lanes: stages under each other over one time axis, for the way of an artifact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from evistore.web.charts import MOST_LINKS, Chart
from evistore.web.filters import Window
from evistore.web.scales import Time
from evistore.web.tables import Table
from evistore.web.words import count, day

_TOLD = 8
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened in a lane, at a moment or until another."""

    at: datetime
    name: str
    href: str
    until: datetime | None = None
    failed: bool = False
    lasting: bool = False
    """Whether it goes on, beyond the end of the axis."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A stage and what happened there."""

    name: str
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Placed:
    """A step with its place: from *x* over *width* percent."""

    step: Step
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Lanes(Chart):
    """Stages under each other over one time axis."""

    lanes: Sequence[tuple[str, Sequence[Placed]]] = ()
    tabbed: bool = True


def lanes(title: str, of: Sequence[Lane], window: Window | None = None, *, table: Table | None = None) -> Lanes:
    """The *lanes* over *window*, or over all that happened in them with a little room around."""
    time = _time_of(of, window)
    placed = [
        (lane.name, [_placed(step, time) for step in sorted(lane.steps, key=lambda s: (s.at, s.name))]) for lane in of
    ]
    steps = [step for lane in of for step in lane.steps]
    full = [lane for lane in of if lane.steps]
    told = ", ".join(f"{lane.name} {count(len(lane.steps))}" for lane in full[:_TOLD])
    told += f" and {count(len(full) - _TOLD)} more" if len(full) > _TOLD else ""
    if steps:
        first, last = min(step.at for step in steps), max(step.at for step in steps)
        told += f"; {day(first)}" if day(first) == day(last) else f"; {day(first)} to {day(last)}"
    return Lanes(
        title,
        f"{told}." if told else "Nothing is known.",
        24,
        time.ticks(5),
        [],
        table,
        placed,
        len(steps) <= MOST_LINKS,
    )


def _time_of(of: Sequence[Lane], window: Window | None) -> Time:
    if window is not None:
        return Time(window.since, window.until)
    moments = [at for lane in of for step in lane.steps for at in (step.at, step.until) if at is not None]
    if not moments:
        return Time(_NEVER, _NEVER)
    room = max((max(moments) - min(moments)) * 0.03, timedelta(minutes=1))
    return Time(min(moments) - room, max(moments) + room)


def _placed(step: Step, time: Time) -> Placed:
    x = time.at(step.at)
    end = 100.0 if step.lasting else time.at(step.until) if step.until else x
    return Placed(step, x, round(end - x, 2))
