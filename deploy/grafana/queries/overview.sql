-- DORA's metrics. A service or source of '*' is any; the environment (production) is what cdviz.production takes for production.

-- name: environment
SELECT 'Production' AS __text, '(production)' AS __value, 0 AS place
UNION ALL
SELECT p.environment_id, p.environment_id, 1 FROM cdviz.production AS p
 ORDER BY place, 1

-- name: service
SELECT s.subject_id AS __text, s.subject_id AS __value FROM cdviz.service AS s ORDER BY 1

-- name: source
SELECT DISTINCT a.source AS __text, a.source AS __value
  FROM cdviz.activity_daily AS a
 WHERE a.day >= ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date AND a.day <= ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date AND a.source <> ''
 ORDER BY 1

-- name: deployment_frequency
SELECT coalesce(s.id, 'All services') AS service, m.per_day
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.deployment_frequency(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')
 ) AS m
 ORDER BY 1

-- name: lead_time
SELECT coalesce(s.id, 'All services') AS service, m.p50_seconds
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.lead_time_for_changes(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')
 ) AS m
 ORDER BY 1

-- name: failure_rate
SELECT coalesce(s.id, 'All services') AS service, m.rate
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.change_failure_rate(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')
 ) AS m
 ORDER BY 1

-- name: recovery_time
SELECT coalesce(s.id, 'All services') AS service, m.p50_seconds
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.failed_deployment_recovery_time(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')
 ) AS m
 ORDER BY 1

-- name: rework_rate
SELECT coalesce(s.id, 'All services') AS service, m.rate
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.deployment_rework_rate(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')
 ) AS m
 ORDER BY 1

-- name: frequency_trend
SELECT m.bucket AS time, coalesce(s.id, 'All services') AS metric, m.per_day AS "deployments per day"
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.deployment_frequency(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*'), ${bucket:sqlstring}
 ) AS m
 WHERE m.bucket IS NOT NULL
 ORDER BY 1, 2

-- name: lead_time_trend
SELECT m.bucket AS time, coalesce(s.id, 'All services') AS metric, m.p50_seconds AS "P50", m.p80_seconds AS "P80", m.p95_seconds AS "P95"
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.lead_time_for_changes(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*'), ${bucket:sqlstring}
 ) AS m
 WHERE m.bucket IS NOT NULL
 ORDER BY 1, 2

-- name: lead_time_stages
SELECT m.bucket AS time, coalesce(s.id, 'All services') AS metric, m.merge_to_build_seconds AS "merge to build",
       m.build_to_artifact_seconds AS "build to artifact", m.artifact_to_production_seconds AS "artifact to production"
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.lead_time_for_changes(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*'), ${bucket:sqlstring}
 ) AS m
 WHERE m.bucket IS NOT NULL
 ORDER BY 1, 2

-- name: failure_rate_trend
SELECT m.bucket AS time, coalesce(s.id, 'All services') AS metric, m.rate AS "failure rate"
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.change_failure_rate(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*'), ${bucket:sqlstring}
 ) AS m
 WHERE m.bucket IS NOT NULL
 ORDER BY 1, 2

-- name: recovery_time_trend
SELECT m.bucket AS time, coalesce(s.id, 'All services') AS metric, m.p50_seconds AS "P50", m.p95_seconds AS "P95"
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.failed_deployment_recovery_time(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*'), ${bucket:sqlstring}
 ) AS m
 WHERE m.bucket IS NOT NULL
 ORDER BY 1, 2

-- name: rework_rate_trend
SELECT m.bucket AS time, coalesce(s.id, 'All services') AS metric, m.rate AS "rework rate"
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.deployment_rework_rate(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*'), ${bucket:sqlstring}
 ) AS m
 WHERE m.bucket IS NOT NULL
 ORDER BY 1, 2

-- name: coverage_frequency
SELECT 'Deployment frequency' AS metric, coalesce(s.id, 'All services') AS service, m.items, m.unexplained,
       (SELECT string_agg(r.value || ' ' || r.key, ', ' ORDER BY r.key) FROM jsonb_each_text(m.reasons) AS r) AS reasons
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.deployment_frequency(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')
 ) AS m
 ORDER BY 2

-- name: coverage_lead_time
SELECT 'Lead time for changes' AS metric, coalesce(s.id, 'All services') AS service, m.items, m.unexplained,
       (SELECT string_agg(r.value || ' ' || r.key, ', ' ORDER BY r.key) FROM jsonb_each_text(m.reasons) AS r) AS reasons
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.lead_time_for_changes(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')
 ) AS m
 ORDER BY 2

-- name: coverage_failures
SELECT 'Change failure rate' AS metric, coalesce(s.id, 'All services') AS service, m.items, m.unexplained,
       (SELECT string_agg(r.value || ' ' || r.key, ', ' ORDER BY r.key) FROM jsonb_each_text(m.reasons) AS r) AS reasons
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.change_failure_rate(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')
 ) AS m
 ORDER BY 2

-- name: coverage_recovery
SELECT 'Failed deployment recovery time' AS metric, coalesce(s.id, 'All services') AS service, m.items, m.unexplained,
       (SELECT string_agg(r.value || ' ' || r.key, ', ' ORDER BY r.key) FROM jsonb_each_text(m.reasons) AS r) AS reasons
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.failed_deployment_recovery_time(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')
 ) AS m
 ORDER BY 2

-- name: coverage_rework
SELECT 'Deployment rework rate' AS metric, coalesce(s.id, 'All services') AS service, m.items, m.unexplained,
       (SELECT string_agg(r.value || ' ' || r.key, ', ' ORDER BY r.key) FROM jsonb_each_text(m.reasons) AS r) AS reasons
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.deployment_rework_rate(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')
 ) AS m
 ORDER BY 2

-- name: failed
SELECT d.at, d.service_id AS service, d.environment_id AS environment, d.artifact_id AS artifact, array_to_string(d.ways, ', ') AS sign,
       array_to_string(d.incident_ids, ', ') AS incidents, extract(epoch FROM d.recovered_at - d.at)::double precision AS recovery, d.position
  FROM cdviz.deployment_outcomes($__timeFrom(), $__timeTo(), NULL, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')) AS d
 WHERE d.failed AND ('*' IN (${service:sqlstring}) OR d.service_id IN (${service:sqlstring}))
 ORDER BY d.at DESC
 LIMIT 200

-- name: changes
SELECT l.deployed_at AS at, l.service_id AS service, l.artifact_id AS artifact, l.change_id AS change, l.seconds AS "lead time", l.reason, l.position
  FROM cdviz.lead_times($__timeFrom(), $__timeTo(), NULL, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')) AS l
 WHERE coalesce(l.reason, '') <> 'repeated' AND ('*' IN (${service:sqlstring}) OR l.service_id IN (${service:sqlstring}))
 ORDER BY l.deployed_at DESC, l.service_id, l.change_id
 LIMIT 200
