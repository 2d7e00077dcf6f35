"""On random histories, however they arrive, the database tells what a slow and obvious count tells."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evistore.delivery import CONTEXTS, evidence, executions, metrics
from evistore.delivery.windows import Filters, Window
from evistore.kernel.database import Transaction
from evistore.kernel.migrations import migrate
from fixtures.databases import template
from fixtures.projecting import TABLES
from fixtures.slowly import Slowly, Told, percentile

START = datetime(2026, 3, 16, tzinfo=UTC)
SERVICES, ENVIRONMENTS, ARTIFACTS = ["shop", "cart"], ["prod", "prod", "stage", None], ["a", "b", "c", "d", None]
CHANGES, CHAINS = ["c/1", "c/2"], ["x", "y", "z", None]
KEYS = [f"k{n}" for n in range(90)]


def content(**members):
    """The members that are there, ids wrapped as CDEvents have them."""
    plain = {"artifactId", "outcome"}
    return {name: value if name in plain else {"id": value} for name, value in members.items() if value is not None}


def told(chance: random.Random, key: str) -> Told:
    """One event of few subjects, at a whole half hour of few days: moments meet."""
    some, now_and_then = chance.choice, chance.random() < 0.4
    kind = some(
        ["service"] * 6 + ["incident"] * 4 + ["change", "artifact", "build", "pipelinerun"] + ["testcaserun"] * 3
    )
    at = START + timedelta(minutes=30 * chance.randrange(2 * 24 * 3))
    links, causes, chain = [], [], some(CHAINS)
    match kind:
        case "service":
            id_, predicate = some(SERVICES), some(["deployed", "upgraded", "upgraded", "rolledback", "removed"])
            said = content(environment=some(ENVIRONMENTS), artifactId=some(ARTIFACTS))
        case "incident":
            id_, predicate = some(["I", "J", "K", "L", "M"]), some(["detected", "detected", "reported", "resolved"])
            service, environment, artifact = some([*SERVICES, None]), some(ENVIRONMENTS), some([None] * 9 + ARTIFACTS)
            said = content(service=service, environment=environment, artifactId=artifact)
            links = [(some(["cause", "trigger"]), "service", some(SERVICES))] if chance.random() < 0.2 else []
            causes = [some(KEYS)] if now_and_then else []
        case "change":
            id_, predicate, said = some(CHANGES), some(["created", "merged", "merged"]), {}
        case "artifact":
            id_, predicate = some(ARTIFACTS[:4]), some(["packaged", "published"])
            said = content(change=some([*CHANGES, None, None, None]))
        case "build":
            id_, predicate, said = some(["b1", "b2"]), "finished", content(artifactId=some(ARTIFACTS))
            links = [("cause", "pipelineRun", some(["r1", "r2"]))] if now_and_then else []
        case "pipelinerun":
            id_, predicate, said = some(["r1", "r2"]), some(["started", "finished"]), {}
            links = [("trigger", "change", some(CHANGES))] if now_and_then else []
        case _:
            id_, predicate = some([f"t{n}" for n in range(8)]), some(["queued", "started", "finished", "finished"])
            said = content(testCase="odd" if id_ in ("t1", "t3", "t5") else "even")
            said |= content(outcome=some(["pass", "fail", "cancel"]) if predicate == "finished" else None)
    return Told(kind, id_, predicate, at, some(["/a", "/b"]), key, said, links, causes, chain)


def history(seed: int) -> tuple[list[list[Told]], Window, Filters]:
    """Events in the batches in which they arrive, in no order of time, and a question about them."""
    chance = random.Random(seed)
    events = [told(chance, key) for key in KEYS[: chance.randrange(20, len(KEYS))]]
    size, begin = chance.randrange(1, 40), START + timedelta(hours=chance.randrange(40))
    window = Window(begin, begin + timedelta(hours=chance.choice([6, 24, 48, 72])))
    asked = (chance.choice([None, None, None, "shop"]), chance.choice([None, None, "stage", "*"]))
    filters = Filters(*asked, chance.choice([None, None, None, "/a"]))
    return [events[at : at + size] for at in range(0, len(events), size)], window, filters


@pytest.fixture(scope="module")
def shared_url(engine):
    url = engine.fresh_database(template(engine))
    migrate(url, CONTEXTS)
    yield url
    engine.discard(url)


def stored(connection, batches):
    connection.execute(f"TRUNCATE {TABLES}")
    for batch in batches:
        texts = [json.dumps(one.as_event()) for one in batch]
        connection.execute("SELECT count(*) FROM cdviz.store_cdevents(%s::text[]::jsonb[])", [texts])


def compared(tx, slow, window, filters):
    """Every metric both ways."""
    expected = slow.outcomes(window, filters)
    items = evidence.deployments(tx, window, filters, limit=1000)
    assert {
        (one.service_id, one.environment_id, one.at): (
            one.artifact_id,
            set(one.ways),
            set(one.incident_ids),
            one.recovered_at,
            set(one.rework_ways),
        )
        for one in items
    } == {
        (one.service, one.environment, one.at): (one.artifact, one.ways, one.incidents, one.recovered_at, one.rework)
        for one in expected
    }
    failed = [one for one in expected if one.ways]
    recovered = [(one.recovered_at - one.at).total_seconds() for one in failed if one.recovered_at]
    found = metrics.dora(tx, window, filters, bucket="day")
    rate, recovery = found.change_failure_rate.whole, found.failed_deployment_recovery_time.whole
    rework, frequency = found.deployment_rework_rate.whole, found.deployment_frequency
    assert frequency.whole.items == len(expected)
    assert (rate.items, rate.failed) == (len(expected), len(failed))
    assert rate.rate == (len(failed) / len(expected) if expected else None)
    assert rate.ways == Counter(way for one in expected for way in one.ways)
    assert (recovery.items, recovery.unexplained) == (len(recovered), len(failed) - len(recovered))
    assert recovery.p80_seconds == pytest.approx(percentile(recovered, 0.8))
    assert rework.ways == Counter(way for one in expected for way in one.rework)
    per_day = Counter(one.at.date() for one in expected)
    assert {part.bucket.date(): part.items for part in frequency.parts if part.items} == per_day
    for series in (found.change_failure_rate, found.deployment_rework_rate):
        assert {part.bucket.date(): part.items for part in series.parts if part.items} == per_day

    for name in ("change_failure_rate", "failed_deployment_recovery_time", "deployment_rework_rate"):
        assert getattr(metrics, name)(tx, window, filters, bucket="day") == getattr(found, name)

    rows = slow.lead_times(window, filters)
    changes = evidence.delivered_changes(tx, window, filters, limit=1000)
    assert {
        (one.service_id, one.artifact_id, one.deployed_at, one.change_id, one.way, one.reason or one.seconds)
        for one in changes
    } == rows
    seconds = [row[5] for row in rows if not isinstance(row[5], str)]
    assert found.lead_time_for_changes.whole.items == len(seconds)
    assert found.lead_time_for_changes.whole.p50_seconds == pytest.approx(percentile(seconds, 0.5))

    runs = slow.runs("testcaserun", window)
    statistics = {one.key: one for one in executions.statistics(tx, "testcaserun", window)}
    assert statistics.keys() == runs.keys()
    for key, one in statistics.items():
        verdicts = Counter(runs[key]["verdicts"])
        assert (one.passed, one.failed, one.cancelled) == (verdicts["pass"], verdicts["fail"], verdicts["cancel"])
        assert one.p95_seconds == pytest.approx(percentile(runs[key]["seconds"], 0.95))
        assert one.queue_p50_seconds == pytest.approx(percentile(runs[key]["queue"], 0.5))
    assert {one.key: (one.flaky, one.items) for one in executions.flaky_tests(tx, window)} == slow.flaky(window)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],  # another seed is another history, not a smaller one
)
@given(seed=st.integers(0, 2**32))
@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_every_metric_equals_a_slow_count(shared_url, seed):
    batches, window, filters = history(seed)
    with psycopg.connect(shared_url, autocommit=True) as connection:
        stored(connection, batches)
        compared(Transaction(connection), Slowly(one for batch in batches for one in batch), window, filters)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(seed=st.integers(0, 2**32))
@pytest.mark.parametrize("engine", ["timescale"], indirect=True)
def test_every_metric_equals_a_slow_count_on_timescaledb(shared_url, seed):
    batches, window, filters = history(seed)
    with psycopg.connect(shared_url, autocommit=True) as connection:
        stored(connection, batches)
        compared(Transaction(connection), Slowly(one for batch in batches for one in batch), window, filters)
