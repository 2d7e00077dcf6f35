"""The one way to the database: a pool, and transactions on it.

Sessions are assumed to be shared (PgBouncer in transaction mode works): no session state outlives a transaction, and statements are prepared by the
driver only where nobody stands between us and the server. What needs a session of its own says so where it cannot have one.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, Self, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import class_row, dict_row, scalar_row
from psycopg_pool import ConnectionPool, PoolTimeout

from evistore.kernel.errors import Fault, Misconfigured, NotFound, Rejected, Unavailable
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "database")

T = TypeVar("T")
Query = LiteralString | sql.Composed | sql.SQL
Parameters = Mapping[str, Any] | Sequence[Any]

# SQLSTATE classes that only time can mend: connection, resources, operator intervention, serialization and lock conflicts.
_TRANSIENT_CLASSES = ("08", "53", "57", "58")
_TRANSIENT_STATES = frozenset({"40001", "40P01", "55P03", "25006"})
# What only other data can mend: data exceptions, constraints, limits of a value's size or depth.
_DATA_CLASSES = ("22", "23", "54")
_OPERATOR_STATES = frozenset({"28000", "28P01", "3D000", "42501", "42P01", "42883", "3F000", "42703"})


# A peer that is gone without a word is noticed within half a minute, not after hours.
_NOTICE_LOSS = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}


class Transaction:
    """What is asked and told inside one database transaction."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Speak over *connection*, whose transaction somebody else opened and will close."""
        self.connection = connection

    def run(self, query: Query, /, **parameters: Any) -> int:
        """Execute *query*; the number of rows it touched or returned."""
        return self.connection.execute(query, parameters).rowcount

    def all(self, kind: type[T], query: Query, /, **parameters: Any) -> list[T]:
        """Every row as a *kind*, whose fields are the columns."""
        with self.connection.cursor(row_factory=class_row(kind)) as cursor:
            return cursor.execute(query, parameters).fetchall()

    def maybe(self, kind: type[T], query: Query, /, **parameters: Any) -> T | None:
        """The only row as a *kind*, or ``None``."""
        with self.connection.cursor(row_factory=class_row(kind)) as cursor:
            return cursor.execute(query, parameters).fetchone()

    def one(self, kind: type[T], query: Query, /, **parameters: Any) -> T:
        """The only row as a *kind*.

        Raises:
            NotFound: there is none.
        """
        row = self.maybe(kind, query, **parameters)
        if row is None:
            raise NotFound("nothing stands under that name", code="not-found")
        return row

    def rows(self, query: Query, /, **parameters: Any) -> list[dict[str, Any]]:
        """Every row as a dictionary, for what is shown as it comes."""
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query, parameters).fetchall()

    def value(self, query: Query, /, **parameters: Any) -> Any:
        """The first column of the first row, or ``None`` when there is no row."""
        with self.connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(query, parameters).fetchone()

    def values(self, query: Query, /, **parameters: Any) -> list[Any]:
        """The first column of every row."""
        with self.connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(query, parameters).fetchall()

    @contextmanager
    def savepoint(self) -> Generator[None]:
        """Undo only what happened inside when an exception leaves the block."""
        with self.connection.transaction():
            yield

    @contextmanager
    def attempt(self) -> Generator[None]:
        """A savepoint that tells data which PostgreSQL cannot take from everything else.

        Raises:
            Rejected: ``data-refused``; what happened inside is undone and the transaction goes on.
        """
        try:
            with self.savepoint():
                yield
        except psycopg.Error as error:
            if not refuses_data(error):
                raise
            raise Rejected(error.diag.message_primary or str(error), code="data-refused") from error


def fault_of(error: psycopg.Error) -> Fault | None:
    """The fault that *error* means to somebody outside, told by SQLSTATE; ``None`` when it is a bug of ours."""
    state = error.sqlstate
    if state is None:
        return Unavailable("the database does not answer", code="database-away") if _lost(error) else None
    if state.startswith(_TRANSIENT_CLASSES) or state in _TRANSIENT_STATES:
        return Unavailable("the database cannot serve this now", code="database-busy")
    if state in _OPERATOR_STATES:
        return Misconfigured(f"the database refuses: {error.diag.message_primary or error}", code="database-refuses")
    return None


