"""Tables of pages: the same rows as HTML, CSV and JSON, sorted by a link where all of them are there, else by pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, overload

import orjson
from fastapi import Request, Response
from starlette.datastructures import QueryParams

from evistore.kernel.errors import Rejected

Kind = Literal["text", "id", "number", "time", "ago", "duration", "share", "flag"]
ROWS = 50
FILE_ROWS = 5000
"""Most rows of a file; the header ``Link`` leads to the next."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with the place where its evidence stands; *words* are shown in its place, *mark* is a word that stands out."""

    value: Any
    href: str | None = None
    words: str | None = None
    mark: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in files, its heading, how its values are shown."""

    name: str
    title: str
    kind: Kind = "text"
    sortable: bool = False
    minor: bool = False
    """Left out on a narrow screen."""

    @property
    def numeric(self) -> bool:
        """Whether its values stand at the right."""
        return self.kind in ("number", "duration", "share")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells or plain values, with what leads on."""

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    next: str | None = None
    """The query part of the following page: its cursor."""
    empty: str = "Nothing here."
    sorted_by: str | None = None
    """Column, with ``-`` before it for the other direction."""
    most: int | None = None
    """Most rows of the page until somebody asks for all; files have all."""
    more: Mapping[str, str] = field(default_factory=dict[str, str])
    """Other places with the same rows: words and address."""

    def cells(self, most: int | None = None) -> list[list[tuple[Column, Cell]]]:
        """Every value of the first *most* rows as a cell beside its column."""
        return [list(zip(self.columns, map(cell, row), strict=True)) for row in self.rows[:most]]

    def by(self, query: QueryParams, usual: str | None = None) -> Table:
        """This table in the order that ``sort`` of *query* asks for; values that are not there come last.

        Raises:
            Rejected: ``request-invalid``, it cannot be sorted by that.
        """
        asked = query.get("sort") or usual
        if asked is None:
            return self
        names = [column.name for column in self.columns if column.sortable]
        if asked.removeprefix("-") not in names:
            raise Rejected(
                f"sort is one of {', '.join(names)}, with - before it for the other way", code="request-invalid"
            )
        place = [column.name for column in self.columns].index(asked.removeprefix("-"))
        known = [row for row in self.rows if cell(row[place]).value is not None]
        missing = [row for row in self.rows if cell(row[place]).value is None]
        known.sort(key=lambda row: _order(cell(row[place]).value), reverse=asked.startswith("-"))
        return replace(self, rows=[*known, *missing], sorted_by=asked)

    def direction(self, column: Column) -> str | None:
        """How the rows are ordered by *column*: ascending, descending, or not."""
        if self.sorted_by is None or self.sorted_by.removeprefix("-") != column.name:
            return None
        return "descending" if self.sorted_by.startswith("-") else "ascending"

    def turned(self, column: Column) -> str:
        """What ``sort`` is when one asks for *column*: numbers and times the greatest first."""
        match self.direction(column):
            case "descending":
                return column.name
            case "ascending":
                return f"-{column.name}"
            case _:
                return column.name if column.kind in ("text", "id", "flag") else f"-{column.name}"


def cell(value: Any) -> Cell:
    """*value* as a cell."""
    return value if isinstance(value, Cell) else Cell(value)


def asked_format(query: QueryParams) -> Literal["csv", "json"] | None:
    """The file that *query* asks for, if any.

    Raises:
        Rejected: ``request-invalid``, there is no such format.
    """
    match query.get("format"):
        case None | "" | "html":
            return None
        case "csv":
            return "csv"
        case "json":
            return "json"
        case _:
            raise Rejected("format is csv, json or html", code="request-invalid")


def rows_for(request: Request, rows: int = ROWS) -> int:
    """How many rows to read: *rows* for a page, :data:`FILE_ROWS` for a file."""
    return FILE_ROWS if asked_format(request.query_params) else rows


def as_file(table: Table, kind: Literal["csv", "json"], following: str | None) -> Response:
    """*table* as a file; *following* is the address of the next part."""
    headers = {"Content-Disposition": f'attachment; filename="{table.name}.{kind}"', "Cache-Control": "no-cache"}
    if following:
        headers["Link"] = f'<{following}>; rel="next"'
    told = _csv(table) if kind == "csv" else _json(table, following)
    return Response(
        told, media_type="text/csv; charset=utf-8" if kind == "csv" else "application/json", headers=headers
    )


def _csv(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_plain(cell(value).value) for value in row] for row in table.rows)
    return text.getvalue().encode("utf-8", "replace")


def _json(table: Table, following: str | None) -> bytes:
    items = [
        dict(zip((c.name for c in table.columns), (_data(cell(v).value) for v in row), strict=True))
        for row in table.rows
    ]
    return orjson.dumps({"items": items, "next": following}, default=str)


def _plain(value: Any) -> Any:
    """*value* for a CSV file: senders write text, and no spreadsheet is to run it as a formula."""
    value = _data(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _data(value: Any) -> Any:
    return value.total_seconds() if isinstance(value, timedelta) else value


def _order(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


class _Rows(Sequence[Sequence[Any]]):
    """Rows that are made when somebody looks: a page shows few of many."""

    def __init__(self, items: Sequence[Any], row: Callable[[Any], Sequence[Any]]) -> None:
        self._items, self._row = items, row

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, place: int) -> Sequence[Any]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Sequence[Any]]: ...
    def __getitem__(self, place: int | slice) -> Sequence[Any]:
        return _Rows(self._items[place], self._row) if isinstance(place, slice) else self._row(self._items[place])


def of(
    name: str,
    caption: str,
    columns: Sequence[Column],
    items: Iterable[Any],
    row: Callable[[Any], Sequence[Any]],
    **more: Any,
) -> Table:
    """The table of *items*, each of which *row* makes a row of."""
    return Table(name, caption, columns, _Rows(list(items), row), **more)
