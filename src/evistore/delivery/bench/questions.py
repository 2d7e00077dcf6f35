"""How fast questions are answered, and whether that grows with history: at so many events, then at four times as many."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from evistore.delivery.bench.ground import SQL, events, ground
from evistore.delivery.history import batches
from evistore.kernel.arrays import TextArray
from evistore.kernel.database import Database
from evistore.kernel.schema import Engine
from evistore.kernel.terminal import progress

BATCH = 5_000
ROUNDS = 60
QUESTIONS = (
    "week_of_pipeline_runs",
    "one_subject",
    "what_runs_where",
    "latest_runs",
    "ancestors_of_a_service",
    "all_ancestors_ever",
    "deployment_frequency",
    "lead_time_for_changes",
    "change_failure_rate",
    "recovery_time",
    "rework_rate",
    "failures_recovery_and_rework",
    "incidents_and_causes",
    "pipelines",
    "tasks",
    "test_suites",
    "test_cases",
    "test_case_trend",
    "flaky_tests",
    "stuck_runs",
    "silent_sources",
    "service_history",
    "service_versions",
    "activity_by_week",
)
"""The metrics are of 90 days, of everything."""


@dataclass(slots=True)
class Figures:
    """Milliseconds at the median by question, with both histories, and how much the larger one costs."""

    events: int
    p50_ms: dict[str, float] = field(default_factory=dict[str, float])
    larger_events: int = 0
    larger_p50_ms: dict[str, float] = field(default_factory=dict[str, float])
    ratio: dict[str, float] = field(default_factory=dict[str, float])


def measure(server_url: str, number: int, *, engine: Engine | None = None, times: int = 4) -> Figures:
    """Ask every question at *number* events and at *times* as many, in a database of its own."""
    figures = Figures(number, larger_events=number * times)
    with ground(server_url, engine=engine) as small:
        _fill(small, number)
        figures.p50_ms = _ask(small)
    with ground(server_url, engine=engine) as large:
        _fill(large, number * times)
        figures.larger_p50_ms = _ask(large)
    figures.ratio = {name: figures.larger_p50_ms[name] / figures.p50_ms[name] for name in QUESTIONS}
    return figures


def _fill(database: Database, number: int) -> None:
    with progress("events stored", number) as told:
        for batch in batches(events(number), BATCH):
            with database.transaction() as tx:
                tx.run(SQL["store_texts"], events=TextArray(batch))
            told.count(len(batch))
    with database.session() as session:
        session.execute(SQL["count_activity"])  # as maintenance does every few minutes
        session.execute("VACUUM ANALYZE")


def _ask(database: Database) -> dict[str, float]:
    with database.session() as session:
        newest = session.execute(SQL["newest"]).fetchone()
        run = session.execute(SQL["a_run"], {"newest": newest[0]} if newest else None).fetchone()
        service = session.execute(SQL["a_service"]).fetchone()
        given: dict[str, Any] = {
            "newest": newest and newest[0],
            "run": run and run[0],
            "service": service and service[0],
        }
        return {name: _median(session, SQL[f"question_{name}"], given) for name in QUESTIONS}


def _median(session: Any, query: str, given: dict[str, Any]) -> float:
    took: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        session.execute(query, given).fetchall()
        took.append(time.perf_counter() - began)
    return statistics.median(took[5:]) * 1000
