"""TimescaleDB in WebAssembly does what tests ask of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import errors

from evistore.kernel.database import Database

pytestmark = pytest.mark.parametrize("engine", ["timescale"], indirect=True)


@pytest.fixture
def connection(engine_url):
    with psycopg.connect(engine_url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION timescaledb")
        connection.execute("CREATE TABLE told (n int, how text)")
        connection.execute("CREATE TABLE lake (at timestamptz NOT NULL, name text NOT NULL)")
        connection.execute("SELECT create_hypertable('lake', by_range('at', interval '7 days'))")
        yield connection


def test_statement_triggers_of_hypertables_see_every_new_row(connection):
    connection.execute("""
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO told SELECT count(*), tg_op FROM fresh; RETURN NULL; END $$""")
    connection.execute("""
        CREATE TRIGGER tell AFTER INSERT ON lake REFERENCING NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION tell()""")
    connection.execute(
        "INSERT INTO lake SELECT now() - i * interval '1 day', i::text FROM generate_series(1, 100) AS i"
    )
    with connection.cursor().copy("COPY lake FROM STDIN") as copy:
        for number in range(5000):
            copy.write_row(("2026-01-01T00:00:00Z", f"copied {number}"))

    assert connection.execute("SELECT n FROM told").fetchall() == [(100,), (5000,)]


def test_jobs_run_when_they_are_called(connection):
    connection.execute(
        "INSERT INTO lake SELECT now() - i * interval '1 day', i::text FROM generate_series(1, 100) AS i"
    )
    connection.execute("ALTER TABLE lake SET (timescaledb.enable_columnstore, timescaledb.orderby = 'at DESC')")
    connection.execute("CALL add_columnstore_policy('lake', after => interval '14 days')")
    connection.execute("SELECT add_retention_policy('lake', interval '60 days')")
    connection.execute("""
        CREATE PROCEDURE note(job_id int, config jsonb) LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO told VALUES (1, config ->> 'how'); COMMIT; END $$""")
    connection.execute("""SELECT add_job('note', '1 hour', config => '{"how": "by a job"}')""")
    jobs = connection.execute("SELECT job_id FROM timescaledb_information.jobs WHERE job_id >= 1000").fetchall()
    for (job,) in jobs:
        connection.execute(f"CALL run_job({job})")

    chunks = connection.execute(
        "SELECT bool_or(is_compressed), min(range_end) > now() - interval '60 days' FROM timescaledb_information.chunks"
    ).fetchone()
    assert chunks == (True, True)
    assert connection.execute("SELECT how FROM told").fetchall() == [("by a job",)]


def test_continuous_aggregates_add_what_is_not_refreshed_yet(connection):
    connection.execute("INSERT INTO lake VALUES ('2026-01-01', 'a'), ('2026-01-02', 'b')")
    connection.execute("""
        CREATE MATERIALIZED VIEW daily WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
        SELECT time_bucket('1 day', at) AS day, count(*) AS n FROM lake GROUP BY 1 WITH NO DATA""")
    connection.execute("CALL refresh_continuous_aggregate('daily', NULL, '2026-01-03')")
    connection.execute("INSERT INTO lake VALUES ('2026-01-05', 'c')")

    assert connection.execute("SELECT count(*) FROM daily").fetchone() == (3,)


def test_connections_take_turns_and_keep_their_own_prepared_statements(connection, engine_url):
    with psycopg.connect(engine_url, autocommit=True, prepare_threshold=0) as other:
        connection.prepare_threshold = 0
        for number in range(20):
            assert connection.execute("SELECT %s::int", [number]).fetchone() == (number,)
            assert other.execute("SELECT %s::text", [str(number)]).fetchone() == (str(number),)


def test_a_pool_of_connections_works_side_by_side(connection, engine_url):
    def write(number: int) -> None:
        with database.transaction() as tx:
            tx.run("INSERT INTO told VALUES (%(n)s::int, 'pooled')", n=number)
            tx.run("SELECT pg_sleep(0.01)")

    with Database(engine_url, size=4) as database, ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(40)))

    assert connection.execute("SELECT count(*), sum(n) FROM told").fetchone() == (40, sum(range(40)))


def test_a_transaction_is_alone_and_undone_when_its_connection_goes(connection, engine_url):
    leaver = psycopg.connect(engine_url)
    leaver.execute("INSERT INTO lake VALUES ('2026-01-01', 'undone')")
    leaver.close()

    assert connection.execute("SELECT count(*) FROM lake").fetchone() == (0,)


def test_a_connection_has_the_role_and_the_settings_of_its_user(connection, engine_url):
    connection.execute("CREATE ROLE visitor LOGIN")
    connection.execute("ALTER DATABASE template1 SET search_path = pg_catalog, public")
    with psycopg.connect(engine_url, user="visitor", autocommit=True) as visitor:
        assert visitor.execute("SELECT session_user::text, current_setting('search_path')").fetchone() == (
            "visitor",
            "pg_catalog, public",
        )
        with pytest.raises(errors.InsufficientPrivilege):
            visitor.execute("SELECT * FROM lake")
    assert connection.execute("SELECT session_user::text").fetchone() == ("postgres",)


def test_a_session_starts_with_the_defaults_of_a_server(connection):
    names = ["search_path", "enable_seqscan", "allow_system_table_mods"]
    found = [connection.execute("SELECT current_setting(%s)", [name]).fetchone()[0] for name in names]

    assert found == ['"$user", public', "on", "off"]


def test_messages_may_be_large(connection):
    text = "x" * 3_000_000

    assert connection.execute("SELECT length(%s::text), %s::text", [text, text]).fetchone() == (3_000_000, text)


def test_errors_leave_the_connection_usable(connection):
    with pytest.raises(errors.DivisionByZero):
        connection.execute("SELECT 1 / %s::int", [0])
    with connection.pipeline():
        answers = [connection.execute("SELECT %s::int", [number]) for number in range(50)]

    assert sum(answer.fetchone()[0] for answer in answers) == sum(range(50))
