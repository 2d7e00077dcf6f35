"""evistore doctor: what is well, what is not, and what to do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from evistore.cli.doctor import findings
from evistore.contexts import CONTEXTS
from evistore.kernel.doctor import clock, examination
from evistore.kernel.migrations import migrate
from evistore.kernel.settings import Settings
from fixtures.commands import evistore
from fixtures.consuming import send

# The servers of tests are told not to wait for the disk, and doctor says so.
TESTING = {"durability"}


def told(url: str) -> dict[str, str]:
    """The state of each thing that was looked at."""
    return {one.name: one.state for one in examination(url, CONTEXTS)}


def unwell(url: str) -> dict[str, str]:
    """What is not ok, but for what a server of tests always is."""
    return {name: state for name, state in told(url).items() if state != "ok" and name not in TESTING}


def test_a_maintained_database_is_well(engine, delivery, delivery_url):
    if engine.kind == "native":
        assert evistore("maintain", "--database-url", delivery_url).returncode == 0
    assert unwell(delivery_url) == {}
    storage = {"partitions", "strays"} if engine.kind == "native" else {"extension", "job activity_job", "chunks"}
    assert storage | {"server", "clock", "schema", "counts", "followers"} <= told(delivery_url).keys()


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_what_is_wrong_in_the_database_is_found(delivery, delivery_url):
    for statement in (
        "SELECT evistore.set_aside('delivery', 'not-an-object', 'no object', 'http', '[]'::jsonb, NULL)",
        "UPDATE cdviz.activity_progress SET refreshed_at = refreshed_at - interval '1 day'",
        "INSERT INTO evistore.outbox (topic, value, posted_at) VALUES ('t', 'x', now() - interval '2 hours')",
        "SELECT cdviz.add_webhook('chat', 'https://hooks.example.com/x', 'whsec_' || repeat('a', 32))",
        "UPDATE cdviz.webhook SET failures = 3, failing_since = now() - interval '2 days', last_status = 500",
        "UPDATE evistore.definition SET fingerprint = 'of another release' WHERE context = 'delivery'",
        """INSERT INTO public.consumer_error (topic, partition, topic_offset, key, produced_at, consumed_at, message, error)
            VALUES ('t', 0, 1, '', now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', '', 'e')""",
        """CALL cdviz.store_cdevent('{"context": {"version": "0.4.1", "id": "1", "source": "/a", "type":
            "dev.cdevents.pipelinerun.queued.0.2.0", "timestamp": "2001-01-01T00:00:00Z"},
            "subject": {"id": "r", "type": "pipelineRun", "content": {}}}')""",
    ):
        delivery.execute(statement)

    found = unwell(delivery_url)
    delivery.execute("SELECT cdviz.ensure_week(date_trunc('week', now(), 'UTC'))")
    assert (found["partitions"], told(delivery_url)["partitions"]) == ("warn", "bad")
    assert found == {
        "quarantine": "warn",
        "outbox": "bad",
        "counts": "warn",
        "webhook chat": "bad",
        "schema": "warn",
        "faulty messages": "warn",
        "partitions": "warn",
        "strays": "warn",
    }


