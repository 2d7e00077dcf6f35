"""The fleet for people: clusters, the most urgent first, and everything that is known of one. Moments are UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from evistore.kernel.database import Transaction
from evistore.kernel.errors import NotFound, Rejected
from evistore.kernel.paging import Page, cursor_of, key_of
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "fleet")

Order = Literal["urgent", "silent"]
_MOST_CHANGES = 200
_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """Which clusters: of one *organization*, with one *rule* (its id, its module or its error key), with a name or version that begins so."""

    organization: int | None = None
    rule: str | None = None
    search: str | None = None
    order: Order = "urgent"
    """Those with most recommendations first, or those that were not heard of for longest."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One cluster in a list."""

    cluster: str
    org_id: int
    version: str | None
    checked_at: datetime | None
    hits: int
    newest_at: datetime | None
    """When its newest recommendation came up."""


@dataclass(frozen=True, slots=True)
class Total:
    """What is true of all clusters that fit."""

    clusters: int
    affected: int
    """Those with recommendations."""
    recommendations: int
    silent: int
    """Those that were not heard of since some moment."""


@dataclass(frozen=True, slots=True)
class Organization:
    """What one organisation has."""

    org_id: int
    clusters: int
    organizations: int
    """How many organisations there are."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster, by its newest report."""

    cluster: str
    org_id: int
    version: str | None
    checked_at: datetime | None
    gathered_at: datetime | None
    stored_at: datetime | None
    bytes: int
    report: str | None
    """The report itself where it is short enough."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that hits a cluster now, with what is settled and thought about that."""

    rule: str
    error_key: str
    details: str
    """JSON as the rule wrote it, perhaps empty."""
    appeared_at: datetime | None
    disabled_at: datetime | None
    acknowledged: str | None
    """Why its organisation has acknowledged the rule; ``None`` where it has not."""
    likes: int
    dislikes: int


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of time in which a rule hit the cluster; open at the end while it does."""

    rule: str
    error_key: str
    appeared_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """Something that somebody said about a hit of the cluster, or changed."""

    at: datetime
    who: str | None
    what: str
    rule: str
    error_key: str
    words: str


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace whose workloads should be changed."""

    namespace_id: str
    name: str | None
    recommendations: int
    objects: int
    since: datetime | None
    checked_at: datetime | None
    checks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Named:
    """Something that has a certain id: a cluster, or a recommendation by its rule and error key."""

    kind: Literal["cluster", "recommendation"]
    name: str
    error_key: str


def named(tx: Transaction, asked: str) -> Named | None:
    """The cluster of that name in any letter case, or the recommendation ``rule|KEY`` or ``KEY`` that ever stood somewhere."""
    return tx.maybe(Named, SQL["named"], asked=asked)


def clusters(
    tx: Transaction, asked: Asked, *, quiet: datetime, cursor: str | None = None, limit: int = 50
) -> tuple[Page[Listed], Total]:
    """The clusters that are *asked* for, and what is true of all of them; one that was not heard of since *quiet* counts as silent.

    Raises:
        Rejected: ``cursor-invalid``.
    """
    tx.run(SQL["plan_anew"])
    place = _place(cursor, asked.order) if cursor else {"rank": None, "since": None, "after": None}
    rows = tx.rows(
        SQL["clusters"],
        organization=asked.organization,
        rule=asked.rule,
        search=asked.search,
        order=asked.order,
        quiet=quiet,
        limit=limit + 1,
        **place,
    )
    total = Total(*(rows[0][field.name] for field in fields(Total)))
    # Where no cluster is left, one row tells of all.
    found = [
        Listed(**{field.name: row[field.name] for field in fields(Listed)})
        for row in rows
        if row["cluster"] is not None
    ]
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], _cursor(last, asked.order) if last else None), total


def _cursor(last: Listed, order: Order) -> str:
    return cursor_of((last.checked_at, last.cluster) if order == "silent" else (None, f"{last.hits} {last.cluster}"))


def _place(cursor: str, order: Order) -> dict[str, Any]:
    """After which cluster the *cursor* goes on."""
    since, text = key_of(cursor, str)
    if order == "silent":
        return {"rank": None, "since": since, "after": text}
    rank, _, after = str(text).partition(" ")
    if not rank.isdecimal() or len(rank) > _DIGITS:
        raise Rejected("the cursor is none that a page here gave", code="cursor-invalid")
    return {"rank": int(rank), "since": None, "after": after}


def organizations(tx: Transaction, *, limit: int = 200) -> list[Organization]:
    """Organisations, those with most clusters first."""
    return tx.all(Organization, SQL["organizations"], limit=limit)


def cluster(tx: Transaction, name: str, *, longest: int) -> Cluster:
    """The cluster of that *name*, with its report where that has at most *longest* bytes.

    Raises:
        NotFound: no report of it is stored.
    """
    found = tx.maybe(Cluster, SQL["cluster"], cluster=name, most=longest)
    if found is None:
        raise NotFound(f"no report of a cluster {name[:100]!r} is stored", code="not-found")
    return found


def hits(tx: Transaction, name: str) -> list[Hit]:
    """What hits the cluster now, the longest standing first."""
    return tx.all(Hit, SQL["hits"], cluster=name)


def episodes(tx: Transaction, name: str, *, since: datetime, until: datetime) -> list[Episode]:
    """What hit the cluster at any time of ``[since, until)``, in the order in which it came up."""
    return tx.all(Episode, SQL["episodes"], cluster=name, since=since, until=until)


def said(tx: Transaction, name: str) -> list[Said]:
    """What people said about its hits and changed, the newest first; at most 200."""
    return tx.all(Said, SQL["said"], cluster=name, limit=_MOST_CHANGES)


def namespaces(tx: Transaction, name: str) -> list[Namespace]:
    """Its namespaces with recommendations about workloads, those with most objects first."""
    return tx.all(Namespace, SQL["namespaces"], cluster=name)
