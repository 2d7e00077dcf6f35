-- What `evistore maintain` does; on TimescaleDB its jobs do most of it.

-- name: present
SELECT clock_timestamp()

-- name: lock
-- One maintenance at a time. The number spells "maintain".
SELECT pg_try_advisory_lock(7881690136183923054)

-- name: unlock
SELECT pg_advisory_unlock(7881690136183923054)

-- name: become_owner
SET ROLE cdviz

-- name: is_native
SELECT relkind = 'p' FROM pg_catalog.pg_class WHERE oid = 'cdviz.cdevents_lake'::regclass

-- name: ensure_ahead
SELECT cdviz.ensure_ahead(%(now)s::timestamptz)

-- name: missing_ahead
SELECT count(*)
  FROM generate_series(
        date_trunc('week', %(now)s::timestamptz, 'UTC') - interval '7 days',
        date_trunc('week', %(now)s::timestamptz + (SELECT p.value FROM cdviz.storage_policy AS p WHERE p.name = 'partitions_ahead'), 'UTC'),
        interval '7 days'
       ) AS w (week)
 WHERE NOT EXISTS (SELECT FROM cdviz.lake_partition AS p WHERE p.week = w.week)

-- name: stray_weeks
SELECT week, events FROM cdviz.stray_weeks()

-- name: settle_week
SELECT cdviz.settle_week(%(week)s::timestamptz)

-- name: preview
SELECT subject, events FROM cdviz.retention_preview(%(now)s::timestamptz) WHERE events > 0

-- name: floors
SELECT cdviz.retention_floors(%(now)s::timestamptz)

-- name: ranges
SELECT name, from_at::text, to_at::text FROM cdviz.lake_ranges(%(floors)s::jsonb)

-- name: retire
SELECT subject, events FROM cdviz.retire_range(%(name)s::text, %(from_at)s::timestamptz, %(to_at)s::timestamptz, %(floors)s::jsonb)

-- name: prune_projections
SELECT what AS subject, rows AS events FROM cdviz.prune_projections(%(floors)s::jsonb) WHERE rows > 0

-- name: prune_identity
SELECT cdviz.prune_identity(%(now)s::timestamptz)

-- name: prune_quarantine
SELECT evistore.prune_quarantine(%(now)s::timestamptz)

-- name: refresh_activity
SELECT cdviz.refresh_activity()

-- name: settle_links
SELECT cdviz.settle_links()

-- name: worn_tables
-- How to mend the tables of which a tenth is dead or unknown to the planner: autovacuum by its defaults waits longer.
SELECT format('VACUUM (ANALYZE) %%I.%%I', s.schemaname, s.relname)
  FROM pg_catalog.pg_stat_user_tables AS s
 WHERE (s.schemaname IN ('cdviz', 'evistore') OR s.schemaname = '_timescaledb_internal' AND s.relname LIKE '\_hyper%%')
   AND (
        s.n_dead_tup > 1000 + 0.1 * s.n_live_tup
        OR s.n_mod_since_analyze > 1000 + 0.1 * s.n_live_tup
        OR s.n_ins_since_vacuum > 10000 + 0.2 * s.n_live_tup
   )
 ORDER BY s.schemaname, s.relname
