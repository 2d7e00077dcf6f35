"""The only place that speaks Kafka: one process's membership in a consumer group.

librdkafka fetches, heartbeats and reconnects on threads of its own; what it has to say is heard inside
:meth:`Membership.take`, in the caller's thread. Where partitions start is never left to it: the caller, who keeps the
positions, says so.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Self

import confluent_kafka as client
import structlog
from confluent_kafka import KafkaError, KafkaException, TopicPartition
from prometheus_client import Counter

from evistore.kernel.errors import Fault, Misconfigured, Rejected, Unavailable
from evistore.kernel.kafka_options import consumer_options, sender_options
from evistore.kernel.messages import Message, Partition
from evistore.kernel.settings import Settings

RESETS = Counter(
    "evistore_consumer_resets_total",
    "Positions that the broker did not have any more, so that the partition was read from its beginning.",
    ["topic"],
)

_LOG = structlog.get_logger(__name__)
_NETWORK_SECONDS = 10.0
_STANDING_MILLISECONDS = 1000
_HEARING_SECONDS = 0.5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPERATOR_CODES = frozenset({
    "_AUTHENTICATION", "_FENCED", "_FATAL", "_INVALID_ARG", "_SSL", "_UNSUPPORTED_FEATURE",
    "CLUSTER_AUTHORIZATION_FAILED", "FENCED_INSTANCE_ID", "GROUP_AUTHORIZATION_FAILED", "INCONSISTENT_GROUP_PROTOCOL",
    "INVALID_GROUP_ID", "INVALID_SESSION_TIMEOUT", "SASL_AUTHENTICATION_FAILED", "TOPIC_AUTHORIZATION_FAILED",
    "TOPIC_EXCEPTION", "UNSUPPORTED_SASL_MECHANISM",
})  # fmt: skip


def fault_of(error: KafkaError) -> Fault:
    """The fault that *error* means: the operator's or the sender's where no waiting helps, else time's."""
    if error.name() == "MSG_SIZE_TOO_LARGE":
        return Rejected(f"Kafka takes no message that large: {error.str()}", code="message-too-large")
    if error.fatal() or error.name() in _OPERATOR_CODES:
        return Misconfigured(f"Kafka refuses: {error.str()} ({error.name()})", code="broker-refuses")
    return Unavailable(f"Kafka does not serve this now: {error.str()} ({error.name()})", code="broker-away")


