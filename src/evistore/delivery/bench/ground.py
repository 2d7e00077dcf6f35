"""The ground of a measurement: a database of its own on the given server, with generated events waiting in it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from evistore.delivery import CONTEXTS
from evistore.delivery.history import batches, history
from evistore.kernel.arrays import TextArray
from evistore.kernel.database import Database
from evistore.kernel.migrations import migrate
from evistore.kernel.schema import Engine
from evistore.kernel.scratch import scratch_database
from evistore.kernel.statements import statements
from evistore.kernel.terminal import progress

SQL = statements("evistore.delivery", "bench")
SEED = 7
STAGED = 5_000


@contextmanager
def ground(server_url: str, *, engine: Engine | None = None, connections: int = 12) -> Generator[Database]:
    """A migrated, empty database on the server at *server_url*; it is dropped at the end, whatever happens."""
    with scratch_database(server_url, f"evistore_bench_{secrets.token_hex(4)}") as url:
        migrate(url, CONTEXTS, engine=engine)
        with Database(url, size=connections, name="evistore bench") as database:
            yield database


def events(number: int) -> Iterator[str]:
    """A generated history of *number* events at the usual weekly rate, which ends a few days ago."""
    return islice(history(seed=SEED, until=datetime.now(UTC), events=number), number)


def stage(database: Database, number: int) -> None:
    """Put *number* events into the waiting table."""
    with database.session() as session, progress("events staged", number) as told:
        session.execute(SQL["stage"])
        for batch in batches(events(number), STAGED):
            session.execute(SQL["fill"], {"events": TextArray(batch)})
            told.count(len(batch))
        session.execute(SQL["index_stage"])


def timed(database: Database, name: str, **parameters: Any) -> float:
    """Seconds that the statement *name* took, with its commit."""
    with database.session() as session:
        began = time.perf_counter()
        session.execute(SQL[name], parameters or None)
        return time.perf_counter() - began


def settle(database: Database) -> None:
    """Write out what earlier steps left behind, so that the next one does not pay for it."""
    with database.session() as session:
        session.execute("CHECKPOINT")
