"""What is wrong with runs: tests that pass and fail on the same code, and runs that never ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from evistore.delivery import executions
from evistore.delivery.executions import FlakyTest, Kind, StuckRun
from evistore.delivery.pages_evidence import question
from evistore.delivery.pages_tables import subject_cell, subject_href
from evistore.delivery.parameters import reading
from evistore.delivery.windows import Filters
from evistore.web import tables
from evistore.web.filters import Row
from evistore.web.pages import Pages
from evistore.web.tables import FILE_ROWS, ROWS, Cell, Column, Table
from evistore.web.words import counted

_TESTS = {"testcaserun": ("testcase", "/tests"), "testsuiterun": ("testsuite", "/suites")}


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the pages into *routes*."""

    @routes.get("/flaky")
    def get_flaky(request: Request, kind: Literal["testcaserun", "testsuiterun"] = "testcaserun") -> Response:
        row = Row.of(request.query_params, "time", "environment", "service", "source", usual="30d")
        window, filters = question(row)
        with reading(request) as tx:
            found = executions.flaky_tests(tx, window, filters, kind=kind, limit=FILE_ROWS)
        return pages.render(
            request,
            "flaky",
            place="Pipelines",
            filters=row,
            tables=[flaky_table(kind, found, row).by(request.query_params, "-flaky_rate")],
            found=found,
            kind=kind,
        )

    @routes.get("/stuck")
    def get_stuck(
        request: Request, kind: Kind | None = None, hours: Annotated[float, Query(gt=0, le=24 * 365)] = 4
    ) -> Response:
        row = Row.of(request.query_params, "environment", "source")
        filters = Filters(environment=row.filters.environment, source=row.filters.source)
        with reading(request) as tx:
            every = executions.stuck_runs(tx, filters=filters, after=timedelta(hours=hours), limit=FILE_ROWS)
        found = [one for one in every if kind in (None, one.subject)]
        return pages.render(
            request,
            "stuck",
            place="Pipelines",
            filters=row,
            tables=[stuck_table(found).by(request.query_params, "since")],
            every=every,
            kinds=Counter(one.subject for one in every).most_common(),
            kind=kind,
            hours=hours,
            complete=len(every) < FILE_ROWS,
        )

    _ = get_flaky, get_stuck


def flaky_table(kind: str, found: Sequence[FlakyTest], row: Row) -> Table:
    """Tests that both passed and failed on one state of the code."""
    columns = (
        Column("test", "Test", "id", sortable=True),
        Column("flaky_rate", "Flaky on", "share", sortable=True),
        Column("states", "States of the code", "number", sortable=True, minor=True),
        Column("failed", "Failed runs", "number", sortable=True),
        Column("runs", "Runs", "number", sortable=True, minor=True),
        Column("last_failed_at", "Failed last", "ago", sortable=True),
        Column("sample", "Such as", "id", minor=True),
        Column("unexplained", "Of no state", "number", minor=True),
    )
    subject, path = _TESTS[kind]

    def cells(one: FlakyTest) -> Sequence[object]:
        runs = row.filters.link(path, last=row.filters.last or row.usual, name=one.key)
        sample = one.sample_ids[0] if one.sample_ids else None
        return (
            Cell(one.key, subject_href(subject, one.key), title=one.name),
            Cell(one.flaky_rate, runs, title=f"{one.flaky} of {counted(one.items, 'state')} of the code"),
            Cell(one.items, runs),
            Cell(one.failed, f"{runs}&verdict=failed"),
            Cell(one.runs, runs),
            one.last_failed_at,
            subject_cell(kind, sample),
            one.unexplained,
        )

    return tables.of("flaky", "Flaky tests", columns, found, cells, most=ROWS, empty="No test is known to be flaky.")


def stuck_table(found: Sequence[StuckRun]) -> Table:
    """Runs that began and have not ended."""
    columns = (
        Column("since", "Since", "ago", sortable=True),
        Column("kind", "What", sortable=True),
        Column("run", "Run", "id"),
        Column("name", "Name", "id", sortable=True),
        Column("state", "State"),
        Column("environment", "Environment", "id", minor=True),
        Column("source", "Told by", "id", sortable=True, minor=True),
    )

    def cells(one: StuckRun) -> Sequence[object]:
        return (
            Cell(one.since, f"/event/{one.last_position}" if one.last_position else None),
            one.subject,
            subject_cell(one.subject, one.subject_id),
            Cell(one.name, words=None if one.name else "not named"),
            "started, not finished" if one.started_at else "queued, not started",
            subject_cell("environment", one.environment_id) if one.environment_id else Cell(None, words=""),
            one.source,
        )

    return tables.of("stuck", "Runs that have not ended", columns, found, cells, most=ROWS, empty="None.")
