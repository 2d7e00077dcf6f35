"""Pages by key: a page says where the next one begins, in a cursor that callers hand back and need not understand."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import orjson

from evistore.kernel.errors import Rejected

T = TypeVar("T")
Key = tuple[datetime | None, int | str]
"""A moment, and what tells rows of one moment apart."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the cursor of the page after them; ``None`` at the end."""

    items: Sequence[T]
    next: str | None


def cursor_of(key: Key) -> str:
    """The cursor of the page that begins after *key*."""
    at, rest = key
    text = orjson.dumps([None if at is None else (at - _EPOCH) // _MICROSECOND, rest])
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def key_of(cursor: str, kind: type[int | str]) -> Key:
    """The key that *cursor* was made of; its second part is a *kind*.

    Raises:
        Rejected: ``cursor-invalid``, nobody here made it.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        at, rest = _pair(orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True)))
        moment = None if at is None else _EPOCH + timedelta(microseconds=at)
    except (ValueError, TypeError, OverflowError) as error:
        raise _invalid() from error
    if type(rest) is not kind or (isinstance(rest, int) and abs(rest) >= 2**63) or "\0" in str(rest):
        raise _invalid()
    return moment, rest


def _pair(value: Any) -> tuple[int | None, int | str]:
    at, rest = value
    if at is not None and type(at) is not int:
        raise ValueError(at)
    return at, rest


def _invalid() -> Rejected:
    return Rejected("the cursor is none that a page here gave", code="cursor-invalid")
