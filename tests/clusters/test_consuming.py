"""Messages about clusters from a real broker into a real database: each becomes what it says, or is kept with all that is wrong with it."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
import zstandard

from fixtures.consuming import eventually, execute, rows
from fixtures.databases import template
from fixtures.insights_messages import CHECKED, report_message, workload, workloads_message
from fixtures.reporting import arrived, consuming, send, settings, state

TANSU = pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
KAFKA = pytest.mark.parametrize("broker_process", ["kafka"], indirect=True)
FIRST, SECOND, THIRD = (f"00000000-0000-4000-8000-00000000000{number}" for number in range(3))


@pytest.fixture
def url(postgres18):
    url = postgres18.fresh_database(template(postgres18))
    yield url
    postgres18.discard(url)


def positions(url):
    return dict(rows(url, "SELECT topic, next_offset FROM evistore.consumer_position"))


def test_reports_and_workloads_are_stored_however_they_are_packed(broker, url):
    reports, workloads = broker.fresh_topic(), broker.fresh_topic()
    send(
        broker,
        reports,
        [
            report_message(1, FIRST, ["a.one|K", "a.two|K"], version="4.14.1"),
            None,
            gzip.compress(report_message(2, SECOND, ["a.one|K"])),
            zstandard.compress(report_message(3, THIRD, [])),
        ],
    )
    send(broker, workloads, [workloads_message(1, FIRST), zstandard.compress(workloads_message(2, SECOND)), None])
    given = settings(broker, "packed", url, kafka_report_topics=[reports], kafka_workload_topics=[workloads])
    with consuming(given):
        eventually(lambda: positions(url), {reports: 4, workloads: 3})

    found = state(url)
    assert [(row[0], row[1], row[4]) for row in found["report"]] == [(1, FIRST, 0), (2, SECOND, 2), (3, THIRD, 3)]
    assert [row[1:4] for row in found["rule_hit"]] == [
        (FIRST, "a.one.report", "K"),
        (FIRST, "a.two.report", "K"),
        (SECOND, "a.one.report", "K"),
    ]
    assert found["report_info"] == [(1, FIRST, "4.14.1")]
    assert [row[:3] for row in found["dvo_report"]] == [(1, FIRST, "A"), (2, SECOND, "A")]
    assert found["consumer_error"] == []
