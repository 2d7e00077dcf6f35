-- What was deployed where and when, and what runs there.

-- name: service
SELECT s.subject_id AS __text, s.subject_id AS __value FROM cdviz.service AS s ORDER BY 1

-- name: environment
SELECT p.environment_id AS __text, p.environment_id AS __value FROM cdviz.production AS p ORDER BY 1

-- name: source
SELECT DISTINCT a.source AS __text, a.source AS __value
  FROM cdviz.activity_daily AS a
 WHERE a.day >= ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date AND a.day <= ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date
   AND a.subject = 'service' AND a.source <> ''
 ORDER BY 1

-- name: totals
SELECT count(*) AS deployments, count(DISTINCT d.service_id) AS services, count(DISTINCT d.environment_id) AS environments,
       count(DISTINCT d.artifact_id) AS artifacts, count(*) FILTER (WHERE d.next_predicate = 'rolledback') AS "rolled back",
       count(*) FILTER (WHERE d.artifact_id IS NULL) AS "without an artifact"
  FROM cdviz.deployments($__timeFrom(), $__timeTo(), NULL, '*', nullif(${source:sqlstring}, '*')) AS d
 WHERE ('*' IN (${service:sqlstring}) OR d.service_id IN (${service:sqlstring}))
   AND ('*' IN (${environment:sqlstring}) OR d.environment_id IN (${environment:sqlstring}))

-- name: by_environment
SELECT date_trunc(${bucket:sqlstring}, d.at, 'UTC') AS time, d.environment_id AS metric, count(*) AS deployments
  FROM cdviz.deployments($__timeFrom(), $__timeTo(), NULL, '*', nullif(${source:sqlstring}, '*')) AS d
 WHERE ('*' IN (${service:sqlstring}) OR d.service_id IN (${service:sqlstring}))
   AND ('*' IN (${environment:sqlstring}) OR d.environment_id IN (${environment:sqlstring}))
 GROUP BY 1, 2
 ORDER BY 1, 2

-- name: by_service
SELECT d.service_id AS service, count(*) AS deployments
  FROM cdviz.deployments($__timeFrom(), $__timeTo(), NULL, '*', nullif(${source:sqlstring}, '*')) AS d
 WHERE ('*' IN (${service:sqlstring}) OR d.service_id IN (${service:sqlstring}))
   AND ('*' IN (${environment:sqlstring}) OR d.environment_id IN (${environment:sqlstring}))
 GROUP BY 1
 ORDER BY 2 DESC, 1
 LIMIT 15

-- name: matrix
SELECT r.service_id AS service, r.environment_id AS environment, coalesce(r.artifact_id, 'unknown') AS artifact
  FROM cdviz.what_runs($__timeTo()) AS r
 WHERE ('*' IN (${service:sqlstring}) OR r.service_id IN (${service:sqlstring}))
   AND ('*' IN (${environment:sqlstring}) OR r.environment_id IN (${environment:sqlstring}))
 ORDER BY r.service_id, r.environment_id

-- name: lanes
WITH asked AS (
    SELECT a.id FROM unnest(ARRAY[${service:sqlstring}]) AS a (id) WHERE a.id <> '*'
    UNION ALL
    (
        SELECT d.service_id
          FROM cdviz.deployments($__timeFrom(), $__timeTo(), NULL, '*') AS d
         WHERE '*' IN (${service:sqlstring})
         GROUP BY d.service_id
         ORDER BY count(*) DESC, d.service_id
         LIMIT 6
    )
)

SELECT greatest(h.at, $__timeFrom()::timestamptz) AS time, a.id || ' in ' || h.environment_id AS lane,
       CASE WHEN h.predicate <> 'removed' THEN coalesce(h.artifact_id, 'unknown') END AS state
  FROM asked AS a
 CROSS JOIN LATERAL cdviz.service_history(a.id, '-infinity', $__timeTo(), NULL, NULL, 500) AS h
 WHERE h.environment_id <> '' AND (h.until_at IS NULL OR h.until_at > $__timeFrom()::timestamptz)
   AND ('*' IN (${environment:sqlstring}) OR h.environment_id IN (${environment:sqlstring}))
 ORDER BY 1, 2

-- name: deployments
SELECT d.at, d.service_id AS service, d.environment_id AS environment, d.predicate, d.artifact_id AS artifact, d.source,
       extract(epoch FROM d.next_at - d.at)::double precision AS lasted, d.next_predicate AS next, d.position
  FROM cdviz.deployments($__timeFrom(), $__timeTo(), NULL, '*', nullif(${source:sqlstring}, '*')) AS d
 WHERE ('*' IN (${service:sqlstring}) OR d.service_id IN (${service:sqlstring}))
   AND ('*' IN (${environment:sqlstring}) OR d.environment_id IN (${environment:sqlstring}))
 ORDER BY d.at DESC, d.position DESC
 LIMIT 200

-- name: versions
SELECT v.artifact_id AS artifact, a.id AS service, v.environment_id AS environment, v.first_at AS first, v.last_at AS last, v.times, v.is_running AS running
  FROM unnest(ARRAY[${service:sqlstring}]) AS a (id)
 CROSS JOIN LATERAL cdviz.service_versions(a.id, $__timeFrom(), $__timeTo(), NULL, nullif(${source:sqlstring}, '*')) AS v
 WHERE '*' IN (${environment:sqlstring}) OR v.environment_id IN (${environment:sqlstring})
 ORDER BY v.first_at DESC, v.artifact_id, v.environment_id
 LIMIT 200
