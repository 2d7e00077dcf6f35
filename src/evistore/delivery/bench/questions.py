"""How fast questions and pages are answered, and whether that grows with history: at so many events, then at four times as many."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from evistore.delivery.bench.ground import SQL, events, ground
from evistore.delivery.bench.pages import page_times
from evistore.delivery.history import batches
from evistore.kernel.arrays import TextArray
from evistore.kernel.database import Database
from evistore.kernel.schema import Engine
from evistore.kernel.terminal import progress

BATCH = 5_000
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
    """Milliseconds at the median by question and by page, with both histories, and how much the larger one costs."""

    events: int
    p50_ms: dict[str, float] = field(default_factory=dict[str, float])
    larger_events: int = 0
    larger_p50_ms: dict[str, float] = field(default_factory=dict[str, float])
    ratio: dict[str, float] = field(default_factory=dict[str, float])


def measure(server_url: str, number: int, *, engine: Engine | None = None, times: int = 4, rounds: int = 60) -> Figures:
    """Ask each question *rounds* times, pages a quarter of that, at *number* events and at *times* as many."""
    figures = Figures(number, larger_events=number * times)
    with ground(server_url, engine=engine) as small:
        _fill(small, number)
        figures.p50_ms = _ask(small, rounds)
    with ground(server_url, engine=engine) as large:
        _fill(large, number * times)
        figures.larger_p50_ms = _ask(large, rounds)
    figures.ratio = {name: figures.larger_p50_ms[name] / taken for name, taken in figures.p50_ms.items()}
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


def _ask(database: Database, rounds: int) -> dict[str, float]:
    with database.session() as session:
        newest, things = _things(session)
        given = things | {"newest": newest}
        took = {name: _median(session, SQL[f"question_{name}"], given, rounds) for name in QUESTIONS}
    return took | {f"page: {name}": taken for name, taken in page_times(database, things, rounds=rounds // 4).items()}


def _things(session: Any) -> tuple[Any, dict[str, str]]:
    """When the history ends, and what is asked about by name."""
    (newest,) = session.execute(SQL["newest"]).fetchone()
    things: dict[str, str] = {}
    for name in ("run", "service", "artifact", "position"):
        (found,) = session.execute(SQL[f"a_{name}"], {"newest": newest}).fetchone()
        things[name] = str(found)
    return newest, things


def _median(session: Any, query: str, given: dict[str, Any], rounds: int) -> float:
    took: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        session.execute(query, given).fetchall()
        took.append(time.perf_counter() - began)
    return statistics.median(took[rounds // 10 :]) * 1000
