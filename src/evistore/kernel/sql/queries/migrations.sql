-- name: lock
-- Whoever migrates this database holds it until the end of its transaction. The number spells "evistore".
SELECT pg_advisory_xact_lock(7311712234821017189)

-- name: engine
-- What holds the lake: native (partitions), timescale (a hypertable), plain (a table of another system) or null (none yet).
SELECT CASE
    WHEN c.relkind = 'p' THEN 'native'
    WHEN EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.pronamespace
         WHERE t.tgrelid = c.oid AND pn.nspname LIKE '\_timescaledb%%'
    ) OR EXISTS (
        SELECT FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_class AS child ON child.oid = i.inhrelid
          JOIN pg_catalog.pg_namespace AS cn ON cn.oid = child.relnamespace
         WHERE i.inhparent = c.oid AND cn.nspname = '_timescaledb_internal'
    ) THEN 'timescale'
    ELSE 'plain'
  END
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = 'cdviz' AND c.relname = 'cdevents_lake' AND c.relkind IN ('r', 'p')

-- name: timescale_available
SELECT EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = 'timescaledb')

-- name: timescale_possible
-- The extension stands here already, or the server has it and loads it.
SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'timescaledb')
    OR (
        EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = 'timescaledb')
        AND EXISTS (SELECT FROM pg_catalog.pg_settings WHERE name LIKE 'timescaledb.%%')
    )

-- name: ledger_exists
SELECT to_regclass('evistore.migration') IS NOT NULL

-- name: numbers
-- Those of other bodies of evidence are another database's matter, even where they stand in this one.
SELECT number FROM evistore.migration WHERE context = ANY(%(contexts)s::text[]) ORDER BY number

-- name: record
INSERT INTO evistore.migration (number, context, name) VALUES (%(number)s::int, %(context)s::text, %(name)s::text)

-- name: unrecord
DELETE FROM evistore.migration WHERE number = %(number)s::int

-- name: fingerprint
SELECT fingerprint FROM evistore.definition WHERE context = %(context)s::text

-- name: record_fingerprint
INSERT INTO evistore.definition AS d (context, fingerprint)
VALUES (%(context)s::text, %(fingerprint)s::text)
ON CONFLICT (context) DO UPDATE SET fingerprint = excluded.fingerprint, applied_at = clock_timestamp()

-- name: unrecord_fingerprint
DELETE FROM evistore.definition WHERE context = %(context)s::text

-- name: drop_statements
-- How to drop every object of one kind and name: all signatures of a function, a trigger on whatever table has it; parts of tables have theirs from
-- the whole.
SELECT format('DROP %%s %%s', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END, p.oid::regprocedure)
  FROM pg_catalog.pg_proc AS p
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 WHERE %(kind)s::text IN ('function', 'procedure') AND n.nspname = %(schema)s::text AND p.proname = %(name)s::text
UNION ALL
SELECT format('DROP VIEW %%s', c.oid::regclass)
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE %(kind)s::text = 'view' AND n.nspname = %(schema)s::text AND c.relname = %(name)s::text AND c.relkind = 'v'
UNION ALL
SELECT format('DROP TRIGGER %%I ON %%s', t.tgname, t.tgrelid::regclass)
  FROM pg_catalog.pg_trigger AS t
  JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 WHERE %(kind)s::text = 'trigger' AND n.nspname = %(schema)s::text AND t.tgname = %(name)s::text
   AND t.tgparentid = 0 AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits AS i WHERE i.inhrelid = t.tgrelid)
