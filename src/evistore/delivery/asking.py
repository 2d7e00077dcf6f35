"""What the commands on metrics share: their options, the window they ask about, and how they print JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from evistore.kernel.errors import Rejected
from evistore.kernel.terminal import settings

if TYPE_CHECKING:
    from evistore.delivery.windows import Filters, Window
    from evistore.kernel.database import Database, Transaction

Service = Annotated[str | None, typer.Option(help="Only this service.")]
Environment = Annotated[str | None, typer.Option(help="Only this environment, * is any; else production.")]
AnyEnvironment = Annotated[str | None, typer.Option("--environment", help="Only this environment; else any.")]
Source = Annotated[str | None, typer.Option(help="Only what this context.source told.")]
Since = Annotated[
    str | None,
    typer.Option("--from", metavar="MOMENT", help="First moment, ISO 8601, UTC; else 90 days before the end."),
]
Until = Annotated[str | None, typer.Option(metavar="MOMENT", help="First moment after the window; else now.")]
By = Annotated[Literal["day", "week", "month"], typer.Option(help="What the sparklines are made of.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="Most rows.")]


def asked(
    service: str | None, environment: str | None, source: str | None, since: str | None, until: str | None
) -> tuple[Window, Filters]:
    """Window and filters as the command line has them.

    Raises:
        Rejected: ``moment-invalid``.
    """
    from evistore.delivery.windows import Filters, window  # noqa: PLC0415

    return window(_moment(since), _moment(until)), Filters(service, environment, source)


@contextmanager
def opening(database_url: str | None) -> Generator[Database]:
    """The database of the command."""
    from evistore.delivery import CONTEXTS  # noqa: PLC0415
    from evistore.kernel.opening import opened  # noqa: PLC0415

    with opened(settings(database_url=database_url), CONTEXTS, name="evistore metrics") as database:
        yield database


@contextmanager
def reading(database_url: str | None) -> Generator[Transaction]:
    """A read-only transaction on it."""
    with opening(database_url) as database, database.transaction(read_only=True) as tx:
        yield tx


def print_json(found: object) -> None:
    """Print what was found as one line of JSON; moments are ISO 8601, UTC."""
    typer.echo(json.dumps(found, default=_plain, ensure_ascii=False))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _moment(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise Rejected(f"{text!r} is no moment: write 2026-03-20T14:00", code="moment-invalid") from None
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
