"""Nothing is lost and nothing doubled, whatever is killed while the consumer works."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

import fixtures.consuming
from evistore.kernel.embedded import embedded
from evistore.kernel.migrations import KERNEL, migrate
from fixtures.consuming import TABLE, consuming, count, eventually, execute, rows, send, settings
from fixtures.engines import QUICK

KAFKA = pytest.mark.parametrize("broker_process", ["kafka"], indirect=True)
KILLS = {"kafka": 10, "tansu": 6}


@pytest.fixture
def url(postgres18):
    url = postgres18.fresh_database()
    migrate(url, [KERNEL])
    execute(url, TABLE)
    yield url
    postgres18.discard(url)


@pytest.fixture
def server():
    """A database server of the test's own: the folder of its data, and the URL."""
    with tempfile.TemporaryDirectory(prefix="evistore-") as folder, embedded(Path(folder), settings=QUICK) as url:
        migrate(url, [KERNEL])
        execute(url, TABLE)
        yield Path(folder), url


def _kill(folder):
    words = (folder / "postgresql" / "postmaster.pid").read_text().split()
    os.kill(int(words[0]), signal.SIGKILL)


@contextmanager
def program(given, url, *topics):
    """The consumer as a process of its own."""
    options = {name: value.get_secret_value() for name, value in given.kafka_options.items()}
    environment = os.environ | {
        "EVISTORE_DATABASE_URL": url,
        "EVISTORE_KAFKA_BROKERS": given.kafka_brokers,
        "EVISTORE_KAFKA_GROUP": given.kafka_group,
        "EVISTORE_KAFKA_BATCH_SIZE": str(given.kafka_batch_size),
        "EVISTORE_KAFKA_OPTIONS": str(options).replace("'", '"'),
        "PYTHONPATH": str(Path(fixtures.consuming.__file__).parents[1]),
    }
    command = [sys.executable, fixtures.consuming.__file__, *topics]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def _each_once_and_in_order(url, total):
    found = rows(url)
    assert Counter(row[3] for row in found) == Counter(range(total))
    for place in {row[:2] for row in found}:
        offsets = [row[2] for row in found if row[:2] == place]
        assert offsets == sorted(offsets)


def test_a_consumer_that_is_killed_again_and_again_stores_each_message_once(broker, url):
    topic, total, dice = broker.fresh_topic(2), 32_000, random.Random(7)
    send(broker, topic, range(total))
    given = settings(broker, "killed", kafka_batch_size=10)
    for _ in range(KILLS[broker.kind]):
        before = count(url)
        with program(given, url, topic):
            give_up = time.monotonic() + 20
            while count(url) == before and time.monotonic() < give_up:
                time.sleep(0.02)
            time.sleep(dice.uniform(0, 0.05))
    assert 0 < count(url) < total, "the kills came too late to prove anything"
    with consuming(given.model_copy(update={"kafka_batch_size": 1000}), url, topic):
        eventually(lambda: count(url), total)

    _each_once_and_in_order(url, total)


@KAFKA
def test_a_database_that_is_killed_is_waited_for_without_leaving_the_group(broker, server):
    folder, url = server
    topic = broker.fresh_topic(2)
    with capture_logs() as logs, consuming(settings(broker, "no-database", kafka_batch_size=50), url, topic):
        for start in range(0, 3000, 1000):
            send(broker, topic, range(start, start + 1000))
            eventually(lambda wanted=start: count(url) > wanted, True)
            _kill(folder)
            time.sleep(2.5)  # longer than the session
            with embedded(folder, settings=QUICK):
                eventually(lambda: count(url), start + 1000)

    _each_once_and_in_order(url, 3000)
    told = Counter(entry["event"] for entry in logs)
    assert told["partitions-given"] == 1
    assert told["waiting"] == told["going-on"] <= 3


@KAFKA
def test_a_database_that_comes_later_than_the_consumer_is_waited_for(broker, server):
    folder, url = server
    topic = broker.fresh_topic()
    send(broker, topic, range(5))
    _kill(folder)
    with consuming(settings(broker, "early-bird"), url, topic):
        time.sleep(3)
        with embedded(folder, settings=QUICK):
            eventually(lambda: count(url), 5)


@KAFKA
def test_a_broker_that_is_killed_is_waited_for(broker, url):
    topic = broker.fresh_topic(2)
    with consuming(settings(broker, "no-broker", kafka_batch_size=50), url, topic):
        for start in range(0, 2000, 1000):
            send(broker, topic, range(start, start + 1000))
            eventually(lambda wanted=start: count(url) > wanted, True)
            broker.kill()
            time.sleep(0.5)
            broker.start()
            eventually(lambda: count(url), start + 1000)

    _each_once_and_in_order(url, 2000)


@KAFKA
def test_a_consumer_stops_though_the_broker_is_away(broker, url):
    topic = broker.fresh_topic()
    send(broker, topic, [0])
    with consuming(settings(broker, "widowed"), url, topic):
        eventually(lambda: count(url), 1)
        broker.kill()
        started = time.monotonic()
    assert time.monotonic() - started < 10


@KAFKA
def test_sigterm_finishes_the_batch_and_leaves_the_group_at_once(broker, url):
    topic = broker.fresh_topic()
    sending = threading.Thread(target=send, args=(broker, topic, range(20_000)))
    sending.start()
    patient = {"session.timeout.ms": "3000"}
    with program(settings(broker, "polite", kafka_options=patient), url, topic) as process:
        eventually(lambda: count(url) > 0, True)
        process.terminate()
        assert process.wait(10) == 0
    sending.join()
    with consuming(settings(broker, "polite", kafka_options=patient), url, topic):
        eventually(lambda: count(url), 20_000)

    _each_once_and_in_order(url, 20_000)


@KAFKA
def test_a_bug_ends_the_program_with_an_error(broker, url):
    topic = broker.fresh_topic()
    send(broker, topic, ["bug"])
    with program(settings(broker, "buggy"), url, topic) as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode != 0
    assert b"ZeroDivisionError" in errors
