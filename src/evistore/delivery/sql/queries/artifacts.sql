-- The way of an artifact.

-- name: placed
-- Every time that one of the services got one of the artifacts, and until when it stayed there.
SELECT h.service_id, h.environment_id, h.artifact_id, h.predicate, h.at, h.until, h.position
  FROM (
        SELECT s.id AS service_id, e.payload #>> '{subject,content,environment,id}' AS environment_id,
               e.payload #>> '{subject,content,artifactId}' AS artifact_id, e.predicate, e."timestamp" AS at, e.position,
               lead(e."timestamp") OVER (
                   PARTITION BY s.id, e.payload #>> '{subject,content,environment,id}' ORDER BY e."timestamp", e.position
               ) AS until
          FROM unnest(%(service_ids)s::text[]) AS s (id)
         CROSS JOIN LATERAL cdviz.events_of('service', s.id, p_from => %(since)s::timestamptz, p_limit => %(scan)s::int) AS e
         WHERE e.predicate IN ('deployed', 'upgraded', 'rolledback', 'removed')
       ) AS h
 WHERE h.artifact_id = ANY (%(artifact_ids)s::text[]) AND h.predicate <> 'removed' AND h.environment_id IS NOT NULL
 ORDER BY h.at DESC, h.position DESC

-- name: times
-- What is known of the neighbours of a node: when each thing happened to them.
SELECT s.subject, s.subject_id, s.outcome, s.name, s.first_seen_at, s.last_at, s.predicate_at
  FROM unnest(%(subjects)s::text[], %(subject_ids)s::text[]) AS n (subject, subject_id)
  JOIN cdviz.subject AS s ON s.subject_id = n.subject_id AND s.subject = n.subject
