"""Times, durations and counts as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from evistore.web import words

AT = datetime(2026, 3, 20, 14, 27, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (timedelta(days=400, hours=5), "400 d 5 h"),
        (timedelta(hours=3, minutes=12, seconds=40), "3 h 12 min"),
        (timedelta(hours=3, seconds=40), "3 h"),
        (61, "1 min 1 s"),
        (0.25, "250 ms"),
        (0.0001, "under 1 ms"),
        (0, "0 s"),
    ],
)
def test_a_duration_has_its_two_largest_units(length, told):
    assert words.duration(length).replace("\u202f", " ") == told


def test_a_count_has_thin_spaces_and_its_noun():
    assert words.count(1_234_567) == "1\u202f234\u202f567"
    assert words.counted(1, "query", "queries") == "1 query"
    assert words.counted(2, "service") == "2 services"


@pytest.mark.parametrize(
    ("part", "told"), [(0, "0 %"), (0.001, "under 1 %"), (0.5, "50 %"), (0.999, "over 99 %"), (1, "100 %")]
)
def test_a_share_is_never_told_as_nothing_or_everything_unless_it_is(part, told):
    assert words.percent(part).replace("\u202f", " ") == told


def test_what_is_not_known_is_told_with_how_much_of_it():
    assert words.unknown(15, 17, "without a merge event") == "unknown (2 of 17 without a merge event)"
    assert words.unknown(17, 17, "without a merge event") == ""
    assert words.unknown(0, 0, "without a merge event") == "no data"
    assert words.coverage(15, 17) == "known for 15 of 17"
    assert words.coverage(17, 17) == "known for all 17"


def test_a_moment_is_told_from_both_sides():
    assert words.ago(AT, AT + timedelta(minutes=3)) == "3\u202fmin ago"
    assert words.ago(AT, AT - timedelta(minutes=3)) == "in 3\u202fmin"
    assert words.clock(AT) == "20 Mar 2026 14:27:05 UTC"


def test_a_long_id_keeps_its_beginning_and_its_end():
    assert words.shortened("pkg:oci/shop@sha256:0123456789abcdef", 20) == "pkg:oci/s…6789abcdef"
    assert words.shortened("shop", 20) == "shop"