class Membership:
    """One process's place in a consumer group.

    The group gives partitions (they are *waiting*), the caller starts them where it left off (they are *read*), the
    group takes them away. Use it from one thread.
    """

    def __init__(self, settings: Settings, topics: Iterable[str], *, leave: Callable[[set[Partition]], None]) -> None:
        """Join the group for *topics*, which need not exist yet.

        *leave* is called, inside :meth:`take` and :meth:`close`, before partitions go to somebody else.

        Raises:
            Misconfigured: librdkafka does not take the options.
        """
        self.waiting: set[Partition] = set()
        self._next: dict[Partition, int] = {}
        self._leave = leave
        self._fault: Fault | None = None
        self._complaints: set[str] = set()
        self.joined = False
        told = {"error_cb": self._complain, "on_commit": _ignore_commit, "stats_cb": self._stands}
        options = {**consumer_options(settings), **told, "statistics.interval.ms": _STANDING_MILLISECONDS}
        try:
            self._consumer = client.Consumer(options, logger=logging.getLogger(__name__))
            self._consumer.subscribe(sorted(topics), on_assign=self._given, on_revoke=self._taken, on_lost=self._taken)
        except KafkaException as error:
            raise Misconfigured(f"Kafka options do not fit: {error.args[0].str()}", code="kafka-options") from error

    @property
    def read(self) -> set[Partition]:
        """The partitions that are being read."""
        return set(self._next)

    def take(self, most: int, seconds: float) -> list[Message]:
        """At most *most* messages of the partitions being read, each exactly once and in order; fewer after *seconds*.

        Raises:
            Misconfigured: the broker refuses for good.
        """
        found = self._consumer.consume(most, seconds)
        messages = [_message(raw) for raw in found if self._fits(raw)]
        if self._fault:
            raise self._fault
        return messages

    def start(self, offsets: Mapping[Partition, int | None]) -> None:
        """Read partitions that are waiting, each from its offset; where that is ``None``, from the group's, or the first.

        Raises:
            Unavailable: the broker cannot tell the group's offsets now; nothing was started.
        """
        with _translated():
            unknown = [TopicPartition(*place) for place, offset in offsets.items() if offset is None]
            told = self._consumer.committed(unknown, timeout=_NETWORK_SECONDS) if unknown else []
            for failed in filter(None, (p.error for p in told)):
                raise KafkaException(failed)
            starts = {**offsets, **{Partition(p.topic, p.partition): max(p.offset, 0) for p in told}}
            # Offset 0 may be gone by retention: the beginning is asked for by its own name.
            self._consumer.incremental_assign(
                [TopicPartition(*place, offset or client.OFFSET_BEGINNING) for place, offset in starts.items()]
            )
        self._next.update({place: offset or 0 for place, offset in starts.items()})
        self.waiting -= starts.keys()

    def stop(self, places: Iterable[Partition]) -> None:
        """Read *places* no more; they are waiting again."""
        stopped = [place for place in places if self._next.pop(place, None) is not None]
        with _translated():
            self._consumer.incremental_unassign([TopicPartition(*place) for place in stopped])
        self.waiting.update(stopped)

    def hold(self) -> None:
        """Fetch nothing for now; the membership stays alive as long as :meth:`take` is called."""
        self._consumer.pause([TopicPartition(*place) for place in self._next])

    def release(self) -> None:
        """Fetch again after :meth:`hold`."""
        self._consumer.resume([TopicPartition(*place) for place in self._next])

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Tell the group, without waiting, how far was read. For others to see: nothing depends on its success."""
        with suppress(KafkaException):
            self._consumer.commit(offsets=[TopicPartition(*place, offset) for place, offset in offsets.items()])

    def behind(self) -> dict[Partition, int]:
        """How many messages each partition being read still has, as far as its last fetch told."""
        found: dict[Partition, int] = {}
        for place, following in self._next.items():
            with suppress(KafkaException):
                _, high = self._consumer.get_watermark_offsets(TopicPartition(*place), cached=True)
                found[place] = max(0, high - following)
        return found

    def close(self) -> None:
        """Leave the group, so that others go on at once."""
        with suppress(KafkaException):
            self._consumer.close()

    def _stands(self, statistics: str) -> None:
        """Note whether the group has us: its coordinator is reached, and partitions were shared out, be it that none was left for us."""
        group = json.loads(statistics).get("cgrp", {})
        self.joined = group.get("state") == "up" and group.get("join_state") == "steady"

    def _fits(self, raw: client.Message) -> bool:
        error = raw.error()
        if error is not None:
            self._complain(error, raw)
            return False
        self._complaints.clear()
        place, offset = _place(raw), raw.offset() or 0
        if offset < self._next.get(place, offset + 1):
            return False  # fetched before the partition was taken away or moved
        self._next[place] = offset + 1
        return True

    def _complain(self, error: KafkaError, raw: client.Message | None = None) -> None:
        if raw is not None and error.name() == "_AUTO_OFFSET_RESET":
            return self._reset(_place(raw))
        fault = fault_of(error)
        if isinstance(fault, Misconfigured):
            self._fault = fault
        elif error.name() not in self._complaints:
            self._complaints.add(error.name())
            _LOG.warning("kafka-complains", code=error.name(), says=error.str())
        return None

    def _reset(self, place: Partition) -> None:
        if place not in self._next:
            return
        RESETS.labels(place.topic).inc()
        _LOG.warning("position-not-on-broker", topic=place.topic, partition=place.number, position=self._next[place])
        self.stop([place])
        self.start({place: 0})

    def _given(self, _consumer: object, given: Sequence[TopicPartition]) -> None:
        self.waiting.update(Partition(p.topic, p.partition) for p in given)
        self._complaints.clear()
        self._consumer.incremental_assign([])  # not yet: the caller knows where they start

    def _taken(self, _consumer: object, taken: Sequence[TopicPartition]) -> None:
        places = {Partition(p.topic, p.partition) for p in taken}
        self._leave(places & self._next.keys())
        self.waiting -= places
        self._consumer.incremental_unassign(
            [TopicPartition(*place) for place in places if self._next.pop(place, None) is not None]
        )


def ends(settings: Settings, topics: Iterable[str], *, seconds: float = 4.0) -> dict[Partition, tuple[int, int]]:
    """The first offset that each partition of *topics* has, and the one that its next message will get; without joining the group.

    Topics that are not there have none. Each question waits for *seconds*.

    Raises:
        Unavailable: the broker does not answer now.
        Misconfigured: it refuses for good, or the options do not fit.
    """
    heard = _Heard()
    try:
        consumer = client.Consumer(
            {**consumer_options(settings), "error_cb": heard}, logger=logging.getLogger(__name__)
        )
    except KafkaException as error:
        raise Misconfigured(f"Kafka options do not fit: {error.args[0].str()}", code="kafka-options") from error
    try:
        with _translated(), heard.told_before(lambda: consumer.poll(0)):
            known = consumer.list_topics(timeout=seconds).topics
            places = [
                TopicPartition(name, number) for name in topics if name in known for number in known[name].partitions
            ]
            bounds = [consumer.get_watermark_offsets(place, timeout=seconds) for place in places]
        return {Partition(p.topic, p.partition): (low, high) for p, (low, high) in zip(places, bounds, strict=True)}
    finally:
        consumer.close()


class Sender:
    """Sends messages and waits until the broker has them. Use it from one thread."""

    def __init__(self, settings: Settings) -> None:
        """Prepare to send to the brokers of *settings*.

        Raises:
            Misconfigured: no brokers are named, or the options do not fit.
        """
        self._heard = _Heard()
        options = {**sender_options(settings), "error_cb": self._heard}
        try:
            self._producer = client.Producer(options, logger=logging.getLogger(__name__))
        except KafkaException as error:
            raise Misconfigured(f"Kafka options do not fit: {error.args[0].str()}", code="kafka-options") from error

    def __enter__(self) -> Self:
        """Nothing is connected before the first message."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Forget what was not sent."""
        self._producer.purge()
        self._producer.flush(0)

    def send(self, messages: Iterable[tuple[str, bytes | None, bytes]]) -> None:
        """Send *messages* (topic, key, content) in order; the broker has all of them when it returns.

        Raises:
            Rejected: one of them is larger than the broker takes; others may have arrived.
            Unavailable: the broker did not take all of them in time; some may have arrived.
            Misconfigured: it refuses for good.
        """
        failed: list[KafkaError] = []

        def delivered(error: KafkaError | None, _: object) -> None:
            if error is not None:
                failed.append(error)

        with _translated():
            for topic, key, value in messages:
                self._produce(topic, key, value, delivered)
            while self._producer.flush(_HEARING_SECONDS) and self._heard.fault is None:
                pass
        if self._heard.fault is not None:
            raise self._heard.fault
        if failed:
            raise fault_of(failed[0])

    def _produce(self, topic: str, key: bytes | None, value: bytes, delivered: Callable[..., None]) -> None:
        while True:
            try:
                return self._producer.produce(topic, value, key, on_delivery=delivered)
            except BufferError:
                self._producer.poll(0.1)


