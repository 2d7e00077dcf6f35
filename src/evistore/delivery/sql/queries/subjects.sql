-- Subjects: what is known of each.

-- name: states
SELECT s.subject, s.subject_id, s.last_predicate, s.first_seen_at, s.last_at, s.predicate_at, s.outcome, s.name, s.environment_id, s.artifact_id,
       s.service_id, s.source, s.canonical_id, s.last_payload
  FROM cdviz.subject AS s
 WHERE s.subject_id = %(subject_id)s::text AND (%(subject)s::text IS NULL OR s.subject = %(subject)s::text)
 ORDER BY s.last_at DESC NULLS LAST, s.subject

-- name: page
SELECT * FROM cdviz.subjects_page(%(subject)s::text, %(before_at)s::timestamptz, %(key_id)s::text, %(limit)s::int)

-- name: attempts
SELECT * FROM cdviz.run_attempts(%(subject)s::text, %(subject_id)s::text)
