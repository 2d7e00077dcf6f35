"""Whatever is killed, restarted, repeated or lost: the tables are those that the stream leaves when one process reads it in one go."""

from __future__ import annotations

import json
import os
import random
import signal
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from evistore.clusters.ingest import accept
from evistore.contexts import CONTEXTS
from evistore.kernel.database import Database
from evistore.kernel.embedded import embedded
from evistore.kernel.migrations import migrate
from fixtures.consuming import eventually, execute, rows
from fixtures.databases import template
from fixtures.engines import QUICK
from fixtures.insights_messages import CHECKED, report_message, workload, workloads_message
from fixtures.reporting import LATEST, TABLES, arrived, consuming, program, send, settings, state

KAFKA = pytest.mark.parametrize("broker_process", ["kafka"], indirect=True)
TANSU = pytest.mark.parametrize("broker_process", ["tansu"], indirect=True)
KILLS = {"kafka": 4, "tansu": 3}
CLUSTERS = [f"{number:08}-0000-4000-8000-000000000000" for number in range(12)]
RULES = [f"ccx.rule_{number}|K{number % 2}" for number in range(6)]


@pytest.fixture
def fresh(postgres18):
    """Makes migrated databases."""
    made = []

    def make():
        made.append(postgres18.fresh_database(template(postgres18)))
        return made[-1]

    yield make
    for one in made:
        postgres18.discard(one)


def moment(dice, minutes):
    return CHECKED + timedelta(minutes=dice.randrange(minutes))


def a_report(dice, cluster, checked):
    return report_message(
        dice.choice((1, 1, 1, 2)),
        cluster,
        dice.sample(RULES, dice.randrange(5)),
        checked,
        dice.choice((None, "4.14.1", "4.15.0")),
        RequestId="r",
    )


def some_workloads(dice, cluster, checked):
    places = [(space, f"u{dice.randrange(3)}") for space in dice.sample("ABCD", dice.randrange(4))]
    items = [workload(key=key, namespaces=places) for key in dice.sample(("K1", "K2"), 1)]
    return workloads_message(dice.choice((1, 1, 2)), cluster, items, checked)


def stream(dice, number, make):
    """Messages of all clusters with their keys: newer, older and repeated ones, faulty ones, some that say nothing, tombstones."""
    found = []
    for _ in range(number):
        cluster, kind = dice.choice(CLUSTERS), dice.random()
        if kind < 0.08:
            value = dice.choice((b"\xff broken", b"{}", make(dice, "no cluster", CHECKED), make(dice, cluster, "soon")))
        elif kind < 0.12:
            value = dice.choice((None, report_message(1, cluster, Report={}, Metrics={})))
        elif kind < 0.25 and found:
            cluster, value = dice.choice(found)
        else:
            value = make(dice, cluster, moment(dice, 200))
        found.append((cluster, value))
    return found


@pytest.fixture
def streams(broker):
    """Two topics full of messages, as settings."""
    dice, topics = random.Random(11), {}
    for name, partitions, make in (("report", 3, a_report), ("workload", 2, some_workloads)):
        messages = stream(dice, 1500 if name == "report" else 500, make)
        topic = broker.fresh_topic(partitions)
        send(broker, topic, [value for _, value in messages], keys=[key for key, _ in messages])
        topics[f"kafka_{name}_topics"] = [topic]
    return topics


def settled(url):
    """How many messages are."""
    return rows(url, "SELECT coalesce(sum(next_offset), 0)::int FROM evistore.consumer_position")[0][0]


def read_in_one_go(broker, url, topics):
    with consuming(settings(broker, "reference", url, kafka_batch_size=10_000, kafka_batch_seconds=1, **topics)):
        eventually(lambda: settled(url), 2000)
    return state(url)


