"""Commands about webhooks: who is told of events over HTTP."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from evistore.kernel.terminal import DatabaseUrl, Json, Status, group, settings, table

if TYPE_CHECKING:
    from evistore.delivery.webhooks import Webhook
    from evistore.kernel.database import Database
    from evistore.kernel.settings import Settings

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the webhook is called.")]
Words = list[str] | None


def add_to(app: typer.Typer) -> None:
    """Put the group into *app*."""
    commands = group("Webhooks: events sent to others over HTTP, signed, in order, at least once.")
    commands.command()(add)
    commands.command("list")(list_)
    commands.command()(show)
    commands.command()(remove)
    commands.command()(pause)
    commands.command()(resume)
    commands.command("test")(try_)
    app.add_typer(commands, name="webhooks")


def add(  # noqa: PLR0917  # filters are many, all of them options
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What to call it: lower-case letters, digits, dots, dashes.")
    ],
    url: Annotated[str, typer.Argument(metavar="URL", help="Where to send to.")],
    database_url: DatabaseUrl = None,
    subject: Annotated[Words, typer.Option(help="Only these kinds of subject; may be repeated.")] = None,
    predicate: Annotated[Words, typer.Option(help="Only what happened so; may be repeated.")] = None,
    source: Annotated[Words, typer.Option(help="Only from this context.source; may be repeated.")] = None,
    environment: Annotated[Words, typer.Option(help="Only about this environment; may be repeated.")] = None,
    service: Annotated[Words, typer.Option(help="Only about this service; may be repeated.")] = None,
    batch: Annotated[
        int, typer.Option(min=1, max=1000, help="Most events of one request; above 1 each request holds a list.")
    ] = 1,
    after: Annotated[
        int | None,
        typer.Option(min=0, help="Position of the last event that is not to be sent; 0: from the first. Else: now."),
    ] = None,
) -> None:
    """Let events be sent to a URL. Prints the secret of the signatures, which is not shown again."""
    from evistore.delivery import webhooks  # noqa: PLC0415
    from evistore.delivery.feed import Wanted  # noqa: PLC0415

    wanted = Wanted(subject, None, predicate, source, environment, service)
    with _opened(database_url) as (database, _), database.transaction() as tx:
        secret = webhooks.add(tx, name, url, wanted, position=after, batch=batch)
    typer.echo(secret)


def list_(database_url: DatabaseUrl = None, *, json_: Json = False) -> None:
    """List webhooks, how far each has come and how it goes."""
    from evistore.delivery import webhooks  # noqa: PLC0415

    with _opened(database_url) as (database, _), database.transaction(read_only=True) as tx:
        found = webhooks.every(tx)
    if json_:
        for one in found:
            typer.echo(json.dumps(dataclasses.asdict(one), default=_plain))
        return
    header = ("name", "host", "state", "delivered", "behind", "failures", "next try (UTC)", "last answer")
    typer.echo(table([_row(one) for one in found], header=header) if found else "no webhooks")


def show(name: Name, database_url: DatabaseUrl = None) -> None:
    """Print everything that is known of one webhook, but not its secret, as JSON."""
    from evistore.delivery import webhooks  # noqa: PLC0415

    with _opened(database_url) as (database, _), database.transaction(read_only=True) as tx:
        told = dataclasses.asdict(webhooks.one(tx, name)) | {"url": webhooks.target(tx, name).url}
    typer.echo(json.dumps(told, default=_plain, indent=2, ensure_ascii=False))


def remove(name: Name, database_url: DatabaseUrl = None) -> None:
    """Forget a webhook, with its place and its secret."""
    from evistore.delivery import webhooks  # noqa: PLC0415

    with _opened(database_url) as (database, _), database.transaction() as tx:
        webhooks.remove(tx, name)


def pause(name: Name, database_url: DatabaseUrl = None) -> None:
    """Let a webhook wait where it stands."""
    from evistore.delivery import webhooks  # noqa: PLC0415

    with _opened(database_url) as (database, _), database.transaction() as tx:
        webhooks.pause(tx, name)


def resume(
    name: Name,
    database_url: DatabaseUrl = None,
    *,
    skip: Annotated[bool, typer.Option("--skip", help="Leave out what came meanwhile.")] = False,
) -> None:
    """Let a webhook go on at once: one that was paused, was disabled, or waits for its next attempt."""
    from evistore.delivery import webhooks  # noqa: PLC0415

    with _opened(database_url) as (database, _), database.transaction() as tx:
        webhooks.resume(tx, name, skip=skip)


def try_(name: Name, database_url: DatabaseUrl = None) -> None:
    """Send one signed message that tells nothing, now, and print what the receiver says. Ends with 1 when it refuses."""
    from evistore.delivery import webhooks  # noqa: PLC0415
    from evistore.delivery.delivering import attempt  # noqa: PLC0415

    with _opened(database_url) as (database, chosen):
        with database.transaction(read_only=True) as tx:
            target = webhooks.target(tx, name)
        answer = attempt(name, target, chosen.webhook_seconds)
    typer.echo(" ".join(str(part) for part in (answer.status, answer.text) if part))
    if not answer.is_success:
        raise typer.Exit(Status.FINDINGS)


def _row(one: Webhook) -> tuple[object, ...]:
    behind = f"{one.behind:,}{'+' if one.behind == MOST_COUNTED else ''}"
    next_ = f"{one.next_try_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if one.next_try_at else ""
    told = " ".join(str(part) for part in (one.last_status, one.last_answer) if part)
    return (one.name, one.host, one.state, one.delivered, behind, one.failures, next_, told)


MOST_COUNTED = 10_000


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


@contextmanager
def _opened(url: str | None) -> Generator[tuple[Database, Settings]]:
    from evistore.delivery import CONTEXTS  # noqa: PLC0415
    from evistore.kernel.opening import opened  # noqa: PLC0415

    chosen = settings(database_url=url)
    with opened(chosen, CONTEXTS, name="evistore webhooks") as database:
        yield database, chosen
