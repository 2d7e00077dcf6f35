"""State, services and graph, made anew from the lake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from evistore.kernel.database import Database, Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "projections")

Progress = Callable[[int], None]
"""Told how many events more are done."""


def rebuild(url: str, *, progress: Progress | None = None) -> int:
    """Forget what was read off the events in the database at *url* and read it off them again; the number of events.

    One transaction: readers see the old until it is done, writers wait. What outlived its events stays as it is. The login must be able to become the
    owner, ``cdviz``.
    """
    with Database(url, size=1, name="evistore rebuild") as database, database.transaction() as tx:
        tx.run(SQL["become_owner"])
        tx.run(SQL["begin"])
        tx.run(SQL["clear"])
        tx.run(SQL["make_helper"])
        tx.run(SQL["arm_helper"])
        events = _replay(tx, progress or _silent)
        tx.run(SQL["drop_helper"])
        return events


def _silent(_: int) -> None:
    """Tell nobody."""


def _replay(tx: Transaction, progress: Progress) -> int:
    events, after = 0, "-infinity"
    while after is not None:
        upto: datetime | None = tx.value(SQL["window"], after=after)
        done = tx.run(SQL["replay"], after=after, upto=upto)
        tx.run(SQL["empty_helper"])
        progress(done)
        events, after = events + done, upto
    return events
