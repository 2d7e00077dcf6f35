"""The only place where things meet: settings, database, HTTP application, consumer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager

from starlette.types import ASGIApp

from evistore.delivery import DELIVERY
from evistore.delivery.ingest import Item, Receipt, kafka_handler
from evistore.delivery.routes_ingest import Bounds, Inbox, work
from evistore.kernel.consumer import Consumer
from evistore.kernel.database import Database
from evistore.kernel.embedded import embedded
from evistore.kernel.messages import Route
from evistore.kernel.migrations import KERNEL, migrate
from evistore.kernel.readiness import readiness
from evistore.kernel.settings import Settings
from evistore.web.access import Access, check_exposure
from evistore.web.application import Life, Part, application
from evistore.web.group_commit import GroupCommit
from evistore.web.server import Started, listen
from evistore.web.shell import Limits
from evistore.web.telemetry import Telemetry

CONTEXTS = (KERNEL, DELIVERY)


@contextmanager
def database_url(settings: Settings) -> Generator[str]:
    """The URL of the database that *settings* name; the embedded one, started and migrated, when they name none."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with embedded(settings.data_directory) as url:
        migrate(url, CONTEXTS)
        yield url


@contextmanager
def opened(settings: Settings, *, name: str) -> Generator[Database]:
    """The database of *settings*, with its pool; *name* is shown in ``pg_stat_activity``."""
    with database_url(settings) as url, Database(url, size=settings.database_pool_size, name=name) as database:
        yield database


def http_application(settings: Settings, database: Database) -> ASGIApp:
    """The HTTP application on *database*, which stays the caller's to close."""
    telemetry = Telemetry()
    return application(
        [_inbox(settings, database, telemetry)],
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
    with opened(settings, name="evistore serve") as database:
        listen(
            http_application(settings, database),
            host=settings.http_host,
            port=settings.http_port,
            drain_seconds=settings.http_request_seconds,
            started=started,
        )


def consume(settings: Settings, stop: Callable[[], bool]) -> None:
    """Store what arrives on the topics of *settings* until *stop* says so.

    Raises:
        Misconfigured: the settings do not fit, or the database or the broker refuses for good.
    """
    route = Route(DELIVERY.name, kafka_handler(settings.validation))
    with opened(settings, name="evistore consume") as database:
        Consumer(settings, database, dict.fromkeys(settings.kafka_topics, route)).run(stop)


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
        bounds=Bounds(settings.http_body_limit),
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
