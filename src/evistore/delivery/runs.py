"""Finished runs of pipelines, tasks, builds, test suites and test cases, one by one."""

from __future__ import annotations

from typing import Literal

from evistore.delivery.executions import Kind, Run
from evistore.delivery.windows import ANYTHING, Filters, Window, asked
from evistore.kernel.database import Transaction
from evistore.kernel.paging import Page, cursor_of, key_of
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "runs")

Verdict = Literal["passed", "failed", "cancelled", "unexplained"]
"""How a run ended; *unexplained* is one of which something is not known."""


def finished(
    tx: Transaction,
    kind: Kind,
    window: Window,
    filters: Filters = ANYTHING,
    *,
    name: str | None = None,
    verdict: Verdict | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Run]:
    """Runs that finished in the window, newest first: all of them, or those that ended so.

    Raises:
        Rejected: ``cursor-invalid``.
    """
    at, key = key_of(cursor, str) if cursor else (None, None)
    given = asked(window, filters) | {"subject": kind, "name": name, "verdict": verdict}
    rows = tx.all(Run, SQL["finished"], **given, before_at=at, after_id=key, limit=limit + 1)
    more = len(rows) > limit
    return Page(rows[:limit], cursor_of((rows[limit - 1].finished_at, rows[limit - 1].subject_id)) if more else None)


def first(page: Page[Run], limit: int) -> Page[Run]:
    """The first *limit* runs of *page*, as a page of their own."""
    if len(page.items) <= limit:
        return page
    last = page.items[limit - 1]
    return Page(page.items[:limit], cursor_of((last.finished_at, last.subject_id)))
