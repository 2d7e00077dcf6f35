"""Incidents with the deployments behind them, and tickets: what is open, and how long what is closed took."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fastapi import APIRouter, Request, Response

from evistore.delivery import evidence, tickets
from evistore.delivery.evidence import Incident
from evistore.delivery.pages_evidence import question
from evistore.delivery.pages_tables import subject_cell, subject_href
from evistore.delivery.parameters import reading
from evistore.delivery.reasons import TIES, reason
from evistore.delivery.tickets import Ticket
from evistore.web import tables
from evistore.web.charts import Point, dots
from evistore.web.filters import Row
from evistore.web.lanes import Lane, Step, lanes
from evistore.web.pages import Pages
from evistore.web.scales import quantile
from evistore.web.tables import FILE_ROWS, ROWS, Cell, Column, Table
from evistore.web.words import duration

_LANES = 24
_STEPS = 400


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the pages into *routes*."""

    @routes.get("/incidents")
    def get_incidents(request: Request, *, tied: bool | None = None, still: bool | None = None) -> Response:
        row = Row.of(request.query_params, "time", "environment", "service", "source", usual="90d")
        window, filters = question(row)
        with reading(request) as tx:
            every = evidence.incidents(tx, window, filters, limit=FILE_ROWS)
        found = [one for one in every if tied in (None, one.way is not None) and still in (None, not one.resolved_at)]
        return pages.render(
            request,
            "incidents",
            place="Services",
            filters=row,
            tables=[incidents_table(found)],
            every=every,
            shown=found,
            still=[one for one in every if one.resolved_at is None],
            median=quantile(sorted(one.seconds for one in every if one.seconds is not None), 0.5),
            linked=[one for one in every if one.way not in (None, "time")],
            guessed=[one for one in every if one.way == "time"],
            untied=[one for one in every if one.way is None],
            lanes=lanes("Incidents, by service", incident_lanes(found[:_STEPS]), row.window),
        )

    @routes.get("/tickets")
    def get_tickets(request: Request, *, still: bool | None = None) -> Response:
        row = Row.of(request.query_params, "time", "source", usual="90d")
        with reading(request) as tx:
            every = tickets.created(tx, question(row)[0], source=row.filters.source, limit=FILE_ROWS)
        closed = [one for one in every if not one.open]
        found = [one for one in every if still in (None, one.open)]
        return pages.render(
            request,
            "tickets",
            place="Services",
            filters=row,
            tables=[tickets_table(found)],
            every=every,
            shown=found,
            closed=closed,
            median=quantile(sorted(one.seconds for one in closed if one.seconds is not None), 0.5),
            known=sum(one.seconds is not None for one in closed),
            dots=dots(
                "Closed tickets, by when they were created and how long they took",
                _points(closed),
                row.window,
                noun="ticket",
            ),
        )

    _ = get_incidents, get_tickets


def incidents_table(found: Sequence[Incident], most: int = ROWS) -> Table:
    """Incidents with the deployment behind each, and how that is known."""
    columns = (
        Column("began_at", "Began", "ago"),
        Column("incident", "Incident", "id"),
        Column("service", "Service", "id"),
        Column("environment", "Environment", "id", minor=True),
        Column("lasted_seconds", "Lasted", "duration"),
        Column("deployment", "Deployment behind it", "id"),
        Column("known_by", "Known because"),
    )
    return tables.of(
        "incidents", "Incidents, newest first", columns, found, _incident, most=most, empty="No incident fits."
    )


def _incident(one: Incident) -> Sequence[object]:
    service, environment = one.service_id or one.cause_service_id, one.environment_id or one.cause_environment_id
    return (
        one.began_at,
        Cell(
            one.incident_id,
            subject_href("incident", one.incident_id),
            one.name or one.incident_id,
            title=one.incident_id,
        ),
        subject_cell("service", service) if service else Cell(None, words="unknown"),
        subject_cell("environment", environment) if environment else Cell(None, words="unknown"),
        Cell(
            one.seconds,
            words=None if one.seconds is not None else "",
            mark=None if one.resolved_at else "open",
        ),
        _cause(one),
        Cell(one.way or one.reason, words=TIES.get(one.way, one.way) if one.way else reason(one.reason)),
    )


def _cause(one: Incident) -> Cell:
    if one.cause_position is None or one.cause_at is None:
        return Cell(None, words="unknown")
    before = duration(one.began_at - one.cause_at)
    words = f"{one.cause_service_id} in {one.cause_environment_id}, {before} before"
    return Cell(one.cause_position, f"/event/{one.cause_position}", words, title=one.cause_artifact_id)


def incident_lanes(found: Iterable[Incident]) -> list[Lane]:
    """A lane for each service, with its incidents from their beginning to their end."""
    places: dict[str, list[Step]] = {}
    for one in found:
        still = one.resolved_at is None
        name = f"{one.name or one.incident_id}: {'open' if one.seconds is None else duration(one.seconds)}"
        href = subject_href("incident", one.incident_id)
        step = Step(one.began_at, name, href, one.resolved_at, failed=True, lasting=still)
        places.setdefault(one.service_id or one.cause_service_id or "no service named", []).append(step)
    names = sorted(places, key=lambda name: (-len(places[name]), name))
    return [Lane(name, places[name]) for name in names][:_LANES]


def tickets_table(found: Sequence[Ticket]) -> Table:
    """Tickets, newest first."""
    columns = (
        Column("created_at", "Created", "ago"),
        Column("ticket", "Ticket", "id"),
        Column("summary", "About"),
        Column("type", "Type"),
        Column("priority", "Priority", minor=True),
        Column("closed_seconds", "Closed after", "duration"),
        Column("resolution", "Resolution", minor=True),
        Column("source", "Told by", "id", minor=True),
    )
    return tables.of("tickets", "Tickets, newest first", columns, found, _ticket, most=ROWS, empty="No ticket fits.")


def _ticket(one: Ticket) -> Sequence[object]:
    ended = "" if one.open else "unknown: no creation was told"
    return (
        Cell(one.created_at, words=None if one.created_at else "unknown"),
        subject_cell("ticket", one.subject_id),
        Cell(one.name, words=None if one.name else ""),
        Cell(one.kind, words=None if one.kind else ""),
        Cell(one.priority, words=None if one.priority else ""),
        Cell(one.seconds, words=None if one.seconds is not None else ended, mark="open" if one.open else None),
        Cell(one.resolution, words=None if one.resolution else ""),
        one.source,
    )


def _points(closed: Iterable[Ticket]) -> list[Point]:
    return [
        Point(one.created_at, one.seconds, name=one.subject_id)
        for one in closed
        if one.created_at is not None and one.seconds is not None
    ]
