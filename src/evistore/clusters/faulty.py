"""Messages that were no reports, and what was wrong with them. Moments are UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from evistore.kernel.database import Transaction
from evistore.kernel.errors import NotFound
from evistore.kernel.paging import Page, cursor_of, key_of
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "faulty")

Fault = Mapping[str, str]
"""``pointer``, ``code`` and ``text``."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which messages: read in ``[since, until)``, of one *topic*, with a fault at that *pointer* or of that *code*."""

    until: datetime
    since: datetime | None = None
    topic: str | None = None
    pointer: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One message in a list."""

    topic: str
    partition: int
    topic_offset: int
    produced_at: datetime
    consumed_at: datetime
    error: str
    faults: Sequence[Fault] | None
    """``None`` where another system wrote the row."""
    beginning: str | None
    characters: int | None


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to be wrong."""

    pointer: str
    """Where, as a JSON pointer; empty for the whole message."""
    code: str
    messages: int
    newest_at: datetime
    example: str
    """What was said of the newest."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """One message with all that is wrong with it."""

    topic: str
    partition: int
    topic_offset: int
    key: str | None
    produced_at: datetime
    consumed_at: datetime
    error: str
    faults: Sequence[Fault] | None
    message: str | None
    """Its beginning, perhaps all of it."""
    characters: int | None


def page(tx: Transaction, asked: Asked, *, cursor: str | None = None, limit: int = 50) -> Page[Listed]:
    """The messages that are *asked* for, those read last first.

    Raises:
        Rejected: ``cursor-invalid``.
    """
    before, after = key_of(cursor, str) if cursor else (None, None)
    found = tx.all(
        Listed,
        SQL["page"],
        topic=asked.topic,
        since=asked.since,
        until=asked.until,
        pointer=asked.pointer,
        code=asked.code,
        before=before,
        after=after,
        limit=limit + 1,
    )
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    return Page(found[:limit], cursor_of((last.consumed_at, f"{last.topic}/{last.partition}/{last.topic_offset}")))


def total(tx: Transaction, asked: Asked) -> int:
    """How many messages fit."""
    return tx.value(
        SQL["total"], topic=asked.topic, since=asked.since, until=asked.until, pointer=asked.pointer, code=asked.code
    )


def kinds(tx: Transaction, asked: Asked, *, limit: int = 100) -> list[Kind]:
    """The ways to be wrong, the most frequent first; *pointer* and *code* of what is asked are not looked at."""
    return tx.all(Kind, SQL["kinds"], topic=asked.topic, since=asked.since, until=asked.until, limit=limit)


def one(tx: Transaction, topic: str, partition: int, offset: int, *, longest: int) -> Faulty:
    """The message at that place, with at most *longest* of its characters.

    Raises:
        NotFound: none is kept there.
    """
    found = tx.maybe(Faulty, SQL["one"], topic=topic, partition=partition, offset=offset, most=longest)
    if found is None:
        raise NotFound(f"no faulty message {topic}/{partition}/{offset} is kept", code="not-found")
    return found
