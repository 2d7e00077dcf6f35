"""A database that exists for as long as somebody measures in it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from psycopg import sql
from psycopg.conninfo import make_conninfo

from evistore.kernel.connecting import connect
from evistore.kernel.faults import translated


@contextmanager
def scratch_database(server_url: str, name: str) -> Generator[str]:
    """The URL of a new database *name* on the server at *server_url*; dropped at the end, with whoever is still connected.

    Raises:
        Misconfigured: the login may not create databases.
    """
    with translated(), connect(server_url) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield make_conninfo(server_url, dbname=name)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
