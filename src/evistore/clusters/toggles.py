"""Rules that are disabled for single clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evistore.clusters.settled import Settled
from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "toggles")


@dataclass(frozen=True, slots=True)
class Toggle:
    """A rule that somebody has ever disabled for a cluster; ``disabled`` is 1 or 0. Times are UTC, without zone."""

    cluster_id: str
    rule_id: str
    error_key: str
    disabled: int
    disabled_at: datetime | None
    enabled_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Disabled:
    """A cluster for which a rule is disabled, since when (UTC, without zone), and the last reason that a user gave, or an empty one."""

    cluster_id: str
    disabled_at: datetime | None
    justification: str


def disable(
    tx: Transaction,
    rule: str,
    error_key: str,
    *,
    cluster: str,
    org_id: int,
    caller: int | None = None,
    actor: str | None = None,
) -> Settled:
    """The rule is disabled for *cluster*, since now, whether it hits or not; *org_id* is kept with it.

    *caller* is the organisation that asks, which must be the cluster's; *actor* the user, for the audit trail. ``None`` where they are not known.
    """
    return _set(tx, True, rule=rule, error_key=error_key, cluster=cluster, org_id=org_id, caller=caller, actor=actor)


def enable(
    tx: Transaction,
    rule: str,
    error_key: str,
    *,
    cluster: str,
    org_id: int,
    caller: int | None = None,
    actor: str | None = None,
) -> Settled:
    """The rule is enabled for *cluster*, since now, whether it was disabled or not. Otherwise as :func:`disable`."""
    return _set(tx, False, rule=rule, error_key=error_key, cluster=cluster, org_id=org_id, caller=caller, actor=actor)


def disabled(tx: Transaction, org_id: int, *, clusters: Sequence[str] | None = None) -> list[Toggle]:
    """What is disabled for the clusters of an organisation; with *clusters*, for those of them."""
    return tx.all(Toggle, SQL["disabled"], org_id=org_id, clusters=None if clusters is None else [*clusters])


def clusters_of_rule(tx: Transaction, rule: str, error_key: str, *, org_id: int) -> list[Disabled]:
    """Clusters of an organisation for which the rule is disabled, the latest first."""
    return tx.all(Disabled, SQL["clusters_of_rule"], rule=rule, error_key=error_key, org_id=org_id)


def _set(tx: Transaction, disabled: bool, **told: str | int | None) -> Settled:  # noqa: FBT001  # it is what is set
    return tx.one(Settled, SQL["set_toggle"], disabled=disabled, **told)
