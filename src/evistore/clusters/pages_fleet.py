"""The list of clusters, the most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from evistore.clusters import fleet
from evistore.clusters.fleet import Asked, Listed
from evistore.clusters.pages_parts import (
    QUIET,
    Cursor,
    Number,
    Text,
    cluster_cell,
    cluster_href,
    organization_cell,
)
from evistore.kernel.database import Database
from evistore.web import tables
from evistore.web.charts import bars
from evistore.web.filters import Row
from evistore.web.pages import Pages
from evistore.web.tables import Cell, Column, Table, rows_for

_BARS = 14
_OWN = ("organization", "rule", "search")


def add_to(routes: APIRouter, pages: Pages, database: Database) -> None:
    """Put the page into *routes*."""

    @routes.get("/clusters")
    def get_clusters(  # noqa: PLR0917  # a query has many parts
        request: Request,
        organization: Number = None,
        rule: Text | None = None,
        search: Text | None = None,
        order: Literal["urgent", "silent"] = "urgent",
        cursor: Cursor = None,
    ) -> Response:
        quiet = datetime.now(UTC) - QUIET
        asked = Asked(organization, rule, search, order)
        with database.transaction(read_only=True) as tx:
            page, total = fleet.clusters(tx, asked, quiet=quiet, cursor=cursor, limit=rows_for(request))
            owners = fleet.organizations(tx)
        return pages.render(
            request,
            "clusters",
            place="Clusters",
            filters=Row.of(request.query_params),
            tables=[_clusters_table(page.items, page.next, quiet)],
            own_fields=_OWN,
            asked={name: value for name in _OWN if (value := request.query_params.get(name))},
            order=order,
            owners=owners,
            bars=bars(
                [(str(one.org_id), one.clusters, f"/clusters?organization={one.org_id}") for one in owners[:_BARS]]
            ),
            total=total,
        )

    _ = get_clusters


def _clusters_table(found: Sequence[Listed], following: str | None, quiet: datetime) -> Table:
    columns = (
        Column("cluster", "Cluster", "id"),
        Column("organization", "Organisation", "id", minor=True),
        Column("version", "Version", minor=True),
        Column("recommendations", "Recommendations", "number"),
        Column("newest_at", "Newest since", "ago", minor=True),
        Column("checked_at", "Last report", "ago"),
    )

    def row(one: Listed) -> Sequence[Any]:
        silent = one.checked_at is not None and one.checked_at < quiet
        return (
            cluster_cell(one.cluster),
            organization_cell(one.org_id),
            Cell(one.version, words=one.version or "not told"),
            Cell(one.hits, cluster_href(one.cluster)),
            Cell(one.newest_at, words=None if one.newest_at else "none"),
            Cell(one.checked_at, mark="silent" if silent else None),
        )

    return tables.of(
        "clusters", "Clusters", columns, found, row, next=following, empty="No cluster fits these filters."
    )
