"""How runs of a kind went, as cards: how many, how long they took and waited, how many failed; of a window beside the one before."""

from __future__ import annotations

from evistore.delivery import executions
from evistore.delivery.cards import Card, Metric, card, earlier
from evistore.delivery.executions import Kind, Trend
from evistore.delivery.windows import Filters, Window
from evistore.kernel.database import Transaction
from evistore.web import filters as asked
from evistore.web.trends import size_of
from evistore.web.words import count, duration, percent


def run_cards(
    tx: Transaction, kind: Kind, window: asked.Window, given: asked.Filters, *, path: str, name: str | None
) -> list[Card]:
    """The cards of the runs of *kind*, or of those of one *name*; none of a window without length, or without any run."""
    if window.since >= window.until:
        return []
    filters = Filters(given.service, given.environment, given.source)
    now = executions.trend(tx, kind, Window(window.since, window.until), filters, name=name, bucket=size_of(window))
    if not now.whole.items:
        return []
    span = earlier(window)
    before = executions.trend(tx, kind, span, filters, name=name).whole if span else None
    known = before if before and before.items else None
    return [card(one, now, known, window, given) for one in _metrics(path, name)]


def _metrics(path: str, name: str | None) -> list[Metric]:
    own = {"name": name} if name else {}
    odd = own | {"verdict": "unexplained"}
    return [
        Metric("Runs", "run_trend", lambda one: one.items, _count, "number", _endings, path, own, "run", path, odd, total=True),
        Metric("Took, median", "run_trend", lambda one: one.p50_seconds, duration, "duration", _spans, path, own),
        Metric(
            "Failure rate", "run_trend", lambda one: one.failure_rate, percent, "share", _failures, path, own | {"verdict": "failed"}
        ),
        Metric("Waited in the queue, median", "run_trend", lambda one: one.queue_p50_seconds, duration, "duration", _queues, path, own),
    ]  # fmt: skip


def _count(number: float) -> str:
    return count(round(number))


def _endings(one: Trend) -> str:
    return f"{count(one.passed)} passed, {count(one.failed)} failed, {count(one.cancelled)} were cancelled"


def _spans(one: Trend) -> str:
    if one.p80_seconds is None or one.p95_seconds is None:
        return "no run told when it started"
    return f"80 in 100 at most {duration(one.p80_seconds)}, 95 in 100 {duration(one.p95_seconds)}"


def _failures(one: Trend) -> str:
    return f"{count(one.failed)} of {count(one.passed + one.failed)} that passed or failed"


def _queues(one: Trend) -> str:
    return (
        "no run told when it was queued"
        if one.queue_p50_seconds is None
        else "of those that told when they were queued"
    )
