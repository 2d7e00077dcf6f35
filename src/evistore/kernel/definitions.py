"""Functions, procedures, views and triggers put into place: those whose text changed, and no other.

Whoever makes a view or a trigger anew locks out its readers and writers until the end of the transaction. So what stands as it should is left alone:
an upgrade in the middle of traffic touches what it changes, and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, LiteralString, cast

import psycopg
from psycopg.rows import class_row, scalar_row

from evistore.kernel import schema
from evistore.kernel.build import build
from evistore.kernel.errors import Misconfigured
from evistore.kernel.schema import Context, Definition, Engine
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "definitions")
_LOCK = statements("evistore.kernel", "migrations")["lock"]

_RELEASE = re.compile(r"\d+(?:\.\d+)*")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was put into place last for one context: the fingerprint of all, whose text it is, and the digest of each object."""

    fingerprint: str
    release: str
    objects: dict[str, str]


_NOTHING = Recorded("", "", {})


def recorded(connection: psycopg.Connection[Any], context: Context) -> Recorded:
    """What stands in the database of *connection* for *context*."""
    with connection.cursor(row_factory=class_row(Recorded)) as cursor:
        return cursor.execute(SQL["recorded"], {"context": context.name}).fetchone() or _NOTHING


def are_newer(connection: psycopg.Connection[Any], contexts: Iterable[Context]) -> bool:
    """Whether the definitions of any of *contexts* are those of a newer release than this one."""
    ours = _order(build().version)
    return any(_order(recorded(connection, one).release) > ours for one in contexts)


def _order(version: str) -> tuple[int, ...]:
    """What two versions are compared by: pre-releases and builds of one release are the same."""
    found = _RELEASE.match(version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def define(connection: psycopg.Connection[Any], context: Context, engine: Engine) -> list[str]:
    """Make storage and definitions of *context* stand as they should; the names of the definitions that were run."""
    wanted = schema.fingerprint(context, engine)
    if recorded(connection, context).fingerprint == wanted:
        return []
    for _, text in schema.storage(context, engine):
        connection.execute(cast("LiteralString", text))
    changed = due(connection, context)
    for one in changed:
        connection.execute(cast("LiteralString", one.text))
    digests = {_key(one): _digest(one) for one in schema.definitions(context)}
    values = {"release": build().version, "objects": json.dumps(digests)}
    connection.execute(SQL["record"], {"context": context.name, "fingerprint": wanted, **values})
    return [one.name for one in changed]


def due(connection: psycopg.Connection[Any], context: Context) -> list[Definition]:
    """The definitions of *context* that do not stand, or whose text is another one than was run last, each after those that it requires."""
    objects = recorded(connection, context).objects
    standing = _values(connection, SQL["standing_objects"], schema=context.schema)
    return [
        one
        for one in schema.definitions(context)
        if _key(one) not in standing or objects.get(_key(one)) != _digest(one)
    ]


def forget(connection: psycopg.Connection[Any], contexts: Iterable[Context]) -> None:
    """Take all definitions of *contexts* away."""
    for context in reversed(list(contexts)):
        for one in reversed(schema.definitions(context)):
            name = {"kind": one.kind, "schema": context.schema, "name": one.name.partition(".")[2]}
            for drop in _values(connection, SQL["drop_statements"], **name):
                connection.execute(cast("LiteralString", drop))
        connection.execute(SQL["unrecord"], {"context": context.name})


def redefine(
    connection: psycopg.Connection[Any], contexts: Iterable[Context], engine: Engine, between: Callable[[], None]
) -> None:
    """Take all definitions away, do what *between* does to the tables below them, and define everything anew for *engine*.

    In the caller's transaction, as the owner, under the lock of a migration.

    Raises:
        Misconfigured: ``schema-newer``; the definitions are those of a newer release.
    """
    every = list(contexts)
    connection.execute(_LOCK)
    if are_newer(connection, every):
        raise Misconfigured("a newer release set this database up: do this with that one", code="schema-newer")
    forget(connection, every)
    between()
    for context in every:
        define(connection, context, engine)


def _key(one: Definition) -> str:
    return f"{one.kind} {one.name}"


def _digest(one: Definition) -> str:
    return hashlib.sha256(one.text.encode()).hexdigest()


def _values(connection: psycopg.Connection[Any], query: LiteralString, **parameters: Any) -> list[str]:
    with connection.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(query, parameters).fetchall()
