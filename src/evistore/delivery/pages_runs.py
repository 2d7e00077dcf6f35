"""Pipeline runs: how long they took, which failed, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fastapi import APIRouter, Request, Response

from evistore.delivery import runs
from evistore.delivery.pages_tables import subject_cell, subject_href
from evistore.delivery.parameters import Cursor, Word, reading
from evistore.delivery.runs import Run
from evistore.web import tables
from evistore.web.charts import Point, dots
from evistore.web.filters import Row
from evistore.web.pages import Pages
from evistore.web.tables import ROWS, Cell, Column, Table, rows_for

_DOTS = 2000


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the page into *routes*."""

    @routes.get("/pipelines")
    def get_pipelines(request: Request, name: Word | None = None, cursor: Cursor = None) -> Response:
        row = Row.of(request.query_params, "time", "source", usual="7d")
        window, source = row.window, row.filters.source
        with reading(request) as tx:
            drawn = runs.started(tx, window.since, window.until, source=source, name=name, limit=_DOTS)
            page = runs.started(
                tx, window.since, window.until, source=source, name=name, cursor=cursor, limit=rows_for(request, ROWS)
            )
        every = drawn.items
        return pages.render(
            request,
            "pipelines",
            place="Pipelines",
            filters=row,
            tables=[runs_table(page.items, page.next)],
            name=name,
            runs=every,
            complete=drawn.next is None,
            finished=[one for one in every if one.length is not None],
            failures=[one for one in every if one.failed],
            dots=dots("Pipeline runs by how long they took", _points(every), window),
        )

    _ = get_pipelines


def runs_table(found: Iterable[Run], following: str | None) -> Table:
    """Runs, newest first."""
    columns = (
        Column("started_at", "Started", "ago"),
        Column("pipeline", "Pipeline", "id"),
        Column("run", "Run", "id", minor=True),
        Column("duration_seconds", "Took", "duration"),
        Column("outcome", "Outcome"),
        Column("source", "Told by", "id", minor=True),
    )
    return tables.of("runs", "Pipeline runs, newest first", columns, found, _row, next=following, empty="No run fits.")


def _row(run: Run) -> Sequence[object]:
    return (
        run.started_at,
        Cell(run.name, subject_href("pipelinerun", run.subject_id), words=None if run.name else "unknown"),
        subject_cell("pipelinerun", run.subject_id),
        Cell(run.length, words=None if run.length else "not finished"),
        Cell(
            run.outcome,
            mark="✕" if run.failed else None,
            words=None if run.outcome else "unknown" if run.length else "",
        ),
        run.source,
    )


def _points(found: Iterable[Run]) -> list[Point]:
    return [
        Point(
            run.started_at,
            run.length.total_seconds(),
            run.failed,
            subject_href("pipelinerun", run.subject_id),
            run.name or run.subject_id,
        )
        for run in found
        if run.length is not None
    ]
