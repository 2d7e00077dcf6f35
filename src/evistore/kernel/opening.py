"""The database that the settings name, opened: an external one as it stands, or the embedded one, started and migrated."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from evistore.kernel.database import Database
from evistore.kernel.embedded import embedded
from evistore.kernel.migrations import migrate
from evistore.kernel.schema import Context
from evistore.kernel.settings import Settings


@contextmanager
def database_url(settings: Settings, contexts: Iterable[Context]) -> Generator[str]:
    """The URL of the database that *settings* name; where they name none, the embedded one, brought to the schema of *contexts*.

    An external database is not migrated: that is its operator's decision, and often another login.
    """
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with embedded(settings.data_directory) as url:
        migrate(url, contexts)
        yield url


@contextmanager
def unmigrated_url(settings: Settings) -> Generator[str]:
    """The URL of the database that *settings* name, as it stands; where they name none, the embedded one, started."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with embedded(settings.data_directory) as url:
        yield url


@contextmanager
def opened(settings: Settings, contexts: Iterable[Context], *, name: str = "evistore") -> Generator[Database]:
    """The database of *settings*, with its pool; *name* is shown in ``pg_stat_activity``."""
    with (
        database_url(settings, contexts) as url,
        Database(url, size=settings.database_pool_size, name=name) as database,
    ):
        yield database
