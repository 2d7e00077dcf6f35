"""What an operator should know about a database: findings, each with what it means and what to do.

What concerns the database is asked there: ``findings()`` of each schema. Here stands what takes this release, or a clock beside the database's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from evistore.kernel import migrations
from evistore.kernel.database import Database, Transaction, is_pooled
from evistore.kernel.errors import Fault, Misconfigured
from evistore.kernel.readiness import SQL as READINESS
from evistore.kernel.readiness import Standing
from evistore.kernel.schema import Context, Engine, fingerprint
from evistore.kernel.schema import migrations as steps
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "doctor")

State = Literal["ok", "warn", "bad"]
_SKEW = timedelta(seconds=2)
_SKEW_BAD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    found: str
    meaning: str
    """What follows from it where it is not ``ok``."""
    advice: str
    """What to do then."""


@dataclass(frozen=True, slots=True)
class _Definition:
    context: str
    fingerprint: str


def examination(url: str, contexts: Iterable[Context], *, engine: Engine | None = None) -> list[Finding]:
    """What there is to say about the database at *url*, which should hold *contexts*; a database that is away is a finding.

    *engine* is what holds it where the database itself cannot tell, for it has no lake.
    """
    every = list(contexts)
    found: list[Finding] = []
    try:
        with Database(url, size=1, name="evistore doctor") as database:
            database.connect().close()  # says at once, and why, what the pool would try for a while
            with database.transaction(read_only=True) as tx:
                found += [Finding("connection", "ok", _place(tx), "", ""), _clock(tx)]
            for look in (_schema, _examined):
                with database.transaction(read_only=True) as tx:
                    found += look(tx, every, engine)
    except Fault as fault:
        found.append(_refusal(fault))
    return found


def _refusal(fault: Fault) -> Finding:
    told = str(fault.__cause__).strip().partition("\n")[0] if fault.__cause__ else fault.message
    return Finding(
        "connection",
        "bad",
        f"{told} [{fault.code}]",
        "Nothing can be stored or read; what comes after this was not looked at.",
        "See that the server runs, that the URL names it, and that this login may do what the sentence says.",
    )


def _place(tx: Transaction) -> str:
    info = tx.connection.info
    between = ", through a pooler" if is_pooled(tx.connection) else ""
    return f"{info.dbname} at {info.host or 'a local socket'} as {info.user}{between}"


def _clock(tx: Transaction) -> Finding:
    before = datetime.now(UTC)
    there: datetime = tx.value(SQL["clock"])
    return clock(before, there, datetime.now(UTC))


def clock(before: datetime, there: datetime, after: datetime) -> Finding:
    """Whether a clock that was looked at between *before* and *after* agrees with ours: only what lies beyond both is known to be wrong."""
    skew = max(there - after, before - there, timedelta())
    state: State = "bad" if skew > _SKEW_BAD else "warn" if skew > _SKEW else "ok"
    told = (
        f"{skew.total_seconds():.1f} s {'ahead of' if there > after else 'behind'} this machine" if skew else "agrees"
    )
    return Finding(
        "clock",
        state,
        told,
        "Times of arrival, ages, retention and signatures with a time limit are off by as much.",
        "Let NTP set the clocks of this machine and of the database server.",
    )


def _schema(tx: Transaction, contexts: list[Context], engine: Engine | None) -> list[Finding]:
    wanted = [one.number for one in steps(contexts)]
    if not tx.value(migrations.SQL["ledger_exists"]):
        return [_unfit("the database is empty, or another system's")]
    standing = {*tx.values(migrations.SQL["numbers"], contexts=_names(contexts))}
    if standing - {*wanted}:
        return [_ahead(tx.one(Standing, READINESS["standing"], contexts=_names(contexts)), wanted[-1])]
    if lacking := sorted({*wanted} - standing):
        return [_unfit(f"migrations are missing: {', '.join(map(str, lacking))}")]
    held = engine or tx.value(migrations.SQL["engine"])
    if held not in {"native", "timescale"}:
        return [_unfit("the lake is another system's")]
    done = {one.context: one.fingerprint for one in tx.all(_Definition, SQL["definitions"], contexts=_names(contexts))}
    other = [one.name for one in contexts if done.get(one.name) != fingerprint(one, held)]
    if other:
        return [_unfit(f"functions and views are those of another release: {', '.join(other)}", state="warn")]
    return [Finding("schema", "ok", f"migration {wanted[-1]:04}, {held} engine", "", "")]


def _ahead(standing: Standing, known: int) -> Finding:
    try:
        standing.is_ahead(known)
    except Misconfigured as fault:
        return _unfit(fault.message, "Start the release that migrated it, or a newer one.")
    return Finding(
        "schema",
        "warn",
        f"migration {standing.newest:04}, ahead of this release ({known:04}), which it still serves",
        "A newer release is being rolled out, or one was rolled back; both work.",
        "Finish that: run the release that migrated it everywhere, or evistore migrate --to of that one.",
    )


def _names(contexts: list[Context]) -> list[str]:
    return [one.name for one in contexts]


def _unfit(found: str, advice: str = "Run evistore migrate.", state: State = "bad") -> Finding:
    return Finding("schema", state, found, "The schema is not the one that this release was made for.", advice)


def _examined(tx: Transaction, contexts: list[Context], _: Engine | None) -> list[Finding]:
    known = [one for one in contexts if tx.value(SQL["is_examined"], schema=one.schema)]
    return [found for one in known for found in tx.all(Finding, statements(one.package, "doctor")["findings"])]
