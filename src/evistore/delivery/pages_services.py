"""What runs where, now or at any moment before."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response

from evistore.delivery import services
from evistore.delivery.matrix import Matrix, matrix
from evistore.delivery.pages_tables import event_cell, subject_cell, version_cell
from evistore.delivery.parameters import Moment, reading
from evistore.delivery.services import Placement
from evistore.web import tables
from evistore.web.filters import Row
from evistore.web.pages import Pages
from evistore.web.tables import Column, Table

_ROWS = 100


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the page into *routes*."""

    @routes.get("/services")
    def get_services(request: Request, at: Moment | None = None, *, drifted: bool = False) -> Response:
        row = Row.of(request.query_params, "environment", "service")
        with reading(request) as tx:
            found = services.running(tx, at=at, service=row.filters.service, environment=row.filters.environment)
        shown = _drifted(found) if drifted else found
        table = placements_table(shown).by(request.query_params)
        whole = matrix(found)
        return pages.render(
            request,
            "services",
            place="Services",
            filters=Row(row.filters, row.applied, row.usual, _choices(whole)),
            tables=[table],
            at=at,
            drifted=drifted,
            whole=whole,
            matrix=matrix(shown, most=None if request.query_params.get("all") else _ROWS),
        )

    _ = get_services


def placements_table(found: Iterable[Placement]) -> Table:
    """Every service and environment with what runs there."""
    columns = (
        Column("service", "Service", "id", sortable=True),
        Column("environment", "Environment", "id", sortable=True),
        Column("artifact", "Runs", "id", sortable=True),
        Column("since", "Since", "ago", sortable=True),
        Column("happened", "By", sortable=True, minor=True),
    )
    return tables.of(
        "running",
        "What runs where",
        columns,
        found,
        lambda one: (
            subject_cell("service", one.service_id),
            subject_cell("environment", one.environment_id),
            version_cell(one, "unknown"),
            event_cell(one.since, one.position),
            one.predicate,
        ),
        empty="Nothing runs here.",
        most=_ROWS,
    )


def _drifted(found: Iterable[Placement]) -> list[Placement]:
    return [one for service in services.grouped(found) if service.drifted for one in service.placements]


def _choices(whole: Matrix) -> dict[str, list[str]]:
    return {"environment": sorted(whole.environments), "service": sorted(row.service.service_id for row in whole.rows)}
