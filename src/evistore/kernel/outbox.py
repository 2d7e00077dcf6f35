"""Messages that we send to Kafka: posted in the transaction that they tell about, sent after its commit, at least once.

Without the outbox a process that is killed between the commit and the sending would have told nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from prometheus_client import Counter

from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import Fault, Rejected
from evistore.kernel.kafka import Sender
from evistore.kernel.settings import Settings
from evistore.kernel.statements import statements
from evistore.kernel.workers import Stop

SQL = statements("evistore.kernel", "outbox")
SENT = Counter("evistore_outbox_sent_total", "Messages of the outbox that the broker has taken.", ["topic"])
REFUSED = Counter("evistore_outbox_refused_total", "Messages of the outbox that the broker never takes.", ["topic"])

_MOST = 500
_BYTES = 8 * 1024 * 1024  # of one transaction; a single message may exceed it
_PAUSE_SECONDS = 0.5
_WAIT_SECONDS = 5.0

_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Posted:
    """One message for Kafka."""

    topic: str
    key: bytes | None
    value: bytes


def post(tx: Transaction, messages: Iterable[Posted]) -> None:
    """Put *messages* into the outbox; they are sent once *tx* is committed, in this order."""
    every = list(messages)
    if every:
        tx.run(
            SQL["post"],
            topics=[one.topic for one in every],
            keys=[one.key for one in every],
            values=[one.value for one in every],
        )


def topics(database: Database) -> list[str]:
    """The topics for which messages are in the outbox of *database*."""
    with database.transaction(read_only=True) as tx:
        return tx.values(SQL["topics"])


def send(database: Database, sender: Sender, topic: str) -> int:
    """Send the oldest messages for *topic* in the outbox of *database*; how many have gone from it.

    They go when the broker has taken them all; one that is too large for the topic goes, too, for it would stay for ever.

    Raises:
        Unavailable: database or broker do not answer; nothing has gone from the outbox.
        Misconfigured: one of them refuses for good; nothing has gone.
    """
    with database.transaction() as tx:
        found = tx.all(Posted, SQL["take"], topic=topic, most=_MOST, bytes=_BYTES)
        refused = _refused(sender, found)
    REFUSED.labels(topic).inc(refused)
    SENT.labels(topic).inc(len(found) - refused)
    return len(found)


def _refused(sender: Sender, messages: Sequence[Posted]) -> int:
    """Send *messages*; how many the broker refuses whatever one does. Where it does, the others are sent again, one by one."""
    try:
        sender.send((one.topic, one.key, one.value) for one in messages)
    except Rejected as refusal:
        if len(messages) > 1:
            return sum(_refused(sender, [one]) for one in messages)
        _LOG.error("outbox-refused", topic=messages[0].topic, bytes=len(messages[0].value), why=refusal.message)
        return 1
    return 0


@contextmanager
def sending(settings: Settings, database: Database) -> Generator[Stop]:
    """Keep the outbox of *database* empty meanwhile, by a thread of its own that waits while database or broker are away.

    It yields what says whether the thread has failed by a bug, which is raised at the end. What was posted before the end is still sent, where that
    is possible at once.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(1, "outbox") as threads:
        running = threads.submit(_send_until, settings, database, stop)
        try:
            yield running.done
        finally:
            stop.set()
    running.result()


def _send_until(settings: Settings, database: Database, stop: threading.Event) -> None:
    complained: dict[str, str] = {}
    last = False
    while not last:
        last = stop.is_set()  # what was posted before is seen below
        complaints = dict(_round(settings, database, stop))
        for topic, fault in complaints.items():
            if fault.code != complained.get(topic):
                _LOG.warning("outbox-waits", topic=topic, code=fault.code, why=fault.message)
        complained = {topic: fault.code for topic, fault in complaints.items()}
        stop.wait(_WAIT_SECONDS if complained else _PAUSE_SECONDS)


def _round(settings: Settings, database: Database, stop: threading.Event) -> Generator[tuple[str, Fault]]:
    """Send what can be sent, and tell of the topics that have to wait. A topic does not wait for another."""
    try:
        found = topics(database)
    except Fault as fault:
        yield "", fault
        return
    for topic in found:
        try:
            with Sender(settings) as sender:  # after a failure, one is as good as another only when it is new
                while send(database, sender, topic) and not stop.is_set():
                    pass
        except Fault as fault:
            yield topic, fault
