"""The one way to the database: a pool, and transactions on it.

Sessions are assumed to be shared (PgBouncer in transaction mode works): no session state outlives a transaction, and statements are prepared by the
driver only where nobody stands between us and the server. What needs a session of its own says so where it cannot have one.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from copy import copy
from typing import Any, LiteralString, Protocol, Self, TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import class_row, dict_row, scalar_row
from psycopg_pool import PoolTimeout

from evistore.kernel import connecting, tracing
from evistore.kernel.connecting import Place
from evistore.kernel.errors import Misconfigured, NotFound, Rejected
from evistore.kernel.faults import Refused, refuses_data, translated
from evistore.kernel.pool import Pool
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "database")

T = TypeVar("T")
Query = LiteralString | sql.Composed | sql.SQL
Parameters = Mapping[str, Any] | Sequence[Any]

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
    connection.cursor_factory = tracing.cursor() or connection.cursor_factory
    if is_pooled(connection):
        connection.prepare_threshold = (
            None  # the next transaction may be another server process's, which knows no statement of ours
        )


class Elsewhere(Protocol):
    """Another server that has the same, a little later."""

    database: Database

    def covers(self, moment: float) -> bool:
        """Whether it may be asked now, and has what was written up to *moment* of the monotonic clock."""
        ...

    def failed(self) -> None:
        """Somebody found that it does not answer."""


class Database:
    """A pool of connections to one database."""

    def __init__(self, url: Place, *, size: int = 4, timeout: float = 10.0, name: str = "evistore") -> None:
        """Prepare at most *size* connections to *url*, which may be told anew for each; the first is made when it is needed.

        *timeout* bounds, in seconds, the wait for a free connection. *name* is shown in ``pg_stat_activity``.
        """
        self._place = url
        self._elsewhere: Elsewhere | None = None
        self._wrote_at = 0.0
        self._options: dict[str, Any] = {
            "application_name": name,
            "connect_timeout": 5,
            **_NOTICE_LOSS,
        }
        self._pool = Pool(lambda: self.url, self._options, size=size, timeout=timeout, configure=_configure)

    @property
    def url(self) -> str:
        """Where it is, as of now."""
        return self._place if isinstance(self._place, str) else self._place()

    def __enter__(self) -> Self:
        """Open the pool."""
        self._pool.open()
        return self

    def __exit__(self, *exception: object) -> None:
        """Close every connection."""
        self._pool.close()

    @contextmanager
    def transaction(self, *, read_only: bool = False, patience: float | None = None) -> Generator[Transaction]:
        """One transaction: committed when the block ends, undone when an exception leaves it.

        *patience* is how many seconds to wait for a connection, and then for one to this very server; ``None``: as long as the pool does.

        Raises:
            Unavailable: the database does not answer, or not in time.
            Misconfigured: the login may not do this, or the schema is not there; or none comes in, by its password, TLS or the URL.
        """
        with translated(), ExitStack() as stack:
            connection = self._reader(stack) if read_only and patience is None else self.lent(stack, patience)
            stack.enter_context(connection.transaction())
            if read_only:
                connection.execute("SET TRANSACTION READ ONLY")
            yield Transaction(connection)
        if not read_only:
            self._wrote_at = time.monotonic()

    def reading_from(self, elsewhere: Elsewhere) -> Database:
        """This database over the same pool, whose readers ask *elsewhere* while they may, and see there what was written by this one."""
        other = copy(self)
        other._elsewhere = elsewhere  # noqa: SLF001  # of our own kind
        return other

    def elsewhere(self) -> Elsewhere | None:
        """Where a reader may ask now instead of here, if anywhere."""
        one = self._elsewhere
        return one if one is not None and one.covers(self._wrote_at) else None

    def _reader(self, stack: ExitStack) -> psycopg.Connection[Any]:
        if (other := self.elsewhere()) is not None:
            try:
                return other.database.lent(stack)
            except (PoolTimeout, Refused):
                other.failed()
        return self.lent(stack)

    def lent(self, stack: ExitStack, patience: float | None = None) -> psycopg.Connection[Any]:
        """A connection of the pool, until *stack* is left."""
        return self._pool.lent(stack, patience)

    @contextmanager
    def session(self) -> Generator[psycopg.Connection[Any]]:
        """One connection in autocommit mode, for what cannot run inside a transaction (``VACUUM``, ``CALL`` that commits).

        Raises:
            Misconfigured: ``database-pooled``; a pooler stands in between, and the session would be shared.
        """
        with translated(), ExitStack() as stack:
            connection = self.lent(stack)
            check_direct(connection)
            yield connection

    def connect(self) -> psycopg.Connection[Any]:
        """A connection beside the pool, in autocommit mode, the caller's to close.

        Raises:
            Unavailable: the database does not answer.
            Misconfigured: it lets nobody in, by password, TLS or the URL.
        """
        with translated():
            connection = connecting.connect(self.url, **self._options)
            _configure(connection)
            return connection
