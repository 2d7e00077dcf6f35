"""The one way in: messages become reports and workloads, whatever door they came through.

Which message is the newest of its cluster is decided in the database, under the lock on the cluster's row. Here messages are read, sent in one
statement per batch, and told apart when PostgreSQL cannot take one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

import orjson

from evistore.clusters.wire import (
    ROWS_LIMIT,
    Envelope,
    Fault,
    Faulty,
    Report,
    Skipped,
    Workloads,
    report_of,
    workloads_of,
)
from evistore.kernel.arrays import TextArray
from evistore.kernel.database import Transaction
from evistore.kernel.errors import Rejected
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "ingest")

Kind = Literal["report", "workloads"]
Outcome = Literal["stored", "older", "repeated", "skipped", "faulty"]
Reading = Report | Workloads | Skipped | Faulty

LARGEST = 16 * 1024 * 1024
_LOT = 32 * 1024 * 1024  # characters of messages, as unpacked, that are held together; the last one may exceed it


@dataclass(frozen=True, slots=True)
class Rules:
    """What is asked of a message beyond its form."""

    largest: int = LARGEST
    """Bytes of a message, as unpacked."""
    organizations: frozenset[int] | None = None
    """The organisations whose messages are taken in; ``None``: all."""
    largest_rows: int = ROWS_LIMIT
    """Bytes of all rows of a workload result, each of which holds the whole of it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message.

    ``older`` and ``repeated`` changed nothing, for the cluster has a later report, or this one. ``skipped`` says nothing about the cluster.
    ``faulty`` comes with all that is wrong.
    """

    outcome: Outcome
    envelope: Envelope
    faults: tuple[Fault, ...] = ()
    quarantine_id: int | None = None
    """Its number in quarantine, where it is kept there."""


def accept(
    tx: Transaction,
    kind: Kind,
    values: Sequence[bytes],
    *,
    offsets: Sequence[int] | None = None,
    rules: Rules | None = None,
) -> list[Receipt]:
    """Store messages of one *kind* and say what became of each, in order. Nothing a sender can write makes it fail.

    *offsets* are those of Kafka, where the messages come from there. Faulty messages are only told: the caller keeps them.
    """
    chosen = rules or Rules()
    readings = (read(kind, value, chosen) for value in values)
    lots = _lots(zip(readings, offsets or [0] * len(values), strict=True))
    return [receipt for lot in lots for receipt in _settled(tx, _STORE[kind], lot)]


def accept_and_keep(
    tx: Transaction, kind: Kind, values: Sequence[bytes], *, origins: Sequence[str], rules: Rules | None = None
) -> list[Receipt]:
    """As :func:`accept`; faulty messages are set aside, each with the door and place of *origins* it came from."""
    receipts = accept(tx, kind, values, rules=rules)
    return [
        replace(one, quarantine_id=_set_aside(tx, kind, one.faults, value, origin)) if one.outcome == "faulty" else one
        for one, value, origin in zip(receipts, values, origins, strict=True)
    ]


def _set_aside(tx: Transaction, kind: Kind, faults: Sequence[Fault], value: bytes, origin: str) -> int:
    reason = (
        f"{kind}:{faults[0].code}"  # the kind is part of it: the same bytes may come as both, and are then kept twice
    )
    return tx.value(SQL["set_aside"], reason=reason, detail=storable(in_words(faults)), origin=origin, raw=value)


def in_words(faults: Sequence[Fault]) -> str:
    """All *faults* in one line."""
    return "; ".join(f"{fault.pointer or '/'}: {fault.text}" for fault in faults)


def storable(text: str) -> str:
    """The *text* without what PostgreSQL cannot hold: a sender's characters may be quoted in it."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def read(kind: Kind, value: bytes, rules: Rules) -> Reading:
    """What *value* says, by the rules of its *kind*."""
    if kind == "report":
        return report_of(value, limit=rules.largest, allowed=rules.organizations)
    return workloads_of(value, limit=rules.largest, allowed=rules.organizations, rows_limit=rules.largest_rows)


