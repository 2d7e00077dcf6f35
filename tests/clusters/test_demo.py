"""The fleet of the demo in the database: each message once, whatever interrupts the storing, and people's words with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from evistore.clusters.demo import BATCH, Fleet, begun, figures, store
from evistore.clusters.history import Story
from evistore.kernel.database import Database
from evistore.kernel.errors import Unavailable
from fixtures.databases import template

FLEET = Fleet(seed=5, clusters=40, days=30, until=datetime(2026, 6, 3, 15, tzinfo=UTC))
TABLES = {
    "report": "SELECT cluster, org_id, report, last_checked_at, gathered_at, kafka_offset FROM report",
    "rule_hit": "SELECT cluster_id, org_id, rule_fqdn, error_key, template_data FROM rule_hit",
    "recommendation": "SELECT cluster_id, org_id, rule_id FROM recommendation",
    "report_info": "SELECT * FROM report_info",
    "hit_episode": "SELECT * FROM clusters.hit_episode",
    "dvo_report": "SELECT cluster_id, namespace_id, namespace_name, report, recommendations, objects, rule_hits_count::text FROM dvo.dvo_report",
    "faults": "SELECT topic, partition, topic_offset, faults::text FROM clusters.consumer_error",
    "toggle": "SELECT cluster_id, rule_id, error_key, disabled, org_id FROM cluster_rule_toggle",
    "votes": "SELECT cluster_id, rule_id, error_key, user_id, user_vote, message FROM cluster_rule_user_feedback",
    "reasons": "SELECT cluster_id, rule_id, error_key, user_id, message FROM cluster_user_rule_disable_feedback",
    "acknowledgements": "SELECT org_id, rule_id, error_key, justification FROM rule_disable",
    "ratings": "SELECT org_id, rule_fqdn, error_key, rating FROM advisor_ratings",
}


class Killed(Exception):  # noqa: N818  # no error of anybody's
    """Stands for the end of a process between two batches."""


@pytest.fixture
def databases(postgres18) -> Iterator[tuple[Database, Database]]:
    """Two fresh databases."""
    urls = [postgres18.fresh_database(template(postgres18)) for _ in range(2)]
    with Database(urls[0], size=2) as one, Database(urls[1], size=2) as other:
        yield one, other
    for url in urls:
        postgres18.discard(url)


def content(database: Database) -> dict[str, Counter]:
    with database.transaction(read_only=True) as tx:
        return {name: Counter(tuple(row.values()) for row in tx.rows(query)) for name, query in TABLES.items()}


def killed_after(batches: int):
    calls = iter(range(batches + 1))

    def told(_: int) -> None:
        if next(calls) == batches:
            raise Killed

    return told


def test_a_fleet_that_is_stored_in_pieces_is_the_one_stored_at_once(databases):
    pieces, whole = databases
    for _ in range(2):
        with pytest.raises(Killed):
            store(pieces, FLEET, killed_after(1))
    rest = store(pieces, FLEET, lambda _: None)
    every = store(whole, FLEET, lambda _: None)

    assert 0 < rest.total() == every.total() - 2 * BATCH
    assert content(pieces) == content(whole)
    assert all(content(whole).values())


def test_every_message_of_the_story_is_settled(databases):
    outcomes = store(databases[0], FLEET, lambda _: None)

    assert outcomes.total() == sum(1 for _ in FLEET.story().messages())
    assert outcomes.keys() == {"stored", "older", "repeated", "faulty", "skipped"}
    assert outcomes["stored"] > outcomes.total() * 0.97


def test_the_history_of_hits_is_that_of_the_messages(databases):
    database = databases[0]
    store(database, FLEET, lambda _: None)
    story = Story(until=FLEET.until, seed=FLEET.seed, clusters=FLEET.clusters, days=FLEET.days)
    for _ in story.messages():
        pass

    with database.transaction(read_only=True) as tx:
        rows = tx.rows("SELECT cluster_id, error_key FROM clusters.hit_episode WHERE resolved_at IS NULL")
    assert {(row["cluster_id"], row["error_key"]) for row in rows} == {
        (cluster.name, key) for cluster in story.fleet for key in cluster.hits
    }


def test_what_is_stored_is_known_by_its_kind_whenever_it_is_asked_for(databases):
    database = databases[0]
    later = replace(FLEET, until=FLEET.until.replace(day=4))
    assert begun(database, later) == (later, None)
    with pytest.raises(Killed):
        store(database, FLEET, killed_after(1))
    assert begun(database, later) == (FLEET, None)
    total = store(database, FLEET, lambda _: None).total() + BATCH

    assert begun(database, later) == (FLEET, total)
    assert begun(database, replace(FLEET, seed=6)) == (replace(FLEET, seed=6), None)


def test_two_who_store_the_same_fleet_store_nothing_twice(databases):
    database = databases[0]

    def told(batch: int) -> None:
        if batch:
            with pytest.raises(Killed):
                store(database, FLEET, killed_after(1))

    with pytest.raises(Unavailable) as fault:
        store(database, FLEET, told)

    assert fault.value.code == "source-busy"


def test_the_figures_are_those_of_the_tables(databases):
    database = databases[0]
    store(database, FLEET, lambda _: None)
    told, held = figures(database), content(database)

    assert sum(one.clusters for one in told.organizations) == held["report"].total() == 40
    assert sum(one.recommendations for one in told.organizations) == held["recommendation"].total()
    assert told.faulty == held["faults"].total() > 0
    assert told.resolved > 100
    assert told.example in {row[0] for row in held["report"]}
