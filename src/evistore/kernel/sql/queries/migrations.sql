-- name: lock
-- Whoever migrates this database holds it until the end of its transaction. The number spells "evistore".
SELECT pg_advisory_xact_lock(7311712234821017189)

-- name: patience
-- How long each statement of this transaction may wait for a lock.
SELECT set_config('lock_timeout', %(wait)s::text, true)

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

-- name: ledger_readable
-- Whether there is a ledger that this login may read.
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = 'evistore' AND c.relname = 'migration'
       AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
)

-- name: numbers
-- Those of other bodies of evidence are another database's matter, even where they stand in this one.
SELECT number FROM evistore.migration WHERE context = ANY(%(contexts)s::text[]) ORDER BY number

-- name: record
INSERT INTO evistore.migration (number, context, name, serves_from)
VALUES (%(number)s::int, %(context)s::text, %(name)s::text, %(serves_from)s::int)

-- name: unrecord
DELETE FROM evistore.migration WHERE number = %(number)s::int
