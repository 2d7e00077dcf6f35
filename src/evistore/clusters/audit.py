"""Who changed a toggle, a reason for one, or an acknowledgement, and when. The database writes it; here it is only read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evistore.kernel.database import Transaction
from evistore.kernel.paging import Page
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "audit")


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    ``kind`` is ``toggle``, ``reason`` or ``acknowledgement``, ``action`` what was done to it (``disabled``, ``enabled``, ``explained``,
    ``acknowledged``, ``updated``, ``withdrawn``, ``deleted``, ``moved``). ``user_id`` is whom the caller named, ``login`` the database login.
    """

    id: int
    changed_at: datetime
    kind: str
    action: str
    org_id: str
    cluster_id: str | None
    rule_id: str
    error_key: str
    user_id: str | None
    login: str
    justification_before: str | None
    justification_after: str | None


def changes(
    tx: Transaction,
    *,
    org_id: int | None = None,
    cluster: str | None = None,
    rule: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Page[Change]:
    """Changes, the latest first, of one organisation, cluster or rule where that is given; those with an id below *before*."""
    rows = tx.all(Change, SQL["changes"], org_id=org_id, cluster=cluster, rule=rule, before=before, limit=limit + 1)
    return Page(rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None)
