"""The ground of a measurement: a database of its own on the given server."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import contextmanager

from evistore.clusters import CONTEXTS
from evistore.kernel.database import Database
from evistore.kernel.migrations import migrate
from evistore.kernel.scratch import scratch_database


@contextmanager
def ground(server_url: str) -> Generator[Database]:
    """A migrated, empty database on the server at *server_url*; it is dropped at the end, whatever happens."""
    with scratch_database(server_url, f"evistore_bench_{secrets.token_hex(4)}") as url:
        migrate(url, CONTEXTS, engine="native")
        with Database(url, size=12, name="evistore bench") as database:
            yield database
