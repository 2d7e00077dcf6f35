"""The only place where things meet: settings, database, HTTP application, consumer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp

from evistore.clusters import doors as clusters
from evistore.delivery import CONTEXTS, DELIVERY
from evistore.delivery.doors import doors
from evistore.delivery.ingest import Item, Receipt, kafka_handler
from evistore.delivery.routes_ingest import Inbox, work
from evistore.kernel import consumer
from evistore.kernel.consumer import Stop
from evistore.kernel.database import Database
from evistore.kernel.messages import Route
from evistore.kernel.opening import opened
from evistore.kernel.readiness import readiness
from evistore.kernel.settings import Settings
from evistore.web.access import Access, check_exposure
from evistore.web.application import Life, Part, application
from evistore.web.group_commit import GroupCommit
from evistore.web.server import Started, listen
from evistore.web.shell import Limits
from evistore.web.telemetry import Telemetry


def http_application(settings: Settings, database: Database) -> ASGIApp:
    """The HTTP application on *database*, which stays the caller's to close."""
    telemetry = Telemetry()
    return application(
        [
            _inbox(settings, database, telemetry),
            *doors(Access.of(settings), settings.validation),
            *clusters.doors(settings, database),
        ],
        database=database,
        ready=readiness(database, CONTEXTS),
        limits=Limits(settings.http_body_limit, settings.http_request_seconds),
        telemetry=telemetry,
    )


def serve(settings: Settings, *, started: Started = lambda _: None) -> None:
    """Serve HTTP until SIGTERM or SIGINT, then finish what was begun. For the main thread.

    *started* hears the URL once it takes connections. An external database is not migrated: until somebody does, ``/ready`` says so.

    Raises:
        Misconfigured: the address is taken, or can be reached by others without credentials.
        Unavailable: the embedded database does not start in time.
    """
    check_exposure(settings)
    with opened(settings, CONTEXTS, name="evistore serve") as database:
        listen(
            http_application(settings, database),
            host=settings.http_host,
            port=settings.http_port,
            drain_seconds=settings.http_request_seconds,
            started=started,
        )


def consume(settings: Settings, stop: Stop | None = None) -> None:
    """Store what arrives on the topics of *settings* until *stop* says so; without it, until SIGTERM or SIGINT.

    Raises:
        Misconfigured: the settings do not fit, or the database or the broker refuses for good.
    """
    route = Route(DELIVERY.name, kafka_handler(settings.validation))
    with opened(settings, CONTEXTS, name="evistore consume") as database:
        consumer.consume(settings, database, dict.fromkeys(settings.kafka_topics, route), stop)


def _inbox(settings: Settings, database: Database, telemetry: Telemetry) -> Part:
    """The door for events, with the writers behind it."""
    commits: GroupCommit[Item, Receipt] = GroupCommit(
        database, work(settings.validation), writers=settings.http_writers, observe=telemetry.commit
    )
    telemetry.waiting.set_function(lambda: commits.waiting)
    inbox = Inbox(
        commits,
        access=Access.of(settings),
        mode=settings.validation,
        limit=settings.http_body_limit,
        telemetry=telemetry,
    )
    return inbox.part(_life(commits))


def _life(commits: GroupCommit[Item, Receipt]) -> Life:
    @asynccontextmanager
    async def life() -> AsyncGenerator[None]:
        commits.start()
        try:
            yield
        finally:
            await asyncio.to_thread(commits.stop)

    return life
