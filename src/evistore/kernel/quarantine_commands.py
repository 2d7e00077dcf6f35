"""Commands on what was kept but not taken in; each context puts them into its place in the tree."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from evistore.kernel.errors import NotFound, Rejected
from evistore.kernel.terminal import DatabaseUrl, Json, Status, group, table

if TYPE_CHECKING:
    from evistore.kernel.database import Database, Transaction
    from evistore.kernel.quarantine import Quarantine
    from evistore.kernel.settings import Settings

Numbers = Annotated[list[int] | None, typer.Argument(metavar="ID", help="Numbers of messages.")]
Reason = Annotated[str | None, typer.Option(help="Only messages that were set aside for this reason.")]
All = Annotated[bool, typer.Option("--all", help="Every open message.")]
Opened = Callable[[str | None], AbstractContextManager[tuple["Database", "Settings"]]]
Kept = Callable[[], "Quarantine[Any, Any]"]
Act = Callable[["Transaction", int, "Settings"], tuple[bool, str]]
Told = Callable[[Any], dict[str, Any]]
_PAGE = 200


class Commands:
    """``list``, ``show``, ``replay`` and ``drop`` on the messages of one context."""

    def __init__(
        self, opened: Opened, kept: Kept, again: Act, *, columns: Sequence[str] = (), told: Told | None = None
    ) -> None:
        """Work in the database that *opened* opens, on what is *kept* there; *again* takes one in and says how that went.

        *columns* are members of an entry that this context has beyond those of all; *told* are the members of a message as they are shown, its own
        where none is given.
        """
        self._opened = opened
        self._kept = kept
        self._again = again
        self._columns = columns
        self._told = told

    def add_to(self, app: typer.Typer) -> None:
        """Put the group into *app*."""
        commands = group("Messages that were kept but not taken in.")
        commands.command("list")(self.list_)
        commands.command()(self.show)
        commands.command()(self.replay)
        commands.command()(self.drop)
        app.add_typer(commands, name="quarantine")

    def list_(
        self,
        database_url: DatabaseUrl = None,
        state: Annotated[
            Literal["open", "replayed", "dropped", "any"], typer.Option(help="What became of them.")
        ] = "open",
        reason: Reason = None,
        limit: Annotated[int, typer.Option(min=1, max=1000, help="Most rows.")] = 50,
        *,
        json_: Json = False,
    ) -> None:
        """List messages, the newest first."""
        with self._opened(database_url) as (database, _), database.transaction(read_only=True) as tx:
            found = self._kept().page(tx, state=None if state == "any" else state, reason=reason, limit=limit).items
        if json_:
            for entry in found:
                typer.echo(json.dumps(dataclasses.asdict(entry), default=str))
            return
        rows = [
            (
                *(one.id, f"{one.received_at:%Y-%m-%d %H:%M:%S}", *(getattr(one, name) for name in self._columns)),
                *(one.reason, one.seen, one.origin, one.detail),
            )
            for one in found
        ]
        header = ("id", "received (UTC)", *self._columns, "reason", "seen", "from", "why")
        typer.echo(table(rows, header=header) if rows else "nothing there")

    def show(
        self,
        number: Annotated[int, typer.Argument(metavar="ID", help="Number of the message.")],
        database_url: DatabaseUrl = None,
    ) -> None:
        """Print one message with everything known of it, as JSON."""
        with self._opened(database_url) as (database, _), database.transaction(read_only=True) as tx:
            message = self._kept().one(tx, number)
        told = self._told(message) if self._told else message.told
        typer.echo(json.dumps(told, default=str, indent=2, ensure_ascii=False))

    def replay(
        self, ids: Numbers = None, database_url: DatabaseUrl = None, reason: Reason = None, *, all_: All = False
    ) -> None:
        """Try to take messages in again, each in a transaction of its own.

        Ends with 1 when one of them still cannot be taken in.
        """
        self._each(ids, database_url, reason, every=all_, act=self._again)

    def drop(
        self, ids: Numbers = None, database_url: DatabaseUrl = None, reason: Reason = None, *, all_: All = False
    ) -> None:
        """Give messages up: they stay, marked as dropped, until retention takes them."""

        def give_up(tx: Transaction, number: int, _: Settings) -> tuple[bool, str]:
            return True, self._kept().drop(tx, number).state

        self._each(ids, database_url, reason, every=all_, act=give_up)

    def _each(self, ids: list[int] | None, url: str | None, reason: str | None, *, every: bool, act: Act) -> None:
        if bool(ids) + bool(reason) + every != 1:
            raise typer.BadParameter("name either numbers, or --reason, or --all")
        fine = True
        with self._opened(url) as (database, chosen):
            numbers = ids or list(self._open_ones(database, reason))
            if not numbers:
                typer.echo("no message stands open" + (f" for the reason {reason}" if reason else ""), err=True)
            for number in numbers:
                try:
                    with database.transaction() as tx:
                        done, told = act(tx, number, chosen)
                except (NotFound, Rejected) as fault:
                    done, told = False, fault.message
                fine = fine and done
                typer.echo(f"{number}: {told}")
        if not fine:
            raise typer.Exit(Status.FINDINGS)

    def _open_ones(self, database: Database, reason: str | None) -> Iterator[int]:
        before: int | None = None
        while True:
            with database.transaction(read_only=True) as tx:
                found = self._kept().page(tx, reason=reason, before=before, limit=_PAGE)
            yield from (entry.id for entry in found.items)
            if not found.next:
                return
            before = int(found.next)
