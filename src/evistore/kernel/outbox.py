"""Messages that we send to Kafka: posted in the transaction that they tell about, sent after its commit, at least once.

Without the outbox a process that is killed between the commit and the sending would have told nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from prometheus_client import Counter

from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import Fault
from evistore.kernel.kafka import Sender
from evistore.kernel.settings import Settings
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "outbox")
SENT = Counter("evistore_outbox_sent_total", "Messages of the outbox that the broker has taken.", ["topic"])

_MOST = 500
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


def send(database: Database, sender: Sender) -> int:
    """Send the oldest messages of the outbox of *database*; how many were. Only what the broker has taken goes from the outbox.

    Raises:
        Unavailable: database or broker do not answer; nothing has gone from the outbox.
        Misconfigured: one of them refuses for good.
    """
    with database.transaction() as tx:
        found = tx.all(Posted, SQL["take"], most=_MOST)
        sender.send((one.topic, one.key, one.value) for one in found)
    for one in found:
        SENT.labels(one.topic).inc()
    return len(found)


@contextmanager
def sending(settings: Settings, database: Database) -> Generator[None]:
    """Keep the outbox of *database* empty meanwhile, by a thread of its own that waits while the broker is away."""
    stop = threading.Event()
    thread = threading.Thread(target=_send_until, args=(settings, database, stop), name="outbox", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _send_until(settings: Settings, database: Database, stop: threading.Event) -> None:
    with Sender(settings) as sender:
        complained = ""
        while not stop.is_set():
            try:
                more = send(database, sender) == _MOST
            except Fault as fault:
                if fault.code != complained:
                    _LOG.warning("outbox-waits", code=fault.code, why=fault.message)
                complained = fault.code
                stop.wait(_WAIT_SECONDS)
            else:
                complained = ""
                if not more:
                    stop.wait(_PAUSE_SECONDS)
