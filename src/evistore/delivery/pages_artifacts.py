"""Artifacts: the newest, and the way of one of them over its stages, with who built, tested and deployed it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from evistore.delivery import artifacts, subjects
from evistore.delivery.artifacts import Known, Placed, Way
from evistore.delivery.matrix import stage_of
from evistore.delivery.pages_subjects import drawn, known
from evistore.delivery.pages_tables import listed_table, subject_cell, subject_href
from evistore.delivery.parameters import Cursor, Text, reading
from evistore.delivery.provenance import Reach
from evistore.delivery.services import short
from evistore.delivery.subjects import State
from evistore.web.filters import Row
from evistore.web.lanes import Lane, Step, lanes
from evistore.web.pages import Pages
from evistore.web.tables import Cell, Column, Table, rows_for

_MADE = ("packaged", "signed", "published", "downloaded", "deleted")


def add_to(routes: APIRouter, pages: Pages) -> None:
    """Put the pages into *routes*."""

    @routes.get("/artifacts")
    def get_artifacts(request: Request, cursor: Cursor = None) -> Response:
        with reading(request) as tx:
            page = subjects.page(tx, "artifact", cursor=cursor, limit=rows_for(request))
        table = listed_table("artifact", page.items, page.next)
        return pages.render(
            request,
            "artifacts",
            place="Artifacts",
            filters=Row.of(request.query_params),
            tables=[table],
            found=page.items,
        )

    @routes.get("/artifact")
    def get_artifact(request: Request, artifact_id: Annotated[Text, Query(alias="id")]) -> Response:
        with reading(request) as tx:
            values = known(tx, artifact_id, None)
            states: Sequence[State] = values["states"]
            state = next((one for one in states if one.subject == "artifact"), None)
            if state is None:
                return RedirectResponse(subject_href(states[0].subject, artifact_id), 303)
            spelled = [node.node_id for node in values["ancestors"].nodes if node.depth == 0]
            way = artifacts.way(
                tx, [*spelled, state.canonical_id], state.first_seen_at, values["ancestors"], values["descendants"]
            )
        stages = _stages(state, way)
        near = values.pop("tables")
        values["near"] = drawn(values["ancestors"], _own(values["descendants"], way))
        return pages.render(
            request,
            "artifact",
            place="Artifacts",
            filters=Row.of(request.query_params),
            tables=[way_table(stages), *near],
            state=state,
            short=short(artifact_id),
            way=way,
            now_in=[one for one in way.placed if one.until is None],
            lanes=lanes("When it reached which stage", stages),
            **values,
        )

    _ = get_artifacts, get_artifact


def _own(reach: Reach, way: Way) -> Reach:
    """What came of the artifact itself: of what came of a service that ran it only its tests, not the service's whole history."""
    services, testers = set(way.services), {one.subject_id for one in way.testers}
    nodes = [node for node in reach.nodes if not services & set(node.path[1:-1]) or testers & set(node.path)]
    return replace(reach, nodes=nodes)


def way_table(stages: Iterable[Lane]) -> Table:
    """Everything on the way, in order of time."""
    columns = (
        Column("at", "When", "time"),
        Column("stage", "Stage", "id"),
        Column("what", "What", "id"),
        Column("until", "Until", "time"),
        Column("failed", "", "flag"),
    )
    steps = sorted(((step, lane.name) for lane in stages for step in lane.steps), key=lambda one: (one[0].at, one[1]))
    rows = [
        (step.at, stage, Cell(step.name, step.href), Cell(step.until, words=None if step.until else ""),
         Cell(step.failed, words="failed" if step.failed else ""))
        for step, stage in steps
    ]  # fmt: skip
    return Table("way", "The way of this artifact", columns, rows, empty="No event says anything about its way.")


def _stages(state: State, way: Way) -> list[Lane]:
    fixed = [
        Lane("changed", [step for one in way.changes if (step := _step(one, "merged", "created"))]),
        Lane("built", [step for one in way.builders if (step := _step(one, "started", "queued", "finished"))]),
        Lane("made", [Step(at, name, _evidence(state, name)) for name, at in state.times if name in _MADE]),
        Lane("tested", [step for one in way.testers if (step := _step(one, "started", "queued", "finished"))]),
    ]
    return [lane for lane in fixed if lane.steps] + _places(way.placed)


def _places(placed: Iterable[Placed]) -> list[Lane]:
    found: dict[str, list[Step]] = {}
    for one in placed:
        words = f"{one.service_id} {one.predicate} in {one.environment_id}"
        step = Step(one.at, words, f"/event/{one.position}", one.until, lasting=one.until is None)
        found.setdefault(one.environment_id, []).append(step)
    return [Lane(f"in {name}", found[name]) for name in sorted(found, key=stage_of)]


def _step(one: Known, *beginnings: str) -> Step | None:
    at = one.at(*beginnings)
    if at is None:
        return None
    until = one.at("finished")
    name = f"{one.subject} {one.name or one.subject_id}"
    return Step(
        at, name, subject_href(one.subject, one.subject_id), until if until and until > at else None, one.failed
    )


def _evidence(state: State, predicate: str) -> str:
    return f"{subject_cell('artifact', state.subject_id).href}#events" if predicate else ""
