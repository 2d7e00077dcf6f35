"""Bring a database to the schema of this release, or back to an older one.

Everything happens in one transaction under one advisory lock: ten programs that start at once do it once, and a failure leaves what stood before. The
order is: roles, schemas and ledger; what another system left (adoption); migrations; storage of the engine; definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, LiteralString, cast

import psycopg
from psycopg.rows import scalar_row

from evistore.kernel import schema
from evistore.kernel.database import check_direct, translated
from evistore.kernel.errors import Misconfigured
from evistore.kernel.schema import KERNEL, Context, Engine, Migration
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "migrations")

Adoption = Callable[[psycopg.Connection[Any]], list[str]]


@dataclass(slots=True)
class Report:
    """What a migration did."""

    engine: Engine
    number: int = 0
    applied: list[str] = field(default_factory=list[str])
    undone: list[str] = field(default_factory=list[str])
    defined: list[str] = field(default_factory=list[str])
    adopted: list[str] = field(default_factory=list[str])

    @property
    def changed(self) -> bool:
        """Whether anything was done at all."""
        return bool(self.applied or self.undone or self.defined or self.adopted)


def migrate(
    url: str,
    contexts: Iterable[Context] = (KERNEL,),
    *,
    to: int | None = None,
    engine: Engine | None = None,
    adopt: Adoption | None = None,
) -> Report:
    """Bring the database at *url* to migration *to* (default: the newest), and its definitions to this release.

    *engine* is asked for where the database is new; afterwards the database itself tells which one holds it. Waits for whoever migrates at the same
    time. Definitions belong to the newest migration: below it they are taken away, and the release of that number brings its own.

    Raises:
        Misconfigured: the database stands at a migration this release does not know, the login may not do this, or a pooler stands in between.
        Unavailable: the database does not answer.
    """
    every = list(contexts)
    with translated(), psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        check_direct(connection)
        connection.execute("SET lock_timeout = 0; SET statement_timeout = 0; SET client_min_messages = warning")
        with connection.transaction():
            connection.execute(SQL["lock"])
            return _migrate(connection, every, to, engine, adopt)


def _migrate(
    connection: psycopg.Connection[Any],
    contexts: list[Context],
    to: int | None,
    engine: Engine | None,
    adopt: Adoption | None,
) -> Report:
    chosen = _engine(connection, engine)
    _bootstrap(connection)
    report = Report(chosen)
    report.adopted = adopt(connection) if adopt else []
    known = schema.migrations(contexts)
    target = known[-1].number if to is None else to
    done = _numbers(connection, contexts)
    _check(known, done, target)
    if any(number > target for number in done):
        _forget_definitions(connection, contexts)
        _go_down(connection, [one for one in reversed(known) if target < one.number and one.number in done], report)
    else:
        _go_up(connection, [one for one in known if one.number <= target and one.number not in done], report)
    if target == known[-1].number:
        for context in contexts:
            _define(connection, context, chosen, report)
    report.number = target
    return report


def redefine(
    connection: psycopg.Connection[Any], contexts: Iterable[Context], engine: Engine, between: Callable[[], None]
) -> None:
    """Take all definitions away, do what *between* does to the tables below them, and define everything anew for *engine*.

    In the caller's transaction, as the owner, under the lock of :func:`migrate`.
    """
    every = list(contexts)
    connection.execute(SQL["lock"])
    _forget_definitions(connection, every)
    between()
    for context in every:
        _define(connection, context, engine, Report(engine))


def plan(url: str, contexts: Iterable[Context] = (KERNEL,), *, to: int | None = None) -> str:
    """The SQL of the migrations that :func:`migrate` would run on the database at *url*, without running any."""
    with translated(), psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        every = list(contexts)
        known = schema.migrations(every)
        done = _numbers(connection, every) if _scalar(connection, SQL["ledger_exists"]) else set[int]()
    target = known[-1].number if to is None else to
    down = [
        f"-- {one.number:04} {one.name}, down\n{one.down}"
        for one in reversed(known)
        if target < one.number and one.number in done
    ]
    up = [
        f"-- {one.number:04} {one.name}, up\n{one.up}"
        for one in known
        if one.number <= target and one.number not in done
    ]
    return "\n".join(down + up)


def _engine(connection: psycopg.Connection[Any], wanted: Engine | None) -> Engine:
    standing = _scalar(connection, SQL["engine"])
    if standing in ("native", "timescale"):
        if wanted not in (None, standing):
            raise Misconfigured(
                f"the lake is held by the {standing} engine; `evistore convert` moves it", code="engine-differs"
            )
        return standing
    if wanted == "native":
        return "native"
    if wanted == "timescale" and not _scalar(connection, SQL["timescale_available"]):
        raise Misconfigured("this server does not have the timescaledb extension", code="timescale-missing")
    if wanted == "timescale" or _scalar(connection, SQL["timescale_possible"]):
        connection.execute("CREATE EXTENSION IF NOT EXISTS timescaledb SCHEMA public")
        return "timescale"
    return "native"


def _bootstrap(connection: psycopg.Connection[Any]) -> None:
    connection.execute(_own("bootstrap.sql"))
    connection.execute("SET LOCAL ROLE cdviz")


def _own(name: str) -> LiteralString:
    return cast("LiteralString", files("evistore.kernel").joinpath("sql", name).read_text("utf-8"))


def _numbers(connection: psycopg.Connection[Any], contexts: Iterable[Context]) -> set[int]:
    names = [one.name for one in contexts]
    with connection.cursor(row_factory=scalar_row) as cursor:
        return set(cursor.execute(SQL["numbers"], {"contexts": names}).fetchall())


def _check(known: list[Migration], done: set[int], target: int) -> None:
    numbers = {one.number for one in known}
    if unknown := sorted(done - numbers):
        raise Misconfigured(
            f"the database stands at migration {unknown[-1]}, which this release does not know", code="schema-newer"
        )
    if target not in numbers | {0}:
        raise Misconfigured(f"there is no migration {target}; the newest is {max(numbers)}", code="migration-unknown")


def _go_up(connection: psycopg.Connection[Any], steps: list[Migration], report: Report) -> None:
    for one in steps:
        connection.execute(cast("LiteralString", one.up))
        connection.execute(SQL["record"], {"number": one.number, "context": one.context, "name": one.name})
        report.applied.append(f"{one.number:04} {one.name}")


def _go_down(connection: psycopg.Connection[Any], steps: list[Migration], report: Report) -> None:
    for one in steps:
        connection.execute(cast("LiteralString", one.down))
        connection.execute(SQL["unrecord"], {"number": one.number})
        report.undone.append(f"{one.number:04} {one.name}")


def _define(connection: psycopg.Connection[Any], context: Context, engine: Engine, report: Report) -> None:
    wanted = schema.fingerprint(context, engine)
    if _scalar(connection, SQL["fingerprint"], context=context.name) == wanted:
        return
    for _, text in schema.storage(context, engine):
        connection.execute(cast("LiteralString", text))
    for one in schema.definitions(context):
        connection.execute(cast("LiteralString", one.text))
        report.defined.append(one.name)
    connection.execute(SQL["record_fingerprint"], {"context": context.name, "fingerprint": wanted})


def _forget_definitions(connection: psycopg.Connection[Any], contexts: list[Context]) -> None:
    for context in reversed(contexts):
        for one in reversed(schema.definitions(context)):
            name = {"kind": one.kind, "schema": context.schema, "name": one.name.partition(".")[2]}
            with connection.cursor(row_factory=scalar_row) as cursor:
                for drop in cursor.execute(SQL["drop_statements"], name).fetchall():
                    connection.execute(drop)
        connection.execute(SQL["unrecord_fingerprint"], {"context": context.name})


def _scalar(connection: psycopg.Connection[Any], query: LiteralString, **parameters: Any) -> Any:
    with connection.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(query, parameters or None).fetchone()