@pytest.mark.parametrize("engine", ["timescale"], indirect=True)
def test_a_job_that_is_gone_is_found(delivery, delivery_url):
    delivery.execute("SELECT delete_job(job_id) FROM timescaledb_information.jobs WHERE proc_name = 'activity_job'")
    assert unwell(delivery_url) == {"job activity_job": "bad"}


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_a_transaction_that_stays_open_is_found(delivery, delivery_url):
    evistore("maintain", "--database-url", delivery_url)
    with psycopg.connect(delivery_url) as other:
        other.execute("SELECT pg_current_xact_id()")
        delivery.execute(
            """CALL cdviz.store_cdevent('{"context": {"version": "0.4.1", "id": "1", "source": "/a", "type":
            "dev.cdevents.pipelinerun.queued.0.2.0", "timestamp": "2026-01-01T00:00:00Z"},
            "subject": {"id": "r", "type": "pipelineRun", "content": {}}}')"""
        )
        delivery.execute("UPDATE cdviz.cdevents_lake SET imported_at = imported_at - interval '10 minutes'")
        assert told(delivery_url)["followers"] == "warn"
    assert told(delivery_url)["followers"] == "ok"


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_a_schema_that_does_not_fit_is_found(engine, engine_url):
    assert told(engine_url)["schema"] == "bad"

    migrate(engine_url, CONTEXTS, engine=engine.kind, to=5)
    assert told(engine_url)["schema"] == "bad"

    migrate(engine_url, CONTEXTS)
    assert told(engine_url)["schema"] == "ok"
    with psycopg.connect(engine_url) as connection:
        connection.execute("INSERT INTO evistore.migration (number, context, name) VALUES (999, 'delivery', 'later')")
    assert told(engine_url)["schema"] == "warn"
    with psycopg.connect(engine_url) as connection:
        connection.execute("UPDATE evistore.migration SET serves_from = number WHERE number = 999")
    assert told(engine_url)["schema"] == "bad"


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_the_login_of_the_program_may_ask_and_one_that_lacks_its_role_is_told(delivery, delivery_url):
    names = [sql.Identifier(name) for name in ("evistore_test_doctor", "evistore_test_stranger")]
    delivery.execute(sql.SQL("CREATE ROLE {} LOGIN IN ROLE evistore_service").format(names[0]))
    delivery.execute(sql.SQL("CREATE ROLE {} LOGIN IN ROLE cdviz_reader").format(names[1]))
    try:
        assert told(make_conninfo(delivery_url, user="evistore_test_doctor"))["login"] == "ok"
        stranger = told(make_conninfo(delivery_url, user="evistore_test_stranger"))
    finally:
        for name in names:
            delivery.execute(sql.SQL("DROP ROLE {}").format(name))
    assert "bad" in stranger.values()


def test_a_database_that_is_away_is_a_finding_and_the_command_ends_with_1():
    done = evistore("doctor", "--json", "--database-url", "postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=2")
    found = json.loads(done.stdout)
    assert (done.returncode, found["state"]) == (1, "bad")
    assert [one["name"] for one in found["findings"]] == ["connection"]
    assert "database-away" in found["findings"][0]["found"]


@pytest.mark.parametrize("engine", ["native"], indirect=True)
@pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
def test_topics_and_brokers_are_looked_at(delivery, delivery_url, broker):
    topic = broker.fresh_topic()
    for number in range(5):  # Tansu's end of a topic counts a batch as one
        send(broker, topic, [number])
    evistore("maintain", "--database-url", delivery_url)
    asked = {
        "kafka_brokers": broker.bootstrap,
        "kafka_topics": f"{topic},not-there",
        "kafka_report_topics": "",
        "kafka_workload_topics": "",
        "kafka_group": "g",
        "database_url": delivery_url,
    }

    waits = evistore("doctor", settings=asked)
    delivery.execute("SELECT evistore.advance_consumer('g', %s, 0, NULL, 5)", [topic])
    done = findings(Settings(_env_file=None, **asked), delivery_url)
    away = findings(Settings(_env_file=None, **asked | {"kafka_brokers": "127.0.0.1:9"}), delivery_url)

    assert f"warn  topic {topic}" in waits.stdout, waits.stdout
    assert "5 messages wait" in waits.stdout, waits.stdout
    assert {one.name: one.state for one in done["Kafka"]} == {
        "brokers": "ok",
        f"topic {topic}": "ok",
        "topic not-there": "warn",
    }
    assert [(one.name, one.state) for one in away["Kafka"]] == [("brokers", "bad")]


@pytest.mark.parametrize(
    ("seconds", "state", "found"),
    [
        (0.5, "ok", "agrees"),
        (2.9, "ok", "1.9 s ahead of this machine"),
        (-5, "warn", "5.0 s behind this machine"),
        (3600, "bad", "3599.0 s ahead of this machine"),
    ],
)
def test_clocks_that_differ_are_found_by_what_cannot_be_the_way_of_the_question(seconds, state, found):
    before = datetime(2026, 6, 1, tzinfo=UTC)
    told_of = clock(before, before + timedelta(seconds=seconds), before + timedelta(seconds=1))
    assert (told_of.state, told_of.found) == (state, found)
