"""A database of the Insights Results Aggregator is taken over in place, or left alone."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from evistore import clusters
from evistore.clusters import ingest
from evistore.clusters.adoption import COLUMNS, adopt
from evistore.contexts import CONTEXTS
from evistore.kernel.database import Transaction
from evistore.kernel.errors import Misconfigured
from evistore.kernel.migrations import migrate
from evistore.kernel.schema import folder
from fixtures.cdevents import table
from fixtures.insights import report_message

CLUSTER = "5d5892d3-1f74-4ccf-91af-548dfc9767aa"
BOTH = pytest.mark.parametrize("engine", ["native", "native15"], indirect=True)


INDEXES = ("report_kafka_offset_btree_idx", "report_org_id_idx", "report_org_id_cluster_id_idx")
"""Those that the other system has beside its keys."""


def theirs(url: str, *, version: int = 32) -> None:
    """What the other system leaves, made by another login: tables without our comments, owners, indexes."""
    text = (folder(clusters.CLUSTERS) / "migrations" / "0007_clusters.up.sql").read_text("utf-8")
    statements = [
        part
        for part in text.split(";\n")
        if "IF NOT EXISTS" in part
        and "clusters." not in part.split("(")[0]
        and ("CREATE INDEX" not in part or any(name in part for name in INDEXES))
    ]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS aggregator")
        connection.execute("CREATE ROLE aggregator")
        connection.execute("GRANT CREATE ON SCHEMA public TO aggregator")
        connection.execute("GRANT CREATE ON DATABASE " + connection.info.dbname + " TO aggregator")
        connection.execute("SET ROLE aggregator")
        for statement in statements:
            connection.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]
        connection.execute("INSERT INTO public.migration_info VALUES (%s)", [version])
        connection.execute("INSERT INTO dvo.migration_info VALUES (4)")
        connection.execute(
            "INSERT INTO public.report VALUES (1, %s, '{}', '2026-01-02', '2026-01-01 10:00', 0, NULL)", [CLUSTER]
        )
        connection.execute(
            "INSERT INTO public.rule_hit VALUES (1, %s, 'rules.one.report', 'ONE', '{}', '2026-01-02')", [CLUSTER]
        )
        connection.execute(
            "INSERT INTO public.recommendation VALUES (1, %s, 'rules.one', 'ONE', 'rules.one|ONE', '2026-01-02', '2025-12-01')",
            [CLUSTER],
        )
        connection.execute(
            "INSERT INTO dvo.dvo_report VALUES (1, %s, 'ns', 'name', '{}', 1, 1, '2026-01-01', '2026-01-02')", [CLUSTER]
        )


@pytest.fixture
def old_url(engine_url: str) -> Iterator[str]:
    theirs(engine_url)
    yield engine_url
    with psycopg.connect(engine_url, autocommit=True) as connection:
        connection.execute("DROP OWNED BY aggregator CASCADE")
        connection.execute("DROP ROLE aggregator")


def shape(connection: psycopg.Connection) -> list[tuple[object, ...]]:
    """Columns and indexes of the tables that clients know, and who owns them."""
    return table(
        connection,
        """SELECT c.oid::regclass::text, c.relkind::text, pg_get_userbyid(c.relowner)::text, obj_description(c.oid),
                  (SELECT string_agg(format('%s %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                                            pg_get_expr(d.adbin, d.adrelid)), ', ' ORDER BY a.attnum)
                     FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                    WHERE a.attrelid = c.oid AND a.attnum > 0),
                  (SELECT string_agg(pg_get_constraintdef(k.oid), ', ' ORDER BY k.conname) FROM pg_constraint AS k WHERE k.conrelid = c.oid)
             FROM pg_class AS c
            WHERE c.relnamespace IN ('public'::regnamespace, 'dvo'::regnamespace) ORDER BY 1""",
    )


@BOTH
def test_an_adopted_database_is_a_fresh_one_with_the_old_rows(engine, old_url):
    with psycopg.connect(old_url) as connection:
        rows = {name: table(connection, f"SELECT * FROM {name}") for name in COLUMNS}

    report = migrate(old_url, CONTEXTS, adopt=adopt)
    assert any("public.report OWNER TO cdviz" in one for one in report.adopted)
    assert not migrate(old_url, CONTEXTS, adopt=adopt).changed

    fresh = engine.fresh_database()
    migrate(fresh, CONTEXTS)
    with psycopg.connect(old_url) as connection, psycopg.connect(fresh) as new:
        assert {name: table(connection, f"SELECT * FROM {name}") for name in COLUMNS} == rows
        assert shape(connection) == shape(new)
        assert table(connection, "SELECT has_table_privilege('aggregator', 'public.report', 'INSERT, UPDATE')") == [
            (True,)
        ]
    engine.discard(fresh)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_indexes_that_the_operator_had_added_do_not_hinder(old_url):
    with psycopg.connect(old_url, autocommit=True) as connection:  # PostgreSQL names them as we do
        connection.execute("CREATE INDEX ON public.cluster_rule_toggle (org_id)")
        connection.execute("CREATE INDEX ON public.consumer_error (consumed_at)")
        connection.execute("CREATE INDEX ON public.report (org_id, reported_at)")
        connection.execute("CREATE INDEX ON dvo.dvo_report (cluster_id)")
    assert migrate(old_url, CONTEXTS, adopt=adopt).adopted
    with psycopg.connect(old_url) as connection:
        twice = "SELECT indkey::text FROM pg_index WHERE indrelid = %s::regclass GROUP BY 1 HAVING count(*) > 1"
        assert table(connection, twice, "public.report") == table(connection, twice, "public.consumer_error") == []


@BOTH
def test_what_stood_before_counts(old_url):
    migrate(old_url, CONTEXTS, adopt=adopt)
    with psycopg.connect(old_url) as connection:
        tx = Transaction(connection)
        counted = (
            "SELECT day::text, rule_fqdn, error_key, appeared::int, resolved::int FROM clusters.hit_day ORDER BY id"
        )
        assert table(connection, counted) == [("2025-12-01", "rules.one", "ONE", 1, 0)]
        older = report_message(cluster=CLUSTER, last_checked="2026-01-01T09:00:00Z", hits=[])
        newer = report_message(cluster=CLUSTER, last_checked="2026-01-03T09:00:00Z", hits=[])
        assert [one.outcome for one in ingest.accept(tx, "report", [older, newer])] == ["older", "stored"]
        assert table(
            connection,
            "SELECT (appeared_at AT TIME ZONE 'UTC')::date::text, (resolved_at AT TIME ZONE 'UTC')::date::text FROM clusters.hit_episode",
        ) == [("2025-12-01", "2026-01-03")]
        assert table(connection, counted)[1:] == [("2026-01-03", "rules.one", "ONE", 0, 1)]


@pytest.mark.parametrize("engine", ["native"], indirect=True)
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE public.migration_info SET version = 31", "adoption-version"),
        ("INSERT INTO public.migration_info VALUES (32)", "adoption-version"),
        ("DELETE FROM dvo.migration_info", "adoption-version"),
        ("ALTER TABLE public.report ADD COLUMN extra text", "adoption-columns"),
        ("ALTER TABLE public.report ALTER COLUMN report TYPE text", "adoption-columns"),
        ("DROP TABLE public.rule_disable", "adoption-tables"),
    ],
)
def test_what_is_not_known_is_left_alone(old_url, change, code):
    with psycopg.connect(old_url, autocommit=True) as connection:
        connection.execute(change)
    with pytest.raises(Misconfigured) as caught:
        migrate(old_url, CONTEXTS, adopt=adopt)
    assert caught.value.code == code
    with psycopg.connect(old_url) as connection:
        assert table(
            connection,
            "SELECT to_regnamespace('cdviz')::text, pg_get_userbyid(relowner)::text FROM pg_class WHERE oid = 'public.report'::regclass",
        ) == [(None, "aggregator")]


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_both_bodies_of_evidence_can_have_a_database_of_their_own(engine, engine_url):
    migrate(engine_url, clusters.CONTEXTS)
    with psycopg.connect(engine_url) as connection:
        assert table(
            connection, "SELECT to_regclass('public.report') IS NOT NULL, to_regclass('cdviz.cdevents_lake') IS NULL"
        ) == [(True, True)]
    # Later they may move together.
    report = migrate(engine_url, CONTEXTS)
    assert next(name.split()[1] for name in report.applied) == "lake"
    assert not any("clusters" in name for name in report.applied)
    with psycopg.connect(engine_url) as connection:
        assert table(connection, "SELECT to_regclass('cdviz.cdevents_lake') IS NOT NULL") == [(True,)]
