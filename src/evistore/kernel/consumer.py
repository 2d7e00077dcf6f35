"""Messages from Kafka into the database: each once, whoever is killed or restarted in between.

The position in the database decides where reading goes on, for it is written with the messages. The offsets that the
group commits to Kafka afterwards are for others to see, and for a group whose position the database does not know.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence

import structlog
from prometheus_client import Counter, Gauge

from evistore.kernel import batches
from evistore.kernel.database import Database
from evistore.kernel.errors import Misconfigured, Unavailable
from evistore.kernel.kafka import Membership
from evistore.kernel.kafka_options import consumer_options
from evistore.kernel.messages import Message, Partition, Route
from evistore.kernel.probes import Pulse, answering, wait_for
from evistore.kernel.readiness import Check, now_and_then, unchecked
from evistore.kernel.settings import Settings
from evistore.kernel.workers import Stop, signals, together

LAG = Gauge("evistore_consumer_lag", "Messages on the broker that are not stored yet.", ["topic", "partition"])
WAITS = Counter("evistore_consumer_waits_total", "Waits for a database or broker that was away.", ["code"])
OVERTAKEN = Counter("evistore_consumer_overtaken_total", "Batches undone because another process had stored them.")

BATCH_BYTES = 8 * 1024 * 1024
"""A batch is full at this size, too; its last few messages may exceed it."""

_LOG = structlog.get_logger(__name__)
_IDLE_SECONDS = 0.5  # how late a stop may be noticed
_REPORT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 10.0
_MOST_AT_ONCE = 64  # messages that are taken before the size of the batch is looked at again


Readings = Sequence[tuple[Database, Mapping[str, Route]]]
"""What to read into which database: routes by topic."""


def consume(settings: Settings, readings: Readings, stop: Stop | None = None, check: Check = unchecked) -> None:
    """Store the messages of all *readings* until *stop* says so; without it, until SIGTERM or SIGINT, and only while *check* raises nothing.

    Each database has a consumer of its own, for positions are stored with the messages. Answers probes on ``settings.metrics_port`` meanwhile.
    Without *stop*, call it in the main thread.

    Raises:
        Misconfigured: nothing to read is named, or database or broker refuse in a way that no waiting mends.
    """
    consumers = [Consumer(settings, database, routes, check) for database, routes in readings if routes]
    if not consumers:
        raise Misconfigured("no topics are named: set EVISTORE_KAFKA_TOPICS", code="kafka-topics")
    consumer_options(settings)  # what is wrong with them is said now, and not when the database is there

    def live() -> None:
        for one in consumers:
            one.pulse.check()

    def ready() -> None:
        check()
        for one in consumers:
            one.check_joined()

    with signals(stop) as told, answering(settings.metrics_port, live=live, ready=ready):
        together([one.run for one in consumers], told)


class Consumer:
    """One process of a consumer group that stores what it reads. Use it from one thread."""

    def __init__(
        self, settings: Settings, database: Database, routes: Mapping[str, Route], check: Check = unchecked
    ) -> None:
        """Prepare to join the group of *settings* for the topics of *routes*, which need not exist yet.

        Nothing is stored unless *check*, asked now and then, raises nothing.
        """
        self._settings = settings
        self._database = database
        self._routes = routes
        self._check = now_and_then(check)
        self._batch: list[Message] = []
        self._known: batches.Positions = {}
        self._uncommitted: dict[Partition, int] = {}
        self._report_at = 0.0
        self._waits = 0
        self._membership: Membership
        self._is_member = False
        self.pulse = Pulse()

    def check_joined(self) -> None:
        """Nothing, while it has its place in the group, which may be one without partitions. For any thread.

        Raises:
            Unavailable: it has not, or not any more: the broker may be away.
        """
        if not (self._is_member and self._membership.joined):
            raise Unavailable("Kafka has not given us a place in the group, or is away", code="group-not-joined")

    def run(self, stop: Stop) -> None:
        """Join the group, store messages until *stop* says so, then finish the batch and leave the group.

        Before there is a database to store into it does not join: others may have one. Later it waits for a database or a broker that is away
        without leaving the group. Whatever ends it, a bug or a kill included: nothing is lost, and nothing doubled.

        Raises:
            Misconfigured: the database or the broker refuses in a way that no waiting mends, or the schema has become too new for this release.
        """
        if not wait_for(self._check, stop, self._turned):
            return
        self._membership = Membership(self._settings, self._routes, leave=self._leave)
        self._is_member = True
        try:
            while not stop():
                self.pulse.beat()
                try:
                    self._step(stop)
                except Unavailable as fault:
                    self._wait(fault, stop)
                else:
                    self._go_on()
        finally:
            self._commit()
            self._membership.close()

    def _turned(self, code: str | None) -> None:
        self.pulse.beat()
        if code is not None:
            WAITS.labels(code).inc()

    def _step(self, stop: Stop) -> None:
        self._check()
        self._place()
        self._fill(stop)
        if self._batch:
            self._store()
        self._report()

    def _place(self) -> None:
        """Start the partitions that the group gave us where the database says."""
        if not self._membership.waiting:
            return
        found = batches.positions(self._database, self._settings.kafka_group)
        starts = {place: found.get(place) for place in self._membership.waiting}
        self._membership.start(starts)
        self._known.update(starts)
        _LOG.info("partitions-given", partitions=_names(starts))

    def _fill(self, stop: Stop) -> None:
        """Collect messages until the batch is full, or its first one has waited long enough."""
        room = BATCH_BYTES - sum(message.size for message in self._batch)
        largest = max((message.size for message in self._batch), default=BATCH_BYTES)
        deadline = time.monotonic() + (self._settings.kafka_batch_seconds if self._batch else _IDLE_SECONDS)
        while (lacking := self._settings.kafka_batch_size - len(self._batch)) > 0 and room > 0 and not stop():
            # Never more than what would fit, should the next ones be as large as the largest.
            most = max(1, min(lacking, _MOST_AT_ONCE, room // (largest or 1)))
            taken = self._membership.take(most, max(0.0, deadline - time.monotonic()))
            sizes = [message.size for message in taken]
            if taken and not self._batch:
                deadline = time.monotonic() + self._settings.kafka_batch_seconds
                largest = max(sizes)
            self._batch += taken
            room, largest = room - sum(sizes), max(largest, *sizes, 0)
            if not taken or time.monotonic() > deadline:
                return

    def _store(self) -> None:
        group = self._settings.kafka_group
        try:
            stored = batches.store(self._database, group, self._routes, self._batch, self._known)
        except batches.Overtaken as overtaken:
            return self._start_again(overtaken.places)
        self._known.update(stored)
        self._uncommitted.update(stored)
        self._batch = []
        return None

    def _start_again(self, places: frozenset[Partition]) -> None:
        """Read *places* anew from where the database says; the rest of the batch is stored next."""
        OVERTAKEN.inc()
        _LOG.warning("overtaken", partitions=_names(places))
        self._membership.stop(places)
        self._forget(places)

    def _leave(self, places: set[Partition]) -> None:
        _LOG.info("partitions-taken", partitions=_names(places))
        self._commit()
        self._forget(places)
        for place in places:
            _unlabel(place)

    def _forget(self, places: frozenset[Partition] | set[Partition]) -> None:
        self._batch = [message for message in self._batch if message.place not in places]
        for place in places:
            self._known.pop(place, None)

    def _report(self) -> None:
        """Tell the group and the metrics how far we are, once a second."""
        if time.monotonic() < self._report_at:
            return
        self._report_at = time.monotonic() + _REPORT_SECONDS
        self._commit()
        for place, lag in self._membership.behind().items():
            LAG.labels(place.topic, place.number).set(lag)

    def _commit(self) -> None:
        if self._uncommitted:
            self._membership.commit(self._uncommitted)
            self._uncommitted = {}

    def _wait(self, fault: Unavailable, stop: Stop) -> None:
        """Wait for a while, longer each time and never in step with others, and stay in the group meanwhile."""
        WAITS.labels(fault.code).inc()
        if not self._waits:
            _LOG.warning("waiting", code=fault.code, why=fault.message)
        self._membership.hold()
        longest = min(_LONGEST_WAIT_SECONDS, 0.2 * 2 ** min(self._waits, 10))
        until = time.monotonic() + random.uniform(longest / 2, longest)
        self._waits += 1
        while (left := until - time.monotonic()) > 0 and not stop():
            self.pulse.beat()
            self._batch += self._membership.take(1, min(left, _IDLE_SECONDS))

    def _go_on(self) -> None:
        if self._waits:
            self._waits = 0
            self._membership.release()
            _LOG.info("going-on")


def _names(places: Mapping[Partition, object] | frozenset[Partition] | set[Partition]) -> list[str]:
    return [f"{topic}/{number}" for topic, number in sorted(places)]


def _unlabel(place: Partition) -> None:
    try:
        LAG.remove(place.topic, place.number)
    except KeyError:
        return  # it was never told
