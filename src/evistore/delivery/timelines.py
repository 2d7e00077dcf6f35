"""What happened to a service or an artifact, and how much happened at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from evistore.delivery.windows import ANYTHING, Bucket, Filters, Window
from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "timelines")


@dataclass(frozen=True, slots=True)
class ServiceEvent:
    """What a service ran somewhere changed; ``until_at`` is ``None`` while it lasts, ``environment_id`` empty where none was told."""

    environment_id: str
    at: datetime
    position: int
    predicate: str
    artifact_id: str | None
    source: str | None
    before_artifact_id: str | None
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """An artifact of a service in an environment it reached."""

    artifact_id: str
    environment_id: str
    first_at: datetime
    last_at: datetime
    times: int
    is_running: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """Something that happened on the way of an artifact."""

    at: datetime
    stage: str
    subject: str
    subject_id: str
    service_id: str | None
    environment_id: str | None
    outcome: str | None
    until_at: datetime | None
    position: int | None


@dataclass(frozen=True, slots=True)
class Activity:
    """Events of one kind in a day, week or month."""

    bucket: date
    subject: str
    predicate: str
    events: int


def service_history(
    tx: Transaction, service: str, window: Window | None = None, filters: Filters = ANYTHING, *, limit: int = 50
) -> list[ServiceEvent]:
    """Every change of what *service* runs, ever or in the window, the newest first; environment and source are filtered."""
    return tx.all(ServiceEvent, SQL["service_history"], **_of(service, window, filters), limit=limit)


def service_versions(
    tx: Transaction, service: str, window: Window | None = None, filters: Filters = ANYTHING, *, limit: int = 500
) -> list[Version]:
    """Which version of *service* reached which environment when, the newest version first."""
    return tx.all(Version, SQL["service_versions"], **_of(service, window, filters), limit=limit)


def artifact_history(tx: Transaction, artifact: str) -> list[Stage]:
    """The way of *artifact*, in any spelling of its package URL, from the merge of its changes to where it ran; the oldest first."""
    return tx.all(Stage, SQL["artifact_history"], artifact=artifact)


def activity(
    tx: Transaction,
    since: date,
    until: date,
    *,
    bucket: Bucket = "day",
    subject: str | None = None,
    predicate: str | None = None,
    source: str | None = None,
) -> list[Activity]:
    """How many events of each kind there were on the days from *since* on and before *until*, UTC, current to the last event."""
    given = {"bucket": bucket, "subject": subject, "predicate": predicate, "source": source}
    return tx.all(Activity, SQL["activity"], since=since, until=until, **given)


def _of(service: str, window: Window | None, filters: Filters) -> dict[str, object]:
    return {
        "service": service,
        "since": window.since if window else None,
        "until": window.until if window else None,
        "environment": filters.environment,
        "source": filters.source,
    }
