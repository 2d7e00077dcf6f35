"""Recommendations over all clusters and over time: where they stand, since when, and what became of them. Moments and days are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from evistore.kernel.database import Transaction
from evistore.kernel.errors import NotFound
from evistore.kernel.paging import Page, cursor_of, key_of
from evistore.kernel.statements import statements

SQL = statements("evistore.clusters", "standing")


@dataclass(frozen=True, slots=True)
class Standing:
    """One recommendation: on how many clusters it stands now, and how it went in a window of time."""

    rule: str
    error_key: str
    clusters: int
    organizations: int
    since: datetime | None
    """Since when it has stood where it stands longest; ``None`` where it stands nowhere."""
    appeared: int
    resolved: int

    @property
    def rule_id(self) -> str:
        """Rule and finding in one word."""
        return f"{self.rule}|{self.error_key}"


@dataclass(frozen=True, slots=True)
class Day:
    """One day: what stood at its end, what came up and what was resolved."""

    day: date
    standing: int | None
    """``None`` before the first evidence there is."""
    appeared: int
    resolved: int


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What is known of one recommendation over all time."""

    rule: str
    error_key: str
    clusters: int
    organizations: int
    since: datetime | None
    ever: int
    """Clusters that ever had it."""
    first_at: datetime
    resolved: int
    """How often it was resolved."""
    lasted: timedelta | None
    """Median of how long it stood where it was resolved."""


@dataclass(frozen=True, slots=True)
class Affected:
    """A cluster that has it."""

    cluster: str
    org_id: int
    version: str | None
    appeared_at: datetime
    checked_at: datetime | None
    disabled: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A minor version, empty where clusters do not tell theirs, with how many of its clusters have it."""

    version: str
    clusters: int
    affected: int


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an organisation and its users think of it."""

    org_id: str
    justification: str | None
    acknowledged_at: datetime | None
    rating: int | None
    likes: int
    dislikes: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which recommendations: those on clusters of one *organization*, those whose id holds the words of *search*."""

    organization: int | None = None
    search: str | None = None


def recommendations(tx: Transaction, asked: Asked, *, since: datetime, until: datetime) -> list[Standing]:
    """What stands or stood in ``[since, until)``, what is on most clusters first."""
    tx.run(SQL["plan_anew"])
    if asked.organization is not None:
        query = SQL["recommendations_of_organization"]
        return tx.all(Standing, query, organization=asked.organization, search=asked.search, since=since, until=until)
    first, last = _whole_days(since, until)
    return tx.all(
        Standing,
        SQL["recommendations"],
        search=asked.search,
        since=since,
        until=until,
        first=first,
        last=last,
        first_day=first.date(),
        last_day=last.date(),
    )


def _whole_days(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """The midnights (UTC) between which all days of ``[since, until)`` lie; twice the one after *since* where there is no whole day."""
    first, last = (datetime.combine(at.astimezone(UTC), time(), UTC) for at in (since, until))
    if first < since:
        first += timedelta(days=1)
    return first, max(first, last)


def daily(tx: Transaction, asked: Asked, *, first: date, last: date, rule_id: str | None = None) -> list[Day]:
    """Each day from *first* to *last*, over all recommendations or for one."""
    tx.run(SQL["plan_anew"])
    rule, error_key = parted(rule_id) if rule_id is not None else (None, None)
    told = {"search": asked.search, "first": first, "last": last, "rule": rule, "error_key": error_key}
    if asked.organization is None:
        return tx.all(Day, SQL["daily"], **told)
    return tx.all(Day, SQL["daily_of_organization"], organization=asked.organization, **told)


def recommendation(tx: Transaction, rule_id: str, *, organization: int | None = None) -> Recommendation:
    """What is known of it, on all clusters or on those of one *organization*.

    Raises:
        NotFound: none of them ever had it.
    """
    tx.run(SQL["plan_anew"])
    rule, error_key = parted(rule_id)
    found = tx.maybe(Recommendation, SQL["recommendation"], rule=rule, error_key=error_key, organization=organization)
    if found is None:
        raise NotFound(f"no cluster ever had the recommendation {rule_id[:200]!r}", code="not-found")
    return found


def affected(
    tx: Transaction, rule_id: str, *, organization: int | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Affected]:
    """The clusters that have it, those that got it last first.

    Raises:
        Rejected: ``cursor-invalid``.
    """
    rule, error_key = parted(rule_id)
    before, after = key_of(cursor, str) if cursor else (None, None)
    found = tx.all(
        Affected,
        SQL["affected"],
        rule=rule,
        error_key=error_key,
        organization=organization,
        before=before,
        after=after,
        limit=limit + 1,
    )
    more = len(found) > limit
    return Page(found[:limit], cursor_of((found[limit - 1].appeared_at, found[limit - 1].cluster)) if more else None)


def versions(tx: Transaction, rule_id: str, *, organization: int | None = None) -> list[Version]:
    """The versions of the clusters that have it, the oldest first, unknown ones last."""
    rule, error_key = parted(rule_id)
    return tx.all(Version, SQL["versions"], rule=rule, error_key=error_key, organization=organization)


def opinions(tx: Transaction, rule_id: str, *, organization: int | None = None) -> list[Opinion]:
    """What organisations think of it, in order of their numbers."""
    rule, error_key = parted(rule_id)
    asked = None if organization is None else str(organization)
    return tx.all(Opinion, SQL["opinions"], rule=rule, error_key=error_key, organization=asked)


def parted(rule_id: str) -> tuple[str, str]:
    """Rule, without ``.report``, and error key of ``rule|KEY``."""
    rule, _, error_key = rule_id.partition("|")
    return rule.removesuffix(".report"), error_key
