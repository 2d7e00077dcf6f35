"""What holds for every SQL file: its name says what it makes, and it makes nothing else."""

from __future__ import annotations

import re

import pytest

from evistore.contexts import CONTEXTS
from evistore.kernel.schema import definitions, migrations
from evistore.kernel.sources import _split
from fixtures.source import named, sql_files

CREATES = re.compile(
    r"^CREATE\s+(OR\s+REPLACE\s+)?(?P<kind>\w+)\s+(?:(?P<schema>\w+)\.)?(?P<name>\w+)", re.MULTILINE | re.IGNORECASE
)
COMMENTS = re.compile(r"^COMMENT\s+ON\s+(?P<kind>\w+)\s+(?:\w+\.)?(?P<name>\w+)", re.MULTILINE | re.IGNORECASE)
ENGINE = re.compile(r"timescaledb|hypertable|continuous aggregate|columnstore|\btimescale\b", re.IGNORECASE)


def statements(text: str) -> list[str]:
    """The statements without the comments before them."""
    return [re.sub(r"\A(\s*--[^\n]*\n)+", "", part).strip() for _, part in _split(text)]


def bare(text: str) -> str:
    """The text without its line comments and string literals."""
    return re.sub(r"--[^\n]*|'(?:[^']|'')*'", "", text)


# What moves a lake from one way of holding it to another speaks of both.
MOVES_THE_LAKE = {"delivery/sql/queries/adoption.sql", "delivery/sql/queries/conversion.sql"}
DEFINITIONS = [(context, one) for context in CONTEXTS for one in definitions(context)]
IDS = [one.name for _, one in DEFINITIONS]


@pytest.mark.parametrize(("context", "one"), DEFINITIONS, ids=IDS)
def test_a_definition_makes_exactly_what_it_is_named_for(context, one):
    made = [CREATES.match(statement) for statement in statements(one.text)]
    found = [(m["kind"].lower(), m["schema"] or context.schema, m["name"]) for m in made if m]
    assert found == [(one.kind, context.schema, one.path.stem)]


@pytest.mark.parametrize(("context", "one"), DEFINITIONS, ids=IDS)
def test_a_definition_can_run_again(context, one):
    # A trigger is made anew: hypertables refuse to replace one.
    again = r"^DROP TRIGGER IF EXISTS " if one.kind == "trigger" else r"^CREATE OR REPLACE "
    assert re.search(again, one.text, re.MULTILINE)
    assert not re.search(r"\bCASCADE\b", bare(one.text))


@pytest.mark.parametrize(("context", "one"), DEFINITIONS, ids=IDS)
def test_a_definition_says_in_the_database_what_it_is(context, one):
    about = [(m["kind"].lower(), m["name"]) for m in COMMENTS.finditer(one.text)]
    assert (one.kind, one.path.stem) in about


@pytest.mark.parametrize(("context", "one"), DEFINITIONS, ids=IDS)
def test_a_definition_opens_with_what_it_means(context, one):
    assert one.text.startswith((f"-- {one.name}: ", f"-- {one.path.stem}: "))


@pytest.mark.parametrize(("context", "one"), DEFINITIONS, ids=IDS)
def test_what_a_definition_requires_is_there(context, one):
    assert [need for need in one.requires if need not in IDS] == []


@pytest.mark.parametrize(
    "path",
    [p for kind in ("definitions/*/*.sql", "migrations/*.sql", "queries/*.sql") for p in sql_files(kind)],
    ids=named,
)
def test_only_storage_names_the_engine(path):
    assert named(path) in MOVES_THE_LAKE or not ENGINE.search(bare(path.read_text("utf-8")))


def test_migrations_are_numbered_without_gaps_and_each_has_its_way_back():
    known = migrations(CONTEXTS)
    assert [one.number for one in known] == list(range(1, len(known) + 1))
    assert [one.name for one in known if not bare(one.up).strip() or not bare(one.down).strip()] == []


@pytest.mark.parametrize("path", sql_files("migrations/*.sql"), ids=named)
def test_a_migration_never_cascades(path):
    # A foreign key that old clients know takes rows along; no statement of ours drops more than it names.
    assert not re.search(r"(?<!ON DELETE )\bCASCADE\b", bare(path.read_text("utf-8")), re.IGNORECASE)
