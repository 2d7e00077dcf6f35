"""A question about a few weeks costs a few weeks, however long the history before them is."""

from __future__ import annotations

import json
from bisect import bisect_left
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from evistore.delivery import CONTEXTS
from evistore.delivery.history import history
from evistore.kernel.migrations import migrate
from fixtures.databases import template
from fixtures.projecting import batch

NOW = datetime(2026, 6, 10, tzinfo=UTC)
SPAN, SERVICES = timedelta(days=21), 40
WINDOW = f"'{NOW - SPAN}', '{NOW}'"
QUESTIONS = [
    f"SELECT * FROM cdviz.deployment_frequency({WINDOW}, p_bucket => 'week')",
    f"SELECT * FROM cdviz.lead_time_for_changes({WINDOW})",
    f"SELECT * FROM cdviz.change_failure_rate({WINDOW})",
    f"SELECT * FROM cdviz.failed_deployment_recovery_time({WINDOW})",
    f"SELECT * FROM cdviz.deployment_rework_rate({WINDOW})",
    f"SELECT * FROM cdviz.incidents({WINDOW})",
    f"SELECT * FROM cdviz.run_statistics('taskrun', {WINDOW})",
    f"SELECT * FROM cdviz.run_statistics('testcaserun', {WINDOW}, p_limit => 50)",
    f"SELECT * FROM cdviz.run_trend('pipelinerun', {WINDOW}, p_bucket => 'week')",
    f"SELECT * FROM cdviz.flaky_tests({WINDOW})",
    f"SELECT * FROM cdviz.silent_sources('{NOW}', '21 days')",
    f"SELECT * FROM cdviz.activity_counts('{NOW - SPAN:%Y-%m-%d}', '{NOW:%Y-%m-%d}')",
]


def pages(connection, question):
    """How many pages the question touched, with all that ran within it."""
    connection.execute(question).fetchall()  # plans and caches are warm
    (plan,) = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {question}").fetchone()[0]
    return plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]


def stored(connection, texts):
    for start in range(0, len(texts), 3000):
        batch(connection, texts[start : start + 3000])
    connection.execute("SELECT cdviz.refresh_activity()")
    connection.execute("VACUUM ANALYZE")


@pytest.fixture(scope="module")
def touched(postgres18):
    """Pages that each question touches: with its weeks alone, and with three times as much before them, which arrives late."""
    texts = list(history(seed=3, services=SERVICES, days=4 * SPAN.days, until=NOW))
    begin = bisect_left(texts, (NOW - SPAN).isoformat(), key=lambda text: json.loads(text)["context"]["timestamp"])
    url = postgres18.fresh_database(template(postgres18))
    migrate(url, CONTEXTS)
    with psycopg.connect(url, autocommit=True) as connection:
        stored(connection, texts[begin:])
        short = {question: pages(connection, question) for question in QUESTIONS}
        stored(connection, texts[:begin])
        long = {question: pages(connection, question) for question in QUESTIONS}
    yield {question: (short[question], long[question]) for question in QUESTIONS}
    postgres18.discard(url)


@pytest.mark.parametrize("question", QUESTIONS, ids=[one.split(".")[1].split("(")[0] for one in QUESTIONS])
def test_a_question_costs_its_window_and_not_the_history(touched, question):
    short, long = touched[question]

    assert short > 5
    assert long < 1.5 * short + 100