def letters(broker, topic, url):
    """The dead letters that the rows of the database ask for, and those that arrived, each once."""
    wanted = rows(url, "SELECT message FROM public.consumer_error")
    eventually(lambda: rows(url, "SELECT count(*) FROM evistore.outbox"), [(0,)])
    found = arrived(broker, topic, len(wanted))
    legible = {one.value().decode("utf-8", "backslashreplace") for one in found}
    return {message for (message,) in wanted}, legible


def test_a_consumer_that_is_killed_again_and_again_leaves_what_one_go_leaves(broker, streams, fresh):
    url, dead, dice = fresh(), broker.fresh_topic(), random.Random(5)
    given = settings(broker, "killed", url, kafka_batch_size=7, kafka_dead_letter_topic=dead, **streams)
    for _ in range(KILLS[broker.kind]):
        before = settled(url)
        with program(given):
            give_up = time.monotonic() + 20
            while settled(url) == before and time.monotonic() < give_up:
                time.sleep(0.01)
            time.sleep(dice.uniform(0, 0.15))
    assert 0 < settled(url) < 2000, "the kills came too late to prove anything"
    with consuming(given.model_copy(update={"kafka_batch_size": 1000})):
        eventually(lambda: settled(url), 2000)
        wanted, found = letters(broker, dead, url)

    assert found == wanted
    assert state(url) == read_in_one_go(broker, fresh(), streams)


def test_a_consumer_that_joins_and_leaves_another_leaves_what_one_go_leaves(broker, streams, fresh):
    url = fresh()
    given = settings(broker, "shared", url, kafka_batch_size=1, **streams)
    with capture_logs() as logs, consuming(given):
        eventually(lambda: settled(url) > 0, True)
        with consuming(given):
            eventually(lambda: [one["event"] for one in logs].count("partitions-given") > 1, True)
            assert settled(url) < 2000, "the second one came too late to prove anything"
        eventually(lambda: settled(url), 2000)

    assert state(url) == read_in_one_go(broker, fresh(), streams)


