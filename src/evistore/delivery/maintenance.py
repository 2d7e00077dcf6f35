"""What a database of delivery evidence needs from time to time.

On plain PostgreSQL this is all of it, to be run every hour or so by whatever runs things (cron, pg_cron, a Kubernetes CronJob). On TimescaleDB the
database's own jobs do most of it. Safe to run at any time, beside writers and readers, and to kill: every step is a transaction of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString, cast

import orjson

from evistore.kernel.database import Database, Transaction, translated
from evistore.kernel.errors import Unavailable
from evistore.kernel.schema import Engine
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "maintenance")

Progress = Callable[[str], None]
"""Told in a few words what begins now."""


@dataclass(slots=True)
class Report:
    """What a maintenance did, or with *dry_run* would do.

    ``retired`` counts events by kind of subject, ``pruned`` rows by projection. ``postponed`` names what others held
    locked: the next run tries again. ``busy``: another maintenance was running, and nothing was done.
    """

    engine: Engine
    dry_run: bool
    busy: bool = False
    partitions_made: int = 0
    events_moved: int = 0
    retired: Counter[str] = field(default_factory=Counter[str])
    pruned: Counter[str] = field(default_factory=Counter[str])
    identities_pruned: int = 0
    quarantine_pruned: int = 0
    events_counted: int = 0
    links_settled: int = 0
    vacuumed: list[str] = field(default_factory=list[str])
    postponed: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class _Tally:
    subject: str
    events: int


@dataclass(frozen=True, slots=True)
class _Week:
    week: datetime
    events: int


@dataclass(frozen=True, slots=True)
class _Range:
    name: str | None
    from_at: str
    to_at: str


def maintain(
    url: str, *, now: datetime | None = None, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """Do everything that is due in the database at *url*, as of *now* (aware; default: the present, by the database's clock: ours may be off).

    With *dry_run* nothing is changed; the report then tells the partitions that are missing, the events that stand outside their week, and those
    whose time is over. The login must be able to become the owner, ``cdviz``.

    Raises:
        Misconfigured: the login may not do this, or the schema is not there.
        Unavailable: the database does not answer.
    """
    tell = progress or _silent
    with _owner(url) as tx:
        moment = now or tx.value(SQL["present"])
        engine: Engine = "native" if tx.value(SQL["is_native"]) else "timescale"
        report = Report(engine, dry_run)
        if dry_run:
            _foresee(tx, moment, report)
        elif not tx.value(SQL["lock"]):
            report.busy = True
        else:
            try:
                _do(tx, moment, report, tell)
            finally:
                tx.run(SQL["unlock"])
    return report


def _silent(_: str) -> None:
    """Tell nobody."""


@contextmanager
def _owner(url: str) -> Generator[Transaction]:
    """The owner's session at *url*: every statement is a transaction of its own."""
    with Database(url, size=1, name="evistore maintain") as database, database.session() as connection:
        tx = Transaction(connection)
        tx.run(SQL["become_owner"])
        yield tx


def _foresee(tx: Transaction, now: datetime, report: Report) -> None:
    if report.engine == "native":
        report.partitions_made = tx.value(SQL["missing_ahead"], now=now)
        report.events_moved = sum(one.events for one in tx.all(_Week, SQL["stray_weeks"]))
    report.retired += Counter({one.subject: one.events for one in tx.all(_Tally, SQL["preview"], now=now)})


def _do(tx: Transaction, now: datetime, report: Report, tell: Progress) -> None:
    if report.engine == "native":
        tell("partitions")
        with _patience(report, "partitions ahead"):
            report.partitions_made = tx.value(SQL["ensure_ahead"], now=now)
        for stray in tx.all(_Week, SQL["stray_weeks"]):
            tell(f"{stray.events} events into their week of {stray.week:%Y-%m-%d}")
            with _patience(report, f"the week of {stray.week:%Y-%m-%d}"), tx.savepoint():
                report.events_moved += tx.value(SQL["settle_week"], week=stray.week)
    tell("counts and links")
    report.events_counted = tx.value(SQL["refresh_activity"])
    report.links_settled = tx.value(SQL["settle_links"])
    _retire(tx, now, report, tell)
    for statement in tx.values(SQL["worn_tables"]):
        tell(statement)
        tx.run(cast("LiteralString", statement.replace("%", "%%")))
        report.vacuumed.append(statement.rpartition(" ")[2])


def _retire(tx: Transaction, now: datetime, report: Report, tell: Progress) -> None:
    floors = orjson.dumps(tx.value(SQL["floors"], now=now)).decode()
    for part in tx.all(_Range, SQL["ranges"], floors=floors):
        tell(f"retention of {part.name or 'events outside the weeks'}")
        with _patience(report, f"retention of {part.name}"), tx.savepoint():
            gone = tx.all(_Tally, SQL["retire"], name=part.name, from_at=part.from_at, to_at=part.to_at, floors=floors)
            report.retired += Counter({one.subject: one.events for one in gone})
    tell("what was read off events that are gone")
    with _patience(report, "projections"), tx.savepoint():
        report.pruned += Counter(
            {one.subject: one.events for one in tx.all(_Tally, SQL["prune_projections"], floors=floors)}
        )
    report.identities_pruned = tx.value(SQL["prune_identity"], now=now)
    report.quarantine_pruned = tx.value(SQL["prune_quarantine"], now=now)


@contextmanager
def _patience(report: Report, what: str) -> Generator[None]:
    """Leave *what* for the next run where others hold its locks for long."""
    try:
        with translated():
            yield
    except Unavailable as fault:
        if fault.code != "database-busy":
            raise
        report.postponed.append(what)
