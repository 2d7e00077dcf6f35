"""`evistore metrics …`: tables for people, JSON for programs."""

from __future__ import annotations

import json

import psycopg
import pytest

from evistore.delivery.figures import span, sparkline
from fixtures.commands import evistore
from fixtures.histories import minutes_ago, runs, store, told

DAY = ("--from", "2026-03-20", "--until", "2026-03-21")


@pytest.fixture
def metrics(delivery_url):
    """Runs a command on a small history."""
    with psycopg.connect(delivery_url, autocommit=True) as connection:
        store(
            connection,
            told("change.merged", "c/1", "08:00"),
            told("artifact.packaged", "a@1", "08:30", change={"id": "c/1"}),
            runs("shop", "prod", "a@1", "10:00"),
            runs("shop", "prod", "a@0", "10:30", "rolledback"),
            told("pipelinerun.started", "run-1", "08:00", pipelineName="main"),
            told("pipelinerun.finished", "run-1", "08:10", pipelineName="main", outcome="failure"),
            told("pipelinerun.started", "run-2", minutes_ago(600)),
            told(
                "testcaserun.finished", "t-1", "08:00", testCase={"id": "t"}, outcome="fail", context={"chainId": "c"}
            ),
            told(
                "testcaserun.finished", "t-2", "08:01", testCase={"id": "t"}, outcome="pass", context={"chainId": "c"}
            ),
        )

    def run(*words):
        done = evistore("metrics", *words, settings={"database_url": delivery_url})
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    return run


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_every_command_tells_people_and_programs_the_same(metrics):
    told_ = metrics("dora", *DAY, "--by", "day")
    assert "2026-03-20 00:00 to 2026-03-21 00:00 UTC, prod" in told_
    assert "change failure rate         100.0 %" in told_
    assert "recovery time, P50          30 min" in told_
    found = json.loads(metrics("dora", *DAY, "--json"))
    assert found["change_failure_rate"]["whole"]["ways"] == {"rollback": 1}
    assert found["lead_time_for_changes"]["parts"][0]["bucket"] == "2026-03-16T00:00:00+00:00"

    assert "c/1     2 h" in metrics("lead-time", *DAY)
    assert json.loads(metrics("lead-time", *DAY, "--json"))["changes"][0]["seconds"] == 7200
    assert "main  10 min  10 min  10 min  -       100.0 %     1" in metrics("durations", *DAY)
    assert json.loads(metrics("durations", "testcaserun", *DAY, "--json"))["executions"][0]["failure_rate"] == 0.5
    assert "t     100.0 %" in metrics("flaky", *DAY)
    assert "pipelinerun  run-2" in metrics("stuck")
    assert json.loads(metrics("stuck", "--hours", "11", "--json")) == []
    assert "too few days" in metrics("silent")
    assert metrics("flaky", "--service", "nobody") == "no flaky test\n"

    assert metrics("production") == "prod  production  by its name\n"
    assert metrics("production", "prod", "--no") == "prod    said so\n"
    assert "no environment is known" in metrics("dora", *DAY)
    assert metrics("production", "prod") == "prod  production  by its name\n"


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_a_window_that_is_none_is_told_in_one_line(delivery_url):
    for words in (("--from", "yesterday"), ("--from", "2026-03-21", "--until", "2026-03-20")):
        done = evistore("metrics", "dora", *words, settings={"database_url": delivery_url})
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert done.stderr.rstrip().endswith("[moment-invalid]")


@pytest.mark.parametrize(
    ("values", "line"),
    [([], ""), ([None, None], "··"), ([0, 0], "▁▁"), ([0, 1, 2, None, 7], "▁▂▃·█"), ([0.5], "█")],
)
def test_a_sparkline_has_a_bar_for_each_value(values, line):
    assert sparkline(values) == line


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "-"),
        (0, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (3599, "59 min 59 s"),
        (3600, "1 h"),
        (5400, "1 h 30 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_duration_is_told_by_its_two_greatest_units(seconds, text):
    assert span(seconds) == text
