"""Organisations and their clusters, and the database as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "organizations")


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of the schemas ``public`` and ``dvo``, by the count of the system they come from."""

    ocp: int | None
    dvo: int | None


def clusters(tx: Transaction, org_id: int, *, within: timedelta) -> list[str]:
    """Clusters of the organisation whose report was stored *within* that time before now, in order."""
    return tx.values(SQL["clusters"], org_id=org_id, within=within)


def organizations(tx: Transaction) -> list[int]:
    """Organisations that have clusters, in order."""
    return tx.values(SQL["organizations"])


def versions(tx: Transaction) -> Versions:
    """The versions of the schemas; ``None`` for one that tells none."""
    return tx.one(Versions, SQL["versions"])


def answers(tx: Transaction) -> bool:
    """Whether the database answers, which is true if this returns."""
    return tx.value(SQL["answers"])
