"""What pages of clusters share: their parameters, where things stand, and charts over days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import quote

import orjson
from fastapi import Query
from pydantic import AfterValidator, StringConstraints

from evistore.clusters.standing import Day
from evistore.web import tables
from evistore.web.charts import Line, Lines, lines
from evistore.web.filters import Row, Window
from evistore.web.tables import Cell, Column, Table
from evistore.web.words import pretty

QUIET = timedelta(days=7)
"""Without a report for so long, a cluster is silent."""
WHOLE = "the whole message"
"""What the empty JSON pointer is called."""
_LONGEST = timedelta(days=366)
_DAY = timedelta(days=1)
_FIRST, _LAST = datetime(3, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
"""Around these moments there is still room for a year or a day."""


def _storable(text: str) -> str:
    text.encode()  # a lone surrogate is a ValueError as well
    if "\0" in text:
        raise ValueError("holds a NUL character, which no stored text has")
    return text


Text = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(_storable)]
Number = Annotated[int | None, Query(ge=0, lt=2**32)]
Cursor = Annotated[str | None, Query(min_length=1, max_length=4000)]


def cluster_href(name: str) -> str:
    """The page of a cluster."""
    return f"/clusters/{quote(name, safe='')}"


def finding_href(rule: str, error_key: str) -> str:
    """The page of a recommendation."""
    return f"/clusters/recommendations/{quote(f'{rule}|{error_key}', safe='')}"


def finding_cell(rule: str, error_key: str, mark: str | None = None) -> Cell:
    """A finding with the link to its page."""
    return Cell(
        error_key, finding_href(rule, error_key), error_key or "without a key", mark, title=f"{rule}|{error_key}"
    )


def cluster_cell(name: str) -> Cell:
    """A cluster with the link to its page."""
    return Cell(name, cluster_href(name))


def organization_cell(number: int) -> Cell:
    """An organisation with the link to its clusters."""
    return Cell(number, f"/clusters?organization={number}", words=str(number))


def laid_out(text: str) -> str:
    """JSON for people; what is none, as it stands."""
    try:
        return pretty(orjson.loads(text))
    except ValueError:
        return text


def window_of(row: Row) -> Window:
    """The window that *row* asks for, as far as days can be counted."""
    asked = row.window
    since, until = (min(max(at, _FIRST), _LAST) for at in (asked.since, asked.until))
    return Window(since, until, asked.words)


def days_of(window: Window) -> tuple[date, date]:
    """The first and the last day (UTC) of *window*; of a very long one its last year."""
    last = window.until - timedelta(microseconds=1)
    return max(window.since, window.until - _LONGEST).date(), max(window.since, last).date()


def over_time(found: Sequence[Day], window: Window, what: str) -> list[Lines]:
    """Two charts of the days *found*: what stood at the end of each, and what came up and was resolved."""
    first, _ = days_of(window)
    shown = Window(max(window.since, _midnight(first)), window.until, window.words)
    ends = [min(_midnight(day.day) + _DAY, window.until) for day in found]
    standing = Line(what, [(at, day.standing) for at, day in zip(ends, found, strict=True)])
    # A day that is not over yet has not had its share.
    whole = [day for day in found if day.standing is not None and _midnight(day.day) + _DAY <= window.until]
    came = Line("came up", [(_midnight(day.day) + _DAY, day.appeared) for day in whole])
    went = Line("resolved", [(_midnight(day.day) + _DAY, day.resolved) for day in whole])
    return [
        lines(f"{what[:1].upper()}{what[1:]} at the end of each day", [standing], shown, height=128),
        lines("Came up and were resolved, by day", [came, went], shown, height=128),
    ]


def day_table(found: Sequence[Day]) -> Table:
    """The days *found*, the last first."""
    columns = (
        Column("day", "Day (UTC)"),
        Column("standing", "Standing at its end", "number"),
        Column("appeared", "Came up", "number"),
        Column("resolved", "Resolved", "number"),
    )
    return tables.of(
        "days",
        "Recommendations by day",
        columns,
        list(reversed(found)),
        lambda one: (
            one.day.isoformat(),
            Cell(one.standing, words=None if one.standing is not None else "before the first report"),
            one.appeared,
            one.resolved,
        ),
    )


def faults_table(found: Iterable[Mapping[str, str]]) -> Table:
    """Faults, each with ``pointer``, ``code`` and ``text``."""
    columns = (Column("pointer", "Where", "id"), Column("code", "Code"), Column("text", "What is wrong"))
    return tables.of(
        "faults",
        "Everything that is wrong with it",
        columns,
        found,
        lambda one: (Cell(one["pointer"], words=one["pointer"] or WHOLE), one["code"], one["text"]),
        empty="The faults were not kept one by one: another system wrote this row.",
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
