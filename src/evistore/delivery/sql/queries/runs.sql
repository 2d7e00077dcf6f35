-- Pipeline runs.

-- name: started
SELECT r.subject_id, r.name, r.source, r.queued_at, r.started_at, r.finished_at, r.outcome
  FROM cdviz.pipelinerun AS r
 WHERE r.started_at >= %(since)s::timestamptz AND r.started_at < %(until)s::timestamptz
   AND (%(source)s::text IS NULL OR r.source = %(source)s::text) AND (%(name)s::text IS NULL OR r.name = %(name)s::text)
   AND r.started_at <= coalesce(%(before_at)s::timestamptz, 'infinity')
   AND (%(before_at)s::timestamptz IS NULL OR (r.started_at, r.subject_id) < (%(before_at)s::timestamptz, %(before_id)s::text))
 ORDER BY r.started_at DESC, r.subject_id DESC
 LIMIT %(limit)s::int
