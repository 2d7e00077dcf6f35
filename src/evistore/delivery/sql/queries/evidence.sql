-- The deployments, changes and incidents behind the metrics.

-- name: deployments
SELECT d.service_id, d.environment_id, d.at, d.position, d.predicate, d.artifact_id, d.source, d.failed, d.ways, d.incident_ids,
       d.recovered_at, d.recovery_reason, d.rework, d.rework_ways, d.rework_incident_ids
  FROM cdviz.deployment_outcomes(
    %(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(within)s::interval
  ) AS d
 WHERE (%(failed)s::boolean IS NULL OR d.failed = %(failed)s::boolean) AND (%(rework)s::boolean IS NULL OR d.rework = %(rework)s::boolean)
 ORDER BY d.at DESC, d.position DESC
 LIMIT %(limit)s::int

-- name: lead_times
SELECT l.service_id, l.environment_id, l.deployed_at, l.position, l.artifact_id, l.change_id, l.way, l.reason,
       l.merged_at, l.built_at, l.published_at, l.seconds
  FROM cdviz.lead_times(%(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text) AS l
 WHERE %(explained)s::boolean IS NULL OR (l.reason IS NULL) = %(explained)s::boolean
 ORDER BY l.deployed_at DESC, l.position DESC, l.change_id COLLATE "C"
 LIMIT %(limit)s::int

-- name: incidents
SELECT i.incident_id, i.name, i.source, i.began_at, i.resolved_at, i.seconds, i.service_id, i.environment_id, i.artifact_id, i.way, i.reason,
       i.cause_service_id, i.cause_environment_id, i.cause_at, i.cause_position, i.cause_artifact_id
  FROM cdviz.incidents(
    %(since)s::timestamptz, %(until)s::timestamptz, %(service)s::text, %(environment)s::text, %(source)s::text, %(within)s::interval
  ) AS i
 LIMIT %(limit)s::int