def refuses_data(error: psycopg.Error) -> bool:
    """Whether only other data can mend *error*; the driver's own refusals, such as a NUL in a text, have no SQLSTATE."""
    return isinstance(error, psycopg.DataError) or (error.sqlstate or "").startswith(_DATA_CLASSES)


def _lost(error: psycopg.Error) -> bool:
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


@contextmanager
def translated() -> Generator[None]:
    """Turn the driver's errors that are no bugs into faults."""
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("no database connection became free in time", code="database-away") from error
    except psycopg.Error as error:
        fault = fault_of(error)
        if fault is None:
            raise
        raise fault from error


def is_pooled(connection: psycopg.Connection[Any]) -> bool:
    """Whether a pooler stands between *connection* and the server: it made up the process number that it greeted us with."""
    greeted = connection.info.backend_pid
    return bool(greeted) and connection.execute(SQL["process"]).fetchone() != (greeted,)


def check_direct(connection: psycopg.Connection[Any]) -> None:
    """Refuse *connection* where its session may be shared with others.

    Raises:
        Misconfigured: a pooler stands in between.
    """
    if is_pooled(connection):
        raise Misconfigured(
            "this needs a connection straight to PostgreSQL, and a pooler stands in between: name the server itself with --database-url",
            code="database-pooled",
        )


def _configure(connection: psycopg.Connection[Any]) -> None:
    if is_pooled(connection):
        connection.prepare_threshold = (
            None  # the next transaction may be another server process's, which knows no statement of ours
        )


class Database:
    """A pool of connections to one database."""

    def __init__(self, url: str, *, size: int = 4, timeout: float = 10.0, name: str = "evistore") -> None:
        """Prepare at most *size* connections to *url*; the first is made when it is needed.

        *timeout* bounds, in seconds, the wait for a free connection. *name* is shown in ``pg_stat_activity``.
        """
        self.url = url
        self._options: dict[str, Any] = {
            "application_name": name,
            "connect_timeout": 5,
            "autocommit": True,
            **_NOTICE_LOSS,
        }
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            url,
            min_size=0,
            max_size=size,
            timeout=timeout,
            reconnect_timeout=timeout,  # the pool's own patience doubles its pauses up to minutes
            open=False,
            kwargs=self._options,
            configure=_configure,
            check=ConnectionPool.check_connection,
        )

    def __enter__(self) -> Self:
        """Open the pool."""
        self._pool.open()
        return self

    def __exit__(self, *exception: object) -> None:
        """Close every connection."""
        self._pool.close()

    @contextmanager
    def transaction(self, *, read_only: bool = False) -> Generator[Transaction]:
        """One transaction: committed when the block ends, undone when an exception leaves it.

        Raises:
            Unavailable: the database does not answer, or not in time.
            Misconfigured: the login may not do this, or the schema is not there.
        """
        with translated(), self._pool.connection() as connection, connection.transaction():
            if read_only:
                connection.execute("SET TRANSACTION READ ONLY")
            yield Transaction(connection)

    @contextmanager
    def session(self) -> Generator[psycopg.Connection[Any]]:
        """One connection in autocommit mode, for what cannot run inside a transaction (``VACUUM``, ``CALL`` that commits).

        Raises:
            Misconfigured: ``database-pooled``; a pooler stands in between, and the session would be shared.
        """
        with translated(), self._pool.connection() as connection:
            check_direct(connection)
            yield connection

    def connect(self) -> psycopg.Connection[Any]:
        """A connection beside the pool, in autocommit mode, the caller's to close.

        Raises:
            Unavailable: the database does not answer.
        """
        with translated():
            connection = psycopg.connect(self.url, **self._options)
            _configure(connection)
            return connection
