"""What a page asks meanwhile: answered beside other questions, and left out where it takes too long."""

from __future__ import annotations

import time

import pytest

from evistore.delivery.meanwhile import PATIENCE_MILLISECONDS, meanwhile
from evistore.kernel.database import Database


@pytest.fixture(scope="module")
def database(postgres18):
    url = postgres18.fresh_database()
    with Database(url, size=4) as one:
        yield one
    postgres18.discard(url)


def test_questions_are_asked_beside_each_other(database):
    began = time.monotonic()
    asked = [meanwhile(database, lambda tx: tx.value("SELECT pg_sleep(0.4)::text || 'known'")) for _ in range(3)]

    assert [one.result() for one in asked] == ["known"] * 3
    assert time.monotonic() - began < 1.1


def test_what_takes_too_long_is_left_out(database):
    began = time.monotonic()

    assert meanwhile(database, lambda tx: tx.value("SELECT pg_sleep(20)::text")).result() is None
    assert PATIENCE_MILLISECONDS / 1000 <= time.monotonic() - began < 10
