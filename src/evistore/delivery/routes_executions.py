"""Runs, tests, sources and histories over REST, under ``/api/delivery/v1/metrics``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request

from evistore.delivery import executions, timelines
from evistore.delivery.executions import FlakyTest, Kind, Run, SourceRhythm, Statistics, StuckRun, Trend
from evistore.delivery.parameters import Limit, Moment, Text, Word, known_parameters, reading
from evistore.delivery.routes_metrics_schema import answers
from evistore.delivery.routes_questions import PREFIX, Asked, Items, Parts, Question
from evistore.delivery.timelines import Activity, ServiceEvent, Stage, Version
from evistore.delivery.windows import Bucket, Filters, Series, Window
from evistore.kernel.errors import Rejected

router = APIRouter(prefix=PREFIX, tags=["metrics"], dependencies=[Depends(known_parameters)])

Of = Annotated[Kind, Path(alias="kind", description="Runs of what.")]
Name = Annotated[Text | None, Query(description="Only this pipeline, task, test suite or test case, by id or name.")]


@dataclass(frozen=True, slots=True)
class Trends:
    """The runs of a kind together, and the question this answers."""

    window: Window
    filters: Filters
    series: Series[Trend]


@dataclass(frozen=True, slots=True)
class Stuck:
    """Runs that have not ended."""

    items: list[StuckRun]


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources with their rhythm."""

    items: list[SourceRhythm]


@dataclass(frozen=True, slots=True)
class Stages:
    """The way of an artifact."""

    items: list[Stage]


@dataclass(frozen=True, slots=True)
class Activities:
    """How many events there were."""

    items: list[Activity]


def _service(question: Asked) -> str:
    if question.filters.service is None:
        raise Rejected("name a service", code="request-invalid")
    return question.filters.service


@router.get(
    "/executions/{kind}",
    operation_id="list_executions",
    summary="How long runs take, and how many fail",
    responses=answers("executions"),
)
def list_executions(
    request: Request, kind: Of, question: Question, *, name: Name = None, limit: Limit = 50
) -> Items[Statistics]:
    """Runs that finished in the window, by pipeline, task, test suite or test case; those with the most runs first."""
    with reading(request) as tx:
        found = executions.statistics(tx, kind, question.window, question.filters, name=name, limit=limit)
    return Items(question.window, question.filters, found)


@router.get(
    "/executions/{kind}/trend",
    operation_id="get_execution_trend",
    summary="How that changes over time",
    responses=answers("trend"),
)
def get_trend(request: Request, kind: Of, question: Question, *, name: Name = None, by: Parts = None) -> Trends:
    """All runs of the kind together, in the window and by its parts."""
    with reading(request) as tx:
        found = executions.trend(tx, kind, question.window, question.filters, name=name, bucket=by)
    return Trends(question.window, question.filters, found)


@router.get(
    "/executions/{kind}/runs",
    operation_id="list_runs",
    summary="The runs behind these figures",
    responses=answers("runs"),
)
def list_runs(request: Request, kind: Of, question: Question, *, name: Name = None, limit: Limit = 50) -> Items[Run]:
    """Runs that finished in the window, newest first."""
    with reading(request) as tx:
        found = executions.runs(tx, kind, question.window, question.filters, name=name, limit=limit)
    return Items(question.window, question.filters, found)


@router.get("/flaky", operation_id="list_flaky_tests", summary="Flaky tests", responses=answers("flaky"))
def list_flaky(
    request: Request,
    question: Question,
    *,
    kind: Annotated[
        Literal["testcaserun", "testsuiterun"], Query(description="Test cases, or whole suites.")
    ] = "testcaserun",
    limit: Limit = 50,
) -> Items[FlakyTest]:
    """Tests that both passed and failed on one state of the code, with their newest failed runs."""
    with reading(request) as tx:
        found = executions.flaky_tests(tx, question.window, question.filters, kind=kind, limit=limit)
    return Items(question.window, question.filters, found)


