"""How far a consumer group is behind the broker, as findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from evistore.kernel.database import Database
from evistore.kernel.doctor import SQL, Finding, State
from evistore.kernel.errors import Fault
from evistore.kernel.kafka import ends
from evistore.kernel.messages import Partition
from evistore.kernel.settings import Settings

_PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Position:
    topic: str
    partition: int
    next_offset: int
    stored_at: datetime
    age: timedelta
    """Since then, by the clock that told it."""


def lag(settings: Settings, url: str, topics: Iterable[str]) -> list[Finding]:
    """What there is to say about the brokers of *settings*, and about how far its group has stored *topics* in the database at *url*."""
    every = sorted(set(topics))
    if not settings.kafka_brokers or not every:
        return []
    try:
        held = ends(settings, every)
    except Fault as fault:
        return [_away("brokers", fault, "See EVISTORE_KAFKA_BROKERS and EVISTORE_KAFKA_OPTIONS.")]
    reached = Finding("brokers", "ok", f"{settings.kafka_brokers} answer", "", "")
    try:
        with Database(url, size=1, name="evistore doctor") as database, database.transaction(read_only=True) as tx:
            known = tx.all(_Position, SQL["positions"], consumer=settings.kafka_group)
    except Fault as fault:
        return [reached, _away("positions", fault, "Mend the database first.")]
    positions = {Partition(one.topic, one.partition): one for one in known}
    return [reached, *(_topic(topic, held, positions) for topic in every)]


def _away(name: str, fault: Fault, advice: str) -> Finding:
    return Finding(name, "bad", f"{fault.message} [{fault.code}]", "Nothing is read from Kafka.", advice)


def _topic(topic: str, held: dict[Partition, tuple[int, int]], known: dict[Partition, _Position]) -> Finding:
    ours = {place: bounds for place, bounds in held.items() if place.topic == topic}
    if not ours:
        return _finding(
            topic,
            "warn",
            "the brokers have no such topic",
            "Nothing comes from it.",
            "Make it, or empty the setting that names it.",
        )
    gone = sum(max(0, first - known[place].next_offset) for place, (first, _) in ours.items() if place in known)
    waiting = sum(end - max(first, _stands(known.get(place), first)) for place, (first, end) in ours.items())
    newest = max((known[place] for place in ours if place in known), key=lambda one: one.stored_at, default=None)
    seen, age = (newest.stored_at, newest.age) if newest else (None, None)
    told = f"{waiting:,} messages wait in {len(ours)} partitions" + (
        f", last stored {seen:%Y-%m-%d %H:%M} UTC" if seen else ""
    )
    if gone:
        advice = "Send them again if their sender still has them; let the topic keep messages for longer, and consume all the time."
        return _finding(
            topic,
            "bad",
            f"{told}; {gone:,} were deleted unread",
            "The topic's retention was faster than we were.",
            advice,
        )
    late = waiting > 0 and (age is None or age > _PATIENCE)
    advice = "See that evistore consume runs with this group, and what its log says."
    return _finding(topic, "warn" if late else "ok", told, "Nobody reads, or what is read cannot be stored.", advice)


def _stands(position: _Position | None, first: int) -> int:
    return first if position is None else position.next_offset


def _finding(topic: str, state: State, found: str, meaning: str, advice: str) -> Finding:
    return Finding(f"topic {topic}", state, found, meaning, advice)
