"""Where an object of the database is written down: file, line and text of every statement that makes it what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from evistore.kernel.database import Transaction
from evistore.kernel.errors import NotFound
from evistore.kernel.schema import Context, folder
from evistore.kernel.statements import statements

SQL = statements("evistore.kernel", "sources")

_FOLDERS = (".", "migrations", "native", "timescale", "definitions/*")
# What a semicolon may stand in without ending a statement, then the semicolon that does.
_PIECE = re.compile(r"--[^\n]*|\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'|\"[^\"]*\"|(;)", re.DOTALL)
_MAKES = (
    r"(?:CREATE|ALTER|COMMENT\s+ON)\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+|UNLOGGED\s+|MATERIALIZED\s+)*"
    r"(?:TABLE|VIEW|FUNCTION|PROCEDURE|TRIGGER|SEQUENCE|INDEX|COLUMN|TYPE|AGGREGATE|SCHEMA)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:ONLY\s+)?"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One statement about the object, with its comment above."""

    path: Path
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table or view as it stands in a database."""

    name: str
    type: str
    nullable: bool
    comment: str | None


def sources(contexts: Iterable[Context], name: str) -> list[Source]:
    """Every statement that makes, changes or comments on the object *name*, which may be given without its schema.

    Statements of the present (definitions) come before those of history (migrations).

    Raises:
        NotFound: none of our files makes such an object.
    """
    about = _about(name)
    files = sorted(chain.from_iterable(map(_files, contexts)), key=lambda path: "definitions" not in path.parts)
    found = [
        Source(path, line, text)
        for path in files
        for line, text in _split(path.read_text("utf-8"))
        if about.search(text)
    ]
    if not found:
        raise NotFound(f"no SQL file of this release makes {name}", code="object-unknown")
    return found


def columns(tx: Transaction, name: str) -> list[Column]:
    """The columns of the table or view *name* (of any schema of ours when none is given), in order; none when it has none."""
    return tx.all(Column, SQL["columns"], name=name)


def _about(name: str) -> re.Pattern[str]:
    schema, dot, bare = name.rpartition(".")
    qualified = rf"{re.escape(schema)}\." if dot else r"(?:\w+\.)?"
    return re.compile(rf"^\s*{_MAKES}{qualified}\"?{re.escape(bare)}\"?(?![\w])", re.MULTILINE | re.IGNORECASE)


def _files(context: Context) -> Iterator[Path]:
    for pattern in _FOLDERS:
        for path in sorted(folder(context).glob(f"{pattern}/*.sql")):
            if not path.name.endswith(".down.sql"):
                yield path


def _split(text: str) -> Iterator[tuple[int, str]]:
    """The statements of *text* with the number of the line that each starts on."""
    start = 0
    ends = [match.end() for match in _PIECE.finditer(text) if match[2]]
    for end in [*ends, len(text)]:
        statement = text[start:end]
        if statement.strip():
            blank = len(statement) - len(statement.lstrip())
            yield text.count("\n", 0, start + blank) + 1, statement.strip()
        start = end
