"""What holds for every object of a migrated database, on both engines."""

from __future__ import annotations

OURS = "('cdviz', 'evistore', 'dvo', 'clusters')"  # where every function is ours
HOLDING = "('cdviz', 'evistore', 'dvo', 'clusters', 'public')"  # where every relation is

RELATIONS = f"""
SELECT n.nspname || '.' || c.relname
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN {HOLDING} AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT c.relispartition
   AND obj_description(c.oid, 'pg_class') IS NULL
   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'i')
"""
COLUMNS = f"""
SELECT n.nspname || '.' || c.relname || '.' || a.attname
  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN {HOLDING} AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
   AND a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL
"""
FUNCTIONS = f"""
SELECT p.proname::text
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname IN {OURS} AND obj_description(p.oid, 'pg_proc') IS NULL
"""
PUBLIC_FUNCTIONS = f"""
SELECT p.proname::text
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname IN {OURS} AND has_function_privilege('public', p.oid, 'EXECUTE')
"""
LOOSE_DEFINERS = f"""
SELECT p.proname::text
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname IN {OURS} AND p.prosecdef
   AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS s WHERE s LIKE 'search\\_path=%pg\\_temp')
"""
PUBLIC_RELATIONS = f"""
SELECT n.nspname || '.' || c.relname
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN {HOLDING} AND c.relkind IN ('r', 'p', 'v', 'm')
   AND has_table_privilege('public', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
"""
STRANGERS = f"""
SELECT n.nspname || '.' || c.relname
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN {HOLDING} AND pg_get_userbyid(c.relowner) <> 'cdviz'
"""


def told(connection, query) -> list[str]:
    """The first column of every row, sorted."""
    return sorted(row[0] for row in connection.execute(query))


def test_every_table_view_and_sequence_has_a_comment(delivery):
    assert told(delivery, RELATIONS) == []


def test_every_column_has_a_comment(delivery):
    assert told(delivery, COLUMNS) == []


def test_every_function_has_a_comment(delivery):
    assert told(delivery, FUNCTIONS) == []


def test_nobody_may_call_a_function_without_being_named(delivery):
    assert told(delivery, PUBLIC_FUNCTIONS) == []


def test_functions_with_the_rights_of_their_owner_pin_their_search_path(delivery):
    assert told(delivery, LOOSE_DEFINERS) == []


def test_nobody_may_read_or_write_a_relation_without_being_named(delivery):
    assert told(delivery, PUBLIC_RELATIONS) == []


def test_everything_belongs_to_the_owner_of_the_evidence(delivery):
    assert told(delivery, STRANGERS) == []


def test_an_object_without_a_comment_would_be_seen(delivery):
    delivery.execute("CREATE TABLE cdviz.silent (a int)")
    delivery.execute("CREATE FUNCTION cdviz.loose() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")
    delivery.execute("GRANT EXECUTE ON FUNCTION cdviz.loose() TO public")
    assert told(delivery, RELATIONS) == ["cdviz.silent"]
    assert told(delivery, COLUMNS) == ["cdviz.silent.a"]
    assert told(delivery, FUNCTIONS) == told(delivery, LOOSE_DEFINERS) == told(delivery, PUBLIC_FUNCTIONS) == ["loose"]
