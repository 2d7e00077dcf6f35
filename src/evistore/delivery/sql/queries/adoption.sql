-- How a database of CDviz is taken over in place.

-- name: found
-- Whether the lake is a table of another system: it has none of our columns.
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_class AS c
     WHERE c.oid = to_regclass('cdviz.cdevents_lake') AND c.relkind IN ('r', 'p')
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'digest')
)

-- name: ledger_exists
SELECT to_regclass('public.schema_migrations') IS NOT NULL

-- name: ledger
SELECT version::text AS version, dirty FROM public.schema_migrations

-- name: columns
SELECT a.attname || ' ' || pg_catalog.format_type(a.atttypid, NULL)
  FROM pg_catalog.pg_attribute AS a
 WHERE a.attrelid = 'cdviz.cdevents_lake'::regclass AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attname

-- name: strangers
-- Views of others that read what is going to be dropped or renamed.
SELECT DISTINCT v.oid::regclass::text AS name
  FROM pg_catalog.pg_depend AS d
  JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid AND d.classid = 'pg_catalog.pg_rewrite'::regclass
  JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class
  JOIN pg_catalog.pg_class AS read ON read.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_class'::regclass
  JOIN pg_catalog.pg_namespace AS n ON n.oid = read.relnamespace
  JOIN pg_catalog.pg_namespace AS vn ON vn.oid = v.relnamespace
 WHERE n.nspname = 'cdviz' AND v.oid <> read.oid AND vn.nspname NOT LIKE '\_timescaledb%%'
   AND read.relname = ANY (%(known)s::text[]) AND NOT (vn.nspname = 'cdviz' AND v.relname = ANY (%(known)s::text[]))
 ORDER BY 1

-- name: make_grants
CREATE TABLE IF NOT EXISTS cdviz.adopted_grant (object text NOT NULL, statement text NOT NULL)

-- name: keep_grants
-- Who was given what by name; PUBLIC gets nothing any more.
INSERT INTO cdviz.adopted_grant (object, statement)
SELECT 'cdviz.' || c.relname, format('GRANT %%s ON cdviz.%%I TO %%I', string_agg(a.privilege_type, ', '), c.relname, r.rolname)
  FROM pg_catalog.pg_class AS c
 CROSS JOIN LATERAL aclexplode(c.relacl) AS a
  JOIN pg_catalog.pg_roles AS r ON r.oid = a.grantee
 WHERE c.relnamespace = 'cdviz'::regnamespace AND c.relname = ANY (%(known)s::text[]) AND a.grantee <> c.relowner
   AND a.privilege_type IN ('SELECT', 'INSERT')
   AND NOT (a.privilege_type = 'INSERT' AND c.relname <> 'cdevents_lake')
 GROUP BY c.relname, r.rolname
UNION ALL
SELECT format('cdviz.%%s', p.oid::regprocedure::text), format('GRANT EXECUTE ON %%s cdviz.%%I(%%s) TO %%I',
           CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.proname, pg_catalog.oidvectortypes(p.proargtypes), r.rolname)
  FROM pg_catalog.pg_proc AS p
 CROSS JOIN LATERAL aclexplode(p.proacl) AS a
  JOIN pg_catalog.pg_roles AS r ON r.oid = a.grantee
 WHERE p.pronamespace = 'cdviz'::regnamespace AND p.proname = ANY (%(known)s::text[]) AND a.grantee <> p.proowner

-- name: own
-- Everything of the old system becomes ours, whoever made it.
SELECT 'ALTER SCHEMA cdviz OWNER TO cdviz'
UNION ALL
SELECT format('ALTER %%s cdviz.%%I OWNER TO cdviz', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, c.relname)
  FROM pg_catalog.pg_class AS c
 WHERE c.relnamespace = 'cdviz'::regnamespace AND c.relkind IN ('r', 'v', 'm') AND c.relname = ANY (%(known)s::text[])

