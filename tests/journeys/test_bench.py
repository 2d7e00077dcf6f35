"""The measurements run and tell what they are asked for; how fast it is, no test says."""

from __future__ import annotations

import json

import psycopg
import pytest

from fixtures.commands import evistore


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_storing_is_measured_against_its_limits_and_nothing_is_left_behind(engine):
    done = evistore("bench", "ingest", "--events", "3000", "--json", "--dsn", engine.url)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)

    assert told["ratio"] == pytest.approx(told["batched_per_s"] / told["limit_per_s"])
    assert told["ratio_two_writers"] > 0
    assert set(told["one_by_one"]) == {"1", "10"}
    assert told["bytes_per_event"] > told["lake_bytes_per_event"] > 500
    with psycopg.connect(engine.url) as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_database WHERE datname LIKE 'evistore_bench%'"
        ).fetchone() == (0,)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_the_cost_of_storing_is_told_by_layer(engine):
    done = evistore("bench", "layers", "--events", "2000", "--json", "--dsn", engine.url)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)

    assert list(told["steps_us"]) == ["parse", "digest", "identity and lake", "projections"]
    assert min(told["rows_us"].values()) > 0
    assert told["ratio"] == pytest.approx(told["limit_us"] / told["steps_us"]["projections"])
    assert told["ratio"] < told["bound"] == pytest.approx(told["limit_us"] / sum(told["rows_us"].values()))


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_requests_are_measured_one_by_one_and_in_batches(engine):
    done = evistore("bench", "http", "--events", "1000", "--json", "--dsn", engine.url)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)

    assert told["single"]["statuses"] == {"201": 1000}
    assert told["batched"]["statuses"] == {"200": 10}


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_questions_are_asked_of_two_histories(engine):
    done = evistore("bench", "query", "--events", "2000", "--rounds", "8", "--json", "--dsn", engine.url)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)

    assert told["larger_events"] == 8000
    assert told["ratio"].keys() == told["p50_ms"].keys() == told["larger_p50_ms"].keys()


@pytest.mark.parametrize("engine", ["native"], indirect=True)
@pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
def test_consuming_is_measured_in_batches_and_one_by_one(engine, broker):
    words = ("bench", "consume", "--messages", "200", "--brokers", broker.bootstrap, "--dsn", engine.url)
    done = evistore(*words, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)

    assert told["messages"] == 200
    assert told["batched_per_s"] > told["one_by_one_per_s"] > 0
    assert told["ratio"] == pytest.approx(told["batched_per_s"] / told["one_by_one_per_s"], rel=0.1)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_questions_about_clusters_are_asked_of_two_fleets(engine):
    done = evistore("bench", "rest", "--clusters", "1000", "--requests", "100", "--dsn", engine.url)
    assert done.returncode == 0, done.stderr
    heading, *lines = done.stdout.splitlines()

    assert heading.split()[:3] == ["at", "1,000:", "requests/s"]
    assert [line.split("  ")[0] for line in lines] == [
        "report of a cluster",
        "reports of 100 clusters",
        "clusters of an organization",
        "recommendations of 100 clusters",
        "clusters hit by one rule",
    ]
    assert [round(float(line.split()[-1])) for line in lines] == [1] * 5, "each question is one statement"
