"""Moments are read as Go reads RFC 3339, and refused in its words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from evistore.clusters.wire_times import moment

LAYOUT = "2006-01-02T15:04:05.999999999Z07:00"
READ = {
    "2024-01-15T11:00:00Z": (2024, 1, 15, 11),
    "2024-01-15T11:00:00+00:00": (2024, 1, 15, 11),
    "2024-01-15T11:00:00-00:00": (2024, 1, 15, 11),
    "2024-01-15T11:00:05+02:00": (2024, 1, 15, 9, 0, 5),
    "2024-01-15T23:30:00-05:45": (2024, 1, 16, 5, 15),
    "2024-01-15T11:00:00+24:60": (2024, 1, 14, 10),
    "2024-01-15T9:00:00Z": (2024, 1, 15, 9),
    "2024-01-15T11:00:00,25Z": (2024, 1, 15, 11, 0, 0, 250_000),
    "2024-01-15T11:00:00.1234567891234+01:00": (2024, 1, 15, 10, 0, 0, 123_456),
    "2024-01-15T11:00:00.9999999Z": (2024, 1, 15, 11, 0, 0, 999_999),
    "2024-02-29T23:59:59Z": (2024, 2, 29, 23, 59, 59),
    "2000-02-29T00:00:00Z": (2000, 2, 29),
    "0001-01-01T00:00:00Z": (1, 1, 1),
    "2999-12-31T23:59:59Z": (2999, 12, 31, 23, 59, 59),
}
UNLIKE = {  # what could not be read, as what
    "": ("", "2006"),
    "x": ("x", "2006"),
    "+024-01-15T11:00:00Z": ("+024-01-15T11:00:00Z", "2006"),
    "24-01-15T11:00:00Z": ("24-01-15T11:00:00Z", "2006"),
    "2024": ("", "-"),
    "2024-1-15T11:00:00Z": ("1-15T11:00:00Z", "01"),
    "2024-01-5T11:00:00Z": ("5T11:00:00Z", "02"),
    "2024-01-15": ("", "T"),
    "2024-01-15 11:00:00Z": (" 11:00:00Z", "T"),
    "2024-01-15t11:00:00Z": ("t11:00:00Z", "T"),
    "2024-01-15T:00:00Z": (":00:00Z", "15"),
    "2024-01-15T11:0:00Z": ("0:00Z", "04"),
    "2024-01-15T11:00Z": ("Z", ":"),
    "2024-01-15T11:00:00": ("", "Z07:00"),
    "2024-01-15T11:00:00z": ("z", "Z07:00"),
    "2024-01-15T11:00:00.Z": (".Z", "Z07:00"),
    "2024-01-15T11:00:00+0000": ("+0000", "Z07:00"),
    "2024-01-15T11:00:00 02:00": (" 02:00", "Z07:00"),
}
OUTSIDE = {
    "0000-01-01T00:00:00Z": "year",
    "0001-01-01T00:00:00+00:01": "year",
    "9999-12-31T23:59:59-00:01": "year",
    "2024-00-15T11:00:00Z": "month",
    "2024-13-15T11:00:00Z": "month",
    "2024-01-00T11:00:00Z": "day",
    "2024-02-30T11:00:00Z": "day",
    "2023-02-29T11:00:00Z": "day",
    "1900-02-29T11:00:00Z": "day",
    "2024-01-15T24:00:00Z": "hour",
    "2024-01-15T11:60:00Z": "minute",
    "2024-01-15T11:00:60Z": "second",
    "2024-01-15T11:00:00+25:00": "time zone offset hour",
    "2024-01-15T11:00:00+00:61": "time zone offset minute",
}


def told(value: str) -> str:
    with pytest.raises(ValueError) as error:
        moment(value)
    return str(error.value)


@pytest.mark.parametrize("value", READ)
def test_a_moment_is_that_of_utc_cut_to_microseconds(value):
    assert moment(value) == datetime(*READ[value], tzinfo=UTC)
    assert moment(value).tzinfo is UTC


@pytest.mark.parametrize("value", UNLIKE)
def test_what_is_unlike_a_moment_is_told_where(value):
    rest, element = UNLIKE[value]
    assert told(value) == f'parsing time "{value}" as "{LAYOUT}": cannot parse "{rest}" as "{element}"'


@pytest.mark.parametrize("value", OUTSIDE)
def test_a_number_outside_its_range_is_told(value):
    assert told(value) == f'parsing time "{value}": {OUTSIDE[value]} out of range'


@pytest.mark.parametrize("rest", [" ", "Z", "x", "\n"])
def test_nothing_may_follow(rest):
    shown = {"\n": r"\x0a"}.get(rest, rest)
    value = "2024-01-15T11:00:00Z"
    assert told(value + rest) == f'parsing time "{value}{shown}": extra text: "{shown}"'


def test_digits_of_other_scripts_are_none():
    assert told("\uff12\uff10\uff12\uff14-01-15T11:00:00Z").endswith('as "2006"')
    assert told("2024-01-15T11:00:0\uff15Z").endswith(r'cannot parse "0\xef\xbc\x95Z" as "05"')


def test_quotation_marks_are_escaped_and_endless_texts_cut():
    assert told('"\\').startswith(r'parsing time "\"\\" as')
    assert len(told("x" * 10_000)) < 1000
