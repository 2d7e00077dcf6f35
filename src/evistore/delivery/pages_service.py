"""One service: where it runs, how its deployments went, which version reached which environment when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from evistore.delivery import events, evidence, services, subjects, timelines, windows
from evistore.delivery.evidence import Deployment
from evistore.delivery.matrix import stage_of
from evistore.delivery.pages_evidence import question
from evistore.delivery.pages_incidents import incidents_table
from evistore.delivery.pages_services import placements_table
from evistore.delivery.pages_tables import artifact_cell, event_cell, subject_cell, subject_href
from evistore.delivery.parameters import Text, reading
from evistore.delivery.reasons import ways
from evistore.delivery.scorecard import Scoring
from evistore.delivery.services import short
from evistore.delivery.timelines import ServiceEvent, Version
from evistore.kernel.errors import NotFound
from evistore.web import tables
from evistore.web.filters import Row
from evistore.web.lanes import Lane, Step, lanes
from evistore.web.pages import Pages
from evistore.web.tables import Cell, Column, Table
from evistore.web.words import ago, clock

_STEPS = 400
_ROWS = 15
_VERSIONS = 12


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the page into *routes*."""

    @routes.get("/service")
    def get_service(request: Request, service: Annotated[Text, Query(alias="id")]) -> Response:
        row = Row.of(request.query_params, "time", "environment", "source", usual="90d")
        given = replace(row.filters, service=service)
        window, filters = question(Row(given, row.applied, row.usual))
        scoring = Scoring(request.app.state.database, row.window, given)
        with reading(request) as tx:
            states = subjects.states(tx, service, "service")
            if not states:
                raise NotFound(f"no event ever named a service {service[:200]!r}", code="not-found")
            places = services.running(tx, service=service)
            history = timelines.service_history(tx, service, window, filters, limit=_STEPS)
            versions = timelines.service_versions(tx, service, window, filters)
            anywhere = replace(filters, environment=filters.environment or windows.EVERY_ENVIRONMENT)
            outcomes = {
                one.position: one for one in evidence.deployments(tx, window, anywhere, failed=True, limit=_STEPS)
            }
            incidents = evidence.incidents(tx, window, anywhere, limit=_STEPS)
            begins = events.summary(tx).first_at
        scores = scoring.scorecard(begins)
        return pages.render(
            request,
            "service",
            place="Services",
            filters=Row(
                row.filters, row.applied, row.usual, {"environment": sorted({p.environment_id for p in places})}
            ),
            tables=[
                _history_table(history, outcomes),
                placements_table(places),
                incidents_table(incidents, _ROWS),
                *(one.table for one in [scores] if one),
            ],
            service=service,
            own=given.link,
            placed=sorted(places, key=lambda one: stage_of(one.environment_id)),
            drifted=any(one.drifted for one in services.grouped(places)),
            scores=scores,
            history=history,
            lanes=lanes("Deployments, by environment", _lanes(history, outcomes), row.window),
            versions=_matrix(versions, row),
            incidents=incidents,
        )

    _ = get_service


def _history_table(found: Sequence[ServiceEvent], outcomes: dict[int, Deployment]) -> Table:
    columns = (
        Column("at", "When", "ago"),
        Column("environment", "Environment", "id"),
        Column("happened", "Happened"),
        Column("before", "Before", "id", minor=True),
        Column("artifact", "After", "id"),
        Column("outcome", "Outcome"),
        Column("source", "Told by", "id", minor=True),
    )

    def row(one: ServiceEvent) -> Sequence[object]:
        failed = outcomes.get(one.position)
        return (
            event_cell(one.at, one.position),
            subject_cell("environment", one.environment_id or None, None if one.environment_id else "not named"),
            one.predicate,
            artifact_cell(one.before_artifact_id) if one.before_artifact_id else Cell(None, words="nothing known"),
            artifact_cell(one.artifact_id),
            Cell(failed is not None, words=ways(failed.ways) if failed else "", mark="✕ failed" if failed else None),
            one.source,
        )

    return tables.of(
        "history", "What it ran, newest first", columns, found, row, most=_ROWS, empty="Nothing changed in this window."
    )


def _lanes(found: Iterable[ServiceEvent], outcomes: dict[int, Deployment]) -> list[Lane]:
    places: dict[str, list[Step]] = {}
    for one in found:
        words = f"{one.predicate} {short(one.artifact_id)} in {one.environment_id or 'no environment named'}"
        step = Step(one.at, words, f"/event/{one.position}", failed=one.position in outcomes)
        places.setdefault(one.environment_id, []).append(step)
    return [Lane(name or "not named", places[name]) for name in sorted(places, key=stage_of)]


def _matrix(found: Sequence[Version], row: Row) -> dict[str, Any]:
    """The newest versions by environment: when each first reached it."""
    environments = sorted({one.environment_id for one in found if one.environment_id}, key=stage_of)
    by_version: dict[str, dict[str, Version]] = {}
    for one in found:
        by_version.setdefault(one.artifact_id, {})[one.environment_id] = one
    now = row.filters.now
    return {
        "columns": [(name, subject_href("environment", name)) for name in environments],
        "rows": [
            {
                "name": short(artifact),
                "href": subject_href("artifact", artifact),
                "cells": [
                    None if (one := where.get(name)) is None else {
                        "words": ago(one.first_at, now),
                        "href": subject_href("artifact", artifact),
                        "title": clock(one.first_at),
                        "note": "runs now" if one.is_running else f"{one.times} times" if one.times > 1 else "",
                        "mark": "",
                    }
                    for name in environments
                ],
            }
            for artifact, where in list(by_version.items())[:_VERSIONS]
        ],
        "total": len(by_version),
    }  # fmt: skip
