"""What was kept but not taken in, of whatever context: looked at, and settled. Moments are UTC.

Each context has a view on what is its own, and three statements on that: ``page``, ``one`` and ``settle``.
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, LiteralString, TypeVar

import orjson

from evistore.kernel.database import Transaction
from evistore.kernel.errors import Rejected
from evistore.kernel.paging import Page

Outcome = Literal["replayed", "dropped"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in quarantine: ``open``, ``replayed`` (taken in since) or ``dropped``."""

    id: int
    received_at: datetime
    reason: str
    detail: str
    origin: str
    seen: int
    state: str
    settled_at: datetime | None
    settled_by: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """A message in quarantine with what came: ``payload`` where it is JSON that the database can hold, else ``raw``."""

    id: int
    received_at: datetime
    reason: str
    detail: str
    origin: str
    seen: int
    state: str
    settled_at: datetime | None
    settled_by: str | None
    payload: Any
    raw: bytes | None = field(repr=False)

    @property
    def content(self) -> bytes:
        """What came, as bytes."""
        return self.raw if self.raw is not None else orjson.dumps(self.payload)

    @property
    def text(self) -> str | None:
        """The raw bytes as text, where they are UTF-8."""
        try:
            return None if self.raw is None else self.raw.decode()
        except UnicodeDecodeError:
            return None

    @property
    def encoded(self) -> str | None:
        """The raw bytes in base64, where they are no text."""
        return base64.b64encode(self.raw).decode() if self.raw is not None and self.text is None else None

    @property
    def told(self) -> dict[str, Any]:
        """Every member by its name; bytes as text (``raw``) where they are text, else in base64 (``raw_base64``)."""
        every = {one.name: getattr(self, one.name) for one in dataclasses.fields(self) if one.name != "raw"}
        contents = {"raw": self.text, "raw_base64": self.encoded}
        return every | {name: value for name, value in contents.items() if value is not None}


E = TypeVar("E", bound=Entry)
M = TypeVar("M", bound=Message)


class Quarantine(Generic[E, M]):
    """The messages of one context."""

    def __init__(self, queries: Mapping[str, LiteralString], entry: type[E], message: type[M]) -> None:
        """Read them by *queries* as values of the classes *entry* and *message*."""
        self._queries = queries
        self._entry = entry
        self._message = message

    def page(
        self,
        tx: Transaction,
        *,
        state: str | None = "open",
        reason: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> Page[E]:
        """Messages in quarantine, the newest first; those with an id below *before*."""
        query = self._queries["page"]
        rows = tx.all(self._entry, query, state=state, reason=reason, before=before, limit=limit + 1)
        return Page(rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None)

    def one(self, tx: Transaction, number: int) -> M:
        """The message with that *number*.

        Raises:
            NotFound: there is none.
        """
        return tx.one(self._message, self._queries["one"], id=number)

    def opened(self, tx: Transaction, number: int) -> M:
        """The message with that *number*, which is open.

        Raises:
            NotFound: there is none.
            Rejected: ``quarantine-settled``, it is not open any more.
        """
        message = self.one(tx, number)
        if message.state != "open":
            raise _settled(message)
        return message

    def settle(self, tx: Transaction, number: int, state: Outcome) -> None:
        """Say what became of the message.

        Raises:
            Rejected: ``quarantine-settled``, somebody else was first.
        """
        if not tx.value(self._queries["settle"], id=number, state=state):
            raise _settled(self.one(tx, number))

    def drop(self, tx: Transaction, number: int) -> M:
        """Give the message up: it stays, marked as dropped.

        Raises:
            NotFound: there is none.
            Rejected: ``quarantine-settled``, it is not open any more.
        """
        self.opened(tx, number)
        self.settle(tx, number, "dropped")
        return self.one(tx, number)


def _settled(message: Message) -> Rejected:
    return Rejected(f"the message was {message.state} already", code="quarantine-settled")
