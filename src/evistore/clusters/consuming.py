"""Messages of Kafka about clusters: stored, or kept with all that is wrong with them; and told about to whoever asked to be told."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from evistore.clusters.ingest import SQL, Kind, Receipt, Rules, accept, storable
from evistore.clusters.telemetry import Observe
from evistore.clusters.wire import Envelope
from evistore.kernel.arrays import TextArray
from evistore.kernel.database import Transaction
from evistore.kernel.errors import Misconfigured
from evistore.kernel.messages import BatchTally, Handler, Message
from evistore.kernel.outbox import Posted, post
from evistore.kernel.settings import Settings

Settled = tuple[Message, Receipt]


@dataclass(frozen=True, slots=True)
class Copies:
    """Who else is told about messages; an empty topic: nobody."""

    dead_letter_topic: str = ""
    """Gets faulty messages as they came, without key and headers."""
    tracker_topic: str = ""
    """Is told what became of messages that carry a request id."""
    service: str = ""
    """What this program is called there."""

    @classmethod
    def of(cls, settings: Settings) -> Copies:
        """Those that *settings* ask for."""
        return cls(settings.kafka_dead_letter_topic, settings.kafka_tracker_topic, settings.kafka_tracker_service)


def rules_of(settings: Settings) -> Rules:
    """What *settings* ask of a message.

    Raises:
        Misconfigured: the file of organisations cannot be read, or has a line without a number.
    """
    file = settings.clusters_organizations_file
    listed = organizations(file) if file else None
    return Rules(settings.clusters_message_limit, listed, settings.clusters_rows_limit)


def organizations(path: Path) -> frozenset[int]:
    """The organisations of a CSV file: after its heading, the number at the start of each line.

    Raises:
        Misconfigured: it cannot be read, or has a line without a number.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return frozenset(int(line[0]) for line in list(csv.reader(file))[1:] if line)
    except (OSError, ValueError, csv.Error) as error:
        raise Misconfigured(f"the list of organisations cannot be read: {error}", code="organizations-file") from error


def kafka_handler(
    kind: Kind, rules: Rules, copies: Copies, observe: Observe = lambda _receipts, _read_at: None
) -> Handler:
    """What the kernel's consumer does with messages of one *kind*."""

    def store(tx: Transaction, messages: Sequence[Message]) -> BatchTally:
        received_at = datetime.now(UTC)
        values = [one.value or b"" for one in messages]
        receipts = accept(tx, kind, values, offsets=[one.offset for one in messages], rules=rules)
        settled = list(zip(messages, receipts, strict=True))
        _keep_faulty(tx, settled)
        post(tx, _copies(settled, copies, received_at))
        observe(receipts, received_at)
        return Counter[str](receipt.outcome for receipt in receipts)

    return store


def _keep_faulty(tx: Transaction, settled: Iterable[Settled]) -> None:
    faulty = [(message, receipt.faults) for message, receipt in settled if receipt.outcome == "faulty"]
    if not faulty:
        return
    tx.run(
        SQL["record_faults"],
        topics=[message.topic for message, _ in faulty],
        partitions=[message.partition for message, _ in faulty],
        offsets=[message.offset for message, _ in faulty],
        keys=TextArray(None if message.key is None else legible(message.key) for message, _ in faulty),
        produced=[message.timestamp for message, _ in faulty],
        messages=TextArray(legible(message.value or b"") for message, _ in faulty),
        errors=TextArray(storable("; ".join(fault.text for fault in faults)) for _, faults in faulty),
        faults=TextArray(
            orjson.dumps(
                [{name: storable(text) for name, text in fault._asdict().items()} for fault in faults]
            ).decode()
            for _, faults in faulty
        ),
    )


def legible(content: bytes) -> str:
    r"""*content* as text that PostgreSQL can hold: what is no UTF-8, and NUL, as ``\xNN``."""
    return content.decode("utf-8", "backslashreplace").replace("\0", "\\x00")


def _copies(settled: Iterable[Settled], copies: Copies, received_at: datetime) -> Iterator[Posted]:
    for message, receipt in settled:
        if copies.dead_letter_topic and receipt.outcome == "faulty":
            yield Posted(copies.dead_letter_topic, None, message.value or b"")
        envelope = receipt.envelope
        if copies.tracker_topic and envelope.request_id:
            end = "error" if receipt.outcome == "faulty" else "success"
            for status, at in (("received", received_at), ("processed", datetime.now(UTC)), (end, datetime.now(UTC))):
                yield Posted(copies.tracker_topic, None, _tracked(copies.service, envelope, status, at))


def _tracked(service: str, envelope: Envelope, status: str, at: datetime) -> bytes:
    told = {"service": service, "request_id": envelope.request_id, "status": status, "date": at.isoformat()}
    if envelope.org_id is not None:
        told["org_id"] = str(envelope.org_id)
    if envelope.account_number is not None:
        told["account"] = str(envelope.account_number)
    return orjson.dumps({name: storable(text) for name, text in told.items()})
