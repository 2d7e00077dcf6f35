"""What a broker delivers, as a value that knows no client library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from evistore.kernel.database import Transaction


class Partition(NamedTuple):
    """One ordered part of a topic. Partitions sort by topic, then by number: the order of every lock on positions."""

    topic: str
    number: int


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a topic, with its bytes as they were sent."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    """The content; ``None`` is a tombstone, which says only that the key is gone."""
    headers: tuple[tuple[str, bytes | None], ...]
    timestamp: datetime | None
    """When the sender made it, or the broker took it, as the topic says; UTC."""

    @property
    def place(self) -> Partition:
        """The partition it came from."""
        return Partition(self.topic, self.partition)

    @property
    def origin(self) -> str:
        """Where it stands, in one word: ``kafka:cdevents/3/1047`` is offset 1047 of partition 3."""
        return f"kafka:{self.topic}/{self.partition}/{self.offset}"

    @property
    def size(self) -> int:
        """Bytes of key, value and headers."""
        headers = sum(len(name) + len(value or b"") for name, value in self.headers)
        return len(self.key or b"") + len(self.value or b"") + headers


BatchTally = Mapping[str, int]
"""How many messages of a batch had which outcome. The words become values of a metric's label: a short, fixed list."""

Handler = Callable[[Transaction, Sequence[Message]], BatchTally]
"""Stores messages of one topic, in the order of each partition; never a tombstone.

Called again with fewer messages after it raised ``Rejected`` or PostgreSQL refused the data, until only the culprits
are left out; so it keeps nothing outside the transaction.
"""


@dataclass(frozen=True, slots=True)
class Route:
    """What becomes of the messages of a topic."""

    context: str
    """The body of evidence, under whose name a message that cannot be taken in is set aside."""
    store: Handler
