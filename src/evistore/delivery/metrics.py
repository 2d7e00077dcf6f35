"""How well software is delivered: the metrics of DORA, each with the evidence behind it.

What each of them counts, and what it cannot explain, stands in docs/concepts/metrics.md and in the comments of the SQL functions of the same names.
Every figure has ``items``, the number of things it was made of, ``unexplained``, the number of those it could not be made of, and ``reasons``, how
many of these for which reason. A figure is ``None`` when there is nothing to tell it by. All durations are in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from evistore.delivery.windows import ANYTHING, WITHIN, Bucket, Filters, Series, Window, asked, divided, series
from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "metrics")


@dataclass(frozen=True, slots=True)
class Frequency:
    """Deployments per day, and the days with one; ``items`` are deployments."""

    bucket: datetime | None
    per_day: float | None
    active_days: int
    items: int
    unexplained: int
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LeadTime:
    """From merge to production at percentiles, and its stages at the median; ``items`` are changes, in so many releases."""

    bucket: datetime | None
    p50_seconds: float | None
    p80_seconds: float | None
    p95_seconds: float | None
    merge_to_build_seconds: float | None
    build_to_artifact_seconds: float | None
    artifact_to_production_seconds: float | None
    releases: int
    items: int
    unexplained: int
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FailureRate:
    """The part of the deployments that failed, and by which signs; ``unexplained`` are incidents without a deployment."""

    bucket: datetime | None
    rate: float | None
    failed: int
    ways: Mapping[str, int]
    items: int
    unexplained: int
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Recovery:
    """From a failed deployment to its recovery at percentiles; ``items`` are recovered ones, ``unexplained`` those that are not."""

    bucket: datetime | None
    p50_seconds: float | None
    p80_seconds: float | None
    p95_seconds: float | None
    items: int
    unexplained: int
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ReworkRate:
    """The part of the deployments that were rework, and by which signs."""

    bucket: datetime | None
    rate: float | None
    reworked: int
    ways: Mapping[str, int]
    items: int
    unexplained: int
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment, and whether it is production; ``is_set`` when somebody said so, else its name tells."""

    environment_id: str
    is_production: bool
    is_set: bool


@dataclass(frozen=True, slots=True)
class _Figures:
    """What is counted over the same deployments at once."""

    bucket: datetime | None
    items: int
    failure_rate: float | None
    failed: int
    failure_ways: Mapping[str, int]
    causeless: int
    causeless_reasons: Mapping[str, int]
    recovery_p50_seconds: float | None
    recovery_p80_seconds: float | None
    recovery_p95_seconds: float | None
    recovered: int
    rework_rate: float | None
    reworked: int
    rework_ways: Mapping[str, int]

    @property
    def failures(self) -> FailureRate:
        return FailureRate(
            self.bucket,
            self.failure_rate,
            self.failed,
            self.failure_ways,
            self.items,
            self.causeless,
            self.causeless_reasons,
        )

    @property
    def recovery(self) -> Recovery:
        spans = (self.recovery_p50_seconds, self.recovery_p80_seconds, self.recovery_p95_seconds)
        still = self.failed - self.recovered
        return Recovery(self.bucket, *spans, self.recovered, still, {"incident-open": still} if still else {})

    @property
    def rework(self) -> ReworkRate:
        return ReworkRate(self.bucket, self.rework_rate, self.reworked, self.rework_ways, self.items, 0, {})


@dataclass(frozen=True, slots=True)
class Dora:
    """The five metrics; ``environments`` are those that were asked about, none where any was."""

    environments: list[str]
    deployment_frequency: Series[Frequency]
    lead_time_for_changes: Series[LeadTime]
    change_failure_rate: Series[FailureRate]
    failed_deployment_recovery_time: Series[Recovery]
    deployment_rework_rate: Series[ReworkRate]


def deployment_frequency(
    tx: Transaction, window: Window, filters: Filters = ANYTHING, *, bucket: Bucket | None = None
) -> Series[Frequency]:
    """How often something was deployed."""
    return series(tx.all(Frequency, SQL["frequency"], **asked(window, filters), **divided(window, bucket)))


def lead_time_for_changes(
    tx: Transaction, window: Window, filters: Filters = ANYTHING, *, bucket: Bucket | None = None
) -> Series[LeadTime]:
    """How long changes took from their merge to production."""
    return series(tx.all(LeadTime, SQL["lead_time"], **asked(window, filters), **divided(window, bucket)))


def change_failure_rate(
    tx: Transaction,
    window: Window,
    filters: Filters = ANYTHING,
    *,
    bucket: Bucket | None = None,
    within: timedelta = WITHIN,
) -> Series[FailureRate]:
    """How many deployments failed; *within* is how long before an incident a deployment may lie that only time ties to it."""
    return series(
        tx.all(FailureRate, SQL["failures"], **asked(window, filters), **divided(window, bucket), within=within)
    )


def failed_deployment_recovery_time(
    tx: Transaction,
    window: Window,
    filters: Filters = ANYTHING,
    *,
    bucket: Bucket | None = None,
    within: timedelta = WITHIN,
) -> Series[Recovery]:
    """How long it took to recover from the deployments that failed."""
    return series(tx.all(Recovery, SQL["recovery"], **asked(window, filters), **divided(window, bucket), within=within))


def deployment_rework_rate(
    tx: Transaction,
    window: Window,
    filters: Filters = ANYTHING,
    *,
    bucket: Bucket | None = None,
    within: timedelta = WITHIN,
) -> Series[ReworkRate]:
    """How many deployments were rework."""
    return series(tx.all(ReworkRate, SQL["rework"], **asked(window, filters), **divided(window, bucket), within=within))


def dora(
    tx: Transaction,
    window: Window,
    filters: Filters = ANYTHING,
    *,
    bucket: Bucket | None = None,
    within: timedelta = WITHIN,
) -> Dora:
    """All five metrics of the same deployments."""
    given = asked(window, filters) | divided(window, bucket) | {"within": within}
    figures = tx.all(_Figures, SQL["figures"], **given)
    return Dora(
        asked_environments(tx, filters),
        deployment_frequency(tx, window, filters, bucket=bucket),
        lead_time_for_changes(tx, window, filters, bucket=bucket),
        series([one.failures for one in figures]),
        series([one.recovery for one in figures]),
        series([one.rework for one in figures]),
    )


def asked_environments(tx: Transaction, filters: Filters) -> list[str]:
    """The environments that *filters* ask about; none where they ask about every one, or none is production."""
    return tx.values(SQL["asked_environments"], environment=filters.environment)


def environments(tx: Transaction) -> list[Environment]:
    """Every environment and whether it is production, by id."""
    return tx.all(Environment, SQL["environments"])


def set_production(tx: Transaction, environment: str, is_production: bool | None) -> None:  # noqa: FBT001  # the thing told
    """From now on *environment* is production or is not; with ``None`` its name tells again."""
    tx.run(SQL["set_production"], environment=environment, is_production=is_production)
