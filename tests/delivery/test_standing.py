"""Figures of the evidence itself on /metrics: how many sources fell silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from evistore.delivery.standing import Standing
from evistore.kernel.database import Database
from fixtures.serving import cdevent, served


def figure(page: str) -> str | None:
    return next((line.split()[-1] for line in page.splitlines() if line.startswith("evistore_silent_sources ")), None)


def test_a_source_that_fell_silent_is_counted(postgres18):
    today = datetime.now(UTC)
    with served(postgres18) as server:
        for days in range(30, 40):
            event = cdevent()
            event["context"]["timestamp"] = (today - timedelta(days=days)).isoformat()
            server.post(event)
        assert figure(server.get("/metrics").text) == "1.0"


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_it_is_asked_once_in_a_while_and_left_out_while_the_database_is_away(delivery_url):
    now = 0.0
    with Database(delivery_url) as database:
        standing = Standing(database, seconds=60, clock=lambda: now)
        [first] = standing.collect()
    # The database is closed now: for a minute nobody notices.
    now = 59.0
    assert [one.samples[0].value for one in standing.collect()] == [first.samples[0].value] == [0.0]
    now = 60.0
    assert list(standing.collect()) == []
