"""Whole tables of one moment, as a stream: what an export reads.

Rows come as lines of CSV in PostgreSQL's way: NULL is an empty field, an empty text is ``""``. ``COPY … FROM … (FORMAT csv)`` reads them back.
Times are in UTC, ISO 8601; other types are as PostgreSQL writes them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from evistore.kernel.database import Database, Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "snapshot")


@dataclass(frozen=True, slots=True)
class Moment:
    """What the snapshot shows: everything committed by then. ``snapshot`` names the transactions in PostgreSQL's way."""

    at: datetime
    snapshot: str
    server: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands: columns in their order, types without what bounds them (domains: what they are made of).

    ``copying`` and ``counting`` are the database's own text of the statements; ``estimate`` is a guess at the number of rows.
    """

    schema: str
    name: str
    estimate: int
    columns: list[str]
    types: list[str]
    copying: str
    counting: str

    @property
    def full_name(self) -> str:
        """The name with its schema; that of a table of ``public`` without."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"


@contextmanager
def snapshot(database: Database) -> Generator[Transaction]:
    """A transaction that sees one moment of the database throughout, writes nothing, and is not ended for being long.

    Raises:
        Unavailable: the database does not answer, or stops to.
        Misconfigured: the login may not read something.
    """
    with database.transaction() as tx:
        tx.run(SQL["begin"])
        tx.run(SQL["session"])
        yield tx


def moment(tx: Transaction) -> Moment:
    """What *tx*, a snapshot, shows."""
    return tx.one(Moment, SQL["moment"])


def tables(tx: Transaction, schemas: Iterable[str], *, limit: int | None = None) -> list[Table]:
    """Every table of *schemas*, in that order and by name; to be read up to *limit* rows, the first by primary key."""
    return tx.all(Table, SQL["tables"], schemas=list(schemas), limit=limit)


def header(table: Table) -> bytes:
    """The line of CSV that names the columns."""
    return (",".join(_quoted(name) for name in table.columns) + "\n").encode()


def rows(tx: Transaction, table: Table) -> Iterator[bytes]:
    """The rows of *table*, each a line of CSV; nothing is kept in memory but the one at hand."""
    with tx.connection.cursor() as cursor, cursor.copy(table.copying.encode()) as copy:
        for line in copy:
            yield bytes(line)


def count(tx: Transaction, table: Table) -> int:
    """How many rows *table* has."""
    with tx.connection.cursor() as cursor:
        (number,) = cursor.execute(table.counting.encode()).fetchone() or (0,)
    return number


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if set(name) & set(',"\n\r') else name