@KAFKA
def test_database_and_broker_that_are_killed_are_waited_for(broker, streams, fresh):
    dead = broker.fresh_topic()
    with tempfile.TemporaryDirectory(prefix="evistore-") as folder, embedded(Path(folder), settings=QUICK) as url:
        migrate(url, CONTEXTS)
        given = settings(broker, "waits", url, kafka_batch_size=5, kafka_dead_letter_topic=dead, **streams)
        with consuming(given):
            eventually(lambda: settled(url) > 50, True)
            os.kill(int((Path(folder) / "postgresql" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            time.sleep(0.5)
            with embedded(Path(folder), settings=QUICK):
                stood = settled(url)
                eventually(lambda: settled(url) > stood, True)
                broker.kill()
                assert settled(url) < 2000, "the broker was killed too late to prove anything"
                time.sleep(0.5)
                broker.start()
                eventually(lambda: settled(url), 2000)
                wanted, found = letters(broker, dead, url)
                left = state(url)

    assert found == wanted
    assert left == read_in_one_go(broker, fresh(), streams)


@KAFKA
def test_a_stream_that_is_read_again_from_its_beginning_changes_nothing(broker, streams, fresh):
    url = fresh()
    (topic,) = streams["kafka_report_topics"]
    tables = [
        f"SELECT xmin::text, * FROM {query.split(' FROM ')[1]}"
        for name, query in TABLES.items()
        if name != "consumer_error"
    ]
    tables += [f"SELECT xmin::text, * FROM {name}" for name in ("public.consumer_error", "clusters.consumer_fault")]

    def everything():
        return [sorted(rows(url, query), key=repr) for query in tables]

    def told(outcome):
        return REGISTRY.get_sample_value("evistore_consumer_messages_total", {"topic": topic, "outcome": outcome}) or 0

    given = settings(broker, "lost", url, **streams)
    earlier = told("stored")  # by other tests of this process
    with consuming(given):
        eventually(lambda: settled(url), 2000)
    before, stored = everything(), told("stored")
    execute(url, "DELETE FROM evistore.consumer_position")
    admin = AdminClient({"bootstrap.servers": broker.bootstrap})  # its requests end with it
    admin.delete_consumer_groups(["lost"])["lost"].result(20)
    seen = told("older") + told("repeated")
    with consuming(given):
        eventually(lambda: settled(url), 2000)

    assert everything() == before
    assert told("stored") == stored
    assert told("older") + told("repeated") - seen >= stored - earlier > 0
    offsets = rows(url, "SELECT count(DISTINCT kafka_offset) > 3, min(kafka_offset) >= 0 FROM public.report")
    assert offsets == [(True, True)]


@KAFKA
def test_what_was_to_be_told_is_told_though_the_process_died_before_it_could(broker, fresh):
    url, topic = fresh(), broker.fresh_topic()
    send(broker, topic, [report_message(RequestId="r-1"), b"wrong"])
    given = settings(
        broker,
        "untold",
        url,
        kafka_report_topics=[topic],
        kafka_dead_letter_topic="dead-comes-later",
        kafka_tracker_topic="tracker-comes-later",
    )
    with program(given) as process:
        eventually(lambda: settled(url), 2)
        process.kill()
        process.wait()
    assert rows(url, "SELECT topic FROM evistore.outbox ORDER BY id") == [
        *[("tracker-comes-later",)] * 3,
        ("dead-comes-later",),
    ]
    for name in ("dead-comes-later", "tracker-comes-later"):
        broker.create_topic(name)
    with consuming(given):
        assert [one.value() for one in arrived(broker, "dead-comes-later", 1)] == [b"wrong"]
        steps = [json.loads(one.value())["status"] for one in arrived(broker, "tracker-comes-later", 3)]
    assert steps == ["received", "processed", "success"]


@TANSU
def test_sigterm_settles_and_tells_what_was_begun(broker, fresh):
    url, topic, dead = fresh(), broker.fresh_topic(), broker.fresh_topic()
    send(broker, topic, [b"wrong"] * 3000)
    given = settings(
        broker, "polite", url, kafka_report_topics=[topic], kafka_dead_letter_topic=dead, kafka_batch_size=50
    )
    with program(given) as process:
        eventually(lambda: settled(url) > 0, True)
        process.terminate()
        assert process.wait(20) == 0
    assert 0 < settled(url) < 3000
    assert rows(url, "SELECT count(*) FROM public.consumer_error") == [(settled(url),)]
    waiting = rows(url, "SELECT count(*) FROM evistore.outbox")[0][0]
    assert len(arrived(broker, dead, settled(url) - waiting)) > 0


@KAFKA
def test_the_newest_wins_in_whatever_order_messages_arrive(broker, fresh):
    dice, url, reference = random.Random(3), fresh(), fresh()
    moments = [CHECKED + timedelta(minutes=one) for one in range(25)]
    ordered = {
        "report": [a_report(dice, cluster, at) for at in moments for cluster in CLUSTERS],
        "workloads": [some_workloads(dice, cluster, at) for at in moments for cluster in CLUSTERS],
    }
    topics = {kind: [broker.fresh_topic(2), broker.fresh_topic(2)] for kind in ordered}
    for kind, values in ordered.items():
        shuffled = dice.sample([*values, *values], 2 * len(values))
        for number in range(4):  # a cluster's messages stand in every partition
            send(broker, topics[kind][number % 2], shuffled[number::4], partition=number // 2)
    given = settings(
        broker, "any-order", url, kafka_report_topics=topics["report"], kafka_workload_topics=topics["workloads"]
    )
    with consuming(given), consuming(given):
        eventually(lambda: settled(url), 1200)

    with Database(reference) as database:
        for kind, values in ordered.items():
            with database.transaction() as tx:
                assert {one.outcome for one in accept(tx, kind, values)} == {"stored"}
    assert {name: rows(url, query) for name, query in LATEST.items()} == {
        name: rows(reference, query) for name, query in LATEST.items()
    }
