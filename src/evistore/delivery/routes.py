"""The doors out under ``/api/delivery/v1``: events, subjects, services, the graph.

Ids stand in the query, never in the path: they contain slashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request

from evistore.delivery import events, provenance, services, subjects
from evistore.delivery.events import Event, Filter
from evistore.delivery.parameters import Cursor, Limit, Moment, Text, Word, known_parameters, reading
from evistore.delivery.provenance import Direction, Reach
from evistore.delivery.routes_schema import answers
from evistore.delivery.services import Placement, Service
from evistore.delivery.subjects import Attempt, Listed, State
from evistore.kernel.errors import NotFound

BASE = "/api/delivery/v1"
router = APIRouter(prefix=BASE, tags=["delivery"], dependencies=[Depends(known_parameters)])

Position = Annotated[int, Path(ge=1, lt=2**63, description="Position of the event.")]
Depth = Annotated[int, Query(ge=0, le=50, description="Most steps from the node.")]


@dataclass(frozen=True, slots=True)
class Events:
    """Events, newest first; ``next`` is the path of the following page."""

    items: list[Event]
    next: str | None


@dataclass(frozen=True, slots=True)
class Subjects:
    """Subjects of one type; ``next`` is the path of the following page."""

    items: list[Listed]
    next: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an id: a state for each type that has it, the attempts of a run, the newest events."""

    states: list[State]
    attempts: list[Attempt]
    events: Events


@dataclass(frozen=True, slots=True)
class Running:
    """What runs where; ``at`` is the moment asked for, null for now."""

    at: Moment | None
    items: list[Placement]


@dataclass(frozen=True, slots=True)
class Services:
    """Services with every place they run in now."""

    items: list[Service]


def link(request: Request, cursor: str | None) -> str | None:
    """The path of the page that begins at *cursor*, with the same filters."""
    if cursor is None:
        return None
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"


@router.get("/events", operation_id="list_events", summary="Events, newest first", responses=answers("events"))
def list_events(
    request: Request,
    *,
    subject: Annotated[Word | None, Query(description="Type of subject.", examples=["service"])] = None,
    subject_id: Annotated[Text | None, Query(description="Id of the subject.")] = None,
    predicate: Annotated[Word | None, Query(description="What happened.", examples=["deployed"])] = None,
    source: Annotated[Text | None, Query(description="`context.source`.")] = None,
    verdict: Annotated[
        Word | None, Query(description="`valid`, `invalid`, `no-schema`, or `none`: nobody judged it.")
    ] = None,
    since: Annotated[Moment | None, Query(alias="from", description="First moment of the window, UTC.")] = None,
    until: Annotated[Moment | None, Query(description="First moment after the window, UTC.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Events:
    """Events that pass all filters. A page may be short, or empty, and still have a next one: a rare filter goes on there."""
    wanted = Filter(subject, subject_id, predicate, source, verdict, since, until)
    with reading(request) as tx:
        page = events.page(tx, wanted, cursor=cursor, limit=limit)
    return Events(list(page.items), link(request, page.next))


@router.get(
    "/events/{position}", operation_id="get_event", summary="One event by its position", responses=answers("event", 404)
)
def get_event(request: Request, position: Position) -> Event:
    """The event at a position of the lake, with its payload as it was received."""
    with reading(request) as tx:
        return events.at(tx, position)


@router.get(
    "/subjects/{type}", operation_id="list_subjects", summary="Subjects of one type", responses=answers("subjects")
)
def list_subjects(
    request: Request,
    subject: Annotated[Word, Path(alias="type", description="Type, lower case, such as `pipelinerun`.")],
    *,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Subjects:
    """Runs, artifacts, incidents, tickets, changes and branches newest first; all others by id."""
    with reading(request) as tx:
        page = subjects.page(tx, subject, cursor=cursor, limit=limit)
    return Subjects(list(page.items), link(request, page.next))


@router.get(
    "/subject", operation_id="get_subject", summary="What is known of one id", responses=answers("subject", 404)
)
def get_subject(
    request: Request,
    *,
    subject_id: Annotated[Text, Query(alias="id", description="Id of the subject, as sent.", examples=["shop"])],
    subject: Annotated[Word | None, Query(alias="type", description="Its type, lower case; else every type.")] = None,
    limit: Limit = 50,
) -> Known:
    """The state of the subject, its attempts, and its newest events."""
    with reading(request) as tx:
        states = subjects.states(tx, subject_id, subject)
        if not states:
            raise NotFound("no event ever named this id", code="not-found")
        attempts = [one for state in states for one in subjects.attempts(tx, state.subject, subject_id)]
        page = events.page(tx, Filter(subject=subject, subject_id=subject_id), limit=limit)
    told = {"subject_id": subject_id} | ({"subject": subject} if subject else {})
    following = f"{BASE}/events?{urlencode(told | {'cursor': page.next})}" if page.next else None
    return Known(states, attempts, Events(list(page.items), following))


@router.get("/running", operation_id="list_running", summary="What runs where", responses=answers("running"))
def list_running(
    request: Request,
    *,
    at: Annotated[Moment | None, Query(description="Moment to tell about, UTC; else now.")] = None,
    service: Annotated[Text | None, Query(description="Only this service.")] = None,
    environment: Annotated[Text | None, Query(description="Only this environment.")] = None,
) -> Running:
    """The artifact that each service runs in each environment, now or at a moment; removed services are left out."""
    with reading(request) as tx:
        return Running(at, services.running(tx, at=at, service=service, environment=environment))


@router.get(
    "/services",
    operation_id="list_services",
    summary="Services and where they run now",
    responses=answers("services"),
)
def list_services(
    request: Request, *, service: Annotated[Text | None, Query(description="Only this service.")] = None
) -> Services:
    """Every service that runs somewhere; `drifted` when its environments do not all run the same artifact."""
    with reading(request) as tx:
        return Services(services.grouped(services.running(tx, service=service)))


@router.get(
    "/graph/{direction}",
    operation_id="get_graph",
    summary="What a node came from, or what came of it",
    responses=answers("reach", 404),
)
def get_graph(
    request: Request,
    direction: Annotated[Direction, Path(description="Along the relations, or against them.")],
    *,
    node_id: Annotated[Text, Query(alias="id", description="Id of the subject, as sent.", examples=["shop"])],
    depth: Depth = provenance.DEPTH,
    limit: Annotated[int, Query(ge=1, le=5000, description="Most nodes.")] = provenance.NODES,
) -> Reach:
    """Every node within reach, each once with the shortest way to it, and the relations between them."""
    with reading(request) as tx:
        return provenance.reach(tx, node_id, direction, depth=depth, limit=limit)
