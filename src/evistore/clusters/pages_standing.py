"""Recommendations over the fleet and over time, and one of them: which clusters have it, since when, and what people think."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from evistore.clusters import standing
from evistore.clusters.pages_parts import (
    Cursor,
    Number,
    Text,
    cluster_cell,
    day_table,
    days_of,
    finding_cell,
    organization_cell,
    over_time,
    window_of,
)
from evistore.clusters.standing import Affected, Asked, Opinion, Standing, Version
from evistore.kernel.database import Database
from evistore.web import tables
from evistore.web.charts import Bar, bars
from evistore.web.filters import Row
from evistore.web.pages import Pages, href
from evistore.web.tables import Cell, Column, Table, rows_for
from evistore.web.words import count

_OWN = ("organization", "search")
_RATINGS = {1: "likes it", -1: "dislikes it", 0: "took the rating back"}


def add_to(routes: APIRouter, pages: Pages, database: Database) -> None:
    """Put the pages into *routes*."""

    @routes.get("/clusters/recommendations")
    def get_recommendations(request: Request, organization: Number = None, search: Text | None = None) -> Response:
        row = Row.of(request.query_params, "time")
        window = window_of(row)
        first, last = days_of(window)
        asked = Asked(organization, search)
        with database.transaction(read_only=True) as tx:
            found = standing.recommendations(tx, asked, since=window.since, until=window.until)
            days = standing.daily(tx, asked, first=first, last=last)
        return pages.render(
            request,
            "recommendations",
            place="Clusters",
            filters=row,
            tables=[_standing_table(found, organization).by(request.query_params, "-clusters"), day_table(days)],
            own_fields=_OWN,
            asked={name: value for name in _OWN if (value := request.query_params.get(name))},
            found=found,
            charts=over_time(days, window, "recommendations"),
        )

    @routes.get("/clusters/recommendations/{rule_id:path}")
    def get_recommendation(
        request: Request, rule_id: Annotated[Text, Path()], organization: Number = None, cursor: Cursor = None
    ) -> Response:
        row = Row.of(request.query_params, "time")
        window = window_of(row)
        first, last = days_of(window)
        with database.transaction(read_only=True) as tx:
            found = standing.recommendation(tx, rule_id, organization=organization)
            page = standing.affected(tx, rule_id, organization=organization, cursor=cursor, limit=rows_for(request))
            days = standing.daily(tx, Asked(organization), first=first, last=last, rule_id=rule_id)
            versions = standing.versions(tx, rule_id, organization=organization)
            opinions = standing.opinions(tx, rule_id, organization=organization)
        return pages.render(
            request,
            "recommendation",
            place="Clusters",
            filters=row,
            tables=[_affected_table(page.items, page.next), day_table(days), _opinions_table(opinions)],
            own_fields=_OWN,
            organization=organization,
            found=found,
            charts=over_time(days, window, "clusters that have it"),
            versions=_version_bars(versions),
            opinions=opinions,
        )

    _ = get_recommendations, get_recommendation


def _standing_table(found: Iterable[Standing], organization: int | None) -> Table:
    columns = (
        Column("finding", "Recommendation", "id", sortable=True),
        Column("rule", "Rule", "id", sortable=True, minor=True),
        Column("clusters", "Clusters", "number", sortable=True),
        Column("organizations", "Organisations", "number", sortable=True, minor=True),
        Column("since", "Longest since", "ago", sortable=True),
        Column("appeared", "Came up", "number", sortable=True),
        Column("resolved", "Resolved", "number", sortable=True),
    )

    def row(one: Standing) -> Sequence[Any]:
        return (
            finding_cell(one.rule, one.error_key),
            one.rule,
            Cell(one.clusters, href("/clusters", rule=one.rule_id, organization=organization)),
            one.organizations,
            Cell(one.since, words=None if one.since else "nowhere now"),
            one.appeared,
            one.resolved,
        )

    return tables.of(
        "recommendations", "Recommendations", columns, found, row, empty="Nothing was recommended in this window."
    )


def _affected_table(found: Iterable[Affected], following: str | None) -> Table:
    columns = (
        Column("cluster", "Cluster", "id"),
        Column("organization", "Organisation", "id", minor=True),
        Column("version", "Version", minor=True),
        Column("since", "Since", "ago"),
        Column("checked_at", "Last report", "ago", minor=True),
    )
    return tables.of(
        "affected",
        "Clusters that have it, the newest first",
        columns,
        found,
        lambda one: (
            cluster_cell(one.cluster),
            organization_cell(one.org_id),
            Cell(one.version, words=one.version or "not told"),
            Cell(one.appeared_at, mark="disabled" if one.disabled else None),
            one.checked_at,
        ),
        next=following,
        empty="No cluster has it now.",
    )


def _opinions_table(found: Iterable[Opinion]) -> Table:
    columns = (
        Column("organization", "Organisation", "id"),
        Column("acknowledged_at", "Acknowledged", "ago"),
        Column("justification", "Why"),
        Column("rating", "Rating"),
        Column("likes", "Users who like it", "number"),
        Column("dislikes", "Who dislike it", "number"),
    )
    return tables.of(
        "opinions",
        "What organisations and their users think of it",
        columns,
        found,
        lambda one: (
            Cell(one.org_id, href("/clusters", organization=one.org_id)),
            Cell(one.acknowledged_at, words=None if one.acknowledged_at else "no"),
            one.justification or "",
            Cell(one.rating, words="not rated" if one.rating is None else _RATINGS.get(one.rating, str(one.rating))),
            one.likes,
            one.dislikes,
        ),
        empty="Nobody acknowledged or rated it, or voted on it.",
    )


def _version_bars(found: Sequence[Version]) -> list[Bar]:
    words = {one.version or "not told": f"{count(one.affected)} of {count(one.clusters)}" for one in found}
    return bars([(one.version or "not told", one.affected, None) for one in found], words)
