"""The engines that tests run on are real ones."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

ALL = pytest.mark.parametrize("engine", ["native", "native15", "timescale"], indirect=True)


@ALL
def test_a_fresh_database_answers_and_is_empty(engine_url):
    with psycopg.connect(engine_url) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()

    assert found == (0,)


@ALL
def test_a_copy_has_what_its_template_had(engine):
    template = engine.fresh_database()
    with psycopg.connect(template) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    copy = engine.fresh_database(template)
    with psycopg.connect(copy) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    engine.discard(copy)
    engine.discard(template)


@ALL
def test_a_discarded_database_keeps_nothing(engine):
    url = engine.fresh_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE gone ()")
    engine.discard(url)

    with pytest.raises((errors.UndefinedTable, psycopg.OperationalError)), psycopg.connect(url) as connection:
        connection.execute("SELECT * FROM gone")


def test_the_native_engines_are_of_the_oldest_and_the_newest_supported_version(postgres15, postgres18):
    versions = []
    for engine in (postgres15, postgres18):
        with psycopg.connect(engine.url) as connection:
            versions.append(connection.info.server_version // 10000)

    assert versions == [15, 18]
