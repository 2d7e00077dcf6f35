"""What the catalogue of the server says about schemas, on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from evistore.kernel.catalogue import SCHEMAS, catalogue
from evistore.kernel.database import Database, Transaction
from evistore.kernel.errors import NotFound
from evistore.kernel.relations import picture

SHOP = """
CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'What is sold.';
CREATE TYPE shop.colour AS ENUM ('red', 'dark blue');
CREATE DOMAIN shop.price AS numeric(10, 2) CHECK (value >= 0);
CREATE TABLE shop.customer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar NOT NULL DEFAULT 'nobody');
CREATE TABLE shop.sale (
    customer bigint NOT NULL CONSTRAINT sale_customer REFERENCES shop.customer (id),
    sold_at timestamptz NOT NULL,
    colour shop.colour,
    price shop.price,
    doubled numeric GENERATED ALWAYS AS (price * 2) STORED
) PARTITION BY RANGE (sold_at);
CREATE TABLE shop.sale_2024 PARTITION OF shop.sale FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX sale_colour ON shop.sale (colour) WHERE colour IS NOT NULL;
CREATE VIEW shop.red AS SELECT s.*, c.name FROM shop.sale AS s JOIN shop.customer AS c ON c.id = s.customer;
CREATE VIEW shop.redder AS SELECT name FROM shop.red;
CREATE FUNCTION shop.total(p_since timestamptz DEFAULT now()) RETURNS numeric LANGUAGE sql SECURITY DEFINER AS 'SELECT 1.0';
CREATE FUNCTION shop.total(p_colour shop.colour) RETURNS numeric LANGUAGE sql AS 'SELECT 1.0';
CREATE FUNCTION shop.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER noted AFTER INSERT ON shop.customer REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION shop.note();
COMMENT ON TABLE shop.customer IS 'One row per person.';
COMMENT ON COLUMN shop.customer.name IS 'As told.';
COMMENT ON INDEX shop.sale_colour IS 'By colour.';
COMMENT ON FUNCTION shop.total(timestamptz) IS 'All of it.';
GRANT SELECT ON shop.customer TO cdviz_reader;
REVOKE ALL ON FUNCTION shop.total(timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION shop.total(timestamptz) TO cdviz_reader;
"""
RELATIONS = """
SELECT n.nspname || '.' || c.relname
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('cdviz', 'evistore', 'public', 'dvo', 'clusters') AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


@pytest.fixture
def tx(delivery_url) -> Iterator[Transaction]:
    with Database(delivery_url) as database, database.transaction() as tx:
        yield tx


@pytest.fixture
def shop(tx):
    tx.run(SHOP)
    return catalogue(tx, ["shop"])[0]


def of(schema, name):
    return next(one for one in schema.relations if one.name == name)


def test_every_relation_is_told_and_no_partition(tx):
    told = {one.full_name for schema in catalogue(tx, SCHEMAS) for one in schema.relations}
    assert told == set(tx.values(RELATIONS))
    assert {"cdviz.cdevents_lake", "public.report", "dvo.dvo_report", "evistore.quarantine"} <= told


def test_what_an_extension_brought_is_left_out(tx):
    told = {one.name for schema in catalogue(tx, SCHEMAS) for one in schema.functions if schema.name == "public"}
    assert not told & {"create_hypertable", "add_retention_policy", "time_bucket"}
    triggers = {one.name for schema in catalogue(tx, SCHEMAS) for table in schema.tables for one in table.triggers}
    assert "ts_insert_blocker" not in triggers
    assert triggers


def test_schemas_come_in_the_order_they_are_asked_for(tx):
    assert [one.name for one in catalogue(tx, ["evistore", "nowhere", "cdviz"])] == ["evistore", "cdviz"]


def test_schemas_that_hold_nothing_are_no_answer(tx):
    tx.run("CREATE SCHEMA bare")
    with pytest.raises(NotFound) as told:
        catalogue(tx, ["bare", "nowhere"])
    assert told.value.code == "schema-empty"


def test_a_table_is_told_with_its_columns_and_keys(shop):
    customer = of(shop, "customer")
    assert (customer.comment, customer.readers, customer.primary) == ("One row per person.", ["cdviz_reader"], ["id"])
    assert [(one.name, one.type, one.nullable, one.preset, one.comment) for one in customer.columns] == [
        ("id", "bigint", False, "identity", None),
        ("name", "character varying", False, "'nobody'::character varying", "As told."),
    ]
    assert [(one.kind, one.definition) for one in customer.keys] == [("primary", "PRIMARY KEY (id)")]
    trigger = customer.triggers[0]
    assert (trigger.name, trigger.definition, trigger.calls) == (
        "noted",
        "AFTER INSERT FOR EACH STATEMENT",
        "shop.note()",
    )


def test_a_partitioned_table_is_told_once(shop):
    assert [one.name for one in shop.tables] == ["customer", "sale"]
    sale = of(shop, "sale")
    assert sale.partitioned_by == "RANGE (sold_at)"
    assert [(one.name, one.target, one.columns) for one in sale.keys if one.kind == "foreign"] == [
        ("sale_customer", "shop.customer", ["customer"])
    ]
    assert [(one.name, one.definition, one.comment) for one in sale.indexes] == [
        ("sale_colour", "btree (colour) WHERE (colour IS NOT NULL)", "By colour.")
    ]
    assert next(one.preset for one in sale.columns if one.name == "doubled").startswith("generated: (")


def test_a_view_is_told_with_what_it_reads(shop):
    assert [(one.name, one.reads, one.read_by) for one in shop.views] == [
        ("red", ["shop.customer", "shop.sale"], ["shop.redder"]),
        ("redder", ["shop.red"], []),
    ]


def test_functions_of_one_name_are_told_apart(shop):
    first, second = (one for one in shop.functions if one.name == "total")
    assert {first.full_name, second.full_name} == {"shop.total()", "shop.total()-2"}
    since = first if "p_since" in first.arguments else second
    assert (since.arguments, since.result) == ("p_since timestamp with time zone DEFAULT now()", "numeric")
    assert (since.as_owner, since.callers, since.comment) == (True, ["cdviz_reader"], "All of it.")


def test_types_are_told_with_what_they_are_made_of(shop):
    assert [(one.name, one.kind, one.definition) for one in shop.types] == [
        ("colour", "enumeration", "red, dark blue"),
        ("price", "domain", "numeric(10,2)"),
    ]


def test_a_picture_holds_what_leans_on_something_and_names_the_rest(tx):
    tx.run(SHOP)
    tx.run("CREATE TABLE shop.lonely (a int)")
    shop = catalogue(tx, ["shop"])[0]
    drawn = picture(shop, [shop])
    assert {(one.one, one.other, one.columns) for one in drawn.lines} == {
        ("shop.sale", "shop.customer", ("customer",)),
        ("shop.red", "shop.customer", None),
        ("shop.red", "shop.sale", None),
        ("shop.redder", "shop.red", None),
    }
    assert [one.name for one in drawn.alone] == ["lonely"]


def test_views_that_read_the_same_share_a_box(tx):
    schemas = catalogue(tx, SCHEMAS)
    drawn = picture(schemas[0], schemas)
    shared = next(box for box in drawn.boxes if "pipelinerun" in {one.name for one in box.relations})
    assert {"approval", "artifact", "taskrun"} <= {one.name for one in shared.relations}
    assert {line.other for line in drawn.lines if line.one == shared.name} == {
        "cdviz.cdevents_lake",
        "cdviz.subject_state",
    }


@pytest.mark.parametrize("engine", ["native"], indirect=True)
def test_a_reader_of_nothing_can_describe_everything(delivery_url):
    # The catalogue is open to every login: a description needs no right on a table.
    with psycopg.connect(delivery_url, autocommit=True) as administrator:
        administrator.execute("CREATE ROLE passer_by LOGIN")
    try:
        with (
            Database(delivery_url.replace("user=postgres", "user=passer_by")) as database,
            database.transaction() as tx,
        ):
            assert len(catalogue(tx, SCHEMAS)) == len(SCHEMAS)
    finally:
        with psycopg.connect(delivery_url, autocommit=True) as administrator:
            administrator.execute("DROP ROLE passer_by")
