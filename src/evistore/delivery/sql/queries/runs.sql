-- Finished runs.

-- name: finished
SELECT r.subject_id, r.key, r.name, r.environment_id, r.source, r.queued_at, r.started_at, r.finished_at, r.outcome, r.class AS verdict,
       r.seconds, r.queue_seconds, r.reason
  FROM cdviz.runs(
    %(subject)s::text, %(since)s::timestamptz, least(%(until)s::timestamptz, %(before_at)s::timestamptz + interval '1 microsecond'),
    %(service)s::text, %(environment)s::text, %(source)s::text, %(name)s::text
  ) AS r
 WHERE (%(verdict)s::text IS NULL OR r.class = %(verdict)s::text OR (%(verdict)s::text = 'unexplained' AND r.reason IS NOT NULL))
   AND (%(before_at)s::timestamptz IS NULL OR r.finished_at < %(before_at)s::timestamptz OR r.subject_id COLLATE "C" > %(after_id)s::text COLLATE "C")
 ORDER BY r.finished_at DESC, r.subject_id COLLATE "C"
 LIMIT %(limit)s::int
