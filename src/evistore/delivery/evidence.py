"""The evidence behind the metrics of DORA: deployments with what came of them, delivered changes, incidents with their causes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from evistore.delivery.windows import ANYTHING, WITHIN, Filters, Window, asked
from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "evidence")


@dataclass(frozen=True, slots=True)
class Deployment:
    """A service was deployed or upgraded in an environment, and what came of it."""

    service_id: str
    environment_id: str
    at: datetime
    position: int
    predicate: str
    artifact_id: str | None
    source: str | None
    failed: bool
    ways: list[str]
    incident_ids: list[str]
    recovered_at: datetime | None
    recovery_reason: str | None
    rework: bool
    rework_ways: list[str]
    rework_incident_ids: list[str]


@dataclass(frozen=True, slots=True)
class DeliveredChange:
    """A change in a release, and the stages it went through; ``reason`` says why there is no lead time."""

    service_id: str
    environment_id: str
    deployed_at: datetime
    position: int
    artifact_id: str | None
    change_id: str | None
    way: str | None
    reason: str | None
    merged_at: datetime | None
    built_at: datetime | None
    published_at: datetime | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident with the deployment behind it; ``way`` is how that is known, else ``reason`` why it is not."""

    incident_id: str
    name: str | None
    source: str | None
    began_at: datetime
    resolved_at: datetime | None
    seconds: float | None
    service_id: str | None
    environment_id: str | None
    artifact_id: str | None
    way: str | None
    reason: str | None
    cause_service_id: str | None
    cause_environment_id: str | None
    cause_at: datetime | None
    cause_position: int | None
    cause_artifact_id: str | None


def deployments(
    tx: Transaction,
    window: Window,
    filters: Filters = ANYTHING,
    *,
    failed: bool | None = None,
    rework: bool | None = None,
    within: timedelta = WITHIN,
    limit: int = 50,
) -> list[Deployment]:
    """The deployments behind the metrics, the newest first: all of them, or those that *failed*, or were *rework*, or did not."""
    given = asked(window, filters) | {"failed": failed, "rework": rework, "within": within, "limit": limit}
    return tx.all(Deployment, SQL["deployments"], **given)


def delivered_changes(
    tx: Transaction, window: Window, filters: Filters = ANYTHING, *, explained: bool | None = None, limit: int = 50
) -> list[DeliveredChange]:
    """The changes behind the lead time, the newest release first: all, or those with a lead time (*explained*), or without."""
    return tx.all(DeliveredChange, SQL["lead_times"], **asked(window, filters), explained=explained, limit=limit)


def incidents(
    tx: Transaction, window: Window, filters: Filters = ANYTHING, *, within: timedelta = WITHIN, limit: int = 50
) -> list[Incident]:
    """The incidents that began in the window, the newest first, with the deployments behind them."""
    return tx.all(Incident, SQL["incidents"], **asked(window, filters), within=within, limit=limit)
