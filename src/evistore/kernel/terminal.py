"""What every command shares: settings, the database, exit statuses, progress and tables.

Only what is cheap to import is imported here and in modules of commands; the rest where it is needed: a command line that takes half a second to say
what it can do is not asked.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evistore.kernel.errors import Fault, Misconfigured, NotFound, Rejected, Unavailable

if TYPE_CHECKING:
    from evistore.kernel.settings import Settings


class Status(IntEnum):
    """What a command ended with, for scripts."""

    FINE = 0
    FINDINGS = 1
    """It ran, and something was found: events that were not taken in, a name that does not exist."""
    USAGE = 2
    """The words on the command line do not fit."""
    MISCONFIGURED = 3
    """A setting, a privilege or the state of the database does not fit: somebody must act."""
    UNAVAILABLE = 4
    """The database or the broker does not answer now: the same command may succeed later."""
    INTERRUPTED = 130
    """Ctrl-C."""


DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        metavar="URL",
        help="PostgreSQL to use. Default: EVISTORE_DATABASE_URL, else the embedded one in the data directory.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table for people.")]


def group(help_: str) -> typer.Typer:
    """A group of commands that shows its help when no command is named."""
    return typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, help=help_)


def status_of(fault: Fault) -> Status:
    """What a command ends with when *fault* ended it."""
    match fault:
        case Unavailable():
            return Status.UNAVAILABLE
        case Rejected() | NotFound():
            return Status.FINDINGS
        case _:
            return Status.MISCONFIGURED


def settings(**given: Any) -> Settings:
    """The settings of this process; what the command line *gave* (is not ``None``) wins over the environment.

    Raises:
        Misconfigured: a setting has a value that it cannot have.
    """
    from pydantic import ValidationError  # noqa: PLC0415

    from evistore.kernel.settings import Settings  # noqa: PLC0415

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise Misconfigured(_complaint(error.errors()), code="setting-invalid") from None


def _complaint(errors: Sequence[Any]) -> str:
    named = (("_".join(str(part) for part in one["loc"]), one["msg"]) for one in errors)
    return "; ".join(f"EVISTORE_{name.upper()}: {message}" for name, message in named)


class Progress:
    """What is told while something takes long; this one says nothing."""

    def count(self, number: int) -> None:
        """So many more are done."""

    def part(self, size: int) -> None:
        """The bar moves on by *size*, where it does not go by what is counted."""


@contextmanager
def progress(what: str, total: int | None = None, *, by_parts: bool = False) -> Generator[Progress]:
    """A bar with number, rate and remaining time on a terminal's stderr, and nothing elsewhere.

    *total* is in the unit of what is counted or, *by_parts*, of the parts.
    """
    if not sys.stderr.isatty():
        yield Progress()
        return
    from evistore.kernel.bars import bar  # noqa: PLC0415

    with bar(what, total, by_parts=by_parts) as shown:
        yield shown


def table(rows: Iterable[Sequence[Any]], *, header: Sequence[str] | None = None) -> str:
    """Columns that stand below each other; numbers to the right. Plain text, the same on a terminal and in a file."""
    body = list(rows)
    lines = [*([list(header)] if header else []), *([_cell(value) for value in row] for row in body)]
    if not lines:
        return ""
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    right = [all(isinstance(row[n], int | float) for row in body) for n in range(len(widths))]
    return "\n".join(_line(line, widths, right) for line in lines)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.2f}"
        case _:
            return str(value)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    columns = zip(cells, widths, right, strict=True)
    return "  ".join(cell.rjust(width) if to_right else cell.ljust(width) for cell, width, to_right in columns).rstrip()
