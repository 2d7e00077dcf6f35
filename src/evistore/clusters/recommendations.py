"""Recommendations: which cluster has which. A recommendation is named ``rule|KEY``, the rule without its ``.report``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "recommendations")


@dataclass(frozen=True, slots=True)
class Recommended:
    """A recommendation and clusters that have it, in order."""

    recommendation: str
    clusters: Sequence[str]


@dataclass(frozen=True, slots=True)
class Reported:
    """A cluster with a report, its version (empty if not told), and its recommendations in order. Moments are UTC without zone."""

    cluster: str
    last_checked_at: datetime | None
    version: str
    recommendations: Sequence[str]


@dataclass(frozen=True, slots=True)
class Impacted:
    """A cluster that has a certain recommendation, and its version (empty if not told). Moments are UTC without zone."""

    cluster: str
    last_checked_at: datetime | None
    """When its newest report was stored."""
    impacted_since: datetime | None
    version: str


def clusters_by_recommendation(tx: Transaction, org_id: int, clusters: Sequence[str]) -> list[Recommended]:
    """The recommendations of those of *clusters* that belong to the organisation, in order."""
    return tx.all(Recommended, SQL["clusters_by_recommendation"], org_id=org_id, clusters=list(clusters))


def recommendations_by_cluster(tx: Transaction, org_id: int, clusters: Sequence[str]) -> list[Reported]:
    """Those of *clusters* that belong to the organisation and have a report, in order."""
    return tx.all(Reported, SQL["recommendations_by_cluster"], org_id=org_id, clusters=list(clusters))


def impacted(
    tx: Transaction, org_id: int, recommendation: str, *, clusters: Sequence[str] | None = None
) -> list[Impacted]:
    """Clusters of the organisation that have the recommendation, in order; with *clusters* only those among them."""
    wanted = None if clusters is None else list(clusters)
    return tx.all(Impacted, SQL["impacted"], org_id=org_id, recommendation=recommendation, clusters=wanted)
