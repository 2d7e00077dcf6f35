"""The schema that the reference shows is the one a fresh database has."""

from __future__ import annotations

import pytest

from fixtures.schema import PAGE, page


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_the_dump_in_the_reference_is_that_of_a_fresh_database(engine_url):
    assert PAGE.read_text("utf-8") == page(engine_url)


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_two_fresh_databases_have_one_dump(engine, engine_url):
    other = engine.fresh_database()
    assert page(other) == page(engine_url)
    engine.discard(other)
