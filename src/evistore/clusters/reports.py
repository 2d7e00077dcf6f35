"""Reports of clusters: their hits, with what one user said about them, and the stored text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "reports")


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that hits a cluster. Moments are UTC without zone."""

    component: str
    key: str
    template_data: str
    impacted_since: datetime | None
    user_vote: int
    disabled: bool
    disable_feedback: str
    """Why the user disabled the rule; empty if he did not say."""
    disabled_at: datetime | None
    """In a report: when the user last said why. Of a single hit: when the rule was disabled for the cluster."""
    toggled: bool = False
    """Whether it was ever disabled for the cluster; told of a single hit only."""


@dataclass(frozen=True, slots=True)
class Report:
    """The newest report of a cluster."""

    last_checked_at: datetime | None
    gathered_at: datetime | None
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a report is, without what it says."""

    last_checked_at: datetime | None
    stored_at: datetime | None
    hits: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A report as it is stored."""

    cluster: str
    org_id: int
    report: str


def report(tx: Transaction, org_id: int, cluster: str, *, user_id: str) -> Report | None:
    """The report of the cluster, its hits in order of rule and key, as the user sees them; ``None`` if there is none."""
    asked = {"org_id": org_id, "cluster": cluster, "user_id": user_id}
    rows = tx.connection.execute(SQL["report"], asked).fetchall()  # plain rows: this is asked most of all
    if not rows:
        return None
    last_checked_at, gathered_at, component, *_ = rows[0]
    return Report(last_checked_at, gathered_at, [] if component is None else [Hit(*row[2:]) for row in rows])


def hit(tx: Transaction, org_id: int, cluster: str, rule: str, key: str, *, user_id: str) -> Hit | None:
    """The hit of *rule* with *key*, as the user sees it; ``None`` if the rule does not hit the cluster."""
    return tx.maybe(Hit, SQL["hit"], org_id=org_id, cluster=cluster, rule=rule, key=key, user_id=user_id)


def summary(tx: Transaction, org_id: int, cluster: str) -> Summary | None:
    """What is known about the report of the cluster; ``None`` if there is none."""
    return tx.maybe(Summary, SQL["summary"], org_id=org_id, cluster=cluster)


def stored(tx: Transaction, clusters: Sequence[str]) -> list[Stored]:
    """The stored reports of *clusters*, in no order, of whatever organisation."""
    return tx.all(Stored, SQL["stored"], clusters=list(clusters))
