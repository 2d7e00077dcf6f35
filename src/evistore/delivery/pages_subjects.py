"""Subjects: the list of a type, one of them with its state, attempts and neighbourhood, and the search for any id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from evistore.delivery import events, provenance, services, subjects
from evistore.delivery.events import Filter
from evistore.delivery.graph_picture import Neighbourhood, neighbourhood
from evistore.delivery.pages_services import placements_table
from evistore.delivery.pages_tables import event_table, listed_table, near_table, subject_href
from evistore.delivery.parameters import Cursor, Text, Word, reading
from evistore.delivery.provenance import Direction, Reach
from evistore.kernel.database import Transaction
from evistore.kernel.errors import NotFound
from evistore.web.application import Finder
from evistore.web.filters import Row
from evistore.web.pages import Pages, href
from evistore.web.tables import Table, rows_for

_LATEST = 25
_STEPS = 4
_NEAR = 200
_PLACES = {"pipelinerun": "Pipelines", "taskrun": "Pipelines", "artifact": "Artifacts", "service": "Services"}


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the pages into *routes*."""

    @routes.get("/subjects/{subject}")
    def get_subjects(request: Request, subject: Annotated[Word, Path()], cursor: Cursor = None) -> Response:
        with reading(request) as tx:
            page = subjects.page(tx, subject, cursor=cursor, limit=rows_for(request))
        table = listed_table(subject, page.items, page.next)
        return pages.render(
            request,
            "subjects",
            place=_PLACES.get(subject, "Events"),
            filters=Row.of(request.query_params),
            tables=[table],
            subject=subject,
        )

    @routes.get("/subject")
    def get_subject(
        request: Request,
        subject_id: Annotated[Text, Query(alias="id")],
        subject: Annotated[Word | None, Query(alias="type")] = None,
    ) -> Response:
        with reading(request) as tx:
            values = known(tx, subject_id, subject)
            placements = services.running(tx, service=subject_id)
        near = [table.by(request.query_params) if _sorts(request, table) else table for table in values.pop("tables")]
        kind = values["states"][0].subject
        return pages.render(
            request,
            "subject",
            place=_PLACES.get(kind, ""),
            filters=Row.of(request.query_params),
            tables=[*near, placements_table(placements)],
            **values,
        )

    @routes.get("/search")
    def get_search(request: Request, q: str = "") -> Response:
        asked = q.strip().replace("\0", "")[:2000]
        with reading(request) as tx:
            found = _found(tx, asked) if asked else None
        if asked and not found:
            finders: Sequence[Finder] = request.app.state.finders
            found = next(filter(None, (find(asked) for find in finders)), None)
        if found:
            return RedirectResponse(found, 303)
        return pages.render(request, "search", status=404 if asked else 200, asked=asked)

    _ = get_subjects, get_subject, get_search


def known(tx: Transaction, subject_id: str, subject: str | None) -> dict[str, Any]:
    """What is known of the subjects with this id: states, attempts, newest events, and what is near in the graph.

    Raises:
        NotFound: no event ever named it.
    """
    states = subjects.states(tx, subject_id, subject)
    if not states:
        raise NotFound(f"no event ever named {subject_id[:200]!r}", code="not-found")
    ancestors, descendants = (
        provenance.reach(tx, subject_id, direction, depth=_STEPS, limit=_NEAR)
        for direction in ("ancestors", "descendants")
    )
    latest = events.page(tx, Filter(subject=subject, subject_id=subject_id), limit=_LATEST).items
    attempts = [one for state in states for one in subjects.attempts(tx, state.subject, subject_id)]
    return {
        "subject_id": subject_id,
        "states": states,
        "attempts": attempts,
        "ancestors": ancestors,
        "descendants": descendants,
        "near": drawn(ancestors, descendants),
        "latest": latest,
        "tables": [
            event_table(latest, **{"All its events": href("/events", subject_id=subject_id)}),
            _near(ancestors, "ancestors", subject_id, "What it came from or depends on", "No event says what it came from."),
            _near(descendants, "descendants", subject_id, "What came of it or depends on it", "No event says what came of it."),
        ],
    }  # fmt: skip


def drawn(ancestors: Reach, descendants: Reach) -> Neighbourhood:
    """The picture of what is near."""
    return neighbourhood(ancestors, descendants, subject_href, "#descendants")


def _near(reach: Reach, direction: Direction, subject_id: str, caption: str, empty: str) -> Table:
    api = href(f"/api/delivery/v1/graph/{direction}", id=subject_id, depth=_STEPS, limit=5000)
    return near_table(reach, direction, caption, empty, api)


def _sorts(request: Request, table: Table) -> bool:
    return "sort" in request.query_params and any(column.sortable for column in table.columns)


def _found(tx: Transaction, asked: str) -> str | None:
    """Where the subject or event stands that somebody asked for by any id."""
    if states := subjects.states(tx, asked):
        return (
            subject_href("artifact", asked)
            if {one.subject for one in states} == {"artifact"}
            else href("/subject", id=asked)
        )
    if named := events.named(tx, asked):
        return f"/event/{named[0].position}"
    if reached := _spelled(tx, asked):
        return href("/artifact", id=reached)
    return None


def _spelled(tx: Transaction, asked: str) -> str | None:
    """The id under which a package URL stands that was asked for in another spelling."""
    try:
        return provenance.reach(tx, asked, "ancestors", depth=0, limit=1, edges=False).nodes[0].node_id
    except NotFound:
        return None
