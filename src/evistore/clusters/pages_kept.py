"""Messages that came over HTTP or in files and were no reports: the list of them, and each with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from evistore.clusters import quarantine
from evistore.clusters.pages_parts import Text, faults_table, laid_out
from evistore.clusters.quarantine import Entry
from evistore.kernel.database import Database
from evistore.web import tables
from evistore.web.filters import Row
from evistore.web.pages import Pages
from evistore.web.tables import Cell, Column, Table, rows_for

Number = Annotated[int, Path(ge=1, lt=2**63)]
_SHOWN = 20_000
_OWN = ("reason",)


def add_to(routes: APIRouter, pages: Pages, database: Database) -> None:
    """Put the pages into *routes*."""

    @routes.get("/clusters/errors/kept")
    def get_kept(
        request: Request,
        state: Literal["open", "replayed", "dropped", "all"] = "open",
        reason: Text | None = None,
        cursor: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    ) -> Response:
        with database.transaction(read_only=True) as tx:
            page = quarantine.page(
                tx, state=None if state == "all" else state, reason=reason, before=cursor, limit=rows_for(request)
            )
        return pages.render(
            request,
            "kept",
            place="Clusters",
            filters=Row.of(request.query_params),
            tables=[kept_table(page.items, page.next)],
            own_fields=_OWN,
            asked={"reason": reason} if reason else {},
            state=state,
        )

    @routes.get("/clusters/errors/kept/{number}")
    def get_one(request: Request, number: Number) -> Response:
        with database.transaction(read_only=True) as tx:
            found = quarantine.one(tx, number)
        content = found.text if found.text is not None else found.encoded or ""
        return pages.render(
            request,
            "kept_message",
            place="Clusters",
            tables=[faults_table(fault._asdict() for fault in quarantine.faults(found))],
            found=found,
            content=content[:_SHOWN],
            characters=len(content),
            shown=_SHOWN,
            laid_out=laid_out(content) if len(content) <= _SHOWN else None,
        )

    _ = get_kept, get_one


def kept_href(number: int) -> str:
    """The page of a message in quarantine."""
    return f"/clusters/errors/kept/{number}"


def kept_table(found: Iterable[Entry], following: str | None = None) -> Table:
    """Messages in quarantine."""
    columns = (
        Column("id", "Number", "id"),
        Column("received_at", "Came", "ago"),
        Column("kind", "Kind", minor=True),
        Column("reason", "Why", "id"),
        Column("detail", "What is wrong"),
        Column("origin", "From", "id", minor=True),
        Column("seen", "Times", "number", minor=True),
        Column("state", "State", "flag"),
    )
    return tables.of(
        "kept",
        "Messages in quarantine, newest first",
        columns,
        found,
        lambda one: (
            Cell(one.id, kept_href(one.id)),
            one.received_at,
            one.kind,
            Cell(one.reason, kept_href(one.id)),
            one.detail,
            one.origin,
            one.seen,
            one.state,
        ),
        next=following,
        empty="No message is in quarantine.",
    )
