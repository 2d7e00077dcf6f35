"""What was kept but not taken in: looked at, taken in after all, or dropped."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson

from evistore.delivery import ingest
from evistore.delivery.ingest import Mode, Receipt
from evistore.delivery.wire import decode_text
from evistore.kernel.database import Transaction
from evistore.kernel.errors import Rejected
from evistore.kernel.paging import Page
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "quarantine")

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


def page(
    tx: Transaction,
    *,
    state: str | None = "open",
    reason: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Page[Entry]:
    """Messages in quarantine, the newest first; those with an id below *before*."""
    rows = tx.all(Entry, SQL["page"], state=state, reason=reason, before=before, limit=limit + 1)
    return Page(rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None)


def one(tx: Transaction, number: int) -> Message:
    """The message with that *number*.

    Raises:
        NotFound: there is none.
    """
    return tx.one(Message, SQL["one"], id=number)


def replay(tx: Transaction, number: int, *, mode: Mode = "mark") -> Receipt:
    """Try to take the message in again; it is settled as replayed when it is stored now, or known already.

    Raises:
        NotFound: there is none.
        Rejected: ``quarantine-settled``, it is not open any more.
    """
    message = _open(tx, number)
    receipt = ingest.accept(
        tx, [decode_text(message.content, judged=mode != "off")], origin=f"quarantine:{number}", mode=mode
    )[0]
    if receipt.outcome in ("stored", "duplicate"):
        _settle(tx, number, "replayed")
    return receipt


def drop(tx: Transaction, number: int) -> Message:
    """Give the message up: it stays, marked as dropped.

    Raises:
        NotFound: there is none.
        Rejected: ``quarantine-settled``, it is not open any more.
    """
    _open(tx, number)
    _settle(tx, number, "dropped")
    return one(tx, number)


def _open(tx: Transaction, number: int) -> Message:
    message = one(tx, number)
    if message.state != "open":
        raise _settled(message)
    return message


def _settle(tx: Transaction, number: int, state: Outcome) -> None:
    if not tx.value(SQL["settle"], id=number, state=state):
        raise _settled(one(tx, number))


def _settled(message: Message) -> Rejected:
    return Rejected(f"the message was {message.state} already", code="quarantine-settled")
