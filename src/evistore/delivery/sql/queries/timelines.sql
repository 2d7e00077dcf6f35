-- What happened to a service or an artifact, and how much happened at all.

-- name: service_history
SELECT h.environment_id, h.at, h.position, h.predicate, h.artifact_id, h.source, h.before_artifact_id, h.until_at
  FROM cdviz.service_history(
    %(service)s::text, coalesce(%(since)s::timestamptz, '-infinity'), coalesce(%(until)s::timestamptz, 'infinity'),
    %(environment)s::text, %(source)s::text, %(limit)s::int
  ) AS h

-- name: service_versions
SELECT v.artifact_id, v.environment_id, v.first_at, v.last_at, v.times, v.is_running
  FROM cdviz.service_versions(
    %(service)s::text, coalesce(%(since)s::timestamptz, '-infinity'), coalesce(%(until)s::timestamptz, 'infinity'),
    %(environment)s::text, %(source)s::text
  ) AS v
 LIMIT %(limit)s::int

-- name: artifact_history
SELECT h.at, h.stage, h.subject, h.subject_id, h.service_id, h.environment_id, h.outcome, h.until_at, h.position
  FROM cdviz.artifact_history(%(artifact)s::text) AS h

-- name: activity
SELECT a.bucket, a.subject, a.predicate, a.events
  FROM cdviz.activity_counts(
    %(since)s::date, %(until)s::date, %(bucket)s::text, %(subject)s::text, %(predicate)s::text, %(source)s::text
  ) AS a
