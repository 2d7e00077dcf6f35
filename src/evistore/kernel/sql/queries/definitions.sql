-- What putting definitions into place asks.

-- name: recorded
-- What was run last, and by whom. A ledger of before has neither release nor objects.
SELECT d.fingerprint, coalesce(to_jsonb(d) ->> 'release', '') AS release, coalesce(to_jsonb(d) -> 'objects', '{}') AS objects
  FROM evistore.definition AS d
 WHERE d.context = %(context)s::text

-- name: record
INSERT INTO evistore.definition AS d (context, fingerprint, release, objects)
VALUES (%(context)s::text, %(fingerprint)s::text, %(release)s::text, %(objects)s::jsonb)
ON CONFLICT (context) DO UPDATE
   SET fingerprint = excluded.fingerprint, release = excluded.release, objects = excluded.objects, applied_at = clock_timestamp()

-- name: unrecord
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

-- name: standing_objects
-- Every function, procedure, view and trigger of a schema that stands, as its kind and name.
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END || ' ' || n.nspname || '.' || p.proname
  FROM pg_catalog.pg_proc AS p
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname = %(schema)s::text
UNION
SELECT 'view ' || n.nspname || '.' || c.relname
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = %(schema)s::text AND c.relkind = 'v'
UNION
SELECT 'trigger ' || n.nspname || '.' || t.tgname
  FROM pg_catalog.pg_trigger AS t
  JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname = %(schema)s::text AND NOT t.tgisinternal
