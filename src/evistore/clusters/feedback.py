"""What users say about hits: votes, and why they disabled a rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from evistore.clusters.settled import Settled
from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "feedback")


class Vote(IntEnum):
    """What a user thinks of a hit."""

    LIKE = 1
    DISLIKE = -1
    NONE = 0


@dataclass(frozen=True, slots=True)
class Opinion:
    """The organisation of a cluster, and how a user voted there; ``None`` where the user did not."""

    owner: int
    vote: int | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a user disabled a rule for a cluster. Times are UTC, without zone."""

    cluster_id: str
    rule_id: str
    error_key: str
    message: str
    added_at: datetime
    updated_at: datetime


def vote(
    tx: Transaction,
    rule: str,
    error_key: str,
    vote: Vote,
    *,
    cluster: str,
    user: str,
    org_id: int,
    message: str = "",
    caller: int | None = None,
) -> Settled:
    """The user's vote is this one, with this *message*; when the user voted first is kept.

    *caller* is the organisation that asks, which must be the cluster's; ``None`` where that is not known.
    """
    return tx.one(
        Settled,
        SQL["vote"],
        cluster=cluster,
        rule=rule,
        error_key=error_key,
        org_id=org_id,
        user=user,
        vote=int(vote),
        message=message,
        caller=caller,
    )


def explain(
    tx: Transaction,
    rule: str,
    error_key: str,
    message: str,
    *,
    cluster: str,
    user: str,
    org_id: int,
    caller: int | None = None,
) -> Settled:
    """The user's reason for disabling the rule is this one, whether it is disabled or not. *caller* as for :func:`vote`."""
    return tx.one(
        Settled,
        SQL["explain_toggle"],
        cluster=cluster,
        rule=rule,
        error_key=error_key,
        org_id=org_id,
        user=user,
        message=message,
        caller=caller,
    )


def owner(tx: Transaction, cluster: str) -> int | None:
    """The organisation of *cluster*; ``None`` when it has no report."""
    return tx.value(SQL["owner"], cluster=cluster)


def opinion(tx: Transaction, rule: str, error_key: str, *, cluster: str, user: str) -> Opinion | None:
    """How the user voted on this hit of *cluster*; ``None`` when that has no report."""
    return tx.maybe(Opinion, SQL["opinion"], cluster=cluster, rule=rule, error_key=error_key, user=user)


def reasons(tx: Transaction, user: str, *, org_id: int | None = None) -> list[Reason]:
    """Every reason that the user gave, the latest first; with *org_id*, those for clusters of that organisation."""
    return tx.all(Reason, SQL["reasons"], user=user, org_id=org_id)
