"""What organisations think of recommendations."""

from __future__ import annotations

from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "ratings")

LOWEST, HIGHEST = -(2**15), 2**15 - 1
"""What a rating may be; 1, 0 and -1 are usual."""


def rate(tx: Transaction, rule: str, error_key: str, rating: int, *, org_id: int) -> None:
    """The organisation rates the recommendation so, between :data:`LOWEST` and :data:`HIGHEST`; when it did first is kept."""
    tx.value(SQL["rate"], org_id=org_id, rule=rule, error_key=error_key, rating=rating)


def rating(tx: Transaction, rule: str, error_key: str, *, org_id: int) -> int | None:
    """How the organisation rates the recommendation; ``None`` when it does not."""
    return tx.value(SQL["rating"], org_id=org_id, rule=rule, error_key=error_key)
