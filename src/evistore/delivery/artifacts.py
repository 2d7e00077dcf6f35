"""The way of one artifact: from the change over build and tests to the places where it ran."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from evistore.delivery.provenance import Node, Reach
from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "artifacts")

SCAN = 2000
"""Newest events of a service that are looked at."""
NEAR = 120
"""Neighbours whose times are told."""
BUILDERS = ("build", "pipelinerun", "taskrun")
TESTERS = ("testsuiterun", "testcaserun")
_FAILED = frozenset({"failure", "fail", "failed", "error", "cancel", "canceled", "cancelled", "timeout", "aborted"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A time that a service ran the artifact in an environment; *until* is ``None`` while it does."""

    service_id: str
    environment_id: str
    artifact_id: str
    predicate: str
    at: datetime
    until: datetime | None
    position: int


@dataclass(frozen=True, slots=True)
class Known:
    """A neighbour, with the latest time (ISO 8601) of each thing that happened to it."""

    subject: str
    subject_id: str
    outcome: str | None
    name: str | None
    first_seen_at: datetime
    last_at: datetime | None
    predicate_at: dict[str, str] | None

    def at(self, *predicates: str) -> datetime | None:
        """The time of the first of *predicates* that is known to have happened."""
        times = self.predicate_at or {}
        return next((datetime.fromisoformat(times[name]) for name in predicates if name in times), None)

    @property
    def failed(self) -> bool:
        """Whether it is known to have failed."""
        return failed(self.outcome)


@dataclass(frozen=True, slots=True)
class Way:
    """What is known of an artifact's way: who made it, who tested it, from which changes, and where it ran; oldest first."""

    changes: list[Known]
    builders: list[Known]
    testers: list[Known]
    services: list[str]
    placed: list[Placed]


def failed(outcome: str | None) -> bool:
    """Whether people call *outcome* a failure."""
    return (outcome or "").lower() in _FAILED


def way(tx: Transaction, artifact_ids: list[str], since: datetime, ancestors: Reach, descendants: Reach) -> Way:
    """The way of the artifact that *artifact_ids* spell, whose first event was at *since*, by what is within reach of it.

    Made by: what is among its ancestors. Tested by: what came of it, or of a service while that ran it.
    """
    upstream = _known(tx, (node for node in ancestors.nodes if node.depth))
    services = sorted({node.node_id for node in descendants.nodes if node.node_type == "service" and node.depth == 1})
    placed = tx.all(Placed, SQL["placed"], service_ids=services, artifact_ids=artifact_ids, since=since, scan=SCAN)
    return Way(
        [one for one in upstream if one.subject == "change"],
        [one for one in upstream if one.subject in BUILDERS],
        _testers(tx, descendants, placed),
        services,
        placed[::-1],
    )


def _testers(tx: Transaction, descendants: Reach, placed: list[Placed]) -> list[Known]:
    """Suites, or else cases, that name the artifact, or that a service caused while it ran the artifact."""
    through = {node.node_id: set(node.path[1:-1]) for node in descendants.nodes if node.depth}
    known = _known(tx, (node for node in descendants.nodes if node.depth))
    found = [one for one in known if one.subject in TESTERS and _while_it_ran(one, through[one.subject_id], placed)]
    return [one for one in found if one.subject == TESTERS[0]] or found


def _while_it_ran(one: Known, through: set[str], placed: list[Placed]) -> bool:
    at = one.at("started", "queued", "finished")
    here = [place for place in placed if place.service_id in through]
    return not here or (at is not None and any(p.at <= at and (p.until is None or at < p.until) for p in here))


def _known(tx: Transaction, nodes: Iterable[Node]) -> list[Known]:
    wanted = [node for node in nodes if node.node_type in ("change", *BUILDERS, *TESTERS)][:NEAR]
    rows = tx.all(
        Known, SQL["times"], subjects=[one.node_type for one in wanted], subject_ids=[one.node_id for one in wanted]
    )
    return sorted(rows, key=lambda one: (one.last_at or one.first_seen_at, one.subject, one.subject_id))
