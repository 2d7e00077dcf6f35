"""Moments as Go reads RFC 3339, and its sentences about those it cannot read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_LAYOUT = "2006-01-02T15:04:05.999999999Z07:00"


class _Step(NamedTuple):
    """One element of the layout: how it is named, what it may look like, and between which numbers it must lie."""

    element: str
    pattern: re.Pattern[str]
    what: str = ""
    least: int = 0
    most: int = 0


def _step(element: str, pattern: str = "", what: str = "", least: int = 0, most: int = 0) -> _Step:
    return _Step(element, re.compile(pattern or re.escape(element), re.ASCII), what, least, most)


_STEPS = (
    _step("2006", r"(\d{4})", "year", 0, 9999),
    _step("-"),
    _step("01", r"(\d\d)", "month", 1, 12),
    _step("-"),
    _step("02", r"(\d\d)", "day", 0, 99),
    _step("T"),
    _step("15", r"(\d\d?)", "hour", 0, 23),
    _step(":"),
    _step("04", r"(\d\d)", "minute", 0, 59),
    _step(":"),
    _step("05", r"(\d\d)", "second", 0, 59),
)
_FRACTION = re.compile(r"(?:[.,](\d+))?", re.ASCII)
_ZONE = re.compile(r"Z|([\0-\x7f])(\d\d):(\d\d)", re.ASCII)
_MOST_QUOTED = 200
_MOST_HOURS, _MOST_MINUTES = 24, 60  # as Go has it: some people write offsets of 24 hours or 60 minutes


def moment(value: str) -> datetime:
    """The moment, in UTC and cut to microseconds.

    As Go's ``time.Parse`` has it, the fraction may follow a comma and the hour have one digit.

    Raises:
        ValueError: in the words of Go; also for what is not between the years 1 and 9999 in UTC.
    """
    numbers, rest = list[int](), value
    for step in _STEPS:
        found = step.pattern.match(rest)
        if not found:
            raise _unlike(value, rest, step.element)
        if step.what:
            numbers.append(int(found[1]))
            if not step.least <= numbers[-1] <= step.most:
                raise _outside(value, step.what)
        rest = rest[found.end() :]
    fraction = _FRACTION.match(rest)
    rest = rest[fraction.end() :] if fraction else rest
    offset, rest = _offset(value, rest)
    if rest:
        raise ValueError(f"parsing time {_quoted(value)}: extra text: {_quoted(rest)}")
    return _moment(value, numbers, (fraction and fraction[1]) or "", offset)


def _offset(value: str, rest: str) -> tuple[timedelta, str]:
    """How far the clock of *rest* is ahead of UTC, and what follows."""
    zone = _ZONE.match(rest)
    if not zone:
        raise _unlike(value, rest, "Z07:00")
    if zone[0] == "Z":
        return timedelta(), rest[1:]
    hours, minutes = int(zone[2]), int(zone[3])
    if minutes > _MOST_MINUTES:
        raise _outside(value, "time zone offset minute")
    if hours > _MOST_HOURS:
        raise _outside(value, "time zone offset hour")
    if zone[1] not in "+-":
        raise _unlike(value, rest, "Z07:00")
    ahead = timedelta(hours=hours, minutes=minutes)
    return (ahead if zone[1] == "+" else -ahead), rest[zone.end() :]


def _moment(value: str, numbers: list[int], fraction: str, offset: timedelta) -> datetime:
    year, month, day, hour, minute, second = numbers
    try:
        wall = datetime(year or 4, month, day, hour, minute, second, int(fraction[:6].ljust(6, "0")), tzinfo=UTC)
    except ValueError:
        raise _outside(value, "day") from None
    if not year:
        raise _outside(value, "year")
    try:
        return wall - offset
    except OverflowError:
        raise _outside(value, "year") from None


def _unlike(value: str, rest: str, element: str) -> ValueError:
    return ValueError(f'parsing time {_quoted(value)} as "{_LAYOUT}": cannot parse {_quoted(rest)} as "{element}"')


def _outside(value: str, what: str) -> ValueError:
    return ValueError(f"parsing time {_quoted(value)}: {what} out of range")


def _quoted(value: str) -> str:
    r"""*value*, if it is not endless, in quotation marks; bytes beyond printable ASCII as ``\xff``."""
    plain = value[:_MOST_QUOTED].replace("\\", r"\\").replace('"', r"\"").encode()
    return '"' + "".join(chr(byte) if 0x20 <= byte < 0x80 else f"\\x{byte:02x}" for byte in plain) + '"'  # noqa: PLR2004
