"""How fast rule results come from a broker to their commit: in batches, and one message in one transaction, by the same code.

Three topics are filled first: one report of every cluster, messages for one by one, messages for batches. The clock runs from the first message
that is handed over to the commit of the last.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from evistore.clusters.bench.ground import ground
from evistore.clusters.consuming import Copies, kafka_handler
from evistore.clusters.history.load import bench_messages
from evistore.clusters.ingest import Rules
from evistore.kernel.consumer import Consumer
from evistore.kernel.database import Database, Transaction
from evistore.kernel.kafka import Sender
from evistore.kernel.messages import BatchTally, Handler, Message, Route
from evistore.kernel.settings import Settings
from evistore.kernel.terminal import progress

CLUSTERS = 1_000
HITS = 5
BYTES = 10_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run showed."""

    messages: int
    message_bytes: int
    batched_per_s: float
    one_by_one_per_s: float
    ratio: float
    """Batched against one by one."""


class _Watched:
    """A handler that knows when the first message came, and when the last was committed."""

    def __init__(self, handler: Handler, wanted: int) -> None:
        self._handler = handler
        self._left = wanted
        self.began = 0.0
        self.ended = 0.0

    def store(self, tx: Transaction, messages: Sequence[Message]) -> BatchTally:
        self.began = self.began or time.perf_counter()
        tally = self._handler(tx, messages)
        self._left -= len(messages)
        return tally

    def done(self) -> bool:
        """Whether all are stored; asked between transactions."""
        if self._left <= 0:
            self.ended = self.ended or time.perf_counter()
        return self._left <= 0


def measure(server_url: str, brokers: str, messages: int) -> Figures:
    """Bring *messages* from *brokers* into a database on the server at *server_url*; a tenth as many one by one.

    Raises:
        Unavailable: the broker does not take the messages.
    """
    fewer = max(1, messages // 10)
    stream = bench_messages(
        CLUSTERS + fewer + messages, until=datetime.now(UTC), hits=HITS, size=BYTES, clusters=CLUSTERS
    )
    name = f"evistore-bench-{secrets.token_hex(4)}"
    settings = Settings(_env_file=None, kafka_brokers=brokers, kafka_group=name)  # pyright: ignore[reportCallIssue]
    numbers = {f"{name}-first": CLUSTERS, f"{name}-single": fewer, f"{name}-batched": messages}
    with Sender(settings) as sender, progress("messages sent", sum(numbers.values())) as told:
        for topic, number in numbers.items():
            left = islice(stream, number)
            while some := [(topic, None, message) for message in islice(left, 500)]:
                sender.send(some)
                told.count(len(some))
    with ground(server_url) as database:
        _, single, together = (
            _rate(database, settings.model_copy(update={"kafka_batch_size": size}), topic, number)
            for (topic, number), size in zip(numbers.items(), (1000, 1, 1000), strict=True)
        )
    return Figures(messages, BYTES, round(together), round(single), round(together / single, 2))


def _rate(database: Database, settings: Settings, topic: str, number: int) -> float:
    """Messages per second."""
    watched = _Watched(kafka_handler("report", Rules(), Copies()), number)
    Consumer(settings, database, {topic: Route("clusters", watched.store)}).run(watched.done)
    return number / (watched.ended - watched.began)
