"""Runs of pipelines, tasks, test suites and test cases: how long they take and wait, how they end, what is flaky, stuck or silent.

Figures have ``items``, ``unexplained`` and ``reasons`` as those of :mod:`evistore.delivery.metrics`. All durations are in seconds. Here no filter
by environment lets every environment pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from evistore.delivery.windows import ANYTHING, Bucket, Filters, Series, Window, asked, divided, series
from evistore.kernel.database import Transaction
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "executions")

Kind = Literal["pipelinerun", "taskrun", "testsuiterun", "testcaserun", "build"]
STUCK_AFTER = timedelta(hours=4)
LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Statistics:
    """The runs of one pipeline, task, test suite or test case; ``queued`` of them told how long they waited."""

    key: str | None
    name: str | None
    p50_seconds: float | None
    p80_seconds: float | None
    p95_seconds: float | None
    queue_p50_seconds: float | None
    queue_p80_seconds: float | None
    queue_p95_seconds: float | None
    queued: int
    failure_rate: float | None
    passed: int
    failed: int
    cancelled: int
    last_finished_at: datetime
    items: int
    unexplained: int
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Trend:
    """All runs of a kind together."""

    bucket: datetime | None
    p50_seconds: float | None
    p80_seconds: float | None
    p95_seconds: float | None
    queue_p50_seconds: float | None
    failure_rate: float | None
    passed: int
    failed: int
    cancelled: int
    items: int
    unexplained: int
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Run:
    """One run; ``verdict`` is passed, failed or cancelled, ``reason`` what is not known of it."""

    subject_id: str
    key: str | None
    name: str | None
    environment_id: str | None
    source: str | None
    queued_at: datetime | None
    started_at: datetime | None
    finished_at: datetime
    outcome: str | None
    verdict: str | None
    seconds: float | None
    queue_seconds: float | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class FlakyTest:
    """A test that both passed and failed on one state of the code: on ``flaky`` of the ``items`` that had several runs."""

    key: str
    name: str | None
    flaky_rate: float
    flaky: int
    failed: int
    runs: int
    last_failed_at: datetime
    sample_ids: list[str]
    items: int
    unexplained: int
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StuckRun:
    """A run that was started, or only queued, and not heard of since."""

    subject: str
    subject_id: str
    name: str | None
    environment_id: str | None
    source: str | None
    queued_at: datetime | None
    started_at: datetime | None
    since: datetime
    seconds: float
    last_position: int | None


@dataclass(frozen=True, slots=True)
class SourceRhythm:
    """A source of events with its rhythm by days; ``silent`` is ``None`` where it has too few of them to tell."""

    source: str
    silent: bool | None
    reason: str | None
    last_day: date
    quiet_days: int
    longest_pause_days: int | None
    active_days: int
    events: int


def statistics(
    tx: Transaction,
    kind: Kind,
    window: Window,
    filters: Filters = ANYTHING,
    *,
    name: str | None = None,
    limit: int = 50,
) -> list[Statistics]:
    """Runs that finished in the window, by what they are runs of; those with the most runs first."""
    return tx.all(Statistics, SQL["statistics"], subject=kind, **asked(window, filters), name=name, limit=limit)


def trend(
    tx: Transaction,
    kind: Kind,
    window: Window,
    filters: Filters = ANYTHING,
    *,
    name: str | None = None,
    bucket: Bucket | None = None,
) -> Series[Trend]:
    """The same of all of them together, over time."""
    return series(
        tx.all(Trend, SQL["trend"], subject=kind, **asked(window, filters), name=name, **divided(window, bucket))
    )


def runs(
    tx: Transaction,
    kind: Kind,
    window: Window,
    filters: Filters = ANYTHING,
    *,
    name: str | None = None,
    limit: int = 50,
) -> list[Run]:
    """The runs behind these figures, the newest first."""
    return tx.all(Run, SQL["runs"], subject=kind, **asked(window, filters), name=name, limit=limit)


def flaky_tests(
    tx: Transaction,
    window: Window,
    filters: Filters = ANYTHING,
    *,
    kind: Literal["testcaserun", "testsuiterun"] = "testcaserun",
    limit: int = 50,
) -> list[FlakyTest]:
    """Tests that both passed and failed on one state of the code, those that did so most often first."""
    return tx.all(FlakyTest, SQL["flaky"], **asked(window, filters), subject=kind, limit=limit)


def stuck_runs(
    tx: Transaction,
    window: Window | None = None,
    filters: Filters = ANYTHING,
    *,
    after: timedelta = STUCK_AFTER,
    kind: Kind | None = None,
    limit: int = 50,
) -> list[StuckRun]:
    """Runs that began more than *after* ago, in the window or ever, and have not ended; the oldest first. No filter by service."""
    bounds = {"since": window.since, "until": window.until} if window else {"since": None, "until": None}
    given = {"environment": filters.environment, "source": filters.source, "after": after, "subject": kind}
    return tx.all(StuckRun, SQL["stuck"], **bounds, **given, limit=limit)


def silent_sources(
    tx: Transaction, *, at: datetime | None = None, look_back: timedelta = LOOK_BACK
) -> list[SourceRhythm]:
    """Every source of the last time, those that fell silent first."""
    return tx.all(SourceRhythm, SQL["silent"], at=at, look_back=look_back)
