"""The doors out over HTTP, as parts of the application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from evistore.clusters.routes import (
    acknowledgements,
    deletions,
    feedback,
    organizations,
    ratings,
    recommendations,
    reports,
    toggles,
    workloads,
)
from evistore.clusters.routes.application import Interface, Rules
from evistore.clusters.routes.table import Operation
from evistore.kernel.database import Database
from evistore.kernel.desk import Desk
from evistore.kernel.settings import Settings
from evistore.web.application import Life, Part


def doors(settings: Settings, database: Database) -> list[Part]:
    """Everything that can be asked of cluster evidence in *database*, which may be another one than that of delivery."""
    return [_rest(settings, database)]


def operations(settings: Settings) -> list[Operation]:
    """Every operation of the REST interface, those for debugging among them."""
    return [
        *organizations.operations(within=timedelta(hours=settings.clusters_overview_hours)),
        *feedback.OPERATIONS,
        *toggles.OPERATIONS,
        *acknowledgements.OPERATIONS,
        *ratings.OPERATIONS,
        *deletions.OPERATIONS,
        *reports.OPERATIONS,
        *recommendations.OPERATIONS,
        *workloads.OPERATIONS,
    ]


def _rest(settings: Settings, database: Database) -> Part:
    rules = Rules(
        settings.clusters_api_prefixes,
        auth=settings.clusters_auth,
        debug=settings.clusters_debug,
        together=max(16 * 1024 * 1024, 2 * settings.http_body_limit),
    )
    desk = Desk(database)
    interface = Interface(operations(settings), rules, desk)
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
