"""What holds for every SQL file: its name says what it makes, and it makes nothing else."""

from __future__ import annotations

import re

import pytest

from evistore.contexts import CONTEXTS
from evistore.kernel.schema import Migration, definitions, migrations
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


# What takes something away from a program of the release before, or asks more of it.
NARROWS = re.compile(
    r"\bDROP\s+(TABLE|VIEW|COLUMN|FUNCTION|PROCEDURE|AGGREGATE|TYPE|TRIGGER|SEQUENCE|SCHEMA)\b|\bRENAME\b|\bSET\s+NOT\s+NULL\b"
    r"|\bALTER\s+(COLUMN\s+)?\w+\s+(SET\s+DATA\s+)?TYPE\b|\bADD\s+(CONSTRAINT|CHECK|UNIQUE|FOREIGN|PRIMARY)\b(?![^;]*NOT\s+VALID)|\bREVOKE\b",
    re.IGNORECASE,
)
FIRST_RELEASE = 10  # up to here nobody was served before
LATER = [one for one in migrations(CONTEXTS) if one.number > FIRST_RELEASE]


def leaves_somebody_behind(one) -> bool:
    return one.serves_from is None and NARROWS.search(bare(one.up)) is not None


def test_a_migration_that_narrows_says_whom_it_serves_and_asks_for_none_after_itself():
    assert [one.name for one in LATER if leaves_somebody_behind(one)] == []
    assert [one.name for one in migrations(CONTEXTS) if (one.serves_from or 0) > one.number] == []


@pytest.mark.parametrize(
    ("text", "narrows"),
    [
        ("ALTER TABLE cdviz.t ADD COLUMN note text; CREATE TABLE cdviz.u (a int PRIMARY KEY);", False),
        ("ALTER TABLE cdviz.t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; DROP INDEX cdviz.i;", False),
        ("ALTER TABLE cdviz.t ALTER a DROP NOT NULL; -- DROP COLUMN later", False),
        ("ALTER TABLE cdviz.t DROP COLUMN note;", True),
        ("ALTER TABLE cdviz.t RENAME COLUMN a TO b;", True),
        ("ALTER TABLE cdviz.t ALTER COLUMN a TYPE bigint;", True),
        ("ALTER TABLE cdviz.t ALTER a SET NOT NULL;", True),
        ("ALTER TABLE cdviz.t ADD CHECK (a > 0);", True),
        ("-- serves from: 11\nDROP FUNCTION cdviz.f(int);", False),
        ("-- serves from 11\nDROP FUNCTION cdviz.f(int);", True),
    ],
)
def test_what_narrows_is_recognised(text, narrows):
    assert leaves_somebody_behind(Migration(11, "next", "delivery", text, "")) is narrows


# Whole tables, copied by the release that made them.
COPIES = {f"delivery/sql/queries/{name}.sql" for name in ("adoption", "bench", "conversion", "projections")}


@pytest.mark.parametrize("path", sql_files("queries/*.sql"), ids=named)
def test_a_program_names_the_columns_that_it_asks_for(path):
    # The next release may give more, while this one still asks.
    assert named(path) in COPIES or not re.search(r"\bSELECT\s+(\w+\.)?\*|,\s*\w+\.\*", bare(path.read_text("utf-8")))


@pytest.mark.parametrize("path", sql_files("migrations/*.sql"), ids=named)
def test_a_migration_never_cascades(path):
    # A foreign key that old clients know takes rows along; no statement of ours drops more than it names.
    assert not re.search(r"(?<!ON DELETE )\bCASCADE\b", bare(path.read_text("utf-8")), re.IGNORECASE)
