-- The statements of `evistore bench`, in a database of its own.

-- name: stage
-- The events wait in an unlogged table, so that what is measured is storing, not sending.
CREATE UNLOGGED TABLE evistore.bench_event (n bigint GENERATED ALWAYS AS IDENTITY, payload jsonb NOT NULL)

-- name: fill
INSERT INTO evistore.bench_event (payload) SELECT unnest(%(events)s::text[]::jsonb[])

-- name: index_stage
CREATE INDEX bench_event_n_idx ON evistore.bench_event (n)

-- name: type_stage
-- What the lake's columns hold, worked out beforehand: the limit only inserts.
CREATE UNLOGGED TABLE evistore.bench_row AS
SELECT current_timestamp AS imported_at, cdviz.event_time(e.payload #>> '{context,timestamp}') AS "timestamp", e.payload,
       t.subject, t.predicate, t.version, e.payload #>> '{context,id}' AS context_id, e.n AS position,
       sha256(convert_to(e.payload::text, 'UTF8')) AS digest, e.payload #>> '{context,source}' AS source,
       e.payload #>> '{subject,id}' AS subject_id, NULL::text AS verdict, NULL::jsonb AS verdict_reasons
  FROM evistore.bench_event AS e
 CROSS JOIN LATERAL cdviz.event_type(e.payload #>> '{context,type}') AS t
 ORDER BY e.n

-- name: make_heap
CREATE TABLE evistore.bench_heap (LIKE cdviz.cdevents_lake INCLUDING DEFAULTS)

-- name: heap_key
CREATE UNIQUE INDEX bench_heap_key ON evistore.bench_heap (context_id, subject, "timestamp")

-- name: heap_time
CREATE INDEX bench_heap_time_idx ON evistore.bench_heap ("timestamp")

-- name: drop_heap
DROP TABLE IF EXISTS evistore.bench_heap

-- name: limit
INSERT INTO evistore.bench_heap (
    imported_at, "timestamp", payload, subject, predicate, version, context_id, position, digest, source, subject_id, verdict, verdict_reasons
)
SELECT r.imported_at, r."timestamp", r.payload, r.subject, r.predicate, r.version, r.context_id,
       r.position, r.digest, r.source, r.subject_id, r.verdict, r.verdict_reasons
  FROM evistore.bench_row AS r

-- name: store
SELECT count(*)
  FROM cdviz.store_cdevents(
    ARRAY(SELECT e.payload FROM evistore.bench_event AS e WHERE e.n > %(after)s::bigint AND e.n <= %(upto)s::bigint ORDER BY e.n)
  )
 WHERE outcome = 'stored'

-- name: layer_parse
-- What cdviz.store_cdevents reads off every event before it writes.
SELECT count(j.id), count(j.source), count(j.at), count(j.subject_id), count(t.subject)
  FROM (
    SELECT CASE WHEN jsonb_typeof(i.context -> 'id') = 'string' THEN i.context ->> 'id' END AS id,
           CASE WHEN jsonb_typeof(i.context -> 'source') = 'string' THEN i.context ->> 'source' END AS source,
           cdviz.event_time(i.context ->> 'timestamp') AS at,
           CASE WHEN jsonb_typeof(i.subject -> 'id') = 'string' THEN nullif(i.subject ->> 'id', '') END AS subject_id,
           i.context ->> 'type' AS type
      FROM (
        SELECT e.payload -> 'context' AS context, e.payload -> 'subject' AS subject
          FROM evistore.bench_event AS e
         WHERE e.n > %(after)s::bigint AND e.n <= %(upto)s::bigint
        OFFSET 0
      ) AS i
    OFFSET 0
  ) AS j
  JOIN (
    SELECT d.type, x.subject
      FROM (
        SELECT DISTINCT e.payload -> 'context' ->> 'type' AS type
          FROM evistore.bench_event AS e
         WHERE e.n > %(after)s::bigint AND e.n <= %(upto)s::bigint
      ) AS d
     CROSS JOIN LATERAL cdviz.event_type(d.type) AS x
    OFFSET 0
  ) AS t ON t.type = j.type

-- name: layer_digest
-- The same with the digest of the text.
SELECT count(j.id), count(j.source), count(j.at), count(j.subject_id), count(t.subject), count(j.digest)
  FROM (
    SELECT CASE WHEN jsonb_typeof(i.context -> 'id') = 'string' THEN i.context ->> 'id' END AS id,
           CASE WHEN jsonb_typeof(i.context -> 'source') = 'string' THEN i.context ->> 'source' END AS source,
           cdviz.event_time(i.context ->> 'timestamp') AS at,
           CASE WHEN jsonb_typeof(i.subject -> 'id') = 'string' THEN nullif(i.subject ->> 'id', '') END AS subject_id,
           i.context ->> 'type' AS type, sha256(convert_to(i.payload::text, 'UTF8')) AS digest
      FROM (
        SELECT e.payload, e.payload -> 'context' AS context, e.payload -> 'subject' AS subject
          FROM evistore.bench_event AS e
         WHERE e.n > %(after)s::bigint AND e.n <= %(upto)s::bigint
        OFFSET 0
      ) AS i
    OFFSET 0
  ) AS j
  JOIN (
    SELECT d.type, x.subject
      FROM (
        SELECT DISTINCT e.payload -> 'context' ->> 'type' AS type
          FROM evistore.bench_event AS e
         WHERE e.n > %(after)s::bigint AND e.n <= %(upto)s::bigint
      ) AS d
     CROSS JOIN LATERAL cdviz.event_type(d.type) AS x
    OFFSET 0
  ) AS t ON t.type = j.type

-- name: rest_projections
ALTER TABLE cdviz.cdevents_lake DISABLE TRIGGER cdevents_lake_projection

-- name: wake_projections
ALTER TABLE cdviz.cdevents_lake ENABLE TRIGGER cdevents_lake_projection

-- name: keep_lake
-- What the functions wrote, in the order they wrote it, to be written once more by plain statements.
CREATE UNLOGGED TABLE evistore.bench_lake AS SELECT l.* FROM cdviz.cdevents_lake AS l ORDER BY l.position

-- name: keep_identity
CREATE UNLOGGED TABLE evistore.bench_identity AS SELECT i.* FROM cdviz.event_identity AS i ORDER BY i.position

-- name: keep_states
CREATE UNLOGGED TABLE evistore.bench_states AS SELECT s.* FROM cdviz.subject_state AS s ORDER BY s.node

-- name: keep_edges
CREATE UNLOGGED TABLE evistore.bench_edges AS SELECT g.* FROM cdviz.edge AS g ORDER BY g.id

-- name: again_lake
INSERT INTO cdviz.cdevents_lake SELECT l.* FROM evistore.bench_lake AS l

-- name: again_identity
INSERT INTO cdviz.event_identity SELECT i.* FROM evistore.bench_identity AS i ON CONFLICT DO NOTHING

-- name: again_states
INSERT INTO cdviz.subject_state OVERRIDING SYSTEM VALUE SELECT s.* FROM evistore.bench_states AS s ON CONFLICT DO NOTHING

-- name: again_edges
INSERT INTO cdviz.edge OVERRIDING SYSTEM VALUE SELECT g.* FROM evistore.bench_edges AS g ON CONFLICT DO NOTHING

-- name: store_texts
SELECT count(*) FROM cdviz.store_cdevents(%(events)s::text[]::jsonb[])

-- name: empty
TRUNCATE cdviz.cdevents_lake, cdviz.event_identity, cdviz.subject_state, cdviz.edge,
    cdviz.service_event, cdviz.service_placement, cdviz.pending_link

-- name: texts
SELECT e.payload::text FROM evistore.bench_event AS e WHERE e.n > %(after)s::bigint AND e.n <= %(upto)s::bigint ORDER BY e.n

-- name: call
CALL cdviz.store_cdevent(%(event)s::jsonb)

-- name: insert
INSERT INTO evistore.bench_heap ("timestamp", payload, subject, predicate, version, context_id)
VALUES (%(at)s::timestamptz, %(event)s::jsonb, %(subject)s::text, %(predicate)s::text, %(version)s::int[], %(context_id)s::text)

-- name: size
-- Lake, identity, projections, all their indexes; partitions and chunks with what belongs to them.
SELECT sum(pg_total_relation_size(t.oid))::bigint
  FROM (
    SELECT c.oid
      FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r'
       AND (n.nspname = 'cdviz' OR (n.nspname = '_timescaledb_internal' AND c.relname LIKE '%%hyper%%'))
  ) AS t

-- name: lake_size
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r'
   AND ((n.nspname = 'cdviz' AND c.relname LIKE 'cdevents\_lake%%') OR (n.nspname = '_timescaledb_internal' AND c.relname LIKE '%%hyper%%'))

-- name: compress
SELECT count(public.compress_chunk(c, true)) FROM public.show_chunks('cdviz.cdevents_lake'::regclass) AS c

-- name: stored
SELECT count(*) FROM cdviz.cdevents_lake

-- name: newest
SELECT max("timestamp") FROM cdviz.cdevents_lake

-- name: a_service
SELECT p.service_id FROM cdviz.service_placement AS p WHERE p.predicate <> 'removed' ORDER BY p."timestamp" DESC, p.service_id LIMIT 1

-- name: a_run
SELECT s.subject_id FROM cdviz.subject_state AS s
 WHERE s.subject = 'pipelinerun' AND s.finished_at IS NOT NULL
 ORDER BY s.finished_at >= %(newest)s::timestamptz - interval '20 days', s.finished_at DESC
 LIMIT 1

-- name: a_artifact
SELECT p.artifact_id FROM cdviz.service_placement AS p WHERE p.artifact_id IS NOT NULL ORDER BY p."timestamp" DESC, p.service_id LIMIT 1

-- name: a_position
SELECT s.last_position FROM cdviz.subject_state AS s
 WHERE s.subject = 'pipelinerun' AND s.finished_at IS NOT NULL
 ORDER BY s.finished_at >= %(newest)s::timestamptz - interval '20 days', s.finished_at DESC
 LIMIT 1

-- name: question_week_of_pipeline_runs
SELECT r.outcome, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.finished_at - r.started_at))
  FROM cdviz.pipelinerun AS r
 WHERE r.finished_at >= %(newest)s::timestamptz - interval '7 days' AND r.finished_at < %(newest)s::timestamptz
 GROUP BY r.outcome

