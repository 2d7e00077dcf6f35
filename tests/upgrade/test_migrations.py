"""Every way to the newest schema ends at the same one."""

from __future__ import annotations

import threading

import psycopg
import pytest
from psycopg.types.json import Jsonb

from evistore import clusters
from evistore.contexts import CONTEXTS
from evistore.kernel.dump import dump_schema
from evistore.kernel.errors import Misconfigured
from evistore.kernel.migrations import migrate, plan
from evistore.kernel.schema import migrations
from fixtures.cdevents import NOW, event, projections, store, table

NUMBERS = [one.number for one in migrations(CONTEXTS)]
EVERY = pytest.mark.parametrize("engine", ["native", "native15", "timescale"], indirect=True)

# pg_dump wants more of a server than the WebAssembly one gives.
CATALOGUE = """
    SELECT 'relation', c.relnamespace::regnamespace || '.' || c.relname, c.relkind::text, c.relacl::text, obj_description(c.oid), a.columns
      FROM pg_class AS c
     CROSS JOIN LATERAL (
        SELECT string_agg(format('%s %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, col_description(c.oid, a.attnum)),
                          ', ' ORDER BY a.attnum) AS columns
          FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     ) AS a
     WHERE c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('cdviz', 'evistore', 'clusters', 'dvo', 'public'))
    UNION ALL
    SELECT 'routine', p.oid::regprocedure::text, p.prosrc, p.proacl::text, obj_description(p.oid), p.proconfig::text
      FROM pg_proc AS p WHERE p.pronamespace IN ('cdviz'::regnamespace, 'evistore'::regnamespace, 'clusters'::regnamespace)
    UNION ALL
    SELECT 'trigger', t.tgname, pg_get_triggerdef(t.oid), t.tgenabled::text, obj_description(t.oid), NULL
      FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid WHERE c.relnamespace = 'cdviz'::regnamespace AND NOT t.tgisinternal
    UNION ALL
    SELECT 'view', v.viewname, v.definition, NULL, NULL, NULL FROM pg_views AS v WHERE v.schemaname IN ('cdviz', 'evistore', 'clusters')
     ORDER BY 1, 2, 3
"""


def schema(url):
    with psycopg.connect(url, autocommit=True) as connection:
        catalogue = table(connection, CATALOGUE)
    return catalogue if "sslmode" in url else (catalogue, dump_schema(url))


@EVERY
def test_down_to_nothing_and_up_again_is_a_fresh_database(engine, engine_url):
    assert migrate(engine_url, CONTEXTS, engine=engine.kind).number == NUMBERS[-1]
    fresh = schema(engine_url)
    with psycopg.connect(engine_url, autocommit=True) as connection:
        store(connection, event("service.deployed", "shop", NOW, environment="prod"))

    assert migrate(engine_url, CONTEXTS, to=0).undone != []
    with psycopg.connect(engine_url, autocommit=True) as connection:
        left = table(
            connection,
            "SELECT relname FROM pg_class WHERE relnamespace = 'cdviz'::regnamespace AND relkind IN ('r', 'p', 'v')",
        )
    assert left == []
    migrate(engine_url, CONTEXTS, engine=engine.kind)

    assert schema(engine_url) == fresh
    with psycopg.connect(engine_url, autocommit=True) as connection:
        assert store(connection, event("service.deployed", "shop", NOW, environment="prod")) == ["stored"]
        if engine.kind == "native":
            assert table(connection, "SELECT count(*) FROM cdviz.cdevents_lake_default") == [(0,)]


@EVERY
def test_every_step_down_and_up_keeps_the_events(engine, engine_url):
    migrate(engine_url, CONTEXTS, engine=engine.kind)
    with psycopg.connect(engine_url, autocommit=True) as connection:
        store(connection, event("service.deployed", "first", NOW, environment="prod"))
    fresh = schema(engine_url)
    for number in NUMBERS:
        if number < 3:
            continue  # below it there is no lake, or nothing is read off it
        with psycopg.connect(engine_url, autocommit=True) as connection:
            store(connection, event("service.deployed", f"s{number}", NOW, environment="prod"))
            before = projections(connection)
        assert migrate(engine_url, CONTEXTS, to=number).number == number
        assert migrate(engine_url, CONTEXTS).number == NUMBERS[-1]
        with psycopg.connect(engine_url, autocommit=True) as connection:
            assert projections(connection) == before
    assert schema(engine_url) == fresh


@EVERY
def test_migrating_again_does_nothing(engine, engine_url):
    assert migrate(engine_url, CONTEXTS, engine=engine.kind).changed
    fresh = schema(engine_url)
    assert not migrate(engine_url, CONTEXTS).changed
    assert schema(engine_url) == fresh
    assert plan(engine_url, CONTEXTS) == ""


@pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
def test_ten_migrations_that_start_at_once_do_it_once(engine_url):
    barrier, reports, faults = threading.Barrier(10), [], []

    def start():
        barrier.wait()
        try:
            reports.append(migrate(engine_url, CONTEXTS))
        except Exception as fault:  # noqa: BLE001
            faults.append(fault)

    threads = [threading.Thread(target=start) for _ in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert faults == []
    assert sorted(len(report.applied) for report in reports) == [0] * 9 + [len(NUMBERS)]


AHEAD = "INSERT INTO evistore.migration (number, context, name, serves_from) VALUES (%s, %s, 'later', %s)"


def changed(url, statement, *parameters):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement, parameters)


@EVERY
def test_a_database_of_a_newer_release_is_left_alone(engine, engine_url):
    migrate(engine_url, CONTEXTS, engine=engine.kind)
    changed(engine_url, AHEAD, 9999, "delivery", NUMBERS[-1])
    changed(engine_url, "UPDATE evistore.definition SET fingerprint = 'later'")
    changed(engine_url, "COMMENT ON VIEW cdviz.pipelinerun IS 'later'")
    before = schema(engine_url)

    report = migrate(engine_url, CONTEXTS)
    assert (report.ahead, report.changed, report.number, report.engine) == (True, False, 9999, engine.kind)
    with pytest.raises(Misconfigured) as refusal:
        migrate(engine_url, CONTEXTS, to=NUMBERS[-1])
    assert refusal.value.code == "schema-newer"

    changed(engine_url, AHEAD, 9998, "kernel", 9998)
    with pytest.raises(Misconfigured) as refusal:
        migrate(engine_url, CONTEXTS)
    assert refusal.value.code == "schema-newer"
    assert schema(engine_url) == before


@EVERY
def test_definitions_of_a_newer_release_are_left_alone_and_those_of_an_older_one_replaced(engine, engine_url):
    migrate(engine_url, CONTEXTS, engine=engine.kind)
    other = "UPDATE evistore.definition SET fingerprint = 'other', release = %s, objects = objects - 'view cdviz.pipelinerun'"
    changed(engine_url, other, "99.1rc1")
    assert (migrate(engine_url, CONTEXTS).ahead, migrate(engine_url, CONTEXTS, to=NUMBERS[-1]).defined) == (True, [])
    with pytest.raises(Misconfigured):
        migrate(engine_url, CONTEXTS, to=NUMBERS[-2])

    changed(engine_url, other, "0.0.9")
    assert migrate(engine_url, CONTEXTS).defined == ["cdviz.pipelinerun"]


@EVERY
def test_only_what_changed_or_is_missing_is_made_anew(engine, engine_url):
    migrate(engine_url, CONTEXTS, engine=engine.kind)
    fresh = schema(engine_url)
    changed(engine_url, "DROP TRIGGER cdevents_lake_projection ON cdviz.cdevents_lake")
    changed(engine_url, "DROP VIEW cdviz.ticket")
    changed(
        engine_url,
        "UPDATE evistore.definition SET fingerprint = 'other', objects = objects || %s WHERE context = 'delivery'",
        Jsonb({"function cdviz.runs": "other", "function cdviz.gone": "x"}),
    )
    assert sorted(migrate(engine_url, CONTEXTS).defined) == [
        "cdviz.cdevents_lake_projection",
        "cdviz.runs",
        "cdviz.ticket",
    ]
    assert schema(engine_url) == fresh


def test_migrations_of_other_evidence_do_not_ask_more_of_a_program_than_those_it_knows(postgres18):
    url = postgres18.fresh_database()
    migrate(url, clusters.CONTEXTS, engine="native")
    newest = migrations(clusters.CONTEXTS)[-1].number
    changed(url, AHEAD, 9999, "kernel", NUMBERS[-1])
    assert newest < NUMBERS[-1]
    assert migrate(url, clusters.CONTEXTS).ahead
    changed(url, AHEAD, 9998, "kernel", 9998)
    with pytest.raises(Misconfigured):
        migrate(url, clusters.CONTEXTS)
    postgres18.discard(url)


@pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)
def test_a_migration_that_fails_leaves_what_stood_before(engine_url):
    migrate(engine_url, CONTEXTS, to=3)
    with psycopg.connect(engine_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE cdviz.lake_move (n int)")
        with pytest.raises(psycopg.errors.DuplicateTable):
            migrate(engine_url, CONTEXTS)
        assert table(connection, "SELECT max(number) FROM evistore.migration") == [(3,)]
        connection.execute("DROP TABLE cdviz.lake_move")
    assert migrate(engine_url, CONTEXTS).number == NUMBERS[-1]
