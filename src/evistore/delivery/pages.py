"""Pages of the delivery evidence: what is going on, what runs where, and the event and subject behind every number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from evistore.delivery import events, provenance, services, subjects
from evistore.delivery.events import Filter
from evistore.delivery.parameters import Cursor, Moment, Text, Word, reading
from evistore.delivery.services import Placement, Service
from evistore.kernel.database import Transaction
from evistore.kernel.errors import NotFound
from evistore.web.pages import Pages

_LATEST = 25
_ROWS = 40
_NEAR = 13
_ORDER = ("local", "dev", "development", "test", "testing", "ci", "qa", "int", "uat", "staging", "stage", "preprod")


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the matrix; ``older`` when another environment was given another artifact since."""

    placement: Placement
    version: str
    older: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One service in the matrix."""

    service: Service
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Services by environments."""

    environments: tuple[str, ...]
    rows: Sequence[Row]
    total: int
    drifted: int


def href(path: str, **query: object) -> str:
    """A link to *path* with what is known of *query*."""
    told = {name.rstrip("_"): value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(told)}" if told else path


def matrix(found: Iterable[Placement], *, most: int | None = None) -> Matrix:
    """What runs where as a matrix: services that changed last first, environments on their way to production."""
    every = services.grouped(found)
    environments = tuple(sorted({one.environment_id for service in every for one in service.placements}, key=_place))
    every.sort(key=lambda service: max(one.since for one in service.placements), reverse=True)
    rows = [_row(service, environments) for service in every[:most]]
    return Matrix(environments, rows, len(every), sum(service.drifted for service in every))


def _place(environment: str) -> tuple[int, str]:
    name = environment.lower()
    known = next(
        (n for n, stage in enumerate(_ORDER) if name == stage or name.startswith((f"{stage}-", f"{stage}/"))), None
    )
    if known is not None:
        return known, name
    return (len(_ORDER) + 1 if name.startswith("prod") else len(_ORDER)), name


def _row(service: Service, environments: Sequence[str]) -> Row:
    newest = max(service.placements, key=lambda one: one.since)
    places = {
        one.environment_id: Cell(one, services.short(one.artifact_id), _differ(one, newest))
        for one in service.placements
    }
    return Row(service, tuple(places.get(name) for name in environments))


def _differ(one: Placement, newest: Placement) -> bool:
    """Whether two places are known to run different artifacts."""
    return None not in (one.artifact_id, newest.artifact_id) and one.artifact_id != newest.artifact_id


def router() -> APIRouter:
    """The pages, with their style sheet."""
    pages = Pages("evistore.delivery", href=href)
    routes = pages.router()

    @routes.get("/")
    def get_overview(request: Request) -> Response:
        now = datetime.now(UTC).replace(microsecond=0)
        with reading(request) as tx:
            return pages.shown(
                "overview",
                place="Overview",
                day_ago=f"{now - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}",
                week_ago=f"{now - timedelta(days=7):%Y-%m-%dT%H:%M:%SZ}",
                summary=events.summary(tx),
                activity=events.activity(tx, now=now),
                matrix=matrix(services.running(tx), most=_ROWS),
                latest=events.page(tx, Filter(), limit=_LATEST).items,
            )

    @routes.get("/services")
    def get_services(request: Request, at: Moment | None = None) -> Response:
        with reading(request) as tx:
            return pages.shown("services", place="Services", at=at, matrix=matrix(services.running(tx, at=at)))

    @routes.get("/events")
    def get_events(  # noqa: PLR0917  # a query has many parts
        request: Request,
        subject: Word | None = None,
        subject_id: Text | None = None,
        predicate: Word | None = None,
        source: Text | None = None,
        verdict: Word | None = None,
        since: Annotated[Moment | None, Query(alias="from")] = None,
        until: Moment | None = None,
        cursor: Cursor = None,
    ) -> Response:
        wanted = Filter(subject, subject_id, predicate, source, verdict, since, until)
        with reading(request) as tx:
            page = events.page(tx, wanted, cursor=cursor, limit=50)
        kept = {name: value for name, value in request.query_params.items() if name != "cursor"}
        following = f"/events?{urlencode(kept | {'cursor': page.next})}" if page.next else None
        return pages.shown("events", place="Events", filters=kept, latest=page.items, following=following)

    @routes.get("/event/{position}")
    def get_event(request: Request, position: Annotated[int, Path(ge=1, lt=2**63)]) -> Response:
        with reading(request) as tx:
            return pages.shown("event", place="Events", event=events.at(tx, position))

    @routes.get("/subjects/{subject}")
    def get_subjects(request: Request, subject: Annotated[Word, Path()], cursor: Cursor = None) -> Response:
        with reading(request) as tx:
            page = subjects.page(tx, subject, cursor=cursor)
        following = href(f"/subjects/{subject}", cursor=page.next) if page.next else None
        place = {"pipelinerun": "Pipelines", "artifact": "Artifacts"}.get(subject, "Events")
        return pages.shown("subjects", place=place, subject=subject, listed=page.items, following=following)

    @routes.get("/subject")
    def get_subject(
        request: Request,
        subject_id: Annotated[Text, Query(alias="id")],
        subject: Annotated[Word | None, Query(alias="type")] = None,
    ) -> Response:
        with reading(request) as tx:
            return pages.shown("subject", **_known(tx, subject_id, subject))

    @routes.get("/search")
    def get_search(request: Request, q: str = "") -> Response:
        asked = q.strip().replace("\0", "")[:2000]
        with reading(request) as tx:
            found = _found(tx, asked) if asked else None
        if found:
            return RedirectResponse(found, 303)
        return pages.shown("search", 404 if asked else 200, place="", asked=asked)

    _ = get_overview, get_services, get_events, get_event, get_subjects, get_subject, get_search
    return routes


def _known(tx: Transaction, subject_id: str, subject: str | None) -> dict[str, Any]:
    states = subjects.states(tx, subject_id, subject)
    if not states:
        raise NotFound(f"no event ever named {subject_id[:200]!r}", code="not-found")
    return {
        "place": {"service": "Services", "artifact": "Artifacts", "pipelinerun": "Pipelines"}.get(
            states[0].subject, ""
        ),
        "subject_id": subject_id,
        "states": states,
        "attempts": [one for state in states for one in subjects.attempts(tx, state.subject, subject_id)],
        "placements": [
            Cell(one, services.short(one.artifact_id), older=False) for one in services.running(tx, service=subject_id)
        ],
        "ancestors": provenance.reach(tx, subject_id, "ancestors", depth=4, limit=_NEAR, edges=False),
        "descendants": provenance.reach(tx, subject_id, "descendants", depth=4, limit=_NEAR, edges=False),
        "latest": events.page(tx, Filter(subject=subject, subject_id=subject_id), limit=_LATEST).items,
    }


def _found(tx: Transaction, asked: str) -> str | None:
    """Where the subject or event stands that somebody asked for by any id."""
    if subjects.states(tx, asked):
        return href("/subject", id=asked)
    if named := events.named(tx, asked):
        return f"/event/{named[0].position}"
    if reached := _spelled(tx, asked):
        return href("/subject", id=reached)
    return None


def _spelled(tx: Transaction, asked: str) -> str | None:
    """The id under which a package URL stands that was asked for in another spelling."""
    try:
        return provenance.reach(tx, asked, "ancestors", depth=0, limit=1, edges=False).nodes[0].node_id
    except NotFound:
        return None