-- name: question_one_subject
SELECT r.* FROM cdviz.pipelinerun AS r WHERE r.subject_id = %(run)s::text

-- name: question_what_runs_where
SELECT w.* FROM cdviz.what_runs() AS w

-- name: question_latest_runs
SELECT r.* FROM cdviz.pipelinerun AS r ORDER BY r.finished_at DESC LIMIT 20

-- name: question_ancestors_of_a_service
SELECT a.* FROM cdviz.graph_ancestors_now(%(service)s::text) AS a

-- name: question_all_ancestors_ever
SELECT a.* FROM cdviz.graph_ancestors(%(service)s::text) AS a

-- name: count_activity
SELECT cdviz.refresh_activity()

-- name: question_deployment_frequency
SELECT f.* FROM cdviz.deployment_frequency(%(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz, p_bucket => 'week') AS f

-- name: question_lead_time_for_changes
SELECT l.* FROM cdviz.lead_time_for_changes(%(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz, p_bucket => 'week') AS l

-- name: question_change_failure_rate
SELECT c.* FROM cdviz.change_failure_rate(%(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz, p_bucket => 'week') AS c

-- name: question_recovery_time
SELECT r.* FROM cdviz.failed_deployment_recovery_time(%(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz, p_bucket => 'week') AS r

-- name: question_rework_rate
SELECT r.* FROM cdviz.deployment_rework_rate(%(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz, p_bucket => 'week') AS r

-- name: question_failures_recovery_and_rework
SELECT f.* FROM cdviz.deployment_figures(%(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz, p_bucket => 'week') AS f

-- name: question_incidents_and_causes
SELECT i.* FROM cdviz.incidents(%(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz) AS i

-- name: question_pipelines
SELECT s.* FROM cdviz.run_statistics('pipelinerun', %(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz) AS s

-- name: question_tasks
SELECT s.* FROM cdviz.run_statistics('taskrun', %(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz) AS s

-- name: question_test_suites
SELECT s.* FROM cdviz.run_statistics('testsuiterun', %(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz, p_limit => 50) AS s

-- name: question_test_cases
SELECT s.* FROM cdviz.run_statistics('testcaserun', %(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz, p_limit => 50) AS s

-- name: question_test_case_trend
SELECT t.* FROM cdviz.run_trend('testcaserun', %(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz, p_bucket => 'week') AS t

-- name: question_flaky_tests
SELECT f.* FROM cdviz.flaky_tests(%(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz) AS f LIMIT 50

-- name: question_stuck_runs
SELECT s.* FROM cdviz.stuck_runs(p_from => %(newest)s::timestamptz - interval '90 days') AS s LIMIT 50

-- name: question_silent_sources
SELECT s.* FROM cdviz.silent_sources(%(newest)s::timestamptz) AS s

-- name: question_service_history
SELECT h.* FROM cdviz.service_history(%(service)s::text, %(newest)s::timestamptz - interval '90 days', p_limit => 50) AS h

-- name: question_service_versions
SELECT v.* FROM cdviz.service_versions(%(service)s::text, %(newest)s::timestamptz - interval '90 days', %(newest)s::timestamptz) AS v

-- name: question_activity_by_week
SELECT a.* FROM cdviz.activity_counts((%(newest)s::timestamptz - interval '90 days')::date, %(newest)s::timestamptz::date, 'week') AS a
