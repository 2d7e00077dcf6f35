"""The five metrics of DORA as people read them, of a window beside the one before."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evistore.delivery import metrics
from evistore.delivery.cards import Card, Metric, card, earlier, part
from evistore.delivery.meanwhile import meanwhile
from evistore.delivery.metrics import Dora
from evistore.delivery.windows import Filters, Window
from evistore.kernel.database import Database
from evistore.web import filters as asked
from evistore.web.tables import Cell, Column, Table
from evistore.web.trends import Size, size_of
from evistore.web.words import count, counted, coverage, day, duration, percent

_WEEK = 7
_MONTH = 30.4
_WHOLE = 10


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The five of them, of these environments (none: of every one), with the table behind the trends."""

    environments: Sequence[str]
    cards: Sequence[Card]
    table: Table
    nowhere: bool
    """Whether production was asked about, and no environment is."""
    compared: str


def pace(per_day: float) -> str:
    """How often, by the unit that fits: 4.2 a day, 1.5 a week, 2 a month."""
    if per_day == 0:
        return "none"
    for times, unit in ((1, "day"), (_WEEK, "week")):
        if per_day * times >= 1:
            return f"{_decimal(per_day * times)} a {unit}"
    return f"{_decimal(per_day * _MONTH)} a month"


_FAILED = {"failed": "true"}
_REWORK = {"rework": "true"}
_METRICS = (
    Metric(
        "Deployment frequency", "deployment_frequency", lambda one: one.per_day, pace, "number",
        lambda one: f"{counted(one.items, 'deployment')} on {counted(one.active_days, 'day')}",
        "/deployments", {}, "deployment", "/events", {"subject": "service"},
    ),
    Metric(
        "Lead time for changes", "lead_time_for_changes", lambda one: one.p50_seconds, duration, "duration",
        lambda one: f"median of {counted(one.items, 'change')}, {coverage(one.releases, one.releases + one.unexplained)} releases",
        "/delivered", {"explained": "true"}, "release", "/delivered", {"explained": "false"},
    ),
    Metric(
        "Change failure rate", "change_failure_rate", lambda one: one.rate, percent, "share",
        lambda one: f"{count(one.failed)} of {counted(one.items, 'deployment')} failed",
        "/deployments", _FAILED, "incident", "/incidents", {"tied": "false", "source": None}, lacks_value=False,
    ),
    Metric(
        "Failed deployment recovery time", "failed_deployment_recovery_time", lambda one: one.p50_seconds, duration, "duration",
        lambda one: f"median, {coverage(one.items, one.items + one.unexplained)} failed",
        "/deployments", _FAILED | {"recovered": "true"}, "deployment", "/deployments", _FAILED | {"recovered": "false"},
    ),
    Metric(
        "Deployment rework rate", "deployment_rework_rate", lambda one: one.rate, percent, "share",
        lambda one: f"{count(one.reworked)} of {counted(one.items, 'deployment')} answered a failure",
        "/deployments", _REWORK, "deployment", "/deployments", _REWORK,
    ),
)  # fmt: skip


class Scoring:
    """The five metrics in a window, asked for while a page asks other things."""

    def __init__(self, database: Database, window: asked.Window, given: asked.Filters) -> None:
        """Begin to ask about *window*."""
        self._database, self._window, self._given = database, window, given
        self._filters = Filters(given.service, given.environment, given.source)
        self._now = (
            self._ask(Window(window.since, window.until), size_of(window)) if window.since < window.until else None
        )

    def scorecard(self, begins: datetime | None) -> Scorecard | None:
        """What was found, beside the window before where the evidence *begins* not later.

        ``None`` where that took too long, or the window has no length.
        """
        window, given = self._window, self._given
        span = earlier(window)
        compared = self._ask(span) if span and begins and begins <= span.since else None
        now = self._now.result() if self._now else None
        before = compared.result() if compared else None
        if now is None:
            return None
        cards = [_card(one, now, before, window, given) for one in _METRICS]
        words = f"compared with {window.words.replace('the last', 'the', 1)} before" if before else _alone(begins)
        nowhere = not now.environments and given.environment is None
        return Scorecard(now.environments, cards, _table(now, window, given), nowhere, words)

    def _ask(self, window: Window, size: Size | None = None) -> Future[Dora | None]:
        return meanwhile(self._database, lambda tx: metrics.dora(tx, window, self._filters, bucket=size))


def _alone(begins: datetime | None) -> str:
    return f"compared with nothing: the evidence begins on {day(begins)}" if begins else ""


def _card(metric: Metric, now: Dora, before: Dora | None, window: asked.Window, given: asked.Filters) -> Card:
    old = getattr(before, metric.how).whole if before else None
    return card(metric, getattr(now, metric.how), old, window, given)


def _table(now: Dora, window: asked.Window, given: asked.Filters) -> Table:
    columns = (
        Column("from", "From", "text"),
        Column("deployments", "Deployments", "number"),
        Column("lead_time_seconds", "Lead time, median", "duration"),
        Column("failure_rate", "Failed", "share"),
        Column("recovery_seconds", "Recovery, median", "duration"),
        Column("rework_rate", "Rework", "share"),
    )
    every = zip(*(getattr(now, metric.how).parts for metric in _METRICS), strict=True)
    rows = [_row(parts, window, given) for parts in every]
    return Table(
        "trend", f"DORA's metrics by {size_of(window) or 'parts'}", columns, rows[::-1], empty="Nothing is known."
    )


def _row(figures: Sequence[Any], window: asked.Window, given: asked.Filters) -> list[Cell]:
    shown = [part(metric, one, window, given) for metric, one in zip(_METRICS, figures, strict=True)]
    first = shown[0]
    values = [Cell(one.value, one.href, words=None if one.value is not None else "no data") for one in shown[1:]]
    begins = Cell(first.since.isoformat(), words=f"{day(first.since)}{' (cut)' if first.cut else ''}")
    return [begins, Cell(figures[0].items, first.href), *values]


def _decimal(number: float) -> str:
    return count(round(number)) if number >= _WHOLE else f"{number:.1f}".removesuffix(".0")