-- name: drops
-- In an order in which nothing leans on what goes: views, triggers, functions, tables. Names come from the catalogue, and nothing cascades.
SELECT d.statement
  FROM (
    SELECT 1 AS place, c.relname AS name,
           format('DROP %%s cdviz.%%I', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, c.relname) AS statement
      FROM pg_catalog.pg_class AS c
     WHERE c.relnamespace = 'cdviz'::regnamespace AND c.relkind IN ('v', 'm') AND c.relname = ANY (%(known)s::text[])
    UNION ALL
    SELECT 2, t.tgname, format('DROP TRIGGER %%I ON %%s', t.tgname, t.tgrelid::regclass)
      FROM pg_catalog.pg_trigger AS t
      JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
      JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
     WHERE c.relnamespace = 'cdviz'::regnamespace AND c.relname = ANY (%(known)s::text[]) AND NOT t.tgisinternal
       AND p.pronamespace NOT IN (SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE n.nspname LIKE '\_timescaledb%%')
    UNION ALL
    SELECT 3, p.proname, format('DROP %%s %%s', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.oid::regprocedure)
      FROM pg_catalog.pg_proc AS p
     WHERE p.pronamespace = 'cdviz'::regnamespace
       AND (
            p.proname = ANY (%(known)s::text[])
            OR p.oid IN (
                SELECT t.tgfoid FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
                 WHERE c.relnamespace = 'cdviz'::regnamespace AND NOT t.tgisinternal
            )
       )
    UNION ALL
    SELECT 4, c.relname, format('DROP TABLE cdviz.%%I', c.relname)
      FROM pg_catalog.pg_class AS c
     WHERE c.relnamespace = 'cdviz'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname IN ('graph_edges', 'graph_nodes')
  ) AS d
 ORDER BY d.place, d.name

-- name: jobs
-- A retention job of the old lake must not run while it is being emptied.
SELECT format('SELECT public.delete_job(%%s)', j.job_id)
  FROM timescaledb_information.jobs AS j
 WHERE j.hypertable_schema = 'cdviz' AND j.hypertable_name = 'cdevents_lake'

-- name: has_timescale
SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'timescaledb')

-- name: rename_lake
ALTER TABLE cdviz.cdevents_lake RENAME TO cdevents_lake_adopted

-- name: rename_indexes
-- Our lake wants these names.
SELECT format('ALTER INDEX cdviz.%%I RENAME TO %%I', c.relname, left(c.relname, 55) || '_adopted')
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
 WHERE i.indrelid = 'cdviz.cdevents_lake_adopted'::regclass AND c.relname NOT LIKE '%%\_adopted'

-- name: as_login
RESET ROLE

-- name: as_owner
SET LOCAL ROLE cdviz

-- name: become_owner
SET ROLE cdviz

-- name: waits
SELECT to_regclass('cdviz.cdevents_lake_adopted') IS NOT NULL

-- name: lock
SELECT pg_advisory_lock(7881690136183923054)

-- name: unlock
SELECT pg_advisory_unlock(7881690136183923054)

-- name: index
-- The events are taken in the order of their times.
CREATE INDEX IF NOT EXISTS cdevents_lake_adopted_time_idx ON cdviz.cdevents_lake_adopted ("timestamp")

-- name: open
INSERT INTO cdviz.lake_move AS m (kind, total)
SELECT 'adoption', greatest(c.reltuples::bigint, coalesce((SELECT sum(k.reltuples)::bigint FROM pg_catalog.pg_inherits AS i
                                                             JOIN pg_catalog.pg_class AS k ON k.oid = i.inhrelid WHERE i.inhparent = c.oid), 0))
  FROM pg_catalog.pg_class AS c
 WHERE c.oid = 'cdviz.cdevents_lake_adopted'::regclass
ON CONFLICT (kind) DO UPDATE SET total = m.total
RETURNING m.reached::text AS reached, m.moved, m.set_aside, m.total

-- name: window
-- Where the next ten thousand events end, and their days; null: at the last one.
SELECT (
    SELECT o."timestamp"::text
      FROM cdviz.cdevents_lake_adopted AS o
     WHERE o."timestamp" > %(after)s::timestamptz
     ORDER BY o."timestamp"
    OFFSET 10000 LIMIT 1
) AS upto

