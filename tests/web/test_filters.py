"""The row of filters: read from the address, handed on in the address, honest about what it means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.datastructures import QueryParams

from evistore.kernel.errors import Rejected
from evistore.web.filters import Filters, Row


def asked(query):
    return Filters.of(QueryParams(query))


def test_a_span_ends_now_and_a_beginning_and_an_end_bound_a_half_open_window():
    week = asked("last=7d").window()
    exact = asked("from=2026-03-01T10:00:00%2B02:00&until=2026-03-02").window()

    assert week.until - week.since == timedelta(days=7)
    assert (exact.since, exact.until) == (datetime(2026, 3, 1, 8, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))
    assert exact.words == "1 Mar 2026 to 2 Mar 2026"


def test_exact_times_win_over_a_span():
    assert asked("last=7d&from=2026-03-01&until=2026-03-02").window().days == 1


def test_without_times_the_page_has_its_usual_window_or_all_time():
    assert asked("").window("24h").words == "the last 24 hours"
    assert asked("").window("").words == "all time"
    assert asked("").bounds() == (None, None)
    assert asked("last=1h").bounds()[0] is not None


def test_the_time_before_a_window_is_as_long():
    window = asked("from=2026-03-10&until=2026-03-12").window()

    assert (window.before.since, window.before.until) == (datetime(2026, 3, 8, tzinfo=UTC), window.since)


def test_filters_go_along_in_every_link_and_can_be_changed_there():
    filters = asked("last=7d&environment=prod-eu&page=3")

    assert filters.link("/services") == "/services?last=7d&environment=prod-eu"
    assert filters.link("/events", last=None, from_="x") == "/events?environment=prod-eu&from=x"
    assert filters.link("/subject?id=a") == "/subject?id=a&last=7d&environment=prod-eu"
    assert asked("").link("/") == "/"


def test_a_page_tells_what_it_hands_on_without_applying_it():
    row = Row.of(QueryParams("last=7d&environment=prod-eu&source=/ci"), "environment")

    assert row.idle == [("last", "7d"), ("source", "/ci")]
    assert row.named == [("environment", "prod-eu", ())]


def test_what_is_printed_says_the_window_and_the_filters():
    row = Row.of(QueryParams("from=2026-03-01&until=2026-03-02&service=shop"), "time", "service")

    assert row.told == ["1 Mar 2026 00:00:00 UTC to 2 Mar 2026 00:00:00 UTC", "service shop"]


@pytest.mark.parametrize(
    "query", ["last=2d", "from=x", "until=0001-01-01T00:00%2B10:00", "service=%00", "source=" + "x" * 2001]
)
def test_what_is_no_filter_is_refused(query):
    with pytest.raises(Rejected):
        asked(query)
