"""What machines ask about the server itself: ``/health``, ``/ready``, ``/metrics``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from evistore.kernel.errors import Misconfigured, Unavailable
from evistore.web.problems import FOR_OPERATOR, MEDIA_TYPE, SCHEMA
from evistore.web.telemetry import Telemetry

Ready = Callable[[], None]
"""Raises a fault that says why the server cannot work now."""


class Health(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Replica(BaseModel):
    """Whether readers ask the replica, how many seconds it is behind, and why they do not."""

    reads: bool
    lag_seconds: float | None
    reason: str


class Readiness(BaseModel):
    """The database answers, and its schema serves this release."""

    status: Literal["ready"] = "ready"
    replica: Replica | None = None


Standing = Callable[[], Replica | None]
"""How the replica does, where there is one."""


def no_replica() -> None:
    """There is none."""


def router(ready: Ready, telemetry: Telemetry, replica: Standing = no_replica) -> APIRouter:
    """The routes of health."""
    routes = APIRouter(tags=["server"])
    not_ready = {"description": "Not ready; the problem says why.", "content": {MEDIA_TYPE: {"schema": dict(SCHEMA)}}}

    @routes.get("/health", operation_id="get_health", summary="Whether the process is alive")
    async def get_health() -> Health:
        return Health()

    @routes.get(
        "/ready",
        operation_id="get_ready",
        summary="Whether requests can be served",
        response_model_exclude_none=True,
        responses={503: not_ready},
    )
    def get_ready() -> Readiness:
        _ask(ready)
        return Readiness(replica=replica())

    @routes.get(
        "/metrics",
        operation_id="get_metrics",
        summary="Figures for Prometheus",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    def get_metrics() -> Response:
        return Response(telemetry.page(), media_type=telemetry.media_type)

    _ = get_health, get_ready, get_metrics
    return routes


def _ask(ready: Ready) -> None:
    """Whatever is wrong, a server that is not ready says so, and why: it may be replaced by one that is."""
    try:
        ready()
    except Misconfigured as fault:
        told = fault.message if fault.code == "schema-newer" else FOR_OPERATOR
        raise Unavailable(told, code=fault.code) from fault
