-- The DORA metrics: the first row is the whole window, the others are its days, weeks or months.

-- name: frequency
SELECT f.bucket, f.per_day, f.active_days, f.items, f.unexplained, f.reasons
  FROM cdviz.deployment_frequency(
    %(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(bucket)s::text
  ) AS f

-- name: lead_time
SELECT l.bucket, l.p50_seconds, l.p80_seconds, l.p95_seconds, l.merge_to_build_seconds, l.build_to_artifact_seconds, l.artifact_to_production_seconds,
       l.releases, l.items, l.unexplained, l.reasons
  FROM cdviz.lead_time_for_changes(
    %(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(bucket)s::text
  ) AS l

-- name: failures
SELECT c.bucket, c.rate, c.failed, c.ways, c.items, c.unexplained, c.reasons
  FROM cdviz.change_failure_rate(
    %(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(bucket)s::text, %(within)s::interval
  ) AS c

-- name: recovery
SELECT r.bucket, r.p50_seconds, r.p80_seconds, r.p95_seconds, r.items, r.unexplained, r.reasons
  FROM cdviz.failed_deployment_recovery_time(
    %(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(bucket)s::text, %(within)s::interval
  ) AS r

-- name: rework
SELECT r.bucket, r.rate, r.reworked, r.ways, r.items, r.unexplained, r.reasons
  FROM cdviz.deployment_rework_rate(
    %(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(bucket)s::text, %(within)s::interval
  ) AS r

-- name: figures
SELECT f.bucket, f.items, f.failure_rate, f.failed, f.failure_ways, f.causeless, f.causeless_reasons, f.recovery_p50_seconds,
       f.recovery_p80_seconds, f.recovery_p95_seconds, f.recovered, f.rework_rate, f.reworked, f.rework_ways
  FROM cdviz.deployment_figures(
    %(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(bucket)s::text, %(within)s::interval
  ) AS f

-- name: environments
SELECT p.environment_id, p.is_production, p.is_set FROM cdviz.production AS p ORDER BY p.environment_id

-- name: asked_environments
SELECT unnest(cdviz.metric_environments(%(environment)s::text))

-- name: set_production
SELECT cdviz.set_production(%(environment)s::text, %(is_production)s::boolean)
