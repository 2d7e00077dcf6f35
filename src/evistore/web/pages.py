"""HTML pages: one shell around everything, templates compiled at start, everything escaped, nothing that the policy forbids.

How a context makes a page::

    pages = Pages("evistore.delivery")  # compiles its templates/, once
    routes = pages.router()  # faults become pages


    @routes.get("/sources")
    def get_sources(request: Request) -> Response:
        row = Row.of(request.query_params, "time", "source")  # the filters that this page applies
        with reading(request) as tx:
            found = sources.heard(tx, row.window)
        return pages.render(request, "sources", place="Events", filters=row, tables=[source_table(found)])

The template extends ``web/base.html`` and fills its blocks ``title``, ``main`` and ``foot``; it draws with the macros of ``web/parts.html`` (times,
links, tables, figures, empty states), ``web/charts.html`` (what :mod:`evistore.web.charts` prepares) and ``web/graph.html`` (what
:mod:`evistore.web.layers` lays out), each imported ``with context``. In every template stand ``now``, ``ago(at)``, ``elapsed(at)``, ``link(path, …)``
(keeps the filters), ``href(path, …)`` (does not), ``here(…)`` (this page with another query), ``filters`` (a :class:`~evistore.web.filters.Row`
or ``None``), ``places`` and ``place``. ``?format=csv`` and ``?format=json`` of any page give its table, or the one that ``table=`` names.

The places of the top bar are the application's: whoever puts it together names them once.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

from evistore.kernel.errors import Fault, Misconfigured, NotFound
from evistore.web import assets, words
from evistore.web.filters import Filters, Row
from evistore.web.problems import status_of
from evistore.web.tables import Table, as_file, asked_format

_OWN = frozenset({"cursor", "format", "table"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the top bar, with the key that leads there after ``g``."""

    name: str
    path: str
    key: str


class Pages:
    """The pages of one package."""

    def __init__(self, package: str, **constants: Any) -> None:
        """Compile all of *package*'s ``templates/`` and the shell's own; *constants* are known in each."""
        own = PackageLoader(package)
        self._environment = Environment(
            loader=ChoiceLoader([own, PrefixLoader({"web": PackageLoader("evistore.web", "templates/pages")})]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        filters: dict[str, Any] = dict(words.FILTERS)
        known: dict[str, Any] = {
            "asset": assets.PATHS,
            "href": href,
            "unknown": words.unknown,
            "coverage": words.coverage,
        }
        self._environment.filters.update(filters)
        self._environment.globals |= known | constants
        for name in self._environment.list_templates(extensions=["html"]):
            self._environment.get_template(name)

    def render(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        place: str = "",
        filters: Row | None = None,
        tables: Sequence[Table] = (),
        **values: Any,
    ) -> Response:
        """The page *template* with *values*, or one of its *tables* where the query asks for a file.

        Raises:
            Rejected: the query asks for a format that there is not.
            NotFound: it asks for a table that the page does not have.
        """
        kind = asked_format(request.query_params)
        if kind is not None and status == HTTP_OK:
            table = _chosen(tables, request.query_params.get("table"))
            return as_file(table, kind, here(request, cursor=table.next, format=kind) if table.next else None)
        now = datetime.now(UTC)
        asked = filters.filters if filters else _quiet(request)
        text = self._environment.get_template(f"{template}.html").render(
            now=now,
            ago=partial(words.ago, now=now),
            elapsed=partial(words.elapsed, now=now),
            link=asked.link,
            here=partial(here, request),
            request=request,
            places=getattr(request.app.state, "places", ()),
            place=place,
            filters=filters,
            tables={table.name: table for table in tables},
            **values,
        )
        return _packed(request, text.encode("utf-8", "replace"), status)

    def router(self) -> APIRouter:
        """A router whose faults are pages that say what to do."""
        return APIRouter(include_in_schema=False, route_class=_told_as_pages(self))


HTTP_OK = 200
_LEVEL = 3


def _packed(request: Request, text: bytes, status: int) -> Response:
    """The page as a response, compressed where the browser takes that: no page holds a secret that its length could tell."""
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return HTMLResponse(
            gzip.compress(text, _LEVEL, mtime=0), status, headers=headers | {"Content-Encoding": "gzip"}
        )
    return HTMLResponse(text, status, headers=headers)


def href(path: str, **query: object) -> str:
    """A link to *path* with what is known of *query*; ``from_`` is ``from``."""
    told = {name.rstrip("_"): value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(told)}" if told else path


def here(request: Request, **changed: object) -> str:
    """This page with another query: what *changed* names, with ``None`` for what goes; a cursor or format never stays."""
    kept = {name: value for name, value in request.query_params.items() if name not in _OWN}
    return href(request.url.path, **(kept | changed))


def _quiet(request: Request) -> Filters:
    """The filters of a page that has no row of them: handed on where they fit."""
    try:
        return Filters.of(request.query_params)
    except Fault:
        return Filters(datetime.now(UTC))


def _chosen(tables: Sequence[Table], name: str | None) -> Table:
    for table in tables:
        if name in (None, table.name):
            return table
    raise NotFound("this page has no such table", code="not-found")


def _told_as_pages(pages: Pages) -> type[APIRoute]:
    class Told(APIRoute):
        """A route that answers a fault with a page that says what to do."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            """The route's handler, with faults caught."""
            handler = super().get_route_handler()

            async def answer(request: Request) -> Response:
                given = request.query_params.multi_items()
                if not all(value for _, value in given):  # a form sends its empty fields too
                    kept = urlencode([(name, value) for name, value in given if value])
                    return RedirectResponse(f"{request.url.path}?{kept}" if kept else request.url.path, 303)
                try:
                    return await handler(request)
                except Misconfigured:
                    raise
                except Fault as fault:
                    return pages.render(request, "web/fault", status=status_of(fault), message=fault.message)
                except RequestValidationError:
                    return pages.render(request, "web/fault", status=422, message="a part of this address does not fit")

            return answer

    return Told