-- name: ready
SELECT cdviz.ensure_lake(ARRAY(
    SELECT DISTINCT date_trunc('day', o."timestamp")
      FROM cdviz.cdevents_lake_adopted AS o
     WHERE o."timestamp" > %(after)s::timestamptz AND o."timestamp" <= coalesce(%(upto)s::timestamptz, 'infinity')
))

-- name: carry
-- In the order of their times, first come first kept: of two events of one source and id the later one goes to quarantine.
WITH old AS MATERIALIZED (
    SELECT o.*, nextval('cdviz.event_position') AS position, sha256(convert_to(o.payload::text, 'UTF8')) AS digest
      FROM (
        SELECT a.imported_at, a."timestamp", a.payload, lower(a.subject) AS subject, lower(a.predicate) AS predicate, a.version, a.context_id,
               coalesce(a.payload #>> '{context,source}', '') AS source,
               CASE WHEN jsonb_typeof(a.payload #> '{subject,id}') = 'string' AND cdviz.is_node_id(a.payload #>> '{subject,id}')
                    THEN a.payload #>> '{subject,id}' END AS subject_id
          FROM cdviz.cdevents_lake_adopted AS a
         WHERE a."timestamp" > %(after)s::timestamptz AND a."timestamp" <= coalesce(%(upto)s::timestamptz, 'infinity')
         ORDER BY a."timestamp", a.imported_at, a.context_id
      ) AS o
), keyed AS MATERIALIZED (
    SELECT o.position, cdviz.context_key(o.context_id) AS context_key, cdviz.event_key(o.source, o.context_id) AS key,
           cdviz.content_key(o.digest) AS content, o."timestamp"
      FROM old AS o
), identified AS (
    INSERT INTO cdviz.event_identity (context_key, key, content, position, "timestamp", xid)
    SELECT k.context_key, k.key, k.content, k.position, k."timestamp", pg_current_xact_id()
      FROM keyed AS k
     ORDER BY k.context_key, k.key, k.position
    ON CONFLICT DO NOTHING
    RETURNING position
), stored AS (
    INSERT INTO cdviz.cdevents_lake (
        imported_at, "timestamp", payload, subject, predicate, version, context_id, position, digest, source, subject_id, verdict, verdict_reasons
    )
    SELECT o.imported_at, o."timestamp", o.payload, o.subject, o.predicate, o.version, o.context_id, o.position, o.digest, o.source, o.subject_id,
           CASE WHEN o.subject_id IS NULL THEN 'invalid' END, cdviz.envelope_notes(o.payload)
      FROM old AS o
     WHERE o.position IN (SELECT i.position FROM identified AS i)
    RETURNING position
), aside AS (
    SELECT evistore.set_aside(
            'delivery', CASE WHEN coalesce(known.content, first.content) = k.content THEN 'duplicate' ELSE 'conflict' END,
            'found in the adopted lake under a source and id that were stored already', 'adoption', o.payload, NULL
           ) AS id
      FROM old AS o
      JOIN keyed AS k ON k.position = o.position
      LEFT JOIN cdviz.event_identity AS known ON known.context_key = k.context_key AND known.key = k.key
      LEFT JOIN LATERAL (
        SELECT f.content FROM keyed AS f WHERE f.key = k.key AND f.position IN (SELECT i.position FROM identified AS i)
      ) AS first ON true
     WHERE o.position NOT IN (SELECT i.position FROM identified AS i)
)
SELECT (SELECT count(*) FROM stored) AS moved, (SELECT count(a.id) FROM aside AS a) AS set_aside

-- name: reach
UPDATE cdviz.lake_move
   SET reached = coalesce(%(upto)s::timestamptz, 'infinity'), moved = moved + %(moved)s::bigint, set_aside = set_aside + %(set_aside)s::bigint
 WHERE kind = 'adoption'

-- name: grants
SELECT g.statement
  FROM cdviz.adopted_grant AS g
 WHERE to_regclass(g.object) IS NOT NULL OR to_regprocedure(g.object) IS NOT NULL

-- name: drop_lake
DROP TABLE cdviz.cdevents_lake_adopted

-- name: drop_grants
DROP TABLE IF EXISTS cdviz.adopted_grant

-- name: close
UPDATE cdviz.lake_move SET finished_at = clock_timestamp() WHERE kind = 'adoption'
