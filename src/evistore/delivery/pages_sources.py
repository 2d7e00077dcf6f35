"""Who sends events: how many, since when, and when last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from fastapi import APIRouter, Request, Response

from evistore.delivery import activity, executions
from evistore.delivery.activity import Source
from evistore.delivery.executions import SourceRhythm
from evistore.delivery.parameters import reading
from evistore.delivery.reasons import reason
from evistore.web import tables
from evistore.web.charts import spark
from evistore.web.filters import Row
from evistore.web.pages import Pages, href
from evistore.web.tables import Cell, Column, Table
from evistore.web.words import counted

_LONGEST = timedelta(days=366)


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
            rhythms = [
                one
                for one in executions.silent_sources(tx, at=window.until)
                if row.filters.source in (None, one.source)
            ]
        return pages.render(
            request,
            "sources",
            place="Events",
            filters=row,
            tables=[
                sources_table(found, first, last, {one.source: one for one in rhythms}).by(
                    request.query_params, "-events"
                ),
                silent_table([one for one in rhythms if one.silent]),
            ],
            found=found,
            silent=[one for one in rhythms if one.silent],
            sparks={one.source: spark(f"{one.source}: events per day", _counts(one, first, last)) for one in found},
        )

    _ = get_sources


def sources_table(found: Sequence[Source], first: date, last: date, rhythms: Mapping[str, SourceRhythm]) -> Table:
    """Senders with what they sent from *first* to *last*."""
    columns = (
        Column("source", "Source", "id", sortable=True),
        Column("events", "Events", "number", sortable=True),
        Column("days", "Days with events", "number", sortable=True, minor=True),
        Column("last_day", "Last", "text", sortable=True),
        Column("rhythm", "Rhythm", "text", minor=True),
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
            Cell(
                one.last_day.isoformat(),
                mark="silent" if (rhythm := rhythms.get(one.source)) and rhythm.silent else None,
            ),
            _rhythm(rhythm),
            one.subjects,
        ),
        empty="Nobody sent anything in this window.",
    )


def silent_table(found: Sequence[SourceRhythm]) -> Table:
    """Sources that fell silent."""
    columns = (
        Column("source", "Source", "id"),
        Column("quiet_days", "Quiet for days", "number"),
        Column("longest_pause_days", "Longest pause before, days", "number"),
        Column("last_day", "Last event"),
        Column("events", "Events in 90 days", "number", minor=True),
    )
    return tables.of(
        "silent", "Sources that fell silent", columns, found,
        lambda one: (
            Cell(one.source, href("/events", source=one.source)),
            one.quiet_days,
            one.longest_pause_days,
            Cell(one.last_day.isoformat(), href("/events", source=one.source, from_=f"{one.last_day}T00:00:00Z")),
            Cell(one.events, href("/events", source=one.source)),
        ),
        empty="None.",
    )  # fmt: skip


def _rhythm(one: SourceRhythm | None) -> Cell:
    if one is None:
        return Cell(None)
    if one.silent is None:
        return Cell(one.reason, words=f"unknown: {reason(one.reason)}")
    days = one.longest_pause_days or 1
    return Cell(days, words="every day" if days == 1 else f"pauses up to {counted(days, 'day')}")


def _counts(one: Source, first: date, last: date) -> list[float | None]:
    told = dict(zip(one.days, one.counts, strict=True))
    return [float(told.get(first + timedelta(days=n), 0)) for n in range((last - first).days + 1)]