@router.get("/stuck", operation_id="list_stuck_runs", summary="Runs that have not ended", responses=answers("stuck"))
def list_stuck(
    request: Request,
    *,
    hours: Annotated[float, Query(gt=0, le=24 * 365, description="Only those that began longer ago.")] = 4,
    kind: Annotated[Kind | None, Query(description="Only runs of this.")] = None,
    environment: Annotated[Text | None, Query(description="Only in this environment.")] = None,
    source: Annotated[Text | None, Query(description="Only what this `context.source` told.")] = None,
    limit: Limit = 50,
) -> Stuck:
    """Runs that were started or queued and neither finished nor skipped since, the oldest first."""
    filters = Filters(environment=environment, source=source)
    with reading(request) as tx:
        return Stuck(executions.stuck_runs(tx, filters=filters, after=timedelta(hours=hours), kind=kind, limit=limit))


@router.get("/sources", operation_id="list_sources", summary="Silent sources", responses=answers("sources"))
def list_sources(
    request: Request,
    *,
    at: Annotated[Moment | None, Query(description="Moment to tell about, UTC; else now.")] = None,
    days: Annotated[int, Query(ge=2, le=3660, description="How far to look back.")] = 90,
) -> Sources:
    """Every source of the last time with its rhythm by days, those that fell silent first."""
    with reading(request) as tx:
        return Sources(executions.silent_sources(tx, at=at, look_back=timedelta(days=days)))


@router.get(
    "/service-history",
    operation_id="get_service_history",
    summary="What a service ran, where and when",
    responses=answers("service_history"),
)
def get_service_history(request: Request, question: Question, *, limit: Limit = 50) -> Items[ServiceEvent]:
    """Every change of what `service` runs in the window, newest first; every environment unless one is named."""
    with reading(request) as tx:
        found = timelines.service_history(tx, _service(question), question.window, question.filters, limit=limit)
    return Items(question.window, question.filters, found)


@router.get(
    "/service-versions",
    operation_id="get_service_versions",
    summary="Which version reached which environment when",
    responses=answers("service_versions"),
)
def get_service_versions(request: Request, question: Question, *, limit: Limit = 500) -> Items[Version]:
    """The artifacts that `service` ran in the window, by environment, newest first."""
    with reading(request) as tx:
        found = timelines.service_versions(tx, _service(question), question.window, question.filters, limit=limit)
    return Items(question.window, question.filters, found)


@router.get(
    "/artifact-history",
    operation_id="get_artifact_history",
    summary="The way of an artifact",
    responses=answers("artifact_history"),
)
def get_artifact_history(
    request: Request, *, artifact: Annotated[Text, Query(alias="id", description="Id of the artifact, as sent.")]
) -> Stages:
    """From the merge of its changes to where it ran, oldest first; nothing for an artifact that no event named."""
    with reading(request) as tx:
        return Stages(timelines.artifact_history(tx, artifact))


@router.get("/activity", operation_id="list_activity", summary="How much happens", responses=answers("activity"))
def list_activity(
    request: Request,
    *,
    since: Annotated[date, Query(alias="from", description="First day, UTC.")],
    until: Annotated[date, Query(description="First day after the last one, UTC.")],
    by: Annotated[Bucket, Query(description="Day, week (from Monday) or month.")] = "day",
    subject: Annotated[Word | None, Query(description="Only this kind of subject.")] = None,
    predicate: Annotated[Word | None, Query(description="Only what happened so.")] = None,
    source: Annotated[Text | None, Query(description="Only what this `context.source` told.")] = None,
) -> Activities:
    """How many events of each kind there were, current to the last event, and also for those that retention took."""
    filters = {"subject": subject, "predicate": predicate, "source": source}
    with reading(request) as tx:
        return Activities(timelines.activity(tx, since, until, bucket=by, **filters))
