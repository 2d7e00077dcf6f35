"""Commands that read: the events, and what is known of one subject."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evistore.kernel.errors import NotFound, Rejected
from evistore.kernel.terminal import DatabaseUrl, Json, settings, table

if TYPE_CHECKING:
    from evistore.delivery.events import Event, Filter
    from evistore.delivery.provenance import Reach
    from evistore.delivery.subjects import Attempt, State
    from evistore.kernel.database import Database, Transaction

_PAUSE_SECONDS = 1.0
_PAGE = 500


def add_to(app: typer.Typer) -> None:
    """Put the commands into *app*."""
    app.command("events")(events_)
    app.command()(show)


def events_(  # noqa: PLR0917  # a question has many parts, all of them options
    database_url: DatabaseUrl = None,
    subject: Annotated[str | None, typer.Option(help="Only this kind of subject, such as service.")] = None,
    subject_id: Annotated[str | None, typer.Option("--id", help="Only events about this id.")] = None,
    predicate: Annotated[str | None, typer.Option(help="Only what happened so, such as deployed.")] = None,
    source: Annotated[str | None, typer.Option(help="Only from this context.source.")] = None,
    verdict: Annotated[str | None, typer.Option(help="valid, invalid, no-schema, or none: nobody judged it.")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="MOMENT", help="First moment, ISO 8601, UTC.")] = None,
    until: Annotated[str | None, typer.Option(metavar="MOMENT", help="First moment after the window.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Most events; 0 is no limit.")] = 20,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what arrives, until Ctrl-C.")] = False,
    json_: Json = False,
) -> None:
    """List events, the newest first; with --follow, those that arrive from now on, in the order they become visible."""
    from evistore.delivery import CONTEXTS  # noqa: PLC0415
    from evistore.delivery.events import Filter  # noqa: PLC0415
    from evistore.kernel.opening import opened  # noqa: PLC0415

    wanted = Filter(subject, subject_id, predicate, source, verdict, _moment(since), _moment(until))
    with opened(settings(database_url=database_url), CONTEXTS, name="evistore events") as database:
        for batch in _arriving(database, wanted) if follow else _listed(database, wanted, limit):
            typer.echo("\n".join(_line(one) for one in batch) if json_ else table([_row(one) for one in batch]))


def show(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="Id of a service, run, artifact, …")],
    database_url: DatabaseUrl = None,
    kind: Annotated[str | None, typer.Option("--type", help="Its type, where several have the id.")] = None,
    depth: Annotated[int, typer.Option(min=0, max=50, help="Most steps through the graph.")] = 3,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most events, and most nodes each way.")] = 20,
    *,
    json_: Json = False,
) -> None:
    """Show what is known of a subject: its state, attempts and events, what it came from and what came of it.

    Ends with 1 when no event ever named it.
    """
    from evistore.delivery import CONTEXTS  # noqa: PLC0415
    from evistore.kernel.opening import opened  # noqa: PLC0415

    with (
        opened(settings(database_url=database_url), CONTEXTS, name="evistore show") as database,
        database.transaction(read_only=True) as tx,
    ):
        known = _known(tx, subject, kind, depth, limit)
    typer.echo(
        json.dumps(dataclasses.asdict(known), default=_plain, indent=2, ensure_ascii=False) if json_ else _told(known)
    )


def _listed(database: Database, wanted: Filter, limit: int) -> Iterator[Sequence[Event]]:
    from evistore.delivery import events  # noqa: PLC0415

    cursor, left = None, limit
    while True:
        with database.transaction(read_only=True) as tx:
            page = events.page(tx, wanted, cursor=cursor, limit=min(left or _PAGE, _PAGE))
        if page.items:
            yield page.items
        cursor, left = page.next, left - len(page.items)
        if cursor is None or (limit and left <= 0):
            return


def _arriving(database: Database, wanted: Filter) -> Iterator[Sequence[Event]]:
    from evistore.delivery import events  # noqa: PLC0415

    with database.transaction(read_only=True) as tx:
        position = events.newest(tx)
    with suppress(KeyboardInterrupt):
        while True:
            with database.transaction(read_only=True) as tx:
                batch = events.after(tx, position, limit=_PAGE)
            position = batch[-1].position if batch else position
            if fitting := [one for one in batch if wanted.passes(one)]:
                yield fitting
            if len(batch) < _PAGE:
                time.sleep(_PAUSE_SECONDS)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise Rejected(f"{text!r} is no moment: write 2026-03-20T14:00", code="moment-invalid") from None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _row(event: Event) -> tuple[Any, ...]:
    # A position is a name, not a quantity: as text it has no thousands separator.
    return (_at(event.timestamp), str(event.position), event.subject, event.predicate, event.subject_id, event.source)


def _line(event: Event) -> str:
    return json.dumps(dataclasses.asdict(event), default=_plain, ensure_ascii=False)


def _at(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if at else ""


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


@dataclasses.dataclass(frozen=True, slots=True)
class _Known:
    """Everything that is known of one id."""

    states: list[State]
    attempts: list[Attempt]
    events: list[Event]
    ancestors: Reach
    descendants: Reach


def _known(tx: Transaction, subject_id: str, kind: str | None, depth: int, limit: int) -> _Known:
    from evistore.delivery import events, provenance, subjects  # noqa: PLC0415
    from evistore.delivery.events import Filter  # noqa: PLC0415

    states = subjects.states(tx, subject_id, kind)
    if not states:
        raise NotFound(f"no event ever named {subject_id!r}", code="not-found")
    return _Known(
        states,
        [one for state in states for one in subjects.attempts(tx, state.subject, subject_id)],
        list(events.page(tx, Filter(subject=kind, subject_id=subject_id), limit=limit).items),
        provenance.reach(tx, subject_id, "ancestors", depth=depth, limit=limit + 1),
        provenance.reach(tx, subject_id, "descendants", depth=depth, limit=limit + 1),
    )


def _told(known: _Known) -> str:
    """What is known, as sections of plain text."""
    parts = [_state(one) for one in known.states]
    if len(known.attempts) > 1:
        rows = [(str(one.attempt), _at(one.started_at), _at(one.finished_at), one.outcome) for one in known.attempts]
        parts.append("attempts\n" + table(rows, header=("", "started", "finished", "outcome")))
    if known.events:
        rows = [(_at(one.timestamp), str(one.position), one.predicate, one.source) for one in known.events]
        parts.append("events\n" + table(rows))
    parts += [
        f"{title}\n{_nodes(reach)}"
        for title, reach in (
            ("came from, depends on", known.ancestors),
            ("came of it, depends on it", known.descendants),
        )
        if any(node.depth for node in reach.nodes)
    ]
    return "\n\n".join(parts)


def _nodes(reach: Reach) -> str:
    rows = [(str(node.depth), node.node_type, node.node_id) for node in reach.nodes if node.depth]
    return table(rows) + ("" if reach.complete else "\n… and more")


def _state(state: State) -> str:
    facts = [
        ("name", state.name),
        ("outcome", state.outcome),
        ("environment", state.environment_id),
        ("artifact", state.artifact_id),
        ("service", state.service_id),
        ("told by", state.source),
        *((predicate, _at(at)) for predicate, at in state.times),
    ]
    rows = [fact for fact in facts if fact[1]]
    return f"{state.subject} {state.subject_id}\n{table(rows) if rows else 'only named by others'}"
