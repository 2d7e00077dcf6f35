"""Runs of pipelines, tasks, builds, test suites and tests: how long they take and wait, how they end, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from fastapi import APIRouter, Request, Response

from evistore.delivery import executions, runs
from evistore.delivery.executions import Kind, Run, Statistics
from evistore.delivery.pages_evidence import question
from evistore.delivery.pages_tables import subject_cell, subject_href
from evistore.delivery.parameters import Cursor, Text, reading
from evistore.delivery.reasons import reason
from evistore.delivery.runs import Verdict
from evistore.delivery.scoring import run_cards
from evistore.web import tables
from evistore.web.charts import Point, dots
from evistore.web.filters import Row
from evistore.web.pages import Pages
from evistore.web.tables import ROWS, Cell, Column, Table, asked_format, rows_for
from evistore.web.words import count

_DOTS = 1500
_NAMES = 15
_MOST_NAMES = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A page of runs: of what, where, and what people call one of them and what it is a run of."""

    path: str
    kind: Kind
    title: str
    one: str
    of: str


PLACES = (
    Place("/pipelines", "pipelinerun", "Pipeline runs", "pipeline run", "Pipeline"),
    Place("/tasks", "taskrun", "Task runs", "task run", "Task"),
    Place("/builds", "build", "Builds", "build", "Build"),
    Place("/suites", "testsuiterun", "Test suite runs", "suite run", "Test suite"),
    Place("/tests", "testcaserun", "Test case runs", "test run", "Test"),
)


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the pages into *routes*."""

    def get_runs(
        place: Place,
        request: Request,
        name: Text | None = None,
        verdict: Verdict | None = None,
        cursor: Cursor = None,
    ) -> Response:
        row = Row.of(request.query_params, "time", "environment", "service", "source", usual="7d")
        window, filters = question(row)
        with reading(request) as tx:
            drawn = runs.finished(tx, place.kind, window, filters, name=name, verdict=verdict, limit=_DOTS)
            page = drawn
            if cursor or asked_format(request.query_params):
                page = runs.finished(
                    tx, place.kind, window, filters, name=name, verdict=verdict, cursor=cursor, limit=rows_for(request)
                )
            most = rows_for(request, _MOST_NAMES)
            found = executions.statistics(tx, place.kind, window, filters, name=name, limit=most)
            cards = run_cards(tx, place.kind, row.window, row.filters, path=place.path, name=name)
        listed = page if page is not drawn else runs.first(drawn, ROWS)
        return pages.render(
            request,
            "runs",
            place="Pipelines",
            filters=row,
            tables=[
                runs_table(place, listed.items, listed.next),
                names_table(place, found, row).by(request.query_params, "-runs"),
            ],
            at=place,
            name=name,
            verdict=verdict,
            runs=drawn.items,
            complete=drawn.next is None,
            busiest=_MOST_NAMES if len(found) == _MOST_NAMES else None,
            cards=cards,
            dots=dots(
                f"{place.title if drawn.next is None else _newest(place)}, by how long they took",
                _points(place, drawn.items),
                row.window if drawn.next is None else replace(row.window, since=drawn.items[-1].finished_at),
            ),
        )

    for place in PLACES:
        routes.get(place.path)(partial(get_runs, place))


def names_table(place: Place, found: Sequence[Statistics], row: Row) -> Table:
    """What the runs are runs of, with how long they take and how they end."""
    columns = (
        Column("name", place.of, "id", sortable=True),
        Column("runs", "Runs", "number", sortable=True),
        Column("failed", "Failed", "number", sortable=True),
        Column("failure_rate", "Failure rate", "share", sortable=True),
        Column("p50_seconds", "P50", "duration", sortable=True),
        Column("p80_seconds", "P80", "duration", sortable=True, minor=True),
        Column("p95_seconds", "P95", "duration", sortable=True),
        Column("queue_p50_seconds", "Waited, P50", "duration", sortable=True, minor=True),
        Column("queue_p95_seconds", "Waited, P95", "duration", sortable=True, minor=True),
        Column("last_finished_at", "Last finished", "ago", sortable=True, minor=True),
    )
    link = partial(row.filters.link, place.path)

    def cells(one: Statistics) -> Sequence[object]:
        own, bad = link(name=one.key), link(name=one.key, verdict="failed")
        waited = f"{one.queued} of {one.items} told how long they waited"
        called = one.key or one.name
        return (
            Cell(called, own if one.key else None, words=None if called else "not named", title=one.name),
            Cell(one.items, own),
            Cell(one.failed, bad),
            Cell(one.failure_rate, bad, title=f"{one.failed} of {one.passed + one.failed}"),
            *(Cell(seconds, own) for seconds in (one.p50_seconds, one.p80_seconds, one.p95_seconds)),
            *(Cell(seconds, own, title=waited) for seconds in (one.queue_p50_seconds, one.queue_p95_seconds)),
            one.last_finished_at,
        )

    return tables.of(
        "names", f"{place.title} by what they are runs of", columns, found, cells, most=_NAMES, empty="None."
    )


def runs_table(place: Place, found: Iterable[Run], following: str | None) -> Table:
    """Runs, the last to finish first."""
    columns = (
        Column("finished_at", "Finished", "ago"),
        Column("name", place.of, "id"),
        Column("run", "Run", "id", minor=True),
        Column("duration_seconds", "Took", "duration"),
        Column("queue_seconds", "Waited", "duration", minor=True),
        Column("outcome", "Outcome"),
        Column("environment", "Environment", "id", minor=True),
        Column("source", "Told by", "id", minor=True),
    )

    def cells(run: Run) -> Sequence[object]:
        return (
            run.finished_at,
            Cell(
                run.key or run.name,
                subject_href(place.kind, run.subject_id),
                None if run.key or run.name else "not named",
            ),
            subject_cell(place.kind, run.subject_id),
            Cell(run.seconds, words=None if run.seconds is not None else f"unknown: {reason(run.reason)}"),
            Cell(run.queue_seconds, words=None if run.queue_seconds is not None else "not told"),
            Cell(
                run.outcome,
                mark="✕ failed" if run.verdict == "failed" else None,
                words=None if run.outcome else "unknown",
            ),
            subject_cell("environment", run.environment_id) if run.environment_id else Cell(None, words=""),
            run.source,
        )

    return tables.of(
        "runs", f"{place.title}, newest first", columns, found, cells, next=following, empty="No run fits."
    )


def _newest(place: Place) -> str:
    return f"The newest {count(_DOTS)} {place.title.lower()}"


def _points(place: Place, found: Iterable[Run]) -> list[Point]:
    return [
        Point(
            run.finished_at,
            run.seconds,
            run.verdict == "failed",
            subject_href(place.kind, run.subject_id),
            run.name or run.subject_id,
        )
        for run in found
        if run.seconds is not None
    ]
