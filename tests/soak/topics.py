"""Topics, and the sender's record of what stands on them: a broker that forgot everything is filled again from it, each message at its place."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from confluent_kafka import KafkaException, Producer

from fixtures.brokers import Broker
from soak.book import Away
from soak.doors import Told, known
from soak.sent import Sent

PARTITIONS = {"soak-events": 3, "soak-reports": 2, "soak-workloads": 1}
ACKNOWLEDGED_SECONDS = 5
Place = tuple[str, int]


class Topics:
    """Sends to the topics of one broker. Safe in any thread."""

    def __init__(self, broker: Broker, bootstrap: str) -> None:
        self._broker = broker
        self._options: dict[str, Any] = {
            "bootstrap.servers": bootstrap,
            "log_level": 0,
            "message.timeout.ms": 1000 * ACKNOWLEDGED_SECONDS,
            "reconnect.backoff.max.ms": 1000,
            "enable.idempotence": broker.kind == "kafka",  # Tansu knows no idempotent producers
        }
        self._producer = Producer(self._options)
        self._lock = threading.Lock()
        self.stands: dict[Place, dict[int, bytes]] = defaultdict(dict)
        """What the broker acknowledged, by place and offset."""

    def create(self) -> None:
        """Make the topics, which are not there."""
        for name, partitions in PARTITIONS.items():
            self._broker.create_topic(name, partitions)

    def send(self, topic: str, lot: Sequence[Sent]) -> Told:
        """Send *lot*; returned when all of it is on the broker."""
        with self._lock:
            failures: list[str] = []

            def delivered(error: Any, message: Any) -> None:
                if error:
                    failures.append(error.name())
                else:
                    self.stands[topic, message.partition()][message.offset()] = message.value()

            try:
                for one in lot:
                    self._producer.produce(topic, one.body, on_delivery=delivered)
                left = self._producer.flush(ACKNOWLEDGED_SECONDS + 5)
            except (KafkaException, BufferError) as error:
                raise Away(type(error).__name__) from error
        if failures or left:
            raise Away(failures[0] if failures else "not flushed")
        return known(lot)

    def ends(self) -> dict[Place, int]:
        """The offset behind the last message that was acknowledged, by place."""
        return {place: max(found) + 1 for place, found in self.stands.items() if found}

    @contextmanager
    def losing(self, positions: Callable[[], Mapping[Place, int]]) -> Iterator[None]:
        """Send nothing while the broker is ended and started in the block; then bring back what it lost, if it kept all in memory.

        Everything comes to its place, up to what stood there and to *positions*. What nobody was told of becomes a tombstone: it may have been read.
        """
        with self._lock:
            # A sender that stayed would make the topics anew, by its questions and with another number of partitions.
            self._producer.purge()
            self._producer.flush(5)
            del self._producer
            try:
                yield
                if self._broker.kind != "kafka":
                    self.create()
            finally:
                self._producer = Producer(self._options)
            if self._broker.kind != "kafka":
                self._restore(positions())

    def _restore(self, positions: Mapping[Place, int]) -> None:
        for place in [(name, number) for name, count in PARTITIONS.items() for number in range(count)]:
            found = self.stands[place]
            for offset in range(max(self.ends().get(place, 0), positions.get(place, 0))):
                self._put(place, found.get(offset), offset)
        assert self._producer.flush(30) == 0

    def _put(self, place: Place, value: bytes | None, offset: int) -> None:
        def delivered(error: Any, message: Any) -> None:
            assert not error, error
            assert message.offset() == offset, (place, offset, message.offset())

        give_up = time.monotonic() + 30
        while True:
            try:
                self._producer.produce(place[0], value, partition=place[1], on_delivery=delivered)
            except (BufferError, KafkaException):
                assert time.monotonic() < give_up
                self._producer.poll(0.1)
            else:
                self._producer.poll(0)
                return


class Topic:
    """The door that one topic is."""

    def __init__(self, topics: Topics, name: str) -> None:
        self._topics, self._name = topics, name

    def send(self, lot: Sequence[Sent]) -> Told:
        return self._topics.send(self._name, lot)
