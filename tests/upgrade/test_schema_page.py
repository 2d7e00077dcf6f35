"""The schema that the reference shows is the one a fresh database has."""

from __future__ import annotations

import pytest

from fixtures.schema import DESCRIPTION, PAGE, description, page


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_the_dump_in_the_reference_is_that_of_a_fresh_database(engine_url):
    assert PAGE.read_text("utf-8") == page(engine_url)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_two_fresh_databases_have_one_dump(engine, engine_url):
    other = engine.fresh_database()
    assert page(other) == page(engine_url)
    engine.discard(other)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_the_description_in_the_reference_is_that_of_a_fresh_database(engine_url):
    assert {path.name: path.read_text("utf-8") for path in DESCRIPTION.iterdir()} == description(engine_url)


@pytest.mark.parametrize("engine", ["native15"], indirect=True)
def test_every_version_of_postgresql_is_described_alike(engine, engine_url, postgres18):
    other = postgres18.fresh_database()
    assert description(engine_url) == description(other)
    postgres18.discard(other)
