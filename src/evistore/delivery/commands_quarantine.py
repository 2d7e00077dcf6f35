"""Commands on what was kept but not taken in."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from evistore.kernel.errors import NotFound, Rejected
from evistore.kernel.terminal import DatabaseUrl, Json, Status, group, settings, table

if TYPE_CHECKING:
    from evistore.delivery.quarantine import Message
    from evistore.kernel.database import Database, Transaction
    from evistore.kernel.settings import Settings

Numbers = Annotated[list[int] | None, typer.Argument(metavar="ID", help="Numbers of messages.")]
Reason = Annotated[str | None, typer.Option(help="Only messages that were set aside for this reason.")]
All = Annotated[bool, typer.Option("--all", help="Every open message.")]
_PAGE = 200


def add_to(app: typer.Typer) -> None:
    """Put the group into *app*."""
    commands = group("Messages that were kept but not taken in.")
    commands.command("list")(list_)
    commands.command()(show)
    commands.command()(replay)
    commands.command()(drop)
    app.add_typer(commands, name="quarantine")


def list_(
    database_url: DatabaseUrl = None,
    state: Annotated[Literal["open", "replayed", "dropped", "any"], typer.Option(help="What became of them.")] = "open",
    reason: Reason = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most rows.")] = 50,
    *,
    json_: Json = False,
) -> None:
    """List messages, the newest first."""
    from evistore.delivery import quarantine  # noqa: PLC0415

    with _opened(database_url) as (database, _), database.transaction(read_only=True) as tx:
        found = quarantine.page(tx, state=None if state == "any" else state, reason=reason, limit=limit)
    if json_:
        for entry in found.items:
            typer.echo(json.dumps(dataclasses.asdict(entry), default=str))
        return
    rows = [
        (one.id, f"{one.received_at:%Y-%m-%d %H:%M:%S}", one.reason, one.seen, one.origin, one.detail)
        for one in found.items
    ]
    typer.echo(
        table(rows, header=("id", "received (UTC)", "reason", "seen", "from", "why")) if rows else "nothing there"
    )


def show(
    number: Annotated[int, typer.Argument(metavar="ID", help="Number of the message.")],
    database_url: DatabaseUrl = None,
) -> None:
    """Print one message with everything known of it, as JSON."""
    from evistore.delivery import quarantine  # noqa: PLC0415

    with _opened(database_url) as (database, _), database.transaction(read_only=True) as tx:
        typer.echo(json.dumps(_told(quarantine.one(tx, number)), default=str, indent=2, ensure_ascii=False))


def replay(ids: Numbers = None, database_url: DatabaseUrl = None, reason: Reason = None, *, all_: All = False) -> None:
    """Try to take messages in again, each in a transaction of its own.

    Ends with 1 when one of them still cannot be taken in.
    """
    from evistore.delivery import quarantine  # noqa: PLC0415

    def again(tx: Transaction, number: int, chosen: Settings) -> tuple[bool, str]:
        receipt = quarantine.replay(tx, number, mode=chosen.validation)
        return receipt.outcome in ("stored", "duplicate"), receipt.outcome + (
            f": {receipt.detail or receipt.reason}" if receipt.reason else ""
        )

    _each(ids, database_url, reason, every=all_, act=again)


def drop(ids: Numbers = None, database_url: DatabaseUrl = None, reason: Reason = None, *, all_: All = False) -> None:
    """Give messages up: they stay, marked as dropped, until retention takes them."""
    from evistore.delivery import quarantine  # noqa: PLC0415

    def give_up(tx: Transaction, number: int, _: Settings) -> tuple[bool, str]:
        return True, quarantine.drop(tx, number).state

    _each(ids, database_url, reason, every=all_, act=give_up)


Act = Callable[["Transaction", int, "Settings"], tuple[bool, str]]


def _each(ids: list[int] | None, url: str | None, reason: str | None, *, every: bool, act: Act) -> None:
    if bool(ids) + bool(reason) + every != 1:
        raise typer.BadParameter("name either numbers, or --reason, or --all")
    fine = True
    with _opened(url) as (database, chosen):
        for number in ids or list(_open_ones(database, reason)):
            try:
                with database.transaction() as tx:
                    done, told = act(tx, number, chosen)
            except (NotFound, Rejected) as fault:
                done, told = False, fault.message
            fine = fine and done
            typer.echo(f"{number}: {told}")
    if not fine:
        raise typer.Exit(Status.FINDINGS)


def _open_ones(database: Database, reason: str | None) -> Iterator[int]:
    from evistore.delivery import quarantine  # noqa: PLC0415

    before: int | None = None
    while True:
        with database.transaction(read_only=True) as tx:
            found = quarantine.page(tx, reason=reason, before=before, limit=_PAGE)
        yield from (entry.id for entry in found.items)
        if not found.next:
            return
        before = int(found.next)


def _told(message: Message) -> dict[str, Any]:
    """The members of *message*; bytes as text where they are text, else in base64."""
    told = {name.name: getattr(message, name.name) for name in dataclasses.fields(message) if name.name != "raw"}
    return told | {
        name: value for name, value in (("raw", message.text), ("raw_base64", message.encoded)) if value is not None
    }


@contextmanager
def _opened(url: str | None) -> Generator[tuple[Database, Settings]]:
    from evistore.delivery import CONTEXTS  # noqa: PLC0415
    from evistore.kernel.opening import opened  # noqa: PLC0415

    chosen = settings(database_url=url)
    with opened(chosen, CONTEXTS, name="evistore quarantine") as database:
        yield database, chosen
