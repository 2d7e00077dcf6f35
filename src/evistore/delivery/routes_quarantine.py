"""The doors of the quarantine: look, take in again, drop. What changes something asks for the same token as sending does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request

from evistore.delivery import quarantine
from evistore.delivery.ingest import Mode, Receipt
from evistore.delivery.parameters import Limit, Word, known_parameters, reading
from evistore.delivery.quarantine import Entry, Message
from evistore.delivery.routes import link
from evistore.delivery.routes_schema import answers
from evistore.kernel.database import Database
from evistore.kernel.errors import Forbidden
from evistore.web.access import Access

PREFIX = "/api/delivery/v1/quarantine"
Number = Annotated[int, Path(ge=1, lt=2**63, description="Number of the message, as the sender was told.")]


@dataclass(frozen=True, slots=True)
class Entries:
    """Messages in quarantine, the newest first; ``next`` is the path of the following page."""

    items: list[Entry]
    next: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A message with what came: ``payload`` where it is JSON that the database can hold, else ``text``, or ``base64``."""

    id: int
    received_at: datetime
    reason: str
    detail: str
    origin: str
    seen: int
    state: str
    settled_at: datetime | None
    settled_by: str | None
    payload: Any
    text: str | None
    base64: str | None


def router(access: Access, mode: Mode) -> APIRouter:
    """The routes of the quarantine; those that change something are for whom *access* lets send."""

    def may_change(request: Request) -> None:
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Forbidden("the request came from a page of another site", code="cross-site")
        if not access.by_token(request.headers):
            raise Forbidden("this asks for a token; a signature is for events", code="credentials-missing")

    routes = APIRouter(prefix=PREFIX, tags=["quarantine"], dependencies=[Depends(known_parameters)])
    guarded = [Depends(may_change)]

    routes.get("", operation_id="list_quarantine", summary="What was not taken in", responses=answers("quarantine"))(
        list_quarantine
    )
    routes.get(
        "/{number}",
        operation_id="get_quarantine",
        summary="One message in quarantine, with what came",
        responses=answers("message", 404),
    )(get_quarantine)

    @routes.post(
        "/{number}/replay",
        operation_id="replay_quarantine",
        summary="Try to take a message in again",
        responses=answers("receipt", 401, 403, 404),
        dependencies=guarded,
    )
    def replay_quarantine(request: Request, number: Number) -> Receipt:
        """Settled as replayed when it is stored now, or known already; else it stays, and the outcome says why."""
        database: Database = request.app.state.database
        with database.transaction() as tx:
            return quarantine.replay(tx, number, mode=mode)

    @routes.post(
        "/{number}/drop",
        operation_id="drop_quarantine",
        summary="Give a message up",
        responses=answers("message", 401, 403, 404),
        dependencies=guarded,
    )
    def drop_quarantine(request: Request, number: Number) -> Kept:
        """It stays for the record, marked as dropped."""
        database: Database = request.app.state.database
        with database.transaction() as tx:
            return _told(quarantine.drop(tx, number))

    _ = replay_quarantine, drop_quarantine
    return routes


def list_quarantine(
    request: Request,
    *,
    state: Annotated[
        Literal["open", "replayed", "dropped", "all"], Query(description="What became of them; `all` is any.")
    ] = "open",
    reason: Annotated[Word | None, Query(description="Code of the reason.", examples=["conflict"])] = None,
    cursor: Annotated[int | None, Query(ge=1, lt=2**63, description="Where the page begins.")] = None,
    limit: Limit = 50,
) -> Entries:
    """Messages that were kept but not taken in, the newest first."""
    with reading(request) as tx:
        page = quarantine.page(tx, state=None if state == "all" else state, reason=reason, before=cursor, limit=limit)
    return Entries(list(page.items), link(request, page.next))


def get_quarantine(request: Request, number: Number) -> Kept:
    """What came, why it was set aside, and what became of it."""
    with reading(request) as tx:
        return _told(quarantine.one(tx, number))


def _told(message: Message) -> Kept:
    return Kept(
        message.id,
        message.received_at,
        message.reason,
        message.detail,
        message.origin,
        message.seen,
        message.state,
        message.settled_at,
        message.settled_by,
        message.payload,
        message.text,
        message.encoded,
    )
