"""A database of CDviz, taken over in place.

:func:`adopt` is what ``evistore migrate`` calls before its migrations, in their transaction: it looks whether the database is one that it
knows, takes away the old views, functions, triggers and graph, and sets the old lake aside under another name. :func:`carry` then brings its
events over, ten thousand in a transaction, while new ones come in; interrupted, it goes on where it was. Nothing of the old lake is dropped before
all of it is carried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, LiteralString, cast

from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import Misconfigured
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "adoption")

VERSION = "202603310000"
"""The one state of the other system's schema that is known here."""

COLUMNS = frozenset(
    {
        "imported_at timestamp with time zone",
        "timestamp timestamp with time zone",
        "payload jsonb",
        "subject text",
        "predicate text",
        "version integer[]",
        "context_id text",
    }
)
VIEWS = ("pipelinerun", "taskrun", "build", "artifact", "service", "incident", "testcaserun", "testsuiterun", "ticket")
KNOWN = [*VIEWS, "cdevents_lake", "graph_nodes", "graph_edges", "store_cdevent", "graph_ancestors", "graph_descendants"]

Progress = Callable[[int, int], None]
"""Told how many events are done, of how many."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of the events of the old lake."""

    moved: int
    set_aside: int


@dataclass(frozen=True, slots=True)
class _Move:
    reached: str
    moved: int
    set_aside: int
    total: int


@dataclass(frozen=True, slots=True)
class _Ledger:
    version: str
    dirty: bool


def adopt(connection: Any) -> list[str]:
    """Make room for our schema in the database of *connection*, whose transaction the caller ends; what was taken away, in words.

    Does nothing where the lake is ours, or there is none.

    Raises:
        Misconfigured: the database is in a state that is not known here; nothing has changed.
    """
    tx = Transaction(connection)
    tx.run(SQL["as_login"])  # the owner-to-be may see nothing of the old system yet
    done = _make_room(tx) if tx.value(SQL["found"]) else []
    tx.run(SQL["as_owner"])
    return done


def _make_room(tx: Transaction) -> list[str]:
    _recognise(tx)
    jobs = tx.values(SQL["jobs"]) if tx.value(SQL["has_timescale"]) else []
    for statement in [*jobs, *tx.values(SQL["own"], known=KNOWN)]:
        tx.run(_literal(statement))
    tx.run(SQL["as_owner"])
    tx.run(SQL["make_grants"])
    tx.run(SQL["keep_grants"], known=KNOWN)
    drops = tx.values(SQL["drops"], known=KNOWN)
    for statement in drops:
        tx.run(_literal(statement))
    tx.run(SQL["rename_lake"])
    for statement in tx.values(SQL["rename_indexes"]):
        tx.run(_literal(statement))
    return [*jobs, *drops, SQL["rename_lake"]]


def carry(url: str, *, progress: Progress | None = None) -> Carried | None:
    """Bring the events of an adopted lake over into ours; ``None`` where there is nothing to carry.

    Waits for a maintenance or another carrying to end. Safe to kill and to start again. Events whose source and id are stored already are set aside.
    """
    with Database(url, size=1, name="evistore adoption") as database, database.session() as connection:
        tx = Transaction(connection)
        tx.run(SQL["become_owner"])
        if not tx.value(SQL["waits"]):
            return None
        tx.run(SQL["lock"])
        try:
            return _carry(tx, progress) if tx.value(SQL["waits"]) else None
        finally:
            tx.run(SQL["unlock"])


def _recognise(tx: Transaction) -> None:
    ledger = tx.all(_Ledger, SQL["ledger"]) if tx.value(SQL["ledger_exists"]) else []
    if [one.version for one in ledger] != [VERSION]:
        found = ", ".join(one.version for one in ledger) or "none"
        raise Misconfigured(
            f"cdviz.cdevents_lake belongs to another system at version {found}; only {VERSION} can be adopted",
            code="adoption-version",
        )
    if ledger[0].dirty:
        raise Misconfigured(f"the migration {VERSION} of the other system was not finished", code="adoption-dirty")
    if unlike := sorted(COLUMNS.symmetric_difference(tx.values(SQL["columns"]))):
        raise Misconfigured(f"cdviz.cdevents_lake has other columns: {', '.join(unlike)}", code="adoption-columns")
    if strangers := tx.values(SQL["strangers"], known=KNOWN):
        raise Misconfigured(
            f"views of others read what would go; drop them and make them again afterwards: {', '.join(strangers)}",
            code="adoption-views",
        )


def _carry(tx: Transaction, progress: Progress | None) -> Carried:
    tx.run(SQL["index"])
    move = tx.one(_Move, SQL["open"])
    moved, set_aside = move.moved, move.set_aside
    after: str | None = move.reached
    while after is not None and after != "infinity":
        upto: str | None = tx.value(SQL["window"], after=after)
        tx.run(SQL["ready"], after=after, upto=upto)
        with tx.savepoint():
            part = tx.one(Carried, SQL["carry"], after=after, upto=upto)
            tx.run(SQL["reach"], upto=upto, moved=part.moved, set_aside=part.set_aside)
        moved, set_aside, after = moved + part.moved, set_aside + part.set_aside, upto
        if progress:
            progress(moved + set_aside, max(move.total, moved + set_aside))
    with tx.savepoint():
        for statement in tx.values(SQL["grants"]):
            tx.run(_literal(statement))
        tx.run(SQL["drop_grants"])
        tx.run(SQL["drop_lake"])
        tx.run(SQL["close"])
    return Carried(moved, set_aside)


def _literal(statement: str) -> LiteralString:
    """A statement that PostgreSQL itself made of names in its catalogue, with what the driver would take for a parameter doubled."""
    return cast("LiteralString", statement.replace("%", "%%"))
