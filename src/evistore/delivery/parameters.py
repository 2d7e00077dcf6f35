"""What the doors out take: parameters with their bounds, known ones only."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import AfterValidator, StringConstraints

from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import Rejected
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "parameters")


def _storable(text: str) -> str:
    text.encode()  # a lone surrogate is a ValueError as well
    if "\0" in text:
        raise ValueError("holds a NUL character, which no stored text has")
    return text


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Text = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(_storable)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_storable)]
Moment = Annotated[datetime, AfterValidator(_utc)]
Limit = Annotated[int, Query(ge=1, le=500, description="Most rows of the page.")]
Cursor = Annotated[
    str | None,
    Query(min_length=1, max_length=4000, description="Where the page begins, from `next` of the page before."),
]


def known_parameters(request: Request) -> None:
    """Refuse parameters that the route does not have: a misspelled filter would otherwise answer another question.

    Raises:
        Rejected: ``request-invalid``.
    """
    route = request.scope["route"]
    known = _names(route.dependant) if isinstance(route, APIRoute) else set[str]()
    for name in request.query_params:
        if name not in known:
            raise Rejected(f"there is no parameter {name[:100]!r} here", code="request-invalid")


def _names(dependant: Dependant) -> set[str]:
    own = {field.alias for field in dependant.query_params}
    return own.union(*(_names(one) for one in dependant.dependencies))


@contextmanager
def reading(request: Request) -> Generator[Transaction]:
    """A read-only transaction whose statements may take some seconds each.

    Raises:
        Unavailable: the database does not answer, or not in time.
    """
    database: Database = request.app.state.database
    with database.transaction(read_only=True) as tx:
        tx.run(SQL["patience"])
        yield tx
