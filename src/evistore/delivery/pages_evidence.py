"""The evidence behind the metrics of DORA: deployments with what came of them, and changes with the time they took."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fastapi import APIRouter, Request, Response

from evistore.delivery import evidence, metrics
from evistore.delivery.evidence import DeliveredChange, Deployment
from evistore.delivery.matrix import stage_of
from evistore.delivery.pages_tables import artifact_cell, event_cell, subject_cell
from evistore.delivery.parameters import reading
from evistore.delivery.reasons import reason, ways
from evistore.delivery.windows import Filters, Window
from evistore.web import filters as asked
from evistore.web import tables
from evistore.web.charts import Point, dots
from evistore.web.filters import Row
from evistore.web.lanes import Lane, Step, lanes
from evistore.web.pages import Pages
from evistore.web.tables import FILE_ROWS, ROWS, Cell, Column, Table

_LANES = 24
_STEPS = 300


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the pages into *routes*."""

    @routes.get("/deployments")
    def get_deployments(
        request: Request, *, failed: bool | None = None, rework: bool | None = None, recovered: bool | None = None
    ) -> Response:
        row = Row.of(request.query_params, "time", "environment", "service", "source", usual="90d")
        window, filters = question(row)
        with reading(request) as tx:
            every = evidence.deployments(tx, window, filters, limit=FILE_ROWS)
            names = metrics.asked_environments(tx, filters)
        found = [
            one
            for one in every
            if failed in (None, one.failed)
            and rework in (None, one.rework)
            and recovered in (None, one.recovered_at is not None)
        ]
        return pages.render(
            request,
            "deployments",
            place="Services",
            filters=row,
            tables=[deployments_table(found)],
            every=every,
            shown=found,
            failures=[one for one in every if one.failed],
            reworked=[one for one in every if one.rework],
            complete=len(every) < FILE_ROWS,
            names=names,
            lanes=_drawn(found, row.window),
        )

    @routes.get("/delivered")
    def get_delivered(request: Request, *, explained: bool | None = None) -> Response:
        row = Row.of(request.query_params, "time", "environment", "service", "source", usual="90d")
        window, filters = question(row)
        with reading(request) as tx:
            figure = metrics.lead_time_for_changes(tx, window, filters).whole if window.since < window.until else None
            found = evidence.delivered_changes(tx, window, filters, explained=explained, limit=FILE_ROWS)
            names = metrics.asked_environments(tx, filters)
        return pages.render(
            request,
            "delivered",
            place="Services",
            filters=row,
            tables=[delivered_table(found)],
            lead=figure,
            shown=found,
            explained=explained,
            names=names,
            dots=dots(
                "Changes by how long they took from merge to production", _points(found), row.window, noun="change"
            ),
        )

    _ = get_deployments, get_delivered


def question(row: Row) -> tuple[Window, Filters]:
    """What the row of filters asks of a metric."""
    given = row.filters
    return Window(row.window.since, row.window.until), Filters(given.service, given.environment, given.source)


def deployments_table(found: Sequence[Deployment], most: int = ROWS) -> Table:
    """Deployments with what came of them, newest first."""
    columns = (
        Column("at", "When", "ago"),
        Column("service", "Service", "id"),
        Column("environment", "Environment", "id"),
        Column("artifact", "Artifact", "id"),
        Column("failed", "Outcome", "flag"),
        Column("recovered_seconds", "Recovered after", "duration"),
        Column("incident", "Incident", "id", minor=True),
        Column("rework", "Rework", "flag", minor=True),
    )
    return tables.of(
        "deployments", "Deployments, newest first", columns, found, _deployment, most=most,
        empty="No deployment fits: another window or environment may have some.",
    )  # fmt: skip


def _deployment(one: Deployment) -> Sequence[object]:
    incidents = one.incident_ids
    more = f" and {len(incidents) - 1} more" if len(incidents) > 1 else ""
    return (
        event_cell(one.at, one.position),
        subject_cell("service", one.service_id),
        subject_cell("environment", one.environment_id),
        artifact_cell(one.artifact_id),
        Cell(
            one.failed, words=ways(one.ways) if one.failed else "fine so far", mark="✕ failed" if one.failed else None
        ),
        _recovery(one),
        Cell(incidents[0], subject_cell("incident", incidents[0]).href, f"{incidents[0]}{more}")
        if incidents
        else Cell(None, words=""),
        Cell(one.rework, words=ways(one.rework_ways) if one.rework else ""),
    )


def _recovery(one: Deployment) -> Cell:
    if not one.failed:
        return Cell(None, words="")
    if one.recovered_at is None:
        return Cell(None, words=reason(one.recovery_reason) or "unknown")
    return Cell((one.recovered_at - one.at).total_seconds())


def delivered_table(found: Sequence[DeliveredChange]) -> Table:
    """Changes in releases, newest first, with the moments between merge and production."""
    columns = (
        Column("deployed_at", "In production", "ago"),
        Column("service", "Service", "id"),
        Column("environment", "Environment", "id"),
        Column("change", "Change", "id"),
        Column("lead_time_seconds", "Lead time", "duration"),
        Column("merged_at", "Merged", "time", minor=True),
        Column("built_at", "Built", "time", minor=True),
        Column("published_at", "Published", "time", minor=True),
        Column("artifact", "Artifact", "id"),
    )
    return tables.of(
        "delivered", "Changes that reached production, newest first", columns, found, _delivered, most=ROWS,
        empty="No release fits: another window or environment may have some.",
    )  # fmt: skip


def _delivered(one: DeliveredChange) -> Sequence[object]:
    return (
        event_cell(one.deployed_at, one.position),
        subject_cell("service", one.service_id),
        subject_cell("environment", one.environment_id),
        subject_cell("change", one.change_id) if one.change_id else Cell(None, words="unknown"),
        Cell(one.seconds, words=None if one.seconds is not None else f"unknown: {reason(one.reason)}"),
        *(Cell(at, words=None if at else "unknown") for at in (one.merged_at, one.built_at, one.published_at)),
        artifact_cell(one.artifact_id),
    )


def _points(found: Iterable[DeliveredChange]) -> list[Point]:
    return [
        Point(one.deployed_at, one.seconds, name=f"{one.change_id} by {one.service_id}")
        for one in found
        if one.seconds is not None
    ]


def _drawn(found: Sequence[Deployment], window: asked.Window) -> object:
    """Deployments in lanes of environments; where they are too many, those that failed."""
    failures = len(found) > _STEPS
    chosen = [one for one in found if one.failed][:_STEPS] if failures else found
    title = "Deployments that failed, by environment" if failures else "Deployments, by environment"
    return lanes(title, deployment_lanes(chosen), window) if chosen else None


def deployment_lanes(found: Iterable[Deployment]) -> list[Lane]:
    """A lane for each environment, those nearest to production last."""
    places: dict[str, list[Step]] = {}
    for one in found:
        words = f"{one.service_id} {one.predicate} in {one.environment_id}"
        step = Step(one.at, words, f"/event/{one.position}", failed=one.failed)
        places.setdefault(one.environment_id, []).append(step)
    return [Lane(name, places[name]) for name in sorted(places, key=stage_of)][:_LANES]
