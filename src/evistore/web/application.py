"""The HTTP application: its parts behind one shell."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp

from evistore.kernel.database import Database
from evistore.kernel.errors import Unavailable
from evistore.web import assets, health, problems
from evistore.web.pages import Place
from evistore.web.shell import Door, Limits, Shell
from evistore.web.telemetry import Telemetry

Life = Callable[[], AbstractAsyncContextManager[None]]
Finder = Callable[[str], str | None]
"""Where the page of something stands that somebody asked for by its id; ``None`` where there is none of that id."""

# The framework would tell of its own requests only, with what their exceptions say; the shell tells of all (docs/decisions/0015-observability.md).
_NONE_OF_ITS_OWN: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


@dataclass(frozen=True, slots=True)
class Part:
    """What a context adds to the application."""

    router: APIRouter = field(default_factory=APIRouter)
    """Its routes, each with a unique ``operation_id``."""
    direct: dict[tuple[str, str], Door] = field(default_factory=dict[tuple[str, str], Door])
    """Doors by method and path that the shell calls itself; the router describes them as well."""
    mounts: dict[str, ASGIApp] = field(default_factory=dict[str, ASGIApp])
    """Applications of their own, by the prefix of their paths, which begins and ends with a slash; the shell calls them itself."""
    life: Sequence[Life] = ()
    """What is entered before the first request and left, in reverse, after the last."""
    finders: Sequence[Finder] = ()
    """What else the search for any id asks."""
    ends: Sequence[Callable[[], None]] = ()
    """What is called, from a signal handler, when the server is told to stop: answers without an end end then."""


def application(
    parts: Iterable[Part],
    *,
    database: Database,
    ready: health.Ready,
    limits: Limits,
    telemetry: Telemetry,
    places: Sequence[Place] = (),
    replica: health.Standing = health.no_replica,
) -> Shell:
    """The ASGI application of *parts*, with ``/health``, ``/ready``, ``/metrics`` and ``/openapi.json``.

    Routes find the database as ``request.app.state.database``, pages the *places* of the top bar, and the search what else to ask. From the moment it
    is told to end, ``/ready`` says no.
    """
    every, ending = list(parts), threading.Event()
    app = FastAPI(
        title="Evistore",
        summary="Evidence of software delivery: events in, answers out.",
        version=version("evistore"),
        docs_url=None,  # its page needs scripts of another host, which our policy forbids
        redoc_url=None,
        lifespan=_lifespan(every),
        telemetry=_NONE_OF_ITS_OWN,
    )
    app.state.database = database
    app.state.places = tuple(places)
    app.state.finders = tuple(find for part in every for find in part.finders)
    problems.install(app)
    app.include_router(health.router(_unless(ending, ready), telemetry, replica))
    app.include_router(assets.router())
    for part in every:
        app.include_router(part.router)
    direct = {place: door for part in every for place, door in part.direct.items()}
    mounts = {prefix: mounted for part in every for prefix, mounted in part.mounts.items()}
    ends = [ending.set, *(end for part in every for end in part.ends)]
    return Shell(app, limits=limits, telemetry=telemetry, direct=direct, mounts=mounts, ends=ends)


def _unless(ending: threading.Event, ready: health.Ready) -> health.Ready:
    def check() -> None:
        if ending.is_set():
            raise Unavailable("the server is going down", code="going-down")
        ready()

    return check


def _lifespan(parts: Sequence[Part]) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            for life in (life for part in parts for life in part.life):
                await stack.enter_async_context(life())
            yield

    return lifespan