Read = tuple[Reading, int]
Storable = tuple[Report | Workloads, int]
Store = Callable[[Transaction, Sequence[Storable]], list[Outcome]]


def _lots(messages: Iterable[Read]) -> Iterator[list[Read]]:
    """The *messages* in lots that fit into memory together: small ones may stand for much when they come compressed."""
    lot: list[Read] = []
    size = 0
    for one in messages:
        lot.append(one)
        size += len(one[0].report) if isinstance(one[0], Report | Workloads) else 0
        if size >= _LOT:
            yield lot
            lot, size = [], 0
    yield lot


def _settled(tx: Transaction, store: Store, lot: Sequence[Read]) -> list[Receipt]:
    stored = iter(_stored(tx, store, [(one, offset) for one, offset in lot if isinstance(one, Report | Workloads)]))
    return [next(stored) if isinstance(one, Report | Workloads) else _unstored(one) for one, _ in lot]


def _unstored(reading: Skipped | Faulty) -> Receipt:
    if isinstance(reading, Skipped):
        return Receipt("skipped", reading.envelope)
    return Receipt("faulty", reading.envelope, reading.faults)


def _stored(tx: Transaction, store: Store, items: Sequence[Storable]) -> list[Receipt]:
    """Store *items*; when PostgreSQL cannot take the data of one, halve until only that one is left out."""
    if not items:
        return []
    try:
        with tx.attempt():
            return [Receipt(told, one.envelope) for told, (one, _) in zip(store(tx, items), items, strict=True)]
    except Rejected as refusal:
        if len(items) == 1:
            return [Receipt("faulty", items[0][0].envelope, (Fault("", refusal.code, refusal.message),))]
    middle = len(items) // 2
    return _stored(tx, store, items[:middle]) + _stored(tx, store, items[middle:])


def _store_reports(tx: Transaction, items: Sequence[Storable]) -> list[Outcome]:
    reports = [one for one, _ in items if isinstance(one, Report)]
    hits = [hit for one in reports for hit in one.hits]
    return tx.values(
        SQL["store_reports"],
        orgs=[one.envelope.org_id for one in reports],
        clusters=TextArray(one.envelope.cluster for one in reports),
        reports=TextArray(one.report for one in reports),
        last_checked=[one.envelope.last_checked_at for one in reports],
        gathered=[one.envelope.gathered_at for one in reports],
        offsets=[offset for _, offset in items],
        versions=TextArray(one.version_info for one in reports),
        last_hit=list(accumulate(len(one.hits) for one in reports)),
        components=TextArray(hit.component for hit in hits),
        error_keys=TextArray(hit.error_key for hit in hits),
        templates=TextArray(hit.template_data for hit in hits),
    )


def _store_workloads(tx: Transaction, items: Sequence[Storable]) -> list[Outcome]:
    found = [one for one, _ in items if isinstance(one, Workloads)]
    namespaces = [namespace for one in found for namespace in one.namespaces]
    return tx.values(
        SQL["store_workloads"],
        orgs=[one.envelope.org_id for one in found],
        clusters=TextArray(one.envelope.cluster for one in found),
        # Clients know it as a JSON string that holds JSON.
        reports=TextArray(orjson.dumps(one.report).decode() for one in found),
        last_checked=[one.envelope.last_checked_at for one in found],
        last_namespace=list(accumulate(len(one.namespaces) for one in found)),
        namespaces=TextArray(one.namespace_id for one in namespaces),
        names=TextArray(one.name for one in namespaces),
        recommendations=[one.recommendations for one in namespaces],
        objects=[one.objects for one in namespaces],
        hits=TextArray(orjson.dumps(one.rule_hits_count).decode() for one in namespaces),
    )


_STORE: dict[Kind, Store] = {"report": _store_reports, "workloads": _store_workloads}
