"""Messages that were no reports: what was wrong, where, how often, and each as it came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response

from evistore.clusters import faulty, quarantine
from evistore.clusters.faulty import Asked, Fault, Kind, Listed
from evistore.clusters.pages_kept import kept_table
from evistore.clusters.pages_parts import WHOLE, Cursor, Text, faults_table, laid_out
from evistore.kernel.database import Database
from evistore.web import tables
from evistore.web.filters import Row
from evistore.web.pages import Pages, href
from evistore.web.tables import Cell, Column, Table, rows_for

_OWN = ("topic", "pointer", "code")
_SHOWN = 20_000
_KEPT = 20


def add_to(routes: APIRouter, pages: Pages, database: Database) -> None:
    """Put the pages into *routes*."""

    @routes.get("/clusters/errors")
    def get_errors(
        request: Request,
        topic: Text | None = None,
        pointer: Text | None = None,
        code: Text | None = None,
        cursor: Cursor = None,
    ) -> Response:
        row = Row.of(request.query_params, "time")
        window = row.window
        # An address holds no empty value: the whole message is named by a word that no pointer is.
        place = "" if pointer == "-" else pointer
        asked = Asked(window.until, window.since, topic, place, code)
        with database.transaction(read_only=True) as tx:
            page = faulty.page(tx, asked, cursor=cursor, limit=rows_for(request))
            kinds = faulty.kinds(tx, asked)
            total = faulty.total(tx, asked)
            kept = quarantine.within(tx, since=window.since, until=window.until, reason=code, limit=_KEPT)
            kept_total = quarantine.total(tx, since=window.since, until=window.until, reason=code)
        return pages.render(
            request,
            "errors",
            place="Clusters",
            filters=row,
            tables=[
                _errors_table(page.items, page.next),
                _kinds_table(kinds, row),
                kept_table(kept),
            ],
            own_fields=_OWN,
            asked={name: value for name in _OWN if (value := request.query_params.get(name))},
            kinds=kinds,
            total=total,
            # What came by another door has no topic, and its faults are told one by one only on its own page.
            kept_total=0 if topic or pointer else kept_total,
        )

    @routes.get("/clusters/errors/{topic}/{partition}/{offset}")
    def get_error(
        request: Request,
        topic: Annotated[Text, Path()],
        partition: Annotated[int, Path(ge=0, lt=2**31)],
        offset: Annotated[int, Path(ge=0, lt=2**63)],
    ) -> Response:
        with database.transaction(read_only=True) as tx:
            found = faulty.one(tx, topic, partition, offset, longest=_SHOWN)
        return pages.render(
            request,
            "error",
            place="Clusters",
            tables=[faults_table(found.faults or ())],
            found=found,
            shown=_SHOWN,
            laid_out=laid_out(found.message or ""),
        )

    _ = get_errors, get_error


def error_href(topic: str, partition: int, offset: int) -> str:
    """The page of a faulty message."""
    return f"/clusters/errors/{quote(topic, safe='')}/{partition}/{offset}"


def _errors_table(found: Iterable[Listed], following: str | None) -> Table:
    columns = (
        Column("consumed_at", "Read", "ago"),
        Column("topic", "Topic", "id", minor=True),
        Column("place", "Offset", "number"),
        Column("pointers", "Where", "id"),
        Column("error", "What is wrong"),
        Column("produced_at", "Sent", "ago", minor=True),
        Column("characters", "Characters", "number", minor=True),
    )

    def row(one: Listed) -> Sequence[Any]:
        place = error_href(one.topic, one.partition, one.topic_offset)
        return (
            Cell(one.consumed_at, place),
            one.topic,
            Cell(f"{one.topic}/{one.partition}/{one.topic_offset}", place, f"{one.partition}/{one.topic_offset}"),
            _pointers(one.faults),
            one.error,
            one.produced_at,
            one.characters,
        )

    return tables.of(
        "errors",
        "Messages that were no reports, newest first",
        columns,
        found,
        row,
        next=following,
        empty="No message was faulty.",
    )


def _pointers(faults: Sequence[Fault] | None) -> Cell:
    if faults is None:
        return Cell(None, words="not told")
    return Cell(", ".join(dict.fromkeys(fault["pointer"] or WHOLE for fault in faults)))


def _kinds_table(found: Iterable[Kind], row: Row) -> Table:
    columns = (
        Column("pointer", "Where", "id"),
        Column("code", "Code"),
        Column("messages", "Messages", "number"),
        Column("newest_at", "Newest", "ago"),
        Column("example", "Of the newest it was said", minor=True),
    )
    query = row.filters.query
    return tables.of(
        "kinds",
        "What is wrong with messages, the most frequent first",
        columns,
        found,
        lambda one: (
            Cell(one.pointer, words=one.pointer or WHOLE),
            one.code,
            Cell(one.messages, href("/clusters/errors", **query, pointer=one.pointer or "-", code=one.code)),
            one.newest_at,
            one.example,
        ),
    )
