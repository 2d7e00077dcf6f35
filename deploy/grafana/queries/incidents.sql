-- Incidents, the deployments behind them, and how long they lasted. They begin when they were last detected, else reported.

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
 WHERE a.day >= ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date AND a.day <= ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date
   AND a.subject = 'incident' AND a.source <> ''
 ORDER BY 1

-- name: totals
SELECT count(*) AS incidents, count(*) FILTER (WHERE i.resolved_at IS NULL) AS open, count(*) FILTER (WHERE i.way IS NULL) AS unexplained,
       count(i.way)::double precision / nullif(count(*), 0) AS explained,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY i.seconds) AS "P50", percentile_cont(0.95) WITHIN GROUP (ORDER BY i.seconds) AS "P95"
  FROM cdviz.incidents($__timeFrom(), $__timeTo(), NULL, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')) AS i
 WHERE '*' IN (${service:sqlstring}) OR i.service_id IN (${service:sqlstring}) OR i.cause_service_id IN (${service:sqlstring})

-- name: by_way
SELECT date_trunc(${bucket:sqlstring}, i.began_at, 'UTC') AS time, coalesce(i.way, i.reason) AS metric, count(*) AS incidents
  FROM cdviz.incidents($__timeFrom(), $__timeTo(), NULL, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')) AS i
 WHERE '*' IN (${service:sqlstring}) OR i.service_id IN (${service:sqlstring}) OR i.cause_service_id IN (${service:sqlstring})
 GROUP BY 1, 2
 ORDER BY 1, 2

-- name: lasted
SELECT i.began_at AS time, coalesce(i.service_id, i.cause_service_id, 'no service') AS metric, i.seconds
  FROM cdviz.incidents($__timeFrom(), $__timeTo(), NULL, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')) AS i
 WHERE i.seconds IS NOT NULL
   AND ('*' IN (${service:sqlstring}) OR i.service_id IN (${service:sqlstring}) OR i.cause_service_id IN (${service:sqlstring}))
 ORDER BY 1, 2

-- name: by_service
SELECT coalesce(i.cause_service_id, i.service_id, 'no service') AS service, count(*) AS incidents
  FROM cdviz.incidents($__timeFrom(), $__timeTo(), NULL, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')) AS i
 WHERE '*' IN (${service:sqlstring}) OR i.service_id IN (${service:sqlstring}) OR i.cause_service_id IN (${service:sqlstring})
 GROUP BY 1
 ORDER BY 2 DESC, 1
 LIMIT 15

-- name: recovery
SELECT m.bucket AS time, coalesce(s.id, 'All services') AS metric, m.p50_seconds AS "P50", m.p95_seconds AS "P95"
  FROM (SELECT nullif(a.id, '*') AS id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)) AS s
 CROSS JOIN LATERAL cdviz.failed_deployment_recovery_time(
    $__timeFrom(), $__timeTo(), s.id, nullif(${environment:sqlstring}, '(production)'), NULL, ${bucket:sqlstring}
 ) AS m
 WHERE m.bucket IS NOT NULL
 ORDER BY 1, 2

-- name: incidents
SELECT i.began_at AS began, coalesce(i.name, i.incident_id) AS incident, i.service_id AS service, i.environment_id AS environment, i.seconds AS lasted,
       coalesce(i.way, i.reason) AS known, i.cause_service_id AS "deployed service", i.cause_artifact_id AS artifact,
       i.cause_at AS deployed, i.incident_id AS id, i.cause_position AS position
  FROM cdviz.incidents($__timeFrom(), $__timeTo(), NULL, nullif(${environment:sqlstring}, '(production)'), nullif(${source:sqlstring}, '*')) AS i
 WHERE '*' IN (${service:sqlstring}) OR i.service_id IN (${service:sqlstring}) OR i.cause_service_id IN (${service:sqlstring})
 ORDER BY i.began_at DESC, i.incident_id
 LIMIT 200
