"""The macros that tests expand say what Grafana's documentation says of them, and fail where Grafana fails."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fixtures.grafana import ALL, Request, UnknownMacroError, expanded

ASKED = Request(
    datetime(2026, 3, 20, 10, tzinfo=UTC),
    datetime(2026, 3, 20, 16, 0, 0, 250_000, tzinfo=UTC),
    "5m",
    {"service": ["shop", "o'clock"], "bucket": "week", "every": [ALL], "environment": "prod"},
)
VARIABLES = {"service": {"multi": True}, "every": {"multi": True, "includeAll": True, "allValue": "'*'"}, "bucket": {}}


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("$__time(at)", 'at AS "time"'),
        ("$__timeFilter(at)", "at BETWEEN '2026-03-20T10:00:00Z' AND '2026-03-20T16:00:00.25Z'"),
        ("$__timeFrom() $__timeTo()", "'2026-03-20T10:00:00Z' '2026-03-20T16:00:00.25Z'"),
        ("GROUP BY $__timeGroup(at, '1h')", "GROUP BY floor(extract(epoch from at)/3600)*3600"),
        ("$__timeGroup(at,'15s'), n", 'floor(extract(epoch from at)/15)*15 AS "time", n'),
        ("$__timeGroupAlias(at, $__interval)", 'floor(extract(epoch from at)/300)*300 AS "time"'),
        ("$__timeGroupAlias(at, '1d', 0)", 'floor(extract(epoch from at)/86400)*86400 AS "time"'),
        ("$__unixEpochFilter(at)", "at >= 1774000800 AND at <= 1774022400"),
        ("$__unixEpochFrom() $__unixEpochTo()", "1774000800 1774022400"),
        ("$__interval $__interval_ms", "5m 300000"),
        ("IN ($service)", "IN ('shop','o''clock')"),
        ("IN (${service:sqlstring})", "IN ('shop','o''clock')"),
        ("IN ($every) ${every:sqlstring}", "IN ('*') '*'"),
        ("'$bucket' [[bucket]] ${bucket:sqlstring}", "'week' week 'week'"),
        ("$nobody ${nobody:sqlstring} $1", "$nobody ${nobody:sqlstring} $1"),
        ("LIKE '$__searchFilter'", "LIKE '%'"),
        ("${__from:date:iso} $__to", "2026-03-20T10:00:00Z 1774022400250"),
    ],
)
def test_a_macro_becomes_what_grafana_sends(written, sent):
    assert expanded(written, ASKED, VARIABLES) == sent


def test_a_source_that_was_told_of_timescaledb_groups_by_time_bucket():
    told = Request(ASKED.since, ASKED.until, timescaledb=True)

    assert expanded("$__timeGroupAlias(at, '1h')", told) == "time_bucket('3600.000s',at) AS \"time\""


def test_the_argument_of_a_macro_ends_at_its_first_parenthesis():
    assert expanded("$__time(coalesce(a, b))", ASKED) == 'coalesce(a AS "time")'


def test_an_unknown_macro_is_an_error():
    with pytest.raises(UnknownMacroError):
        expanded("SELECT $__timeOfDay(at)", ASKED)
