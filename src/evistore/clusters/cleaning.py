"""What is old, or hangs on nothing, goes: counted first, deleted when told so, one transaction per cluster.

A report is as old as its storing, workloads as their newest LastChecked, a faulty message as its reading. What users settled stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from evistore.clusters.identifiers import uuid_fault
from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import Rejected
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "cleaning")

_COUNTED_AT_ONCE = 1000
TABLES = (
    "public.report",
    "public.rule_hit",
    "public.recommendation",
    "public.report_info",
    "public.cluster_rule_user_feedback",
    "public.cluster_rule_toggle",
    "public.cluster_user_rule_disable_feedback",
    "clusters.hit_episode",
    "dvo.dvo_report",
    "clusters.workload_check",
    "public.consumer_error",
    "clusters.consumer_fault",
)
"""Where rows may go from, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Due:
    """What goes of one cluster: its ``report``, its ``workloads``, what is left without a report (``orphan``, ``history``), or ``everything``.

    ``newest_at`` is what its age goes by; both times are in UTC, and ``None`` where there is none.
    """

    kind: str
    cluster_id: str
    org_id: int | None
    newest_at: datetime | None
    last_checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a cleaning deleted or, as a dry run, would delete: clusters, and rows by table."""

    applied: bool
    before: datetime | None
    due: list[Due]
    improper: list[str] = field(default_factory=list[str])
    rows: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A rule that several users wanted disabled for one cluster."""

    cluster_id: str
    rule_id: str
    error_key: str
    users: int


@dataclass(frozen=True, slots=True)
class _Moment:
    before: datetime
    past: bool


@dataclass(frozen=True, slots=True)
class _Deleted:
    name: str
    rows: int


Hear = Callable[[int], None]


def clean_old(database: Database, age: str, *, apply: bool, heard: Hear = lambda _: None) -> Report:
    """Take away what is older than *age*, a PostgreSQL interval, and what hangs on nothing; without *apply* only count it.

    *heard* is told how many clusters more are done. A cluster that reports meanwhile is left
    alone. Killed, it has done the clusters that it has done.

    Raises:
        Rejected: ``age-invalid``: *age* is no interval, or not above zero.
    """
    before = _before(database, age)
    with database.transaction(read_only=True) as tx:
        due = tx.all(Due, SQL["due"], before=before)
    rows = _cleaned(database, due, before, apply=apply, heard=heard)
    with database.transaction(read_only=not apply) as tx:
        rows.update({one.name: one.rows for one in tx.all(_Deleted, SQL["clean_errors"], before=before, apply=apply)})
    return Report(apply, before, due, rows=_ordered(rows))


def clean_named(database: Database, clusters: Iterable[str], *, apply: bool, heard: Hear = lambda _: None) -> Report:
    """Take away all that is known of *clusters*, however new, except the audit trail; without *apply* only count it.

    Names that are no UUID are improper: told, and otherwise passed over.
    """
    names = list(dict.fromkeys(clusters))
    improper = [name for name in names if uuid_fault(name)]
    with database.transaction(read_only=True) as tx:
        due = tx.all(Due, SQL["named"], clusters=[name for name in names if not uuid_fault(name)])
    rows = _cleaned(database, due, None, apply=apply, heard=heard)
    return Report(apply, None, due, improper, _ordered(rows))


def disagreements(tx: Transaction) -> list[Disagreement]:
    """Rules that more than one user gave a reason to disable for the same cluster, most users first."""
    return tx.all(Disagreement, SQL["disagreements"])


def _before(database: Database, age: str) -> datetime:
    fault = Rejected(f"{age!r} is no age such as '90 days'", code="age-invalid")
    with database.transaction(read_only=True) as tx:
        try:
            with tx.attempt():
                found = tx.one(_Moment, SQL["moment"], age=age)
        except Rejected:
            raise fault from None
    if not found.past:
        raise fault
    return found.before


def _cleaned(
    database: Database, due: Sequence[Due], before: datetime | None, *, apply: bool, heard: Hear
) -> Counter[str]:
    """Rows by table. Deleting is one transaction per cluster; counting goes by many."""
    rows = Counter[str]()
    waiting = iter(due)
    while batch := list(islice(waiting, 1 if apply else _COUNTED_AT_ONCE)):
        with database.transaction(read_only=not apply) as tx:
            for one in tx.all(
                _Deleted,
                SQL["clean"],
                kinds=[one.kind for one in batch],
                clusters=[one.cluster_id for one in batch],
                orgs=[one.org_id for one in batch],
                before=before,
                apply=apply,
            ):
                rows[one.name] += one.rows
        heard(len(batch))
    return rows


def _ordered(rows: dict[str, int]) -> dict[str, int]:
    return {name: rows[name] for name in TABLES if name in rows}
