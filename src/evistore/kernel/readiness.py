"""Whether a database can be worked with: it answers, and its schema is the one of this release."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from evistore.kernel.database import Database
from evistore.kernel.errors import Misconfigured, Unavailable
from evistore.kernel.schema import Context, migrations
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "readiness")


def readiness(database: Database, contexts: Iterable[Context]) -> Callable[[], None]:
    """A check that raises ``Unavailable`` while *database* does not answer or does not stand at the newest migration of *contexts*."""
    every = list(contexts)
    names = [one.name for one in every]
    wanted = migrations(every)[-1].number

    def check() -> None:
        try:
            with database.transaction(read_only=True) as tx:
                found = tx.value(SQL["newest_migration"], contexts=names)
        except Misconfigured as fault:  # no schema yet, or none we may see: a migration may still be on its way
            raise Unavailable(fault.message, code="schema-missing") from fault
        if found != wanted:
            raise Unavailable(
                f"the schema stands at migration {found or 0}, this release needs {wanted}", code="schema-differs"
            )

    return check
