"""The doors out over HTTP, as parts of the application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from evistore.clusters import pages
from evistore.clusters.routes import (
    acknowledgements,
    deletions,
    feedback,
    organizations,
    ratings,
    recommendations,
    reports,
    server,
    toggles,
    workloads,
)
from evistore.clusters.routes.application import Interface, Rules
from evistore.clusters.routes.metrics import Metrics
from evistore.clusters.routes.openapi import document
from evistore.clusters.routes.table import Operation
from evistore.kernel.database import Database
from evistore.kernel.desk import Desk
from evistore.kernel.settings import Settings
from evistore.web.application import Life, Part

_TOGETHER = 16 * 1024 * 1024
"""Bytes of all bodies that are in memory at once; room for two of the largest where that is more."""


def doors(settings: Settings, database: Database) -> list[Part]:
    """Everything that can be asked of cluster evidence in *database*, which may be another one than that of delivery."""
    return [_rest(settings, database), Part(pages.router(database), finders=[pages.finder(database)])]


def operations(settings: Settings, metrics: Metrics) -> list[Operation]:
    """The operations of the REST interface, those for debugging only where *settings* ask for them."""
    within = timedelta(hours=settings.clusters_overview_hours)
    found = [
        *server.operations(metrics, lambda: described(found, settings)),
        *organizations.operations(within=within),
        *reports.OPERATIONS,
        *recommendations.OPERATIONS,
        *workloads.OPERATIONS,
        *feedback.OPERATIONS,
        *toggles.OPERATIONS,
        *acknowledgements.OPERATIONS,
        *ratings.OPERATIONS,
        *deletions.OPERATIONS,
    ]
    found = [one for one in found if settings.clusters_debug or not one.debug]
    return found


def described(found: Iterable[Operation], settings: Settings) -> dict[str, Any]:
    """The OpenAPI document of the operations *found*."""
    return document(found, settings.clusters_api_prefixes, auth=settings.clusters_auth)


def _rest(settings: Settings, database: Database) -> Part:
    metrics = Metrics(settings.clusters_metrics_namespace)
    rules = Rules(
        settings.clusters_api_prefixes,
        auth=settings.clusters_auth,
        patience=0.9 * settings.http_request_seconds,
        together=max(_TOGETHER, 2 * settings.http_body_limit),
    )
    desk = Desk(database)
    interface = Interface(operations(settings, metrics), rules, desk, metrics)
    return Part(mounts=dict.fromkeys(rules.prefixes, interface), life=[_life(desk)])


def _life(desk: Desk) -> Life:
    @asynccontextmanager
    async def life() -> AsyncGenerator[None]:
        desk.start()
        try:
            yield
        finally:
            await asyncio.to_thread(desk.stop)

    return life
