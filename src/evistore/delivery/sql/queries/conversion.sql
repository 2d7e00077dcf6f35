-- How the lake moves from plain PostgreSQL to TimescaleDB: a copy beside it, then a swap.

-- name: engine
SELECT CASE relkind WHEN 'p' THEN 'native' ELSE 'timescale' END FROM pg_catalog.pg_class WHERE oid = to_regclass('cdviz.cdevents_lake')

-- name: lock
-- The lock of maintenance: retention must not take from the one lake what is copied to the other. The number spells "maintain".
SELECT pg_advisory_lock(7881690136183923054)

-- name: unlock
SELECT pg_advisory_unlock(7881690136183923054)

-- name: extension_available
SELECT EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = 'timescaledb')

-- name: make_extension
CREATE EXTENSION IF NOT EXISTS timescaledb SCHEMA public

-- name: become_owner
SET ROLE cdviz

-- name: as_owner
SET LOCAL ROLE cdviz

-- name: as_login
RESET ROLE

-- name: begun
SELECT to_regclass('cdviz.cdevents_lake_converted') IS NOT NULL

-- name: make_copy
CREATE TABLE cdviz.cdevents_lake_converted (LIKE cdviz.cdevents_lake INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS INCLUDING STORAGE)

-- name: comment_copy
SELECT format('COMMENT ON TABLE cdviz.cdevents_lake_converted IS %%L', obj_description('cdviz.cdevents_lake'::regclass))

-- name: indexes
-- The indexes of the lake, for its copy, under names that are free.
SELECT replace(
         replace(i.indexdef, ' ' || i.indexname || ' ON ONLY cdviz.cdevents_lake ', ' ' || i.indexname || ' ON cdviz.cdevents_lake '),
         ' ' || i.indexname || ' ON cdviz.cdevents_lake ',
         ' ' || replace(i.indexname, 'cdevents_lake', 'cdevents_lake_converted') || ' ON cdviz.cdevents_lake_converted '
       )
  FROM pg_catalog.pg_indexes AS i
 WHERE i.schemaname = 'cdviz' AND i.tablename = 'cdevents_lake'

-- name: make_hypertable
SELECT public.create_hypertable(
    'cdviz.cdevents_lake_converted', public.by_range('timestamp', interval '7 days'), create_default_indexes => false
)

-- name: open
INSERT INTO cdviz.lake_move (kind, total, xid)
SELECT 'conversion', (SELECT count(*) FROM cdviz.event_identity), pg_snapshot_xmin(pg_current_snapshot())
ON CONFLICT (kind) DO UPDATE
SET total = excluded.total, xid = excluded.xid, reached = '-infinity', moved = 0, started_at = clock_timestamp(), finished_at = NULL

-- name: state
SELECT m.reached::text AS reached, m.moved, m.total FROM cdviz.lake_move AS m WHERE m.kind = 'conversion'

-- name: window
-- Where the next stretch ends: a week, or as much further as fifty thousand events go; null: at the last one.
SELECT (
    SELECT l."timestamp"::text
      FROM cdviz.cdevents_lake AS l
     WHERE l."timestamp" > %(after)s::timestamptz
     ORDER BY l."timestamp"
    OFFSET 50000 LIMIT 1
) AS upto

-- name: copy
INSERT INTO cdviz.cdevents_lake_converted
SELECT l.*
  FROM cdviz.cdevents_lake AS l
 WHERE l."timestamp" > %(after)s::timestamptz AND l."timestamp" <= coalesce(%(upto)s::timestamptz, 'infinity')

-- name: reach
UPDATE cdviz.lake_move
   SET reached = coalesce(%(upto)s::timestamptz, 'infinity'), moved = moved + %(moved)s::bigint
 WHERE kind = 'conversion'

-- name: catch_up
-- What was stored by transactions that the copying may not have seen, and by those since.
WITH bound AS MATERIALIZED (
    SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xid
), missing AS (
    INSERT INTO cdviz.cdevents_lake_converted
    SELECT l.*
      FROM cdviz.event_identity AS i
      JOIN cdviz.cdevents_lake AS l ON l."timestamp" = i."timestamp" AND l.position = i.position
     WHERE i.xid >= (SELECT m.xid FROM cdviz.lake_move AS m WHERE m.kind = 'conversion')
       AND NOT EXISTS (SELECT FROM cdviz.cdevents_lake_converted AS c WHERE c."timestamp" = i."timestamp" AND c.position = i.position)
    RETURNING 1
), moved AS (
    UPDATE cdviz.lake_move AS m SET xid = b.xid, moved = m.moved + (SELECT count(*) FROM missing) FROM bound AS b WHERE m.kind = 'conversion'
)
SELECT count(*) FROM missing

