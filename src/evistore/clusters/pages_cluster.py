"""One cluster: its report, the history of its hits, what people said about them, and its workloads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from evistore.clusters import fleet
from evistore.clusters.fleet import Episode, Hit, Namespace, Said
from evistore.clusters.pages_parts import QUIET, Text, finding_cell, finding_href, laid_out
from evistore.kernel.database import Database
from evistore.web import tables
from evistore.web.filters import Row, Window
from evistore.web.lanes import Lane, Lanes, Step, lanes
from evistore.web.pages import Pages
from evistore.web.tables import Cell, Column, Table
from evistore.web.words import clock, count, counted, duration

_LANES = 40
_SHOWN_BYTES = 64 * 1024


def add_to(routes: APIRouter, pages: Pages, database: Database) -> None:
    """Put the page into *routes*."""

    @routes.get("/clusters/{name:path}")
    def get_cluster(request: Request, name: Annotated[Text, Path()]) -> Response:
        row = Row.of(request.query_params, "time", usual="90d")
        window = row.window
        with database.transaction(read_only=True) as tx:
            found = fleet.cluster(tx, name, longest=_SHOWN_BYTES)
            hits = fleet.hits(tx, name)
            episodes = fleet.episodes(tx, name, since=window.since, until=window.until)
            said, spaces = fleet.said(tx, name), fleet.namespaces(tx, name)
        return pages.render(
            request,
            "cluster",
            place="Clusters",
            filters=row,
            tables=[_hits_table(hits), _episodes_table(episodes), _said_table(said), _namespaces_table(spaces)],
            cluster=found,
            hits=hits,
            details=[(hit, laid_out(hit.details)) for hit in hits],
            newest=max((hit.appeared_at for hit in hits if hit.appeared_at), default=None),
            episodes=episodes,
            history=_history(episodes, window),
            left_out=max(0, len({(one.rule, one.error_key) for one in episodes}) - _LANES),
            spaces=spaces,
            said=said,
            report=None if found.report is None else laid_out(found.report),
            silent=found.checked_at is not None and datetime.now(UTC) - found.checked_at > QUIET,
        )

    _ = get_cluster


def _hits_table(found: Iterable[Hit]) -> Table:
    columns = (
        Column("finding", "Recommendation", "id"),
        Column("rule", "Rule", "id", minor=True),
        Column("since", "Stands since", "ago"),
        Column("settled", "Settled"),
        Column("likes", "Likes", "number", minor=True),
        Column("dislikes", "Dislikes", "number", minor=True),
    )
    return tables.of(
        "hits",
        "What the newest report recommends",
        columns,
        found,
        lambda one: (
            finding_cell(one.rule, one.error_key),
            one.rule,
            one.appeared_at,
            _settled(one),
            one.likes,
            one.dislikes,
        ),
        empty="The newest report recommends nothing.",
    )


def _settled(hit: Hit) -> Cell:
    if hit.disabled_at is not None:
        return Cell("disabled", mark="disabled", words="", title=f"for this cluster, {clock(hit.disabled_at)}")
    if hit.acknowledged is not None:
        return Cell(hit.acknowledged, mark="acknowledged", words=hit.acknowledged)
    return Cell(None, words="nothing")


def _episodes_table(found: Sequence[Episode]) -> Table:
    columns = (
        Column("finding", "Recommendation", "id", sortable=True),
        Column("appeared_at", "Came up", "time"),
        Column("resolved_at", "Resolved", "time"),
        Column("lasted", "Lasted", "duration"),
    )
    return tables.of(
        "episodes",
        "When recommendations came up and were resolved",
        columns,
        reversed(found),
        lambda one: (
            finding_cell(one.rule, one.error_key),
            one.appeared_at,
            Cell(one.resolved_at, words=None if one.resolved_at else "stands"),
            Cell(None if one.resolved_at is None else one.resolved_at - one.appeared_at, words=_lasted(one)),
        ),
        empty="Nothing was recommended in this window.",
    )


def _lasted(one: Episode) -> str:
    return "stands" if one.resolved_at is None else duration(one.resolved_at - one.appeared_at)


def _history(found: Sequence[Episode], window: Window) -> Lanes:
    """A lane per recommendation: those that stand first, then those resolved last."""
    by_finding: dict[tuple[str, str], list[Episode]] = {}
    for one in found:
        by_finding.setdefault((one.rule, one.error_key), []).append(one)
    end = datetime.max.replace(tzinfo=UTC)
    order = sorted(
        by_finding.items(),
        key=lambda pair: max((one.resolved_at or end, one.appeared_at) for one in pair[1]),
        reverse=True,
    )
    drawn = lanes(
        "What was recommended, and for how long",
        [Lane(_breakable(key or rule), [_step(one, window) for one in them]) for (rule, key), them in order[:_LANES]],
        window,
    )
    stands = sum(one.resolved_at is None for one in found)
    return replace(drawn, told=f"{counted(len(by_finding), 'recommendation')}, {count(stands)} of them still stand.")


def _breakable(name: str) -> str:
    """A name that may go on in the next line after each of its words."""
    return name.replace("_", "_\u200b").replace(".", ".\u200b")


def _step(one: Episode, window: Window) -> Step:
    ended = f"resolved {clock(one.resolved_at)}" if one.resolved_at else "stands"
    name = f"{one.error_key}: came up {clock(one.appeared_at)}, {ended}"
    return Step(
        max(one.appeared_at, window.since), name, finding_href(one.rule, one.error_key), one.resolved_at or window.until
    )


def _said_table(found: Iterable[Said]) -> Table:
    columns = (
        Column("at", "When", "ago"),
        Column("who", "Who"),
        Column("what", "Did"),
        Column("finding", "About", "id"),
        Column("words", "Words"),
    )
    return tables.of(
        "said",
        "What people said and settled, newest first",
        columns,
        found,
        lambda one: (
            one.at,
            Cell(one.who, words=one.who or "not told"),
            one.what,
            finding_cell(one.rule, one.error_key),
            one.words,
        ),
        empty="Nobody voted, disabled or explained anything here.",
    )


def _namespaces_table(found: Iterable[Namespace]) -> Table:
    columns = (
        Column("name", "Namespace", "id", sortable=True),
        Column("recommendations", "Recommendations", "number", sortable=True),
        Column("objects", "Workloads", "number", sortable=True),
        Column("since", "Since", "ago"),
        Column("checks", "Checks", minor=True),
    )
    return tables.of(
        "workloads",
        "Namespaces whose workloads should be changed",
        columns,
        found,
        lambda one: (
            Cell(one.name or one.namespace_id, title=one.namespace_id),
            one.recommendations,
            one.objects,
            one.since,
            ", ".join(check.rpartition("|")[2] for check in one.checks),
        ),
    )
