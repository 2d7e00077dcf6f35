"""The locks of a migration: all at once and within a moment, or none.

A migration that took them one after the other would hold the first while it waits for the next, and meet a program that has that one and wants the
first: a deadlock, of which PostgreSQL undoes the one that notices it first, after ``deadlock_timeout``. So everything that will be altered, dropped
or made anew is locked before anything is done, in less time than that: it is never the program that is undone, and nothing is waited for afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import psycopg

from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "holding")

_RELATION = r"(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?([a-z_]+\.[a-z_0-9]+)"
_LOCKING = re.compile(
    rf"^\s*(?:(?:ALTER|DROP|LOCK|TRUNCATE)\s+(?:TABLE|VIEW)|CREATE\s+OR\s+REPLACE\s+VIEW|"
    rf"(?:DROP|CREATE)\s+TRIGGER\s[^;]*?\sON)\s+{_RELATION}",
    re.MULTILINE | re.IGNORECASE,
)


def locked_by(texts: Iterable[str]) -> list[str]:
    """The relations that statements of these SQL files lock against readers and writers, each once, by name with schema.

    It goes by how a line begins: what is built at run time, or locked only while an index is made, is not among them.
    """
    return list(dict.fromkeys(name.lower() for text in texts for name in _LOCKING.findall(text)))


def hold(connection: psycopg.Connection[Any], names: list[str], wait: float) -> None:
    """Lock those of *names* that there are against everybody, until the end of the transaction.

    Raises:
        psycopg.errors.LockNotAvailable: that took longer than *wait* seconds in all.
    """
    if not names:
        return
    connection.execute(SQL["want"], {"names": names, "wait": f"{wait * 1000:.0f}ms"})
    try:
        connection.execute(SQL["hold"])
    except psycopg.errors.QueryCanceled as error:
        raise psycopg.errors.LockNotAvailable(f"readers and writers of {', '.join(names)} did not end") from error
    connection.execute(SQL["done"])
