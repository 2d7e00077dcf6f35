"""The metrics over REST, under ``/api/delivery/v1/metrics``: DORA's, with the newest of the evidence behind each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from fastapi import APIRouter, Depends, Request

from evistore.delivery import evidence, metrics
from evistore.delivery.evidence import DeliveredChange, Deployment
from evistore.delivery.metrics import Dora, FailureRate, Frequency, LeadTime, Recovery, ReworkRate
from evistore.delivery.parameters import known_parameters, reading
from evistore.delivery.routes_metrics_schema import answers
from evistore.delivery.routes_questions import PREFIX, Hours, Parts, Question
from evistore.delivery.windows import Filters, Series, Window

T = TypeVar("T")
S = TypeVar("S")

router = APIRouter(prefix=PREFIX, tags=["metrics"], dependencies=[Depends(known_parameters)])
_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Answer(Generic[T, S]):
    """A metric, the question it answers, and the newest of the evidence behind it."""

    window: Window
    filters: Filters
    series: Series[T]
    samples: list[S]


@dataclass(frozen=True, slots=True)
class Everything:
    """DORA's metrics and the question they answer."""

    window: Window
    filters: Filters
    metrics: Dora


@router.get("/dora", operation_id="get_dora", summary="DORA's five metrics", responses=answers("dora"))
def get_dora(request: Request, question: Question, *, by: Parts = None, within: Hours = 24) -> Everything:
    """Deployment frequency, lead time for changes, change failure rate, failed deployment recovery time, deployment rework rate."""
    with reading(request) as tx:
        found = metrics.dora(tx, question.window, question.filters, bucket=by, within=timedelta(hours=within))
    return Everything(question.window, question.filters, found)


@router.get(
    "/deployment-frequency",
    operation_id="get_deployment_frequency",
    summary="How often something is deployed",
    responses=answers("frequency"),
)
def get_frequency(request: Request, question: Question, *, by: Parts = None) -> Answer[Frequency, Deployment]:
    """Deployments per day."""
    with reading(request) as tx:
        found = metrics.deployment_frequency(tx, question.window, question.filters, bucket=by)
        samples = evidence.deployments(tx, question.window, question.filters, limit=_SAMPLES)
    return Answer(question.window, question.filters, found, samples)


@router.get(
    "/lead-time-for-changes",
    operation_id="get_lead_time_for_changes",
    summary="From merge to production",
    responses=answers("lead_time"),
)
def get_lead_time(request: Request, question: Question, *, by: Parts = None) -> Answer[LeadTime, DeliveredChange]:
    """How long changes took from their merge to their first deployment, with the stages in between."""
    with reading(request) as tx:
        found = metrics.lead_time_for_changes(tx, question.window, question.filters, bucket=by)
        samples = evidence.delivered_changes(tx, question.window, question.filters, explained=True, limit=_SAMPLES)
    return Answer(question.window, question.filters, found, samples)


@router.get(
    "/change-failure-rate",
    operation_id="get_change_failure_rate",
    summary="How many deployments fail",
    responses=answers("failures"),
)
def get_failures(
    request: Request, question: Question, *, by: Parts = None, within: Hours = 24
) -> Answer[FailureRate, Deployment]:
    """The part of the deployments that were rolled back or had an incident."""
    span = timedelta(hours=within)
    with reading(request) as tx:
        found = metrics.change_failure_rate(tx, question.window, question.filters, bucket=by, within=span)
        samples = evidence.deployments(tx, question.window, question.filters, failed=True, within=span, limit=_SAMPLES)
    return Answer(question.window, question.filters, found, samples)


@router.get(
    "/failed-deployment-recovery-time",
    operation_id="get_failed_deployment_recovery_time",
    summary="From a failed deployment to its recovery",
    responses=answers("recovery"),
)
def get_recovery(
    request: Request, question: Question, *, by: Parts = None, within: Hours = 24
) -> Answer[Recovery, Deployment]:
    """How long it took until the incidents of failed deployments were resolved, or they were rolled back."""
    span = timedelta(hours=within)
    with reading(request) as tx:
        found = metrics.failed_deployment_recovery_time(tx, question.window, question.filters, bucket=by, within=span)
        samples = evidence.deployments(tx, question.window, question.filters, failed=True, within=span, limit=_SAMPLES)
    return Answer(question.window, question.filters, found, samples)


@router.get(
    "/deployment-rework-rate",
    operation_id="get_deployment_rework_rate",
    summary="How many deployments are rework",
    responses=answers("rework"),
)
def get_rework(
    request: Request, question: Question, *, by: Parts = None, within: Hours = 24
) -> Answer[ReworkRate, Deployment]:
    """The part of the deployments that answered an incident or a rollback."""
    span = timedelta(hours=within)
    with reading(request) as tx:
        found = metrics.deployment_rework_rate(tx, question.window, question.filters, bucket=by, within=span)
        samples = evidence.deployments(tx, question.window, question.filters, rework=True, within=span, limit=_SAMPLES)
    return Answer(question.window, question.filters, found, samples)
