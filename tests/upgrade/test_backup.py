"""A dump, restored into a new server with its roles, is the same evidence, and whoever follows it goes on."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from evistore.contexts import CONTEXTS
from evistore.delivery.history import history
from evistore.kernel.doctor import examination
from evistore.kernel.dump import dump_schema
from evistore.kernel.embedded import binary, embedded
from evistore.kernel.migrations import migrate
from fixtures.commands import evistore
from fixtures.engines import QUICK
from fixtures.insights_messages import report_message
from fixtures.projecting import batch, projections

pytestmark = pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
PROGRAM = "evistore_test_restored"
DAILY = "SELECT day, subject, predicate, source, events FROM cdviz.activity_daily ORDER BY 1, 2, 3, 4"
BY_HAND = """
SELECT (l."timestamp" AT TIME ZONE 'UTC')::date, l.subject, l.predicate, coalesce(l.source, ''), count(*)
  FROM cdviz.cdevents_lake AS l GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
# What another server has run through when it is old; a new one is far from that.
AGE = "DO $$ BEGIN FOR n IN 1..20000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
TABLES = """
SELECT c.oid::regclass::text FROM pg_class AS c
 WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text IN ('cdviz', 'evistore', 'clusters', 'dvo', 'public')
 ORDER BY 1
"""


@pytest.fixture(scope="module")
def events() -> list[str]:
    return list(history(seed=3, services=6, days=20, until=datetime(2026, 6, 10, tzinfo=UTC)))


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """Another server, just made."""
    with (
        tempfile.TemporaryDirectory(prefix="evistore-") as folder,
        embedded(Path(folder), settings=QUICK) as url,
    ):
        yield url


@pytest.fixture
def original(delivery, delivery_url, events, tmp_path):
    """A database that has been used: half of the events are counted, one webhook has been told of some."""
    delivery.execute(AGE)
    batch(delivery, events[:400])
    delivery.execute("SELECT cdviz.refresh_activity()")
    delivery.execute("SELECT cdviz.add_webhook('chat', 'http://127.0.0.1:9/', 'whsec_' || repeat('a', 32))")
    batch(delivery, events[400:600])
    delivery.execute("SELECT evistore.advance_consumer('g', 't', 0, NULL, 1047)")
    (tmp_path / "report.json").write_bytes(report_message())
    ingested = evistore("ingest", "--kind", "report", tmp_path / "report.json", "--database-url", delivery_url)
    assert ingested.returncode == 0, ingested.stderr
    delivery.execute(sql.SQL("CREATE ROLE {} LOGIN IN ROLE evistore_service").format(sql.Identifier(PROGRAM)))
    yield delivery_url
    delivery.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(PROGRAM)))


def run(program, *words, **options):
    done = subprocess.run([binary(program), *words], capture_output=True, text=True, check=False, **options)
    return done.returncode, done.stderr


def moved(url: str, elsewhere: str, folder: Path) -> str:
    """Roles and database of *url*, in another server, as docs/operate/backup.md says."""
    assert run("pg_dumpall", "--roles-only", f"--dbname={url}", f"--file={folder}/roles.sql")[0] == 0
    # The PostgreSQL of the wheel is built without LZ4, which Debian's compresses with.
    assert (
        run(
            "pg_dump", "--format=custom", "--no-toast-compression", f"--dbname={url}", f"--file={folder}/evidence.dump"
        )[0]
        == 0
    )
    administrator = make_conninfo(elsewhere, dbname="postgres")
    # Roles that are there already, such as the administrator, are no failure.
    assert run("psql", "-q", administrator, "-f", str(folder / "roles.sql"))[0] == 0
    told = run("pg_restore", "--create", "--exit-on-error", f"--dbname={administrator}", f"{folder}/evidence.dump")
    assert told == (0, "")
    return make_conninfo(elsewhere, dbname=psycopg.conninfo.conninfo_to_dict(url)["dbname"])


@pytest.fixture
def restored(original, elsewhere, tmp_path):
    url = moved(original, elsewhere, tmp_path)
    yield url
    with psycopg.connect(elsewhere, dbname="postgres", autocommit=True) as connection:
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def counted(connection: psycopg.Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = [row[0] for row in connection.execute(TABLES)]
    return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def ids(connection: psycopg.Connection, after: int | None) -> list[str]:
    return [
        row[0] for row in connection.execute("SELECT context_id FROM cdviz.events_after(%s::bigint, 100000)", [after])
    ]


def test_a_restored_dump_is_the_same_and_goes_on(original, restored, events):
    if version(original) == version(restored):  # another version prints views in other words
        assert dump_schema(restored) == dump_schema(original)
    with psycopg.connect(original) as one, psycopg.connect(restored) as other:
        assert counted(other) == counted(one)
        for query in (DAILY, "SELECT to_jsonb(p) FROM evistore.consumer_position AS p"):
            assert other.execute(query).fetchall() == one.execute(query).fetchall()
        assert projections(other) == projections(one)
        last = other.execute("SELECT max(position) FROM cdviz.cdevents_lake").fetchone()[0]
    assert states(restored)["counts"] == "bad"

    assert not migrate(restored, CONTEXTS).changed
    login = make_conninfo(restored, user=PROGRAM)
    with psycopg.connect(restored, autocommit=True) as owner, psycopg.connect(login, autocommit=True) as program:
        # Positions that the lost hours gave away are not given again.
        owner.execute("SELECT setval('cdviz.event_position', (SELECT last_value + 1000000 FROM cdviz.event_position))")
        assert set(batch(program, events[500:600])) == {"duplicate"}
        assert set(batch(program, events[600:700])) == {"stored"}
        assert owner.execute(DAILY).fetchall() == owner.execute(BY_HAND).fetchall()

        assert evistore("maintain", "--database-url", restored).returncode == 0
        assert owner.execute(DAILY).fetchall() == owner.execute(BY_HAND).fetchall()
        assert {"counts": "ok", "roles": "ok", "schema": "ok", "followers": "ok"}.items() <= states(login).items()

        new = [
            one[0] for one in program.execute("SELECT context_id FROM cdviz.cdevents_lake WHERE position > %s", [last])
        ]
        assert sorted(ids(program, None)) == sorted(
            one[0] for one in program.execute("SELECT context_id FROM cdviz.cdevents_lake")
        )
        assert sorted(ids(program, last)) == sorted(new)
        assert sorted(ids(program, last + 5000)) == sorted(new)  # who had seen what the dump does not have
        assert program.execute("SELECT cdviz.settle_webhooks()").fetchone() == (1,)
        assert program.execute("SELECT behind FROM cdviz.webhooks").fetchone()[0] >= len(new)


def version(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.info.server_version


def states(url: str) -> dict[str, str]:
    return {one.name: one.state for one in examination(url, CONTEXTS)}
