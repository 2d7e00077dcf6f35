"""The quarantine: what was kept but not taken in, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers

from evistore.delivery import quarantine
from evistore.delivery.ingest import Mode
from evistore.delivery.parameters import Word, reading
from evistore.delivery.quarantine import Entry
from evistore.kernel.database import Database
from evistore.kernel.errors import Rejected
from evistore.web import forms, tables
from evistore.web.access import Access
from evistore.web.filters import Row
from evistore.web.pages import Pages
from evistore.web.tables import Cell, Column, Table, rows_for

Number = Annotated[int, Path(ge=1, lt=2**63)]
Fields = Annotated[dict[str, str], Depends(forms.fields)]


def add_to(routes: APIRouter, pages: Pages, access: Access, mode: Mode) -> None:
    """Put the pages into *routes*; what changes something is for whom *access* lets send."""

    def allowed(given: dict[str, str]) -> None:
        access.by_token(Headers({access.token_header: given["token"]} if given.get("token") else {}))

    @routes.get("/quarantine")
    def get_quarantine(
        request: Request,
        state: Literal["open", "replayed", "dropped", "all"] = "open",
        reason: Word | None = None,
        cursor: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    ) -> Response:
        with reading(request) as tx:
            page = quarantine.page(
                tx, state=None if state == "all" else state, reason=reason, before=cursor, limit=rows_for(request)
            )
        table = entries_table(page.items, page.next)
        return pages.render(
            request,
            "quarantine",
            place="Events",
            filters=Row.of(request.query_params),
            tables=[table],
            state=state,
            reason=reason,
        )

    @routes.get("/quarantine/{number}")
    def get_entry(request: Request, number: Number) -> Response:
        with reading(request) as tx:
            message = quarantine.one(tx, number)
        return pages.render(
            request,
            "quarantined",
            place="Events",
            message=message,
            asks_token=not access.open,
            refused=request.query_params.get("refused"),
        )

    @routes.post("/quarantine/{number}/replay")
    def replay(request: Request, number: Number, given: Fields) -> Response:
        allowed(given)
        database: Database = request.app.state.database
        with database.transaction() as tx:
            receipt = quarantine.replay(tx, number, mode=mode)
        taken = receipt.outcome in ("stored", "duplicate")
        return RedirectResponse(f"/quarantine/{number}{'' if taken else '?refused=' + receipt.outcome}", 303)

    @routes.post("/quarantine/{number}/drop")
    def drop(request: Request, number: Number, given: Fields) -> Response:
        allowed(given)
        if given.get("sure") != "yes":
            raise Rejected("tick that you are sure: what is dropped is not taken in any more", code="request-invalid")
        database: Database = request.app.state.database
        with database.transaction() as tx:
            quarantine.drop(tx, number)
        return RedirectResponse(f"/quarantine/{number}", 303)

    _ = get_quarantine, get_entry, replay, drop


def entries_table(found: Iterable[Entry], following: str | None) -> Table:
    """Messages in quarantine."""
    columns = (
        Column("id", "Number", "id"),
        Column("received_at", "Came", "ago"),
        Column("reason", "Why", "id"),
        Column("detail", "In words", "text"),
        Column("origin", "From", "id", minor=True),
        Column("seen", "Times", "number"),
        Column("state", "State", "flag"),
    )
    return tables.of(
        "quarantine", "Messages in quarantine, newest first", columns, found, _row, next=following,
        empty="Nothing here: what came was taken in.", more={"API": "/api/delivery/v1/quarantine"},
    )  # fmt: skip


def _row(entry: Entry) -> Sequence[object]:
    return (
        Cell(entry.id, f"/quarantine/{entry.id}"),
        entry.received_at,
        Cell(entry.reason, f"/quarantine/{entry.id}"),
        entry.detail,
        entry.origin,
        entry.seen,
        entry.state,
    )
