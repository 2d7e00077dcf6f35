"""The lake moves from plain PostgreSQL to TimescaleDB: a copy beside the old one, then a swap.

A partitioned table cannot become a hypertable in place. The copy is made while writers write and readers read, some ten thousands of events in a
transaction, and is caught up until little is missing. The swap is one transaction: it locks the lake, copies what came last, drops the old lake and
gives its name, views, functions and triggers to the new one. Writers and readers wait for that, mostly well below a second, and then go on: no
statement fails. Killed at any moment, the conversion goes on where it was. It takes the room of the events once more until the swap.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, LiteralString, cast

from evistore.delivery import CONTEXTS
from evistore.kernel.database import Database, Transaction, translated
from evistore.kernel.definitions import redefine
from evistore.kernel.errors import Misconfigured, Unavailable
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "conversion")

Progress = Callable[[int, int], None]
"""Told how many events are copied, of how many."""

_LITTLE = 1000
_PATIENCE = 10


@dataclass(frozen=True, slots=True)
class _Move:
    reached: str
    moved: int
    total: int


@dataclass(frozen=True, slots=True)
class _Counts:
    native: int
    converted: int
    missing: int


def convert(url: str, *, progress: Progress | None = None) -> int | None:
    """Move the lake of the database at *url* to TimescaleDB; the number of its events, or ``None`` where it is there already.

    Waits for a maintenance to end. The login must be able to create the extension and to become the owner, ``cdviz``.

    Raises:
        Misconfigured: the server does not have TimescaleDB, or the login may not do this.
        Unavailable: the database does not answer, somebody held the lake for long, or the copy differs from it.
    """
    with Database(url, size=1, name="evistore convert") as database, database.session() as connection:
        tx = Transaction(connection)
        tx.run(SQL["lock"])
        try:
            if tx.value(SQL["engine"]) == "timescale":
                return None
            _prepare(tx)
            tx.run(SQL["become_owner"])
            _copy(tx, progress)
            _verify(tx)
            tx.run(SQL["as_login"])
            return _swapped(connection, tx)
        finally:
            tx.run(SQL["unlock"])


def _prepare(tx: Transaction) -> None:
    """The empty copy, unless it was begun before."""
    if not tx.value(SQL["extension_available"]):
        raise Misconfigured("this server does not have the timescaledb extension", code="timescale-missing")
    tx.run(SQL["make_extension"])
    with tx.savepoint():
        tx.run(SQL["as_owner"])
        if tx.value(SQL["begun"]):
            return
        tx.run(SQL["make_copy"])
        for statement in [*tx.values(SQL["comment_copy"]), *tx.values(SQL["indexes"])]:
            tx.run(_literal(statement))
        tx.run(SQL["make_hypertable"])
        tx.run(SQL["open"])


def _copy(tx: Transaction, progress: Progress | None) -> None:
    """Copy what there is, then what came meanwhile, until little is missing."""
    move = tx.one(_Move, SQL["state"])
    moved = move.moved
    after: str | None = move.reached
    while after is not None and after != "infinity":
        upto: str | None = tx.value(SQL["window"], after=after)
        with tx.savepoint():
            copied = tx.run(SQL["copy"], after=after, upto=upto)
            tx.run(SQL["reach"], upto=upto, moved=copied)
        moved, after = moved + copied, upto
        if progress:
            progress(moved, max(moved, move.total))
    for _ in range(_PATIENCE):
        if tx.value(SQL["catch_up"]) < _LITTLE:
            break


def _verify(tx: Transaction) -> None:
    """Whether the copy has everything but what the swap will bring."""
    counts = tx.one(_Counts, SQL["counts"])
    if counts.native == counts.converted + counts.missing:
        return
    if counts.native < counts.converted + counts.missing and tx.run(SQL["align"]):
        _verify(tx)
        return
    raise Unavailable(
        f"the copy has {counts.converted} events and misses {counts.missing} of the {counts.native} of the lake",
        code="conversion-differs",
    )


def _swapped(connection: Any, tx: Transaction) -> int:
    """Swap as soon as nobody holds the lake for long; the number of events."""
    for attempt in range(_PATIENCE):
        try:
            with translated(), tx.savepoint():
                _swap(connection, tx)
            break
        except Unavailable as fault:
            if fault.code != "database-busy" or attempt == _PATIENCE - 1:
                raise
            time.sleep(1)
    return tx.one(_Move, SQL["state"]).moved


def _swap(connection: Any, tx: Transaction) -> None:
    """The copy becomes the lake; the caller's transaction decides."""
    tx.run(SQL["as_owner"])
    tx.run(SQL["patience"])
    grants = tx.values(SQL["grants"])
    redefine(connection, CONTEXTS, "timescale", lambda: _exchange(tx))
    for statement in grants:
        tx.run(_literal(statement))


def _exchange(tx: Transaction) -> None:
    """Bring the copy up to the last event, and give it the place of the lake."""
    tx.run(SQL["hold"])
    tx.run(SQL["catch_up"])
    tx.run(SQL["drop_lake"])
    tx.run(SQL["drop_partition_list"])
    for statement in tx.values(SQL["native_only"]):
        tx.run(_literal(statement))
    tx.run(SQL["drop_shim_type"])
    tx.run(SQL["rename_copy"])
    for statement in tx.values(SQL["rename_indexes"]):
        tx.run(_literal(statement))
    tx.run(SQL["close"])


def _literal(statement: str) -> LiteralString:
    """A statement that PostgreSQL itself made of names in its catalogue, with what the driver would take for a parameter doubled."""
    return cast("LiteralString", statement.replace("%", "%%"))
