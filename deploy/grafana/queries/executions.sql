-- Runs of one kind: pipelines, tasks, test suites, test cases or builds, by when they finished.

-- name: name
SELECT coalesce(s.name, s.key) AS __text, s.key AS __value
  FROM cdviz.run_statistics(${kind:sqlstring}, $__timeFrom(), $__timeTo()) AS s
 WHERE s.key IS NOT NULL
 ORDER BY 1
 LIMIT 1000

-- name: service
SELECT s.subject_id AS __text, s.subject_id AS __value FROM cdviz.service AS s ORDER BY 1

-- name: environment
SELECT p.environment_id AS __text, p.environment_id AS __value FROM cdviz.production AS p ORDER BY 1

-- name: source
SELECT DISTINCT a.source AS __text, a.source AS __value
  FROM cdviz.activity_daily AS a
 WHERE a.day >= ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date AND a.day <= ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date
   AND a.subject = ${kind:sqlstring} AND a.source <> ''
 ORDER BY 1

-- name: whole
SELECT coalesce(n.id, 'All of them') AS name, t.items AS runs, t.failure_rate, t.p50_seconds, t.p95_seconds, t.queue_p50_seconds, t.unexplained
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${name:sqlstring}]) AS a (id)) AS n
 CROSS JOIN LATERAL cdviz.run_trend(
    ${kind:sqlstring}, $__timeFrom(), $__timeTo(), nullif(${service:sqlstring}, '*'), nullif(${environment:sqlstring}, '*'),
    nullif(${source:sqlstring}, '*'), n.id
 ) AS t
 ORDER BY 1

-- name: durations
SELECT t.bucket AS time, coalesce(n.id, 'All of them') AS metric, t.p50_seconds AS "P50", t.p80_seconds AS "P80", t.p95_seconds AS "P95"
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${name:sqlstring}]) AS a (id)) AS n
 CROSS JOIN LATERAL cdviz.run_trend(
    ${kind:sqlstring}, $__timeFrom(), $__timeTo(), nullif(${service:sqlstring}, '*'), nullif(${environment:sqlstring}, '*'),
    nullif(${source:sqlstring}, '*'), n.id, ${bucket:sqlstring}
 ) AS t
 WHERE t.bucket IS NOT NULL
 ORDER BY 1, 2

-- name: failures
SELECT t.bucket AS time, coalesce(n.id, 'All of them') AS metric, t.failure_rate AS "failure rate"
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${name:sqlstring}]) AS a (id)) AS n
 CROSS JOIN LATERAL cdviz.run_trend(
    ${kind:sqlstring}, $__timeFrom(), $__timeTo(), nullif(${service:sqlstring}, '*'), nullif(${environment:sqlstring}, '*'),
    nullif(${source:sqlstring}, '*'), n.id, ${bucket:sqlstring}
 ) AS t
 WHERE t.bucket IS NOT NULL
 ORDER BY 1, 2

-- name: outcomes
SELECT t.bucket AS time, sum(t.passed)::bigint AS passed, sum(t.failed)::bigint AS failed, sum(t.cancelled)::bigint AS cancelled,
       sum(t.items - t.passed - t.failed - t.cancelled)::bigint AS unknown
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${name:sqlstring}]) AS a (id)) AS n
 CROSS JOIN LATERAL cdviz.run_trend(
    ${kind:sqlstring}, $__timeFrom(), $__timeTo(), nullif(${service:sqlstring}, '*'), nullif(${environment:sqlstring}, '*'),
    nullif(${source:sqlstring}, '*'), n.id, ${bucket:sqlstring}
 ) AS t
 WHERE t.bucket IS NOT NULL
 GROUP BY 1
 ORDER BY 1

-- name: dots
SELECT d.time, d.metric, d.seconds
  FROM (
    SELECT r.finished_at AS time, coalesce(r.class, 'unknown') AS metric, r.seconds
      FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${name:sqlstring}]) AS a (id)) AS n
     CROSS JOIN LATERAL cdviz.runs(
        ${kind:sqlstring}, $__timeFrom(), $__timeTo(), nullif(${service:sqlstring}, '*'), nullif(${environment:sqlstring}, '*'),
        nullif(${source:sqlstring}, '*'), n.id
     ) AS r
     WHERE r.seconds IS NOT NULL
     ORDER BY r.finished_at DESC
     LIMIT 2000
  ) AS d
 ORDER BY 1, 2

-- name: statistics
SELECT coalesce(s.name, s.key) AS name, s.items AS runs, s.failure_rate AS "failure rate", s.p50_seconds AS "P50", s.p80_seconds AS "P80",
       s.p95_seconds AS "P95", s.queue_p50_seconds AS "queue P50", s.last_finished_at AS "last one", s.unexplained,
       (SELECT string_agg(r.value || ' ' || r.key, ', ' ORDER BY r.key) FROM jsonb_each_text(s.reasons) AS r) AS reasons, s.key
  FROM cdviz.run_statistics(
    ${kind:sqlstring}, $__timeFrom(), $__timeTo(), nullif(${service:sqlstring}, '*'), nullif(${environment:sqlstring}, '*'), nullif(${source:sqlstring}, '*')
  ) AS s
 WHERE '*' IN (${name:sqlstring}) OR s.key IN (${name:sqlstring})
 ORDER BY s.items DESC, s.key
 LIMIT 200

-- name: failed
SELECT r.finished_at AS finished, coalesce(r.name, r.key) AS name, r.outcome, r.seconds AS took, r.environment_id AS environment, r.source,
       ${kind:sqlstring} AS kind, r.subject_id AS run
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${name:sqlstring}]) AS a (id)) AS n
 CROSS JOIN LATERAL cdviz.runs(
    ${kind:sqlstring}, $__timeFrom(), $__timeTo(), nullif(${service:sqlstring}, '*'), nullif(${environment:sqlstring}, '*'),
    nullif(${source:sqlstring}, '*'), n.id
 ) AS r
 WHERE r.class = 'failed'
 ORDER BY r.finished_at DESC, r.subject_id
 LIMIT 200

-- name: flaky
SELECT coalesce(f.name, f.key) AS name, f.flaky_rate AS "flaky rate", f.flaky, f.items AS states, f.failed, f.runs, f.last_failed_at AS "last failure",
       f.unexplained, ${kind:sqlstring} AS kind, f.sample_ids[1] AS sample
  FROM cdviz.flaky_tests(
    $__timeFrom(), $__timeTo(), nullif(${service:sqlstring}, '*'), nullif(${environment:sqlstring}, '*'), nullif(${source:sqlstring}, '*'), ${kind:sqlstring}
  ) AS f
 WHERE '*' IN (${name:sqlstring}) OR f.key IN (${name:sqlstring})
 ORDER BY f.flaky DESC, f.flaky_rate DESC, f.key
 LIMIT 200

-- name: stuck
SELECT s.since, s.name, CASE WHEN s.started_at IS NULL THEN 'queued' ELSE 'started' END AS state, s.seconds AS "for", s.environment_id AS environment,
       s.source, s.subject AS kind, s.subject_id AS run
  FROM cdviz.stuck_runs(
    '4 hours', $__timeFrom(), $__timeTo(), nullif(${environment:sqlstring}, '*'), nullif(${source:sqlstring}, '*'), ${kind:sqlstring}
  ) AS s
 ORDER BY s.since
 LIMIT 200
