"""Events: the list with its filters, and one event as it was received with what was made of it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request, Response

from evistore.delivery import events
from evistore.delivery.events import Filter
from evistore.delivery.pages_tables import event_table
from evistore.delivery.parameters import Cursor, Text, Word, reading
from evistore.web.filters import Row
from evistore.web.pages import Pages
from evistore.web.tables import rows_for

_OWN = ("subject", "predicate", "subject_id", "verdict")


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the pages into *routes*."""

    @routes.get("/events")
    def get_events(  # noqa: PLR0917  # a query has many parts
        request: Request,
        subject: Word | None = None,
        subject_id: Text | None = None,
        predicate: Word | None = None,
        verdict: Word | None = None,
        cursor: Cursor = None,
    ) -> Response:
        row = Row.of(request.query_params, "time", "source", usual="")
        since, until = row.filters.bounds()
        wanted = Filter(subject, subject_id, predicate, row.filters.source, verdict, since, until)
        with reading(request) as tx:
            page = events.page(tx, wanted, cursor=cursor, limit=rows_for(request))
        asked = {name: value for name in _OWN if (value := request.query_params.get(name))}
        api = {
            "from": since and since.isoformat(),
            "until": until and until.isoformat(),
            "source": row.filters.source,
        } | asked
        kept = urlencode({name: value for name, value in api.items() if value})
        return pages.render(
            request,
            "events",
            place="Events",
            filters=row,
            tables=[event_table(page.items, page.next, API=f"/api/delivery/v1/events{'?' if kept else ''}{kept}")],
            own_fields=_OWN,
            asked=asked,
            first=cursor is None,
        )

    @routes.get("/event/{position}")
    def get_event(request: Request, position: Annotated[int, Path(ge=1, lt=2**63)]) -> Response:
        with reading(request) as tx:
            event = events.at(tx, position)
            around = (
                events.page(tx, Filter(subject_id=event.subject_id), limit=10).items if event.subject_id else [event]
            )
        return pages.render(request, "event", place="Events", tables=[event_table(around)], event=event)

    _ = get_events, get_event
