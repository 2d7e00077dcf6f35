"""The evidence behind DORA's metrics over REST, under ``/api/delivery/v1/metrics``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from evistore.delivery import evidence, metrics
from evistore.delivery.evidence import DeliveredChange, Deployment, Incident
from evistore.delivery.metrics import Environment
from evistore.delivery.parameters import Limit, known_parameters, reading
from evistore.delivery.routes_metrics_schema import answers
from evistore.delivery.routes_questions import PREFIX, Hours, Items, Question

router = APIRouter(prefix=PREFIX, tags=["metrics"], dependencies=[Depends(known_parameters)])


@dataclass(frozen=True, slots=True)
class Environments:
    """Every environment, and whether it is production."""

    items: list[Environment]


@router.get("/deployments", operation_id="list_deployments", summary="Deployments", responses=answers("deployments"))
def list_deployments(
    request: Request,
    question: Question,
    *,
    failed: Annotated[bool | None, Query(description="Only those that failed, or did not.")] = None,
    rework: Annotated[bool | None, Query(description="Only those that were rework, or were not.")] = None,
    within: Hours = 24,
    limit: Limit = 50,
) -> Items[Deployment]:
    """The deployments behind the metrics, newest first, with what came of them."""
    given = {"failed": failed, "rework": rework}
    with reading(request) as tx:
        found = evidence.deployments(
            tx, question.window, question.filters, **given, within=timedelta(hours=within), limit=limit
        )
    return Items(question.window, question.filters, found)


@router.get("/changes", operation_id="list_delivered_changes", summary="Changes", responses=answers("changes"))
def list_changes(
    request: Request,
    question: Question,
    *,
    explained: Annotated[bool | None, Query(description="Only those with a lead time, or without.")] = None,
    limit: Limit = 50,
) -> Items[DeliveredChange]:
    """The changes behind the lead time, by release, newest first; releases that could not be explained say why."""
    with reading(request) as tx:
        found = evidence.delivered_changes(tx, question.window, question.filters, explained=explained, limit=limit)
    return Items(question.window, question.filters, found)


@router.get("/incidents", operation_id="list_incidents", summary="Incidents", responses=answers("incidents"))
def list_incidents(request: Request, question: Question, *, within: Hours = 24, limit: Limit = 50) -> Items[Incident]:
    """Incidents, newest first, with the deployment behind each and the way that is known, or the reason why it is not."""
    with reading(request) as tx:
        found = evidence.incidents(tx, question.window, question.filters, within=timedelta(hours=within), limit=limit)
    return Items(question.window, question.filters, found)


@router.get(
    "/environments",
    operation_id="list_environments",
    summary="What is production",
    responses=answers("environments"),
)
def list_environments(request: Request) -> Environments:
    """Every environment: whether it is production, and whether somebody said so or its name does."""
    with reading(request) as tx:
        return Environments(metrics.environments(tx))
