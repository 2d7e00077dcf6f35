"""The database or a writer killed in mid-ingest: what was acknowledged is stored, nothing is doubled, and all is read off it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from evistore.delivery import CONTEXTS
from evistore.delivery.history import history
from evistore.kernel.embedded import embedded
from evistore.kernel.migrations import migrate
from fixtures.projecting import batch, call, differences, projections

SETTINGS = {"fsync": "on", "full_page_writes": "on", "shared_buffers": "32MB", "checkpoint_timeout": "30s"}
KILLS = 10

# A writer of its own process: says after each batch how far it has come.
WRITER = """
import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    texts = [line.rstrip("\\n") for line in open(sys.argv[2], encoding="utf-8")]
    for start in range(0, len(texts), 40):
        connection.execute("SELECT FROM cdviz.store_cdevents(%s::text[]::jsonb[])", [texts[start : start + 40]])
        print(start + 40, flush=True)
"""


@pytest.fixture(scope="module")
def events() -> list[str]:
    return list(history(seed=8, services=14, days=30, until=datetime(2026, 6, 10, tzinfo=UTC)))


def key(text: str) -> tuple[str, str]:
    context = json.loads(text)["context"]
    return context["source"], context["id"]


def lake(connection: psycopg.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT source, context_id FROM cdviz.cdevents_lake").fetchall()


class Writer(threading.Thread):
    """Stores its events again and again from a little before the last acknowledged one, until the database is gone or all is stored."""

    def __init__(self, texts: list[str], size: int) -> None:
        super().__init__()
        self.texts, self.size, self.acknowledged = texts, size, 0

    def resume(self, url: str) -> Writer:
        again = Writer(self.texts, self.size)
        again.acknowledged, again.url = self.acknowledged, url
        again.start()
        return again

    def run(self) -> None:
        start = max(0, self.acknowledged - 3 * self.size)
        try:
            with psycopg.connect(self.url, autocommit=True) as connection:
                for n in range(start, len(self.texts), self.size):
                    part = self.texts[n : n + self.size]
                    if self.size == 1:
                        call(connection, part)
                    else:
                        assert set(batch(connection, part)) <= {"stored", "duplicate"}
                    self.acknowledged = max(self.acknowledged, n + len(part))
        except psycopg.OperationalError:
            return

    @property
    def confirmed(self) -> set[tuple[str, str]]:
        return {key(text) for text in self.texts[: self.acknowledged]}


def postmaster(home: Path) -> int:
    return int((home / "postgresql" / "postmaster.pid").read_text().split()[0])


def a_backend(url: str) -> int:
    """A backend that stores at this moment, or the postmaster's choice of any."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE query ~ 'store_cdevent' AND pid <> pg_backend_pid() LIMIT 1"
        ).fetchone()[0]


def recovered(url: str) -> None:
    """Return once the server takes connections again after it lost a backend."""
    for _ in range(300):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not come back")


def test_killed_again_and_again_the_database_keeps_what_it_acknowledged_and_doubles_nothing(tmp_path, events):
    chance = random.Random(time.time_ns())
    writers = [
        Writer(chance.sample(events, len(events)), 60),
        Writer(chance.sample(events, len(events)), 7),
        Writer(chance.sample(events, len(events)), 1),
    ]
    died = 0
    for round_ in range(KILLS):
        with embedded(tmp_path, settings=SETTINGS) as url:
            if round_ == 0:
                migrate(url, CONTEXTS)
            with psycopg.connect(url) as connection:
                found = lake(connection)
                assert len(found) == len(set(found))
                assert set().union(*(writer.confirmed for writer in writers)) <= set(found)
            writers = [writer.resume(url) for writer in writers]
            time.sleep(chance.uniform(0.05, 0.4))
            died += any(writer.is_alive() for writer in writers)
            os.kill(a_backend(url) if round_ % 3 == 2 else postmaster(tmp_path), signal.SIGKILL)
            for writer in writers:
                writer.join(30)
            if round_ % 3 == 2:
                recovered(url)  # PostgreSQL told to stop in the midst of that may wait for ever
    assert died >= KILLS - 2, "the writers had nothing left to store: the kills hit nobody"

    with embedded(tmp_path, settings=SETTINGS) as url:
        writers = [writer.resume(url) for writer in writers]
        for writer in writers:
            writer.join(120)
            assert writer.acknowledged == len(events)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SELECT cdviz.settle_links()")
            assert sorted(lake(connection)) == sorted(map(key, events))
            found = projections(connection)
            connection.execute("CREATE DATABASE direct")
        direct = url.replace("/evistore?", "/direct?")
        migrate(direct, CONTEXTS)
        with psycopg.connect(direct, autocommit=True) as connection:
            batch(connection, events)
            assert differences(projections(connection), found) == {}


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_a_writer_killed_in_the_midst_of_a_batch_leaves_whole_batches_only(delivery_url, tmp_path, events):
    listed = tmp_path / "events.ndjson"
    listed.write_text("\n".join(events), encoding="utf-8")
    for _ in range(6):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, delivery_url, str(listed)], stdout=subprocess.PIPE, text=True
        ) as writer:
            for _ in range(random.randint(2, 12)):
                acknowledged = int(writer.stdout.readline() or len(events))
            time.sleep(random.uniform(0, 0.01))
            writer.kill()
        with psycopg.connect(delivery_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            found = lake(connection)
        assert len(found) == len(set(found))
        assert set(map(key, events[:acknowledged])) <= set(found)
        assert len(found) % 40 == 0 or len(found) == len(events)

    with psycopg.connect(delivery_url, autocommit=True) as connection:
        batch(connection, events)
        assert sorted(lake(connection)) == sorted(map(key, events))
