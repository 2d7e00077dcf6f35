"""Bring a database to the schema of this release, or back to an older one.

Everything happens in one transaction under one advisory lock: ten programs that start at once do it once, and a failure leaves what stood before. The
order is: roles, schemas and ledger; what another system left (adoption); migrations; storage of the engine; definitions.

Programs work meanwhile. Whoever waits for a lock holds up all who come later, so no statement waits long for one: the transaction is undone then,
those who were held up go first, and it is begun anew.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, LiteralString, cast

import psycopg
from psycopg.rows import class_row, scalar_row

from evistore.kernel import definitions, readiness, schema
from evistore.kernel.connecting import connect
from evistore.kernel.database import check_direct, translated
from evistore.kernel.errors import Misconfigured, Unavailable
from evistore.kernel.holding import hold, locked_by
from evistore.kernel.readiness import Standing
from evistore.kernel.schema import KERNEL, Context, Engine, Migration
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "migrations")

Adoption = Callable[[psycopg.Connection[Any]], list[str]]

_WAIT_SECONDS = 0.5
"""Below deadlock_timeout (1 s by default): no reader or writer that meets us is undone."""
_QUICK_ATTEMPTS = 8
_LONG_WAIT_SECONDS = 2.0
"""Above it: an autovacuum gives way to those that wait that long."""
_PATIENCE_SECONDS = 600.0
_LOCKING = ("view", "trigger")


@dataclass(slots=True)
class Report:
    """What a migration did."""

    engine: Engine
    number: int = 0
    applied: list[str] = field(default_factory=list[str])
    undone: list[str] = field(default_factory=list[str])
    defined: list[str] = field(default_factory=list[str])
    adopted: list[str] = field(default_factory=list[str])
    ahead: bool = False
    """A newer release set the database up, which still serves this one: nothing was done."""

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
    time. Definitions belong to the newest migration: below it they are taken away, and the release of that number brings its own. A database that a
    newer release set up is left as it is.

    Raises:
        Misconfigured: the database does not serve this release any more, or *to* is given where only a newer release knows the way; the login may not
            do this, a pooler stands in between, or others' views are built on what has to go (``schema-in-use``).
        Unavailable: the database does not answer, or others hold what is needed for ten minutes.
    """
    every = list(contexts)
    with translated(), connect(url, connect_timeout=10) as connection:
        check_direct(connection)
        connection.execute("SET lock_timeout = 0; SET statement_timeout = 0; SET client_min_messages = warning")
        return _patiently(
            connection,
            lambda wait: (
                _left_alone(connection, every, to) or _migrate(connection, every, to, engine, adopt, wait=wait)
            ),
        )


def _patiently(connection: psycopg.Connection[Any], work: Callable[[float], Report]) -> Report:
    """Do *work*, which hears how many seconds it may wait for others, in one transaction under the lock; begin it anew as long as they do not end."""
    give_up, attempts = time.monotonic() + _PATIENCE_SECONDS, 0
    while True:
        wait = _WAIT_SECONDS if attempts < _QUICK_ATTEMPTS else _LONG_WAIT_SECONDS
        try:
            with connection.transaction():
                connection.execute(SQL["lock"])
                connection.execute(SQL["patience"], {"wait": f"{wait * 1000:.0f}ms"})
                return work(wait)
        except psycopg.errors.DependentObjectsStillExist as error:
            message = (
                f"what somebody else made stands in the way; nothing was done: {error.diag.message_detail or error}"
            )
            raise Misconfigured(message, code="schema-in-use") from error
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as error:
            if time.monotonic() > give_up:
                message = f"others hold what is to be changed; nothing was done: {error.diag.message_primary or error}"
                raise Unavailable(message, code="database-busy") from error
        attempts += 1
        time.sleep(random.uniform(0.5, 1.0) * wait)


def _left_alone(connection: psycopg.Connection[Any], contexts: list[Context], to: int | None) -> Report | None:
    """What to report of a database that a newer release set up, which nobody older changes."""
    if not _scalar(connection, SQL["ledger_readable"]):
        return None
    with connection.cursor(row_factory=class_row(Standing)) as cursor:
        names = {"contexts": [one.name for one in contexts]}
        standing = cursor.execute(readiness.SQL["standing"], names).fetchone() or Standing(0, 0)
    known = schema.migrations(contexts)[-1].number
    ahead = standing.is_ahead(known)
    if not ahead and not (standing.newest == known and definitions.are_newer(connection, contexts)):
        return None
    if to is not None and (ahead or to != known):
        raise Misconfigured(
            f"a newer release set the database up, at migration {standing.newest}: only that one knows the way back",
            code="schema-newer",
        )
    return Report(_engine(connection, None), standing.newest, ahead=True)


def _migrate(
    connection: psycopg.Connection[Any],
    contexts: list[Context],
    to: int | None,
    engine: Engine | None,
    adopt: Adoption | None,
    *,
    wait: float,
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
        definitions.forget(connection, contexts)
        _go_down(connection, [one for one in reversed(known) if target < one.number and one.number in done], report)
    else:
        steps = [one for one in known if one.number <= target and one.number not in done]
        changed = [one for each in contexts for one in definitions.due(connection, each) if one.kind in _LOCKING]
        hold(connection, locked_by([*(one.up for one in steps), *(one.text for one in changed)]), wait)
        _go_up(connection, steps, report)
    if target == known[-1].number:
        for context in contexts:
            report.defined += definitions.define(connection, context, chosen)
    report.number = target
    return report


def plan(url: str, contexts: Iterable[Context] = (KERNEL,), *, to: int | None = None) -> str:
    """The SQL of the migrations that :func:`migrate` would run on the database at *url*, without running any."""
    with translated(), connect(url, connect_timeout=10) as connection:
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
        row = {"number": one.number, "context": one.context, "name": one.name, "serves_from": one.serves_from}
        connection.execute(SQL["record"], row)
        report.applied.append(f"{one.number:04} {one.name}")


def _go_down(connection: psycopg.Connection[Any], steps: list[Migration], report: Report) -> None:
    for one in steps:
        connection.execute(cast("LiteralString", one.down))
        connection.execute(SQL["unrecord"], {"number": one.number})
        report.undone.append(f"{one.number:04} {one.name}")


def _scalar(connection: psycopg.Connection[Any], query: LiteralString, **parameters: Any) -> Any:
    with connection.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(query, parameters or None).fetchone()
