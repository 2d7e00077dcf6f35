"""Tables that several pages show, and where the evidence behind a cell stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from evistore.delivery import services
from evistore.delivery.activity import Change
from evistore.delivery.events import Event
from evistore.delivery.provenance import Reach
from evistore.delivery.services import Placement
from evistore.delivery.subjects import Listed
from evistore.web import tables
from evistore.web.filters import Row
from evistore.web.pages import href
from evistore.web.tables import Cell, Column, Table
from evistore.web.words import moment, shortened

_NEAREST = 15
_ID = 64


def subject_href(subject: str, subject_id: str) -> str:
    """The page of a subject."""
    if subject == "artifact":
        return href("/artifact", id=subject_id)
    if subject == "service":
        return href("/service", id=subject_id)
    return href("/subject", id=subject_id, type=subject)


def rest_href(path: str, row: Row, **more: str) -> str:
    """The same question over REST; *path* stands below the interface's base."""
    given, times = row.filters, {}
    if "time" in row.applied:
        times = {"from_": moment(row.window.since), "until": moment(row.window.until)}
    names = {name: value for name, value in given.query.items() if name in row.applied}
    return href(f"/api/delivery/v1{path}", **times, **names, **more)


def subject_cell(subject: str, subject_id: str | None, words: str | None = None) -> Cell:
    """A subject with the link to its page."""
    if subject_id is None:
        return Cell(None, words="nobody named")
    cut = words not in (None, subject_id)
    return Cell(subject_id, subject_href(subject, subject_id), words, title=subject_id if cut else None)


def event_cell(at: datetime, position: int) -> Cell:
    """A moment with the link to the event that says so."""
    return Cell(at, f"/event/{position}")


EVENT_COLUMNS = (
    Column("timestamp", "When", "ago"),
    Column("subject", "What"),
    Column("predicate", "Happened"),
    Column("subject_id", "To", "id"),
    Column("source", "Told by", "id", minor=True),
    Column("verdict", "Verdict", minor=True),
    Column("position", "Position", "number", minor=True),
)


def event_table(found: Iterable[Event], following: str | None = None, **more: str) -> Table:
    """Events, newest first."""
    return tables.of(
        "events",
        "Events, newest first",
        EVENT_COLUMNS,
        found,
        _event,
        next=following,
        empty="No event fits.",
        more=more,
    )


def _event(event: Event) -> Sequence[object]:
    place = f"/event/{event.position}"
    invalid = event.verdict == "invalid"
    return (
        event.timestamp,
        event.subject,
        Cell(event.predicate, place, mark="invalid" if invalid else None),
        subject_cell(event.subject, event.subject_id, event.subject_id and shortened(event.subject_id, _ID)),
        event.source,
        Cell(event.verdict, words=None if event.verdict else "not judged"),
        Cell(event.position, place),
    )


def changes_table(found: Iterable[Change], most: int | None = None, **more: str) -> Table:
    """What became different in the places where services run."""
    columns = (
        Column("at", "When", "ago"),
        Column("service", "Service", "id"),
        Column("environment", "Environment", "id"),
        Column("before", "Before", "id"),
        Column("after", "After", "id"),
        Column("happened", "Happened"),
    )
    return tables.of(
        "changes",
        "What changed",
        columns,
        found,
        _change,
        empty="Nothing changed.",
        most=most,
        more=more,
    )


def _change(change: Change) -> Sequence[object]:
    now = change.now
    return (
        event_cell(now.since, now.position) if now else Cell(None, words="since then"),
        subject_cell("service", change.service_id),
        subject_cell("environment", change.environment_id),
        version_cell(change.was, "nothing"),
        version_cell(now, "nothing"),
        Cell(now.predicate, f"/event/{now.position}", "rolled back" if now.predicate == "rolledback" else None)
        if now
        else "removed",
    )


def version_cell(placement: Placement | None, otherwise: str) -> Cell:
    """The artifact of a place, in short."""
    if placement is None:
        return Cell(None, words=otherwise)
    return artifact_cell(placement.artifact_id)


def artifact_cell(artifact_id: str | None) -> Cell:
    """An artifact, in short."""
    if artifact_id is None:
        return Cell(None, words="unknown (the event names no artifact)")
    return Cell(artifact_id, subject_href("artifact", artifact_id), services.short(artifact_id), title=artifact_id)


def listed_table(subject: str, found: Iterable[Listed], following: str | None) -> Table:
    """Subjects of one type."""
    columns = (
        Column("id", "Id", "id"),
        Column("name", "Name"),
        Column("outcome", "Outcome"),
        Column("at", "Since", "ago", minor=True),
        Column("last_at", "Last heard of", "ago"),
        Column("source", "Told by", "id", minor=True),
    )

    def row(one: Listed) -> Sequence[object]:
        return (
            subject_cell(one.subject, one.subject_id),
            Cell(one.name, words=None if one.name else ""),
            Cell(one.outcome, words=None if one.outcome else ""),
            Cell(one.at, words=None if one.at else ""),
            Cell(one.last_at, words=None if one.last_at else "only named by others"),
            Cell(one.source, words=None if one.source else ""),
        )

    return tables.of(
        "subjects", f"Subjects of type {subject}", columns, found, row, next=following, empty="None is known.",
        more={"API": f"/api/delivery/v1/subjects/{subject}"},
    )  # fmt: skip


def near_table(reach: Reach, name: str, caption: str, empty: str, api: str) -> Table:
    """What is within reach of a subject, the nearest first."""
    columns = (
        Column("steps", "Steps", "number", sortable=True),
        Column("type", "Type", sortable=True),
        Column("id", "Id", "id", sortable=True),
        Column("through", "Through", "id", minor=True),
    )
    rows = [
        (
            node.depth,
            node.node_type,
            subject_cell(node.node_type, node.node_id),
            Cell(" → ".join(node.path[1:-1]) or "directly"),
        )
        for node in reach.nodes
        if node.depth
    ]
    return Table(name, caption, columns, rows, empty=empty, most=_NEAREST, more={"API": api})
