"""Charts: places that fit, words that are true, nothing drawn where there is no data."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evistore.web.calendars import calendar
from evistore.web.charts import Line, Point, bars, dots, lines, path, spark
from evistore.web.filters import Window
from evistore.web.lanes import Lane, Step, lanes
from evistore.web.scales import Time, counts, durations, from_zero, quantile

AT = datetime(2026, 3, 20, 12, tzinfo=UTC)
WEEK = Window(AT - timedelta(days=7), AT, "the last 7 days")
MOMENTS = st.integers(0, 8 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
SPANS = st.timedeltas(timedelta(minutes=1), timedelta(days=20_000))


@given(MOMENTS, SPANS)
def test_ticks_of_time_are_few_in_order_and_inside(since, span):
    ticks = Time(since, since + span).ticks()
    places = [place for place, _ in ticks]

    assert len(ticks) <= 13
    assert places == sorted(places)
    assert all(0 <= place <= 100 and words for place, words in ticks)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(hours=6), ["06:00", "07:00", "08:00", "09:00", "10:00", "11:00", "12:00"]),
        (timedelta(days=7), ["14 Mar", "15 Mar", "16 Mar", "17 Mar", "18 Mar", "19 Mar", "20 Mar"]),
        (timedelta(days=30), ["23 Feb", "2 Mar", "9 Mar", "16 Mar"]),
        (timedelta(days=150), ["Nov", "Dec", "2026", "Feb", "Mar"]),
    ],
)
def test_ticks_of_time_are_round(span, words):
    assert [word for _, word in Time(AT - span, AT).ticks()] == words


@given(st.lists(st.floats(0, 1e12), max_size=50))
def test_a_scale_begins_at_zero_and_holds_every_value(values):
    scale = from_zero(values, 100)

    assert scale.low == 0
    assert scale.high >= max(values, default=0)
    assert all(0 <= scale.at(value) <= 100 for value in values)
    assert 1 <= len(counts(scale)) <= 12
    assert 1 <= len(durations(scale)) <= 12


def test_values_at_an_axis_are_round_and_said_in_words():
    assert [word for _, word in durations(from_zero([800], 100))] == ["0", "5\u202fmin", "10\u202fmin"]
    assert [word for _, word in counts(from_zero([1234], 100))] == ["0", "500", "1\u202f000", "1\u202f500"]


def test_a_quantile_lies_between_its_neighbours():
    assert quantile([1, 2, 3, 4], 0.5) == 2.5
    assert quantile([7], 0.95) == 7
    assert quantile([], 0.5) is None


def test_a_line_breaks_where_there_is_no_data_and_a_lonely_value_is_a_dot():
    assert path([(0, 1), (10, 2), (20, None), (30, 4), (40, None)]) == "M0 1L100 2M300 4h0"


def test_dots_tell_failures_one_by_one_and_the_rest_as_one_path():
    points = [Point(AT - timedelta(hours=n), 60 * n, n == 3, f"/run/{n}", f"run {n}") for n in range(1, 5)]
    chart = dots("Runs", points, WEEK)

    assert chart.path.count("M") == 3
    assert [(mark.href, mark.name) for mark in chart.marks] == [("/run/3", "run 3 failed after 3\u202fmin")]
    assert chart.told == (
        "4 runs, 1 of them failed; half took at most 2\u202fmin 30\u202fs, 95 in 100 at most 3\u202fmin 51\u202fs."
    )


def test_a_chart_of_nothing_says_so():
    assert dots("Runs", [], WEEK).told == "No runs in this window."
    assert lines("Lead time", [Line("P50", [(AT, None)])], WEEK).told == "P50: no data at the end."
    assert calendar("Events", {}, date(2026, 3, 1), date(2026, 3, 8), {}).told == "Nothing happened in these days."
    assert lanes("Way", []).told == "Nothing is known."


def test_small_multiples_stand_on_one_scale():
    small = lines("a", [Line("P50", [(AT, 10.0)])], WEEK, most=1000)
    great = lines("b", [Line("P50", [(AT, 1000.0)])], WEEK, most=1000)

    assert small.axis == great.axis
    assert small.paths[0][1] != great.paths[0][1]


def test_a_calendar_has_a_square_per_day_monday_at_the_top_and_darker_where_more_happened():
    first, last = date(2026, 3, 2), date(2026, 3, 15)
    values = {first + timedelta(days=n): n * 10 for n in range(14)}
    chart = calendar("Events", values, first, last, {first + timedelta(days=1): "/events"})

    assert [square.y for square in chart.squares[:7]] == [16 * n for n in range(7)]
    assert [square.level for square in chart.squares] == sorted(square.level for square in chart.squares)
    assert {square.level for square in chart.squares} == {0, 1, 2, 3, 4}
    assert chart.squares[7].x == 50
    assert chart.told == "910 in 14 days; the busiest was Sun 15 Mar with 130, 1 had none."


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 400), st.data())
def test_squares_stay_inside_and_never_share_a_place(first, length, data):
    last = first + timedelta(days=length)
    days = data.draw(st.lists(st.integers(0, length), max_size=20))
    chart = calendar("Events", {first + timedelta(days=n): n for n in days}, first, last, {})

    assert len({(square.x, square.y) for square in chart.squares}) == length + 1
    assert all(square.x + chart.width <= 100.5 for square in chart.squares)


def test_lanes_put_moments_and_times_on_one_axis():
    hour = timedelta(hours=1)
    built = Lane("built", [Step(AT, "build", "/b", AT + hour)])
    runs = Lane(
        "prod", [Step(AT + 2 * hour, "shop", "/s", lasting=True), Step(AT + 3 * hour, "test", "/t", failed=True)]
    )
    chart = lanes("Way", [built, runs])
    (_, (build,)), (_, (shop, test)) = chart.lanes

    assert 0 < build.x < build.x + build.width < shop.x < test.x < 100
    assert shop.x + shop.width == 100
    assert test.width == 0


def test_bars_are_told_from_the_longest():
    assert [(bar.width, bar.words) for bar in bars([("a", 200, None), ("b", 50, "/b")])] == [(100, "200"), (25, "50")]


def test_a_spark_is_as_wide_as_its_place_and_breaks_at_gaps():
    found = spark("Events", [1, None, 3, 4])

    assert re.findall(r"[ML]([\d.]+) ", found.path) == ["0", "666.667", "1000"]
