"""The one way in: decoded events become rows of the lake or of the quarantine, whatever door they came through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import orjson

from evistore.delivery.remarks import Reason
from evistore.delivery.wire import Event, Malformed, decode_kafka
from evistore.kernel.arrays import TextArray
from evistore.kernel.database import Transaction
from evistore.kernel.errors import Rejected
from evistore.kernel.messages import BatchTally, Handler, Message
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "ingest")

Mode = Literal["off", "mark", "reject"]
Outcome = Literal["stored", "duplicate", "conflict", "malformed", "refused"]
Item = Event | Malformed

_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one event.

    ``stored`` and ``duplicate`` carry the position in the lake, ``conflict`` that of the event that was first. ``conflict`` and ``malformed``
    stand in quarantine; ``refused`` does where nobody waits for an answer. ``reason`` is a stable code, ``reasons`` say what the rules found.
    """

    outcome: Outcome
    reason: str | None = None
    context_id: str | None = None
    position: int | None = None
    quarantine_id: int | None = None
    detail: str | None = None
    reasons: tuple[Reason, ...] = ()


def accept(
    tx: Transaction, items: Sequence[Item], *, origin: str, mode: Mode = "mark", keep_refused: bool = True
) -> list[Receipt]:
    """Store *items* and say what became of each, in order.

    Nothing a sender can write makes it fail. In mode ``reject`` an event that breaks the rules of its version is not stored but refused: set
    aside under the reason ``schema``, or with *keep_refused* off only told to the caller. *origin* is the door and place the items came from.
    """
    receipts: dict[int, Receipt] = {}
    storable: dict[int, Event] = {}
    for n, item in enumerate(items):
        if isinstance(item, Malformed):
            receipts[n] = _malformed(tx, item, origin)
        elif mode == "reject" and item.verdict is not None and item.verdict.state == "invalid":
            receipts[n] = _refused(tx, item, origin, keep=keep_refused)
        else:
            storable[n] = item
    receipts |= zip(storable, _stored(tx, list(storable.values()), origin), strict=True)
    return [receipts[n] for n in range(len(items))]


def kafka_handler(mode: Mode = "mark") -> Handler:
    """What the kernel's consumer does with messages of CDEvents."""

    def store(tx: Transaction, messages: Sequence[Message]) -> BatchTally:
        items = [item for one in messages for item in decode_kafka(one.headers, one.value, judged=mode != "off")]
        return Counter[str](receipt.outcome for receipt in accept(tx, items, origin=_origin(messages), mode=mode))

    return store


def _origin(messages: Sequence[Message]) -> str:
    """Where a batch stands: its offsets when they are of one partition, else the topic."""
    first, last = messages[0], messages[-1]
    if len(messages) == 1 or any(one.partition != first.partition for one in messages):
        return first.origin if len(messages) == 1 else f"kafka:{first.topic}"
    return f"{first.origin}-{last.offset}"


def _stored(tx: Transaction, events: Sequence[Event], origin: str) -> list[Receipt]:
    """Store *events*; when PostgreSQL cannot take the data of one, halve until only that one is left out."""
    if not events:
        return []
    try:
        with tx.attempt():
            return _store(tx, events, origin)
    except Rejected as refusal:
        if len(events) == 1:
            raw = events[0].text.encode("utf-8", "surrogatepass")
            return [_malformed(tx, Malformed(refusal.code, refusal.message, raw), origin)]
    middle = len(events) // 2
    return _stored(tx, events[:middle], origin) + _stored(tx, events[middle:], origin)


def _store(tx: Transaction, events: Sequence[Event], origin: str) -> list[Receipt]:
    verdicts = TextArray(event.verdict.state if event.verdict else None for event in events)
    reasons = TextArray(_remarks(event) for event in events)
    return tx.all(
        Receipt,
        SQL["store"],
        texts=TextArray(event.text for event in events),
        verdicts=verdicts if any(verdicts) else None,
        reasons=reasons if any(reasons) else None,
        origin=origin,
    )


def _remarks(event: Event) -> str | None:
    """What is stored beside the verdict: why it is no better, what only prose asks for, what was odd about the envelope."""
    found = (*event.verdict.reasons, *event.verdict.warnings, *event.notes) if event.verdict else event.notes
    return orjson.dumps(found).decode() if found else None


def _malformed(tx: Transaction, item: Malformed, origin: str) -> Receipt:
    number = _set_aside(tx, item.code, item.message, origin, raw=item.raw)
    return Receipt("malformed", item.code, quarantine_id=number, detail=item.message)


def _refused(tx: Transaction, event: Event, origin: str, *, keep: bool) -> Receipt:
    reasons = event.verdict.reasons if event.verdict else ()
    detail = "; ".join(f"{reason.path or '/'}: {reason.message}" for reason in reasons[:_MOST_TOLD])
    number = _kept(tx, event, detail, origin) if keep else None
    return Receipt("refused", "schema", _context_id(event), quarantine_id=number, detail=detail, reasons=reasons)


def _kept(tx: Transaction, event: Event, detail: str, origin: str) -> int:
    """Set aside an event that was refused, as JSON where PostgreSQL can hold it."""
    try:
        with tx.attempt():
            return _set_aside(tx, "schema", detail, origin, payload=event.text)
    except Rejected:
        return _set_aside(tx, "schema", detail, origin, raw=event.text.encode("utf-8", "surrogatepass"))


def _context_id(event: Event) -> str | None:
    match event.document:
        case {"context": {"id": str(found)}}:
            return found
        case _:
            return None


def _set_aside(
    tx: Transaction, reason: str, detail: str, origin: str, *, payload: str | None = None, raw: bytes | None = None
) -> int:
    """Keep a message, as JSON or as bytes, under *reason*; its number in quarantine."""
    return tx.value(SQL["set_aside"], reason=reason, detail=_printable(detail), origin=origin, payload=payload, raw=raw)


def _printable(text: str) -> str:
    """The *text* without what PostgreSQL cannot hold: a sender's bytes may be quoted in it."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
