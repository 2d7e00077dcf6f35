-- Tickets.

-- name: created
-- What nobody told to be created is there by when it was updated or closed.
SELECT t.subject_id, t.name, t.source, t.created_at, t.updated_at, t.closed_at,
       t.last_payload #>> '{subject,content,ticketType}' AS kind, t.last_payload #>> '{subject,content,priority}' AS priority,
       t.last_payload #>> '{subject,content,resolution}' AS resolution
  FROM (
        SELECT s.subject_id, coalesce(s.created_at, s.updated_at, s.closed_at) AS at
          FROM cdviz.ticket AS s
         WHERE (
                s.created_at >= %(since)s::timestamptz AND s.created_at < %(until)s::timestamptz
             OR s.created_at IS NULL AND s.updated_at >= %(since)s::timestamptz AND s.updated_at < %(until)s::timestamptz
             OR s.created_at IS NULL AND s.closed_at >= %(since)s::timestamptz AND s.closed_at < %(until)s::timestamptz
               )
           AND (%(source)s::text IS NULL OR s.source = %(source)s::text)
         ORDER BY at DESC, s.subject_id
         LIMIT %(limit)s::int
       ) AS f
  JOIN cdviz.ticket AS t ON t.subject_id = f.subject_id
 ORDER BY f.at DESC, f.subject_id
