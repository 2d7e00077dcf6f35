"""Names that clients know from TimescaleDB mean the same on both engines, for every login, unqualified."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("width", "at", "bucket"),
    [
        ("5 minutes", "2026-03-20 14:27:05+00", "2026-03-20 14:25:00+00"),
        ("1 hour", "2026-03-20 14:27:05+00", "2026-03-20 14:00:00+00"),
        ("1 day", "2026-03-20 14:27:05+00", "2026-03-20 00:00:00+00"),
        ("1 day", "2026-03-20 00:30:00+02", "2026-03-19 00:00:00+00"),
        ("7 days", "2026-03-20 14:27:05+00", "2026-03-16 00:00:00+00"),
        ("1 week", "2026-03-16 00:00:00+00", "2026-03-16 00:00:00+00"),
        ("1 week", "2026-03-15 23:59:59+00", "2026-03-09 00:00:00+00"),
        ("1 week", "1999-12-31 12:00:00+00", "1999-12-27 00:00:00+00"),
        ("1 month", "2026-03-20 14:27:05+00", "2026-03-01 00:00:00+00"),
        ("1 month", "1999-12-20 14:27:05+00", "1999-12-01 00:00:00+00"),
        ("3 months", "2026-03-20 14:27:05+00", "2026-01-01 00:00:00+00"),
        ("1 year", "2026-03-20 14:27:05+00", "2026-01-01 00:00:00+00"),
    ],
)
def test_a_time_falls_into_the_bucket_that_timescale_gives_it(delivery, width, at, bucket):
    rows = delivery.execute("SELECT time_bucket(%s::interval, %s::timestamptz) = %s::timestamptz", [width, at, bucket])

    assert rows.fetchone() == (True,)


VALUES = """(VALUES
    ('a', 1, timestamptz '2026-03-20 10:00+00'), ('b', 2, '2026-03-20 12:00+00'), ('c', NULL, '2026-03-20 11:00+00'), ('d', 9, NULL)
) AS v (word, number, at)"""


def test_first_and_last_take_the_value_of_the_earliest_and_latest_time_and_keep_its_type(delivery):
    rows = delivery.execute(
        f"SELECT first(word, at), last(word, at), last(number, at) + 1, first(at, at) = timestamptz '2026-03-20 10:00+00' FROM {VALUES}"
    )

    assert rows.fetchone() == ("a", "b", 3, True)


def test_last_of_a_document_is_a_document(delivery):
    assert delivery.execute(
        f"SELECT last(jsonb_build_object('word', word), at) -> 'word' FROM {VALUES}"
    ).fetchone() == ("b",)


def test_last_of_nothing_is_null(delivery):
    assert delivery.execute(f"SELECT last(word, at) FROM {VALUES} WHERE false").fetchone() == (None,)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_months_with_days_are_no_width(delivery):
    import psycopg

    with pytest.raises(psycopg.errors.FeatureNotSupported):
        delivery.execute("SELECT time_bucket('1 month 1 day', now())")
