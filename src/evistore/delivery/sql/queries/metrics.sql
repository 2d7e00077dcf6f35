-- The DORA metrics: the first row is the whole window, the others are its days, weeks or months.

-- name: frequency
SELECT f.bucket, f.per_day, f.active_days, f.items, f.unexplained, f.reasons
  FROM cdviz.deployment_frequency(
    %(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(bucket)s::text
  ) AS f

-- name: deployments
SELECT d.service_id, d.environment_id, d.at, d.position, d.predicate, d.artifact_id, d.source
  FROM cdviz.deployments(%(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text) AS d
 ORDER BY d.at DESC, d.position DESC
 LIMIT %(limit)s::int

-- name: environments
SELECT p.environment_id, p.is_production, p.is_set FROM cdviz.production AS p ORDER BY p.environment_id

-- name: set_production
SELECT cdviz.set_production(%(environment)s::text, %(is_production)s::boolean)