class _Heard:
    """What librdkafka says beside its answers: why it gets none."""

    def __init__(self) -> None:
        self.fault: Misconfigured | None = None
        self._last: Fault | None = None

    def __call__(self, error: KafkaError) -> None:
        fault = fault_of(error)
        if isinstance(fault, Misconfigured):
            self.fault = fault
        elif error.name() != "_ALL_BROKERS_DOWN":  # which is no reason, but what follows from one
            self._last = fault

    @contextmanager
    def told_before(self, listen: Callable[[], object]) -> Generator[None]:
        """Raise what was heard instead of an error that only says that there was no answer."""
        try:
            yield
        except KafkaException as error:
            listen()
            said = fault_of(error.args[0])
            raise (said if isinstance(said, Misconfigured) else self.fault or self._last or said) from error


def _message(raw: client.Message) -> Message:
    kind, milliseconds = raw.timestamp()
    place = _place(raw)
    return Message(
        place.topic,
        place.number,
        raw.offset() or 0,
        raw.key(),
        raw.value(),
        tuple((name, value.encode() if isinstance(value, str) else value) for name, value in raw.headers() or ()),
        None if kind == client.TIMESTAMP_NOT_AVAILABLE else _moment(milliseconds),
    )


def _moment(milliseconds: int) -> datetime | None:
    """The moment *milliseconds* after 1970; ``None`` for what a sender made up, beyond the calendar."""
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def _place(raw: client.Message) -> Partition:
    return Partition(raw.topic() or "", raw.partition() or 0)


def _ignore_commit(_error: object, _offsets: object) -> None:
    """Commits tell others how far we are; the positions that count stand in the database."""


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except KafkaException as error:
        raise fault_of(error.args[0]) from error
