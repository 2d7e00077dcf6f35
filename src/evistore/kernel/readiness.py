"""Whether a database can be worked with: it answers, and its schema serves this release.

While a new release is rolled out, programs of the old one work on a schema that is ahead of them. Each migration may say which one a program has to
know to be served from then on (``-- serves from: N``); most say nothing, and then whoever was served before still is. The database keeps it, so that
a program that was made before those migrations can ask.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from evistore.kernel.database import Database
from evistore.kernel.errors import Misconfigured, Unavailable
from evistore.kernel.schema import Context, migrations
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "readiness")

Check = Callable[[], None]
"""Raises a fault that says why the database cannot be worked with now."""

_LOG = structlog.get_logger(__name__)
_AGAIN_SECONDS = 5.0
_PATIENCE_SECONDS = 3.0  # those who probe wait five, and would not hear why


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a database is migrated, and which programs it serves."""

    newest: int
    """Number of its newest migration; 0: it has none."""
    serves_from: int
    """A program that knows no migration as new as this one is not served; 0: every program is."""

    def is_ahead(self, known: int) -> bool:
        """Whether a newer program than the one whose newest migration is *known* migrated it, and still serves that one.

        Raises:
            Misconfigured: ``schema-newer``; it does not serve that program any more.
        """
        if self.newest > known and self.serves_from > known:
            raise Misconfigured(
                f"the schema stands at migration {self.newest}, which serves programs from migration {self.serves_from} on, and this release ends "
                f"at {known}: start a newer release",
                code="schema-newer",
            )
        return self.newest > known


def readiness(database: Database, contexts: Iterable[Context]) -> Check:
    """A check that *database* answers and that its schema, for *contexts*, serves this release. The first time that it is ahead is logged.

    It raises ``Unavailable`` while the database does not answer or is not migrated far enough, ``Misconfigured`` where it is migrated too far.
    """
    every = list(contexts)
    names = [one.name for one in every]
    wanted = migrations(every)[-1].number
    told: set[Standing] = set()

    def check() -> None:
        found = _standing(database, names)
        if found.newest < wanted:
            raise Unavailable(
                f"the schema stands at migration {found.newest}, this release needs {wanted}: run evistore migrate",
                code="schema-differs",
            )
        if found.is_ahead(wanted) and found not in told:
            told.add(found)
            _LOG.warning("schema-ahead", migration=found.newest, known=wanted, serves_from=found.serves_from)

    return check


def unchecked() -> None:
    """A check that asks nothing."""


def now_and_then(check: Check, seconds: float = _AGAIN_SECONDS) -> Check:
    """The same *check*, which is not made again for *seconds* after it was passed."""
    due = 0.0

    def passed() -> None:
        nonlocal due
        if time.monotonic() >= due:
            check()
            due = time.monotonic() + seconds

    return passed


def _standing(database: Database, names: list[str]) -> Standing:
    try:
        with database.transaction(read_only=True, patience=_PATIENCE_SECONDS) as tx:
            return tx.one(Standing, SQL["standing"], contexts=names)
    except Misconfigured as fault:
        if fault.code != "database-refuses":  # nobody gets in at all
            raise
        # No schema yet, or none we may see: a migration may still be on its way.
        raise Unavailable(fault.message, code="schema-missing") from fault
