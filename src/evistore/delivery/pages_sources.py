"""Who sends events: how many, since when, and when last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from fastapi import APIRouter, Request, Response

from evistore.delivery import activity
from evistore.delivery.activity import Source
from evistore.delivery.parameters import reading
from evistore.web import tables
from evistore.web.charts import spark
from evistore.web.filters import Row
from evistore.web.pages import Pages, href
from evistore.web.tables import Cell, Column, Table

_LONGEST = timedelta(days=366)
_QUIET_DAYS = 7


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the page into *routes*."""

    @routes.get("/sources")
    def get_sources(request: Request) -> Response:
        row = Row.of(request.query_params, "time", "source", usual="30d")
        window = row.window
        last = (window.until - timedelta(microseconds=1)).date()
        first = max(window.since, window.until - _LONGEST).date()
        with reading(request) as tx:
            found = activity.sources(tx, first, last, source=row.filters.source)
        return pages.render(
            request,
            "sources",
            place="Events",
            filters=row,
            tables=[sources_table(found, first, last).by(request.query_params, "-events")],
            found=found,
            quiet=[one for one in found if (last - one.last_day).days >= _QUIET_DAYS],
            sparks={one.source: spark(f"{one.source}: events per day", _counts(one, first, last)) for one in found},
        )

    _ = get_sources


def sources_table(found: Sequence[Source], first: date, last: date) -> Table:
    """Senders with what they sent from *first* to *last*."""
    columns = (
        Column("source", "Source", "id", sortable=True),
        Column("events", "Events", "number", sortable=True),
        Column("days", "Days with events", "number", sortable=True, minor=True),
        Column("last_day", "Last", "text", sortable=True),
        Column("subjects", "Sent that day", "text", minor=True),
    )
    return tables.of(
        "sources",
        f"Sources of events from {first} to {last}",
        columns,
        found,
        lambda one: (
            Cell(one.source, href("/events", source=one.source), words=None if one.source else "not named"),
            Cell(one.events, href("/events", source=one.source, from_=f"{first}T00:00:00Z")),
            len(one.days),
            Cell(one.last_day.isoformat(), mark="quiet" if (last - one.last_day).days >= _QUIET_DAYS else None),
            one.subjects,
        ),
        empty="Nobody sent anything in this window.",
    )


def _counts(one: Source, first: date, last: date) -> list[float | None]:
    told = dict(zip(one.days, one.counts, strict=True))
    return [float(told.get(first + timedelta(days=n), 0)) for n in range((last - first).days + 1)]
