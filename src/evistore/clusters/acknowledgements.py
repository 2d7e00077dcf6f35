"""Rules that an organisation knows about, which disables them for all its clusters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "acknowledgements")


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A rule that an organisation has acknowledged, and why. Times are UTC, without zone."""

    rule_id: str
    error_key: str
    justification: str
    created_at: datetime
    updated_at: datetime | None


def acknowledge(
    tx: Transaction, rule: str, error_key: str, justification: str, *, org_id: int, actor: str | None = None
) -> None:
    """The organisation has acknowledged the rule, now; what it said before is forgotten, except when that was updated.

    *actor* is the user, for the audit trail; ``None`` where that is not known.
    """
    tx.value(
        SQL["acknowledge"], org_id=org_id, rule=rule, error_key=error_key, justification=justification, actor=actor
    )


def update(
    tx: Transaction, rule: str, error_key: str, justification: str, *, org_id: int, actor: str | None = None
) -> bool:
    """The acknowledgement has this *justification*; false when there is none, and then nothing has changed. *actor* as for :func:`acknowledge`."""
    outcome = tx.value(
        SQL["update"], org_id=org_id, rule=rule, error_key=error_key, justification=justification, actor=actor
    )
    return outcome == "updated"


def withdraw(tx: Transaction, rule: str, error_key: str, *, org_id: int, actor: str | None = None) -> bool:
    """There is no acknowledgement any more; false when there was none. *actor* as for :func:`acknowledge`."""
    return tx.value(SQL["withdraw"], org_id=org_id, rule=rule, error_key=error_key, actor=actor) == "withdrawn"


def acknowledgements(tx: Transaction, org_id: int) -> list[Acknowledgement]:
    """What the organisation has acknowledged, in order of rules and keys."""
    return tx.all(Acknowledgement, SQL["acknowledgements"], org_id=org_id)


def one(tx: Transaction, rule: str, error_key: str, *, org_id: int) -> Acknowledgement | None:
    """The acknowledgement of that rule, if there is one."""
    return tx.maybe(Acknowledgement, SQL["one"], org_id=org_id, rule=rule, error_key=error_key)
