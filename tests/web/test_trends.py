"""Trends: parts of a window in their places, words that say what is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from evistore.delivery.scorecard import pace
from evistore.web.filters import Window
from evistore.web.trends import Part, bounds, size_of, trend

MONDAY = datetime(2026, 3, 16, tzinfo=UTC)


def window(days, since=MONDAY):
    return Window(since, since + timedelta(days=days), "some days")


def part(day, value, words="so much"):
    return Part(MONDAY + timedelta(days=day), MONDAY + timedelta(days=day + 1), value, words, f"/day/{day}")


@pytest.mark.parametrize(
    ("days", "size"), [(0.04, "day"), (45, "day"), (46, "week"), (400, "week"), (401, "month"), (60_000, None)]
)
def test_a_window_is_told_in_parts_that_fit_it(days, size):
    assert size_of(window(days)) == size


def test_a_part_is_cut_where_the_window_begins_and_ends():
    here = window(10, MONDAY + timedelta(days=1))

    assert bounds(MONDAY, "week", here) == (here.since, MONDAY + timedelta(days=7), True)
    assert bounds(MONDAY + timedelta(days=2), "day", here)[2] is False
    december = datetime(2026, 12, 1, tzinfo=UTC)
    assert bounds(december, "month", window(90, december))[1] == datetime(2027, 1, 1, tzinfo=UTC)


def test_points_stand_in_the_middle_of_their_parts_and_the_line_breaks_where_there_is_no_data():
    shown = trend("Runs", [part(0, 2), part(1, None, "no data"), part(2, 4), part(3, 1)], window(4))

    assert [mark.x for mark in shown.marks] == [12.5, 37.5, 62.5, 87.5]
    assert [mark.y is None for mark in shown.marks] == [False, True, False, False]
    assert shown.path.count("M") == 2
    assert shown.marks[2].y < shown.marks[0].y < shown.marks[3].y
    assert shown.marks[1].name == "17 Mar 2026: no data"


def test_what_is_shown_is_said():
    shown = trend("Runs", [part(0, 2, "2 runs"), part(1, 4, "4 runs"), part(2, 3, "3 runs")], window(3))

    assert shown.told == "From 2 runs (16 Mar 2026) to 4 runs (17 Mar 2026); at the end 3 runs."
    assert trend("Runs", [part(0, None)], window(1)).told == "No data in this window."


@pytest.mark.parametrize(
    ("kind", "values", "top"),
    [
        ("duration", [5400.0], "2\u202fh"),
        ("duration", [100 * 86_400.0], "120\u202fd"),
        ("share", [0.034], "4\u202f%"),
        ("share", [0.0], "10\u202f%"),
        ("number", [0.3], "0.3"),
        ("number", [2900.0], "3\u202f000"),
    ],
)
def test_the_scale_begins_at_nothing_and_ends_at_a_round_value(kind, values, top):
    shown = trend("Figure", [part(n, value) for n, value in enumerate(values)], window(2), kind)

    assert (shown.axis[0][0], shown.axis[-1][1]) == (shown.height, top)


def test_what_was_before_lies_on_the_same_scale():
    shown = trend("Figure", [part(0, 1.0)], window(1), before=(2.0, "2 before"))

    assert shown.before == (0.0, "2 before")


@pytest.mark.parametrize(
    ("per_day", "words"),
    [(0, "none"), (18.4, "18 a day"), (4.25, "4.2 a day"), (1, "1 a day"), (0.5, "3.5 a week"), (0.05, "1.5 a month")],
)
def test_how_often_is_told_by_the_unit_that_fits(per_day, words):
    assert pace(per_day) == words
