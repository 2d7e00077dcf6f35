-- What was kept but not taken in.

-- name: page
SELECT id, received_at, reason, detail, origin, seen, state, settled_at, settled_by
  FROM cdviz.quarantine
 WHERE (%(state)s::text IS NULL OR state = %(state)s::text) AND (%(reason)s::text IS NULL OR reason = %(reason)s::text)
   AND id < coalesce(%(before)s::bigint, 9223372036854775807)
 ORDER BY id DESC
 LIMIT %(limit)s::int

-- name: one
SELECT id, received_at, reason, detail, origin, seen, state, settled_at, settled_by, payload, raw
  FROM cdviz.quarantine
 WHERE id = %(id)s::bigint

-- name: settle
SELECT evistore.settle_quarantine(%(id)s::bigint, %(state)s::text)
