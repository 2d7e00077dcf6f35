"""The first page: what is going on, what changed since yesterday, what runs where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Request, Response

from evistore.delivery import activity, events, services
from evistore.delivery.events import Filter
from evistore.delivery.matrix import matrix
from evistore.delivery.pages_tables import changes_table, event_table
from evistore.delivery.parameters import reading
from evistore.delivery.scorecard import Scoring
from evistore.delivery.services import Placement
from evistore.web.calendars import Calendar, calendar
from evistore.web.charts import bars
from evistore.web.filters import Filters, Row, Window
from evistore.web.pages import Pages, href
from evistore.web.tables import Cell, Column, Table
from evistore.web.words import moment

_LATEST = 20
_ROWS = 40
_CHANGES = 12
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=371)


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the page into *routes*."""

    @routes.get("/")
    def get_overview(request: Request) -> Response:
        row = Row.of(request.query_params, "time", "environment", "service", "source", usual="90d")
        asked, now = row.filters, row.filters.now
        scoring = Scoring(request.app.state.database, row.window, asked)
        days = activity.in_time(
            request.app.state.database, lambda tx: activity.by_day(tx, *_days(row.window), source=asked.source)
        )
        with reading(request) as tx:
            places = services.running(tx, service=asked.service, environment=asked.environment)
            before = services.running(tx, at=now - _DAY, service=asked.service, environment=asked.environment)
            latest = events.page(tx, _wanted(asked), limit=_LATEST).items
            newest = events.newest(tx)
            summary, kinds = events.summary(tx), events.activity(tx, now=now)
        scores = scoring.scorecard(summary.first_at)
        changed = activity.changes(before, places)
        chart = None if days is None else calendar_of(days, row.window, asked)
        return pages.render(
            request,
            "overview",
            place="Overview",
            filters=Row(asked, row.applied, row.usual, _choices(places)),
            tables=[
                event_table(latest),
                changes_table(
                    changed, _CHANGES, **{"What changed in the last hour": asked.link("/changes", last="1h")}
                ),
                *(chart.table for chart in [chart] if chart and chart.table),
                *(one.table for one in [scores] if one),
            ],
            scores=scores,
            changed=changed,
            summary=summary,
            feed=_feed(asked),
            newest=newest or 0,
            latest=latest,
            day_ago=moment(now - _DAY),
            matrix=matrix(places, most=_ROWS),
            kinds=kinds,
            bars=bars([(one.subject, one.week, href("/events", subject=one.subject, last="7d")) for one in kinds]),
            calendar=chart,
        )

    _ = get_overview


def calendar_of(days: dict[date, int], window: Window, asked: Filters) -> Calendar:
    """The heat map of events per day; each day leads to its events."""
    first, last = _days(window)
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    links = {
        at: href("/events", from_=f"{at}T00:00:00Z", until=f"{at + _DAY}T00:00:00Z", source=asked.source)
        for at in every
    }
    rows = [(Cell(at.isoformat(), links[at]), days.get(at, 0)) for at in reversed(every)]
    table = Table("days", "Events per day (UTC)", (Column("day", "Day"), Column("events", "Events", "number")), rows)
    return calendar("Events per day", days, first, last, links, table=table)


def _wanted(asked: Filters) -> Filter:
    since, until = asked.bounds()
    kind = "service" if asked.service else None
    return Filter(subject=kind, subject_id=asked.service, source=asked.source, since=since, until=until)


def _feed(asked: Filters) -> str:
    """Where the page hears of what comes next."""
    names = {"environment": asked.environment, "service": asked.service, "source": asked.source}
    return href("/api/delivery/v1/feed", payload="false", **names)


def _days(window: Window) -> tuple[date, date]:
    """The days that *window* touches, at most a year of them."""
    last: datetime = max(window.since, window.until - timedelta(microseconds=1))
    return max(window.since, last - _LONGEST).date(), last.date()


def _choices(places: Sequence[Placement]) -> dict[str, Sequence[str]]:
    return {
        "environment": sorted({one.environment_id for one in places}),
        "service": sorted({one.service_id for one in places}),
    }
