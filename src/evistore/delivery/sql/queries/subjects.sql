-- Subjects: what is known of each.

-- name: states
SELECT s.subject, s.subject_id, s.last_predicate, s.first_seen_at, s.last_at, s.predicate_at, s.outcome, s.name, s.environment_id, s.artifact_id,
       s.service_id, s.source, s.canonical_id, s.last_payload
  FROM cdviz.subject AS s
 WHERE s.subject_id = %(subject_id)s::text AND (%(subject)s::text IS NULL OR s.subject = %(subject)s::text)
 ORDER BY s.last_at DESC NULLS LAST, s.subject

-- name: page
SELECT p.subject, p.subject_id, p.at, p.last_at, p.name, p.outcome, p.environment_id, p.artifact_id, p.service_id, p.source
  FROM cdviz.subjects_page(%(subject)s::text, %(before_at)s::timestamptz, %(key_id)s::text, %(limit)s::int) AS p

-- name: attempts
SELECT a.attempt, a.queued_at, a.started_at, a.finished_at, a.skipped_at, a.outcome, a.events
  FROM cdviz.run_attempts(%(subject)s::text, %(subject_id)s::text) AS a
