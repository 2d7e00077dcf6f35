"""A batch of messages becomes one transaction: positions, what the contexts store, and what had to be set aside.

The positions come first. Of two processes that both believe to own a partition, the second waits at the first one's
row, finds the position moved, and undoes its batch before it has stored anything.
"""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from prometheus_client import Counter, Histogram
from psycopg import Error

from evistore.kernel import tracing
from evistore.kernel.database import Database, Transaction, refuses_data
from evistore.kernel.errors import Rejected
from evistore.kernel.messages import BatchTally, Message, Partition, Route
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "consumer")

MESSAGES = Counter(
    "evistore_consumer_messages_total", "Messages read from Kafka and settled in the database.", ["topic", "outcome"]
)
BATCH_MESSAGES = Histogram(
    "evistore_consumer_batch_messages",
    "Messages of one transaction.",
    buckets=(1, 3, 10, 30, 100, 300, 1000, 3000, 10_000),
)
BATCH_SECONDS = Histogram("evistore_consumer_batch_seconds", "Time that one transaction took.")

_TRACE_HEADERS = frozenset({"traceparent", "ce_traceparent"})

Positions = dict[Partition, int | None]
"""The offset of the first message that is not stored; ``None`` before the first was."""
Taking = Callable[[Transaction, Route, Sequence[Message]], BatchTally]


class Move(NamedTuple):
    """A batch's step on one partition."""

    place: Partition
    known: int | None
    following: int


class Overtaken(Exception):  # noqa: N818  # no error of anybody's: the batch had been stored before
    """Another process has moved these partitions' positions."""

    def __init__(self, places: Iterable[Partition]) -> None:
        """Name the partitions."""
        super().__init__()
        self.places = frozenset(places)


def positions(database: Database, group: str) -> Positions:
    """How far *group* has come on every partition it ever read.

    Raises:
        Unavailable: the database does not answer.
    """
    with database.transaction(read_only=True) as tx:
        rows = tx.rows(SQL["positions"], consumer=group)
    return {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}


def store(
    database: Database, group: str, routes: Mapping[str, Route], batch: Sequence[Message], known: Positions
) -> dict[Partition, int]:
    """Store *batch*, whose partitions stood at *known*, in one transaction; where they stand now.

    A message that its handler or PostgreSQL refuses is set aside, and costs no other. Tombstones are passed over.

    Raises:
        Overtaken: another process has stored these messages; nothing was.
        Unavailable: nothing was stored, or nobody knows: the same call again finds out.
    """
    with tracing.span(*_span(group, batch), links=_senders(batch)):
        return _store(database, group, routes, batch, known)


def _store(
    database: Database, group: str, routes: Mapping[str, Route], batch: Sequence[Message], known: Positions
) -> dict[Partition, int]:
    started = time.monotonic()
    following = {message.place: message.offset + 1 for message in batch}
    moves = [Move(place, known[place], offset) for place, offset in following.items()]

    def transact(taking: Taking) -> dict[str, BatchTally]:
        with database.transaction() as tx:
            _advance(tx, group, moves)
            return {
                topic: _take(tx, routes[topic], messages, taking)
                for topic, messages in sorted(_by_topic(batch).items())
            }

    try:
        tallies = transact(_at_once)
    except (Rejected, Error) as error:
        if isinstance(error, Error) and not refuses_data(error):
            raise
        tallies = transact(_apart)
    _count(tallies, len(batch), time.monotonic() - started)
    return following


def _advance(tx: Transaction, group: str, moves: Sequence[Move]) -> None:
    rows = tx.rows(
        SQL["overtaken"],
        consumer=group,
        topics=[move.place.topic for move in moves],
        partitions=[move.place.number for move in moves],
        known=[move.known for move in moves],
        next=[move.following for move in moves],
    )
    if rows:
        raise Overtaken(Partition(row["topic"], row["partition"]) for row in rows)


def _by_topic(batch: Sequence[Message]) -> dict[str, list[Message]]:
    found: dict[str, list[Message]] = {}
    for message in batch:
        found.setdefault(message.topic, []).append(message)
    return found


def _take(tx: Transaction, route: Route, messages: Sequence[Message], taking: Taking) -> BatchTally:
    filled = [message for message in messages if message.value is not None]
    tally = Tally(taking(tx, route, filled) if filled else {})
    tally["tombstone"] += len(messages) - len(filled)
    return tally


def _at_once(tx: Transaction, route: Route, messages: Sequence[Message]) -> BatchTally:
    return route.store(tx, messages)


def _apart(tx: Transaction, route: Route, messages: Sequence[Message]) -> BatchTally:
    """Store what can be stored, halving until each culprit stands alone."""
    try:
        with tx.attempt():
            tally = route.store(tx, messages)
            tx.run(SQL["check_at_once"])
            return tally
    except Rejected as fault:
        if len(messages) == 1:
            return _set_aside(tx, route, messages[0], fault)
    middle = len(messages) // 2
    return Tally(_apart(tx, route, messages[:middle])) + Tally(_apart(tx, route, messages[middle:]))


def _set_aside(tx: Transaction, route: Route, message: Message, fault: Rejected) -> BatchTally:
    tx.run(
        SQL["set_aside"],
        context=route.context,
        reason=fault.code,
        detail=fault.message,
        origin=message.origin,
        raw=message.value,
    )
    return {"set-aside": 1}


def _count(tallies: Mapping[str, BatchTally], messages: int, seconds: float) -> None:
    for topic, tally in tallies.items():
        for outcome, number in tally.items():
            if number:
                MESSAGES.labels(topic, outcome).inc(number)
    BATCH_MESSAGES.observe(messages)
    BATCH_SECONDS.observe(seconds)


def _span(group: str, batch: Sequence[Message]) -> tuple[str, tracing.Kind, tracing.Attributes]:
    """Name, kind and attributes of the storing of *batch*, as OpenTelemetry's conventions have them."""
    topics = sorted({message.topic for message in batch})
    told: dict[str, str | int] = {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.consumer.group.name": group,
        "messaging.batch.message_count": len(batch),
    }
    if topics[1:]:
        return "process", "consumer", told
    return f"process {topics[0]}", "consumer", {**told, "messaging.destination.name": topics[0]}


def _senders(batch: Sequence[Message]) -> Iterator[tracing.Place]:
    """Where *batch* was sent from, as far as its senders said so; each place once."""
    headers = {value for message in batch for name, value in message.headers if name in _TRACE_HEADERS}
    yield from filter(None, map(tracing.parsed, headers))
