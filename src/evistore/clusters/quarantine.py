"""Messages that came over HTTP or in files and were not taken in: looked at, taken in after all, or dropped. Moments are UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evistore.clusters.ingest import Kind, Receipt, Rules, accept, read, storable
from evistore.clusters.wire import Fault, Faulty
from evistore.kernel import quarantine
from evistore.kernel.database import Transaction
from evistore.kernel.quarantine import Quarantine
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "quarantine")


@dataclass(frozen=True, slots=True)
class Entry(quarantine.Entry):
    """A message in quarantine, and what it was meant to be."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Message(quarantine.Message):
    """A message in quarantine with what came."""

    kind: Kind


KEPT = Quarantine(SQL, Entry, Message)

page, one, drop = KEPT.page, KEPT.one, KEPT.drop


def within(tx: Transaction, *, since: datetime, until: datetime, reason: str | None = None, limit: int) -> list[Entry]:
    """Open ones that came in ``[since, until)``, the newest first."""
    return tx.all(Entry, SQL["within"], since=since, until=until, reason=reason, limit=limit)


def total(tx: Transaction, *, since: datetime, until: datetime, reason: str | None = None) -> int:
    """How many that came in ``[since, until)`` are open."""
    return tx.value(SQL["total"], since=since, until=until, reason=reason)


def faults(message: Message) -> Sequence[Fault]:
    """All that is wrong with the message, one by one; what only the database or a setting had against it in one sentence."""
    reading = read(message.kind, message.content, Rules())
    # A sender's characters may be quoted in what is said.
    found = [Fault(*map(storable, fault)) for fault in reading.faults] if isinstance(reading, Faulty) else []
    if message.reason in {fault.code for fault in found}:
        return found
    return [Fault("", message.reason, message.detail)]


def told(message: Message) -> dict[str, Any]:
    """Everything that is known of the message, for programs."""
    return message.told | {"faults": [fault._asdict() for fault in faults(message)]}


def replay(tx: Transaction, number: int, rules: Rules) -> Receipt:
    """Try to take the message in again, by these *rules*; it is settled as replayed unless it is still faulty.

    Raises:
        NotFound: there is none.
        Rejected: ``quarantine-settled``, it is not open any more.
    """
    message = KEPT.opened(tx, number)
    (receipt,) = accept(tx, message.kind, [message.content], rules=rules)
    if receipt.outcome != "faulty":
        KEPT.settle(tx, number, "replayed")
    return receipt