-- name: hold
-- From here on writers and readers wait.
LOCK TABLE cdviz.cdevents_lake IN ACCESS EXCLUSIVE MODE

-- name: counts
-- In one snapshot: what the lake has, what the copy has, and what is known to be missing in it.
SELECT (SELECT count(*) FROM cdviz.cdevents_lake) AS native,
       (SELECT count(*) FROM cdviz.cdevents_lake_converted) AS converted,
       (
        SELECT count(*)
          FROM cdviz.event_identity AS i
          JOIN cdviz.cdevents_lake AS l ON l."timestamp" = i."timestamp" AND l.position = i.position
         WHERE i.xid >= (SELECT m.xid FROM cdviz.lake_move AS m WHERE m.kind = 'conversion')
           AND NOT EXISTS (SELECT FROM cdviz.cdevents_lake_converted AS c WHERE c."timestamp" = i."timestamp" AND c.position = i.position)
       ) AS missing

-- name: align
-- What retention took from the lake while the conversion was interrupted.
DELETE FROM cdviz.cdevents_lake_converted AS c
 WHERE NOT EXISTS (SELECT FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = c."timestamp" AND l.position = c.position)

-- name: patience
-- A swap that waits for a long reader holds up everybody behind it: it tries again instead.
SET LOCAL lock_timeout = '3s'

-- name: grants
-- What others were given on what is dropped and made anew.
SELECT format('GRANT %%s ON cdviz.%%I TO %%I', string_agg(a.privilege_type, ', '), c.relname, r.rolname)
  FROM pg_catalog.pg_class AS c
 CROSS JOIN LATERAL aclexplode(c.relacl) AS a
  JOIN pg_catalog.pg_roles AS r ON r.oid = a.grantee
 WHERE c.relnamespace = 'cdviz'::regnamespace AND (c.relkind = 'v' OR c.relname = 'cdevents_lake') AND a.grantee <> c.relowner
   AND a.privilege_type IN ('SELECT', 'INSERT')
 GROUP BY c.relname, r.rolname
UNION ALL
SELECT format('GRANT EXECUTE ON ROUTINE cdviz.%%I(%%s) TO %%I', p.proname, oidvectortypes(p.proargtypes), r.rolname)
  FROM pg_catalog.pg_proc AS p
 CROSS JOIN LATERAL aclexplode(p.proacl) AS a
  JOIN pg_catalog.pg_roles AS r ON r.oid = a.grantee
 WHERE p.pronamespace = 'cdviz'::regnamespace AND a.grantee <> p.proowner
   AND p.proname <> ALL (ARRAY['time_bucket', 'first', 'last', 'keep_first', 'keep_last', 'value_kept'])

-- name: drop_lake
DROP TABLE cdviz.cdevents_lake

-- name: drop_partition_list
DROP TABLE cdviz.lake_partition

-- name: native_only
-- The functions that only the native engine has: makers of partitions, and shims under the names of TimescaleDB's own.
SELECT format('DROP %%s %%s', CASE p.prokind WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END, p.oid::regprocedure)
  FROM pg_catalog.pg_proc AS p
 WHERE p.pronamespace = 'cdviz'::regnamespace
   AND p.proname IN (
        'ensure_week', 'ensure_ahead', 'stray_weeks', 'settle_week', 'time_bucket', 'first', 'last', 'keep_first', 'keep_last', 'value_kept'
   )
 ORDER BY p.prokind

-- name: drop_shim_type
DROP TYPE IF EXISTS cdviz.value_at

-- name: rename_copy
ALTER TABLE cdviz.cdevents_lake_converted RENAME TO cdevents_lake

-- name: rename_indexes
SELECT format('ALTER INDEX cdviz.%%I RENAME TO %%I', i.indexname, replace(i.indexname, 'cdevents_lake_converted', 'cdevents_lake'))
  FROM pg_catalog.pg_indexes AS i
 WHERE i.schemaname = 'cdviz' AND i.tablename = 'cdevents_lake' AND i.indexname LIKE 'cdevents\_lake\_converted%%'

-- name: close
UPDATE cdviz.lake_move SET finished_at = clock_timestamp() WHERE kind = 'conversion'
