"""HTML pages: templates compiled at start, everything escaped, one style sheet, and words for times and counts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined

from evistore.kernel.errors import Fault, Misconfigured
from evistore.web.problems import status_of

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


class Pages:
    """The templates of one package."""

    def __init__(self, package: str, **constants: Any) -> None:
        """Compile all of *package*'s ``templates/``; *constants* are known in each."""
        self._environment = Environment(
            loader=PackageLoader(package),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        folder = files(package).joinpath("templates")
        self._style, self._icon = (folder.joinpath(name).read_bytes() for name in ("style.css", "icon.svg"))
        self.style_path, self.icon_path = f"/style/{_named(self._style)}.css", f"/style/{_named(self._icon)}.svg"
        self._environment.filters.update({"count": count, "day": day, "clock": clock, "json": pretty})
        self._constants = constants | {"style_path": self.style_path, "icon_path": self.icon_path}
        for name in self._environment.list_templates(extensions=["html"]):
            self._environment.get_template(name)

    def shown(self, name: str, status: int = 200, **values: Any) -> Response:
        """The page *name* with *values*; times are told relative to now."""
        now = datetime.now(UTC)
        text = self._environment.get_template(f"{name}.html").render(
            now=now, ago=partial(ago, now=now), elapsed=partial(elapsed, now=now), **self._constants, **values
        )
        return HTMLResponse(text, status, headers={"Cache-Control": "no-cache"})

    def router(self) -> APIRouter:
        """A router whose errors are pages, with the style sheet."""
        routes = APIRouter(include_in_schema=False, route_class=_told_as_pages(self))

        @routes.get(self.style_path)
        def get_style() -> Response:
            return Response(self._style, media_type="text/css", headers=_FOREVER)

        @routes.get(self.icon_path)
        def get_icon() -> Response:
            return Response(self._icon, media_type="image/svg+xml", headers=_FOREVER)

        _ = get_style, get_icon
        return routes


def _named(content: bytes) -> str:
    """A name that changes with the content, so that browsers may keep it for ever."""
    return hashlib.sha256(content).hexdigest()[:12]


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
                    return pages.shown("fault", status_of(fault), message=fault.message)
                except RequestValidationError:
                    return pages.shown("fault", 422, message="a part of this address does not fit")

            return answer

    return Told


def count(number: int) -> str:
    """A count with thin spaces: 1 000 000."""
    return f"{number:,}".replace(",", "\u2009")


def day(at: datetime) -> str:
    """A date for people: 20 Mar 2026."""
    return f"{at.astimezone(UTC):%-d %b %Y}"


def clock(at: datetime) -> str:
    """An exact moment for people: 20 Mar 2026 14:27:05 UTC."""
    return f"{at.astimezone(UTC):%-d %b %Y %H:%M:%S} UTC"


def elapsed(at: datetime, now: datetime) -> str:
    """How long *at* is from *now*, in the two largest units: 3 h 12 min."""
    rest = abs(int((now - at).total_seconds()))
    parts: list[str] = []
    for unit, size in _UNITS:
        number, rest = divmod(rest, size)
        if number or parts:
            parts.append(f"{number}\u202f{unit}" if number else "")
        if len(parts) == _SHOWN:
            break
    return " ".join(part for part in parts if part) or "0\u202fs"


_SHOWN = 2


def ago(at: datetime, now: datetime) -> str:
    """When *at* was, as seen from *now*: 3 h 12 min ago."""
    return f"{elapsed(at, now)} ago" if at <= now else f"in {elapsed(at, now)}"


def pretty(value: Any) -> str:
    """JSON for people."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode()
