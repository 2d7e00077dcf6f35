"""What machines ask about the server itself: ``/health``, ``/ready``, ``/metrics``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from evistore.web.problems import MEDIA_TYPE, SCHEMA
from evistore.web.telemetry import Telemetry

Ready = Callable[[], None]
"""Raises a fault that says why the server cannot work now."""


class Health(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """The database answers, and its schema is the one of this release."""

    status: Literal["ready"] = "ready"


def router(ready: Ready, telemetry: Telemetry) -> APIRouter:
    """The routes of health."""
    routes = APIRouter(tags=["server"])
    not_ready = {"description": "Not ready; the problem says why.", "content": {MEDIA_TYPE: {"schema": dict(SCHEMA)}}}

    @routes.get("/health", operation_id="get_health", summary="Whether the process is alive")
    async def get_health() -> Health:
        return Health()

    @routes.get(
        "/ready", operation_id="get_ready", summary="Whether requests can be served", responses={503: not_ready}
    )
    def get_ready() -> Readiness:
        ready()
        return Readiness()

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
