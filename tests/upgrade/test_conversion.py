"""A lake on plain PostgreSQL becomes one on TimescaleDB, wherever the conversion is interrupted."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

import psycopg
import pytest

from evistore.delivery import CONTEXTS
from evistore.delivery.conversion import SQL, convert
from evistore.delivery.maintenance import maintain
from evistore.kernel.errors import Misconfigured
from evistore.kernel.migrations import migrate
from fixtures.cdevents import NOW, event, insert, projections, store, table

DAY = timedelta(days=1)
LAKE = """SELECT to_jsonb(l) FROM cdviz.cdevents_lake AS l ORDER BY position"""
EVENTS = [
    event("service.deployed", f"s{n % 7}", NOW - n * DAY, environment="prod", artifact=f"pkg:oci/s@{n}")
    for n in range(120)
]

pytestmark = pytest.mark.parametrize("engine", ["timescale"], indirect=True)
CONVERT = """
import sys
from evistore.delivery.conversion import SQL, convert
SQL["window"] = SQL["window"].replace("OFFSET 50000", "OFFSET 4")
print("ready", flush=True)
convert(sys.argv[1], progress=lambda done, total: print(done, flush=True))
"""


@pytest.fixture
def native_url(engine_url):
    """A native lake on a server that has TimescaleDB."""
    assert migrate(engine_url, CONTEXTS, engine="native").engine == "native"
    with psycopg.connect(engine_url, autocommit=True) as connection:
        for n in range(0, 120, 30):
            store(connection, *EVENTS[n : n + 30])
    return engine_url


def look(url):
    with psycopg.connect(url, autocommit=True) as connection:
        return table(connection, LAKE), projections(connection)


def test_the_lake_is_the_same_afterwards_and_works(native_url):
    before = look(native_url)
    with psycopg.connect(native_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE grafana LOGIN")
        connection.execute("GRANT SELECT ON cdviz.service, cdviz.cdevents_lake TO grafana")

    assert convert(native_url) == 120
    assert look(native_url) == before
    assert convert(native_url) is None

    report = migrate(native_url, CONTEXTS)
    assert (report.engine, report.changed) == ("timescale", False)
    with psycopg.connect(native_url, autocommit=True) as connection:
        assert store(connection, EVENTS[3], event("service.deployed", "new", NOW, environment="prod")) == [
            "duplicate",
            "stored",
        ]
        assert insert(connection, event("service.deployed", "newer", NOW, environment="prod")) == 1
        assert table(connection, "SELECT count(*) FROM cdviz.service_placement") == [(9,)]
        assert table(connection, "SELECT count(*) FROM timescaledb_information.jobs WHERE job_id >= 1000") == [(3,)]
        assert table(connection, "SELECT to_regprocedure('cdviz.time_bucket(interval, timestamptz)') IS NULL") == [
            (True,)
        ]
        assert table(connection, "SELECT time_bucket('7 days', '2026-06-17'::timestamptz)::date::text") == [
            ("2026-06-15",)
        ]
        assert table(connection, "SELECT has_table_privilege('grafana', 'cdviz.service', 'SELECT')") == [(True,)]
        assert table(connection, "SELECT sum(events)::int FROM cdviz.activity_daily") == [(122,)]
    assert maintain(native_url, now=NOW).engine == "timescale"


def test_interrupted_and_beside_writers_it_loses_and_doubles_nothing(native_url, monkeypatch):
    monkeypatch.setitem(SQL, "window", SQL["window"].replace("OFFSET 50000", "OFFSET 7"))
    written = 0

    class Killed(Exception):  # noqa: N818
        pass

    def write_and_die(done, total):
        nonlocal written
        assert done <= total
        if written % 3 == 2:
            written += 1
            raise Killed
        written += 1

    rounds = 0
    with psycopg.connect(native_url, autocommit=True) as connection:
        while True:
            late = event("service.deployed", "late", NOW - (rounds * 11) * DAY, environment="prod")
            assert store(connection, late) == ["stored"]
            try:
                assert convert(native_url, progress=write_and_die) == 120 + rounds + 1
            except Killed:
                rounds += 1
                continue
            break
        assert rounds > 3
        assert table(connection, "SELECT count(*), count(DISTINCT position) FROM cdviz.cdevents_lake") == [
            (120 + rounds + 1,) * 2
        ]
        assert table(connection, "SELECT count(*) FROM cdviz.service_event") == [(120 + rounds + 1,)]


def test_killed_at_any_moment_it_goes_on(native_url):
    before, chance, kills = look(native_url), random.Random(7), 0
    while kills < 6:
        with subprocess.Popen([sys.executable, "-c", CONVERT, native_url], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 1.2))
            child.send_signal(signal.SIGKILL)
            kills += 1
    convert(native_url)
    assert look(native_url) == before
    assert migrate(native_url, CONTEXTS).engine == "timescale"


def test_what_retention_took_in_between_does_not_come_back(native_url, monkeypatch):
    monkeypatch.setitem(SQL, "window", SQL["window"].replace("OFFSET 50000", "OFFSET 50"))

    def die(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(native_url, progress=die)
    with psycopg.connect(native_url, autocommit=True) as connection:
        connection.execute("UPDATE cdviz.retention_policy SET keep = '90 days'")
    gone = maintain(native_url, now=NOW).retired["service"]
    assert gone > 0
    assert convert(native_url) is not None
    assert len(look(native_url)[0]) == 120 - gone
    assert look(native_url)[0] != []


def test_a_server_without_the_extension_is_told(postgres18, engine):
    url = postgres18.fresh_database()
    migrate(url, CONTEXTS)
    with pytest.raises(Misconfigured) as refusal:
        convert(url)
    assert refusal.value.code == "timescale-missing"
    postgres18.discard(url)
