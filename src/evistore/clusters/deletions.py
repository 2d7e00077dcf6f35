"""Clusters and organisations that go with all that hangs on them, except the audit trail. For trying out: what is old is cleaned otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from evistore.clusters.settled import Settled
from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "deletions")


def delete_clusters(tx: Transaction, clusters: Sequence[str], *, caller: int | None = None) -> Settled:
    """Nothing is known of the *clusters* any more; unknown ones cost nothing.

    *caller* is the organisation that asks, which must be that of every known one; ``None`` where that is not known.
    """
    return tx.one(Settled, SQL["delete_clusters"], clusters=[*clusters], caller=caller)


def delete_organizations(tx: Transaction, org_ids: Sequence[int]) -> int:
    """Nothing is known of the organisations and their clusters any more; how many clusters had a report."""
    return tx.value(SQL["delete_organizations"], org_ids=[*org_ids])
