"""The database that the settings name, opened: an external one as it stands, or the embedded one, started and migrated."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Literal

from pydantic import SecretStr

from evistore.kernel.connecting import Place, completed
from evistore.kernel.database import Database
from evistore.kernel.embedded import embedded
from evistore.kernel.migrations import migrate
from evistore.kernel.schema import Context
from evistore.kernel.settings import Settings

Which = Literal["database_url", "clusters_database_url", "read_database_url"]


def located(settings: Settings, which: Which = "database_url") -> Callable[[], str] | None:
    """What tells the URL *which* of *settings* anew for each connection, with its password; ``None`` where they name none.

    Raises:
        Misconfigured: ``database-url``.
    """
    url: SecretStr | None = getattr(settings, which)
    return None if url is None else completed(url, settings.database_password)


@contextmanager
def database_url(settings: Settings, contexts: Iterable[Context]) -> Generator[Place]:
    """Where the database is that *settings* name; where they name none, the embedded one, brought to the schema of *contexts*.

    An external database is not migrated: that is its operator's decision, and often another login.
    """
    if (place := located(settings)) is not None:
        yield place
        return
    with embedded(settings.data_directory) as url:
        migrate(url, contexts)
        yield url


@contextmanager
def unmigrated_url(settings: Settings) -> Generator[str]:
    """The URL of the database that *settings* name, as it stands; where they name none, the embedded one, started."""
    if (place := located(settings)) is not None:
        yield place()
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
