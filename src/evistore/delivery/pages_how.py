"""How the figures of all pages are computed: every function and view that may be asked, in its own words and with its text."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from evistore.delivery import explained
from evistore.delivery.explained import Listed
from evistore.delivery.parameters import Word, reading
from evistore.kernel.errors import NotFound
from evistore.web import tables
from evistore.web.filters import Row
from evistore.web.pages import Pages
from evistore.web.tables import Cell, Column, Table


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the pages into *routes*."""

    @routes.get("/how")
    def get_all(request: Request) -> Response:
        with reading(request) as tx:
            found = explained.every(tx)
        return pages.render(
            request, "how_all", filters=Row.of(request.query_params), tables=[_table(found)], shown=found
        )

    @routes.get("/how/{name}")
    def get_one(request: Request, name: Annotated[Word, Path()]) -> Response:
        with reading(request) as tx:
            found = explained.explained(tx, name)
            known = {one.name: one for one in explained.every(tx)}
        if not found:
            raise NotFound(f"there is no function or view cdviz.{name[:100]}", code="not-found")
        named = sorted({other for one in found for other in one.named if other in known})
        return pages.render(
            request,
            "how_one",
            filters=Row.of(request.query_params),
            tables=[_table([known[other] for other in named])],
            found=found,
            name=name,
        )

    _ = get_all, get_one


def _table(found: list[Listed]) -> Table:
    columns = (Column("name", "Name", "id"), Column("kind", "Kind"), Column("words", "What it tells"))
    return tables.of(
        "functions", "Functions and views", columns, found,
        lambda one: (Cell(one.name, f"/how/{one.name}"), one.kind, one.words), empty="It is made of tables only.",
    )  # fmt: skip
