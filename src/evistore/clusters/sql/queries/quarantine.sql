-- Messages about clusters that came over HTTP or in files and were not taken in.

-- name: page
SELECT id, received_at, kind, reason, detail, origin, seen, state, settled_at, settled_by
  FROM clusters.quarantine
 WHERE (%(state)s::text IS NULL OR state = %(state)s::text) AND (%(reason)s::text IS NULL OR reason = %(reason)s::text)
   AND id < coalesce(%(before)s::bigint, 9223372036854775807)
 ORDER BY id DESC
 LIMIT %(limit)s::int

-- name: within
-- Open ones that came within a window of time, the newest first.
SELECT id, received_at, kind, reason, detail, origin, seen, state, settled_at, settled_by
  FROM clusters.quarantine
 WHERE state = 'open' AND received_at >= %(since)s::timestamptz AND received_at < %(until)s::timestamptz
   AND (%(reason)s::text IS NULL OR reason = %(reason)s::text)
 ORDER BY id DESC
 LIMIT %(limit)s::int

-- name: total
-- How many that came within a window of time are open.
SELECT count(*)
  FROM clusters.quarantine
 WHERE state = 'open' AND received_at >= %(since)s::timestamptz AND received_at < %(until)s::timestamptz
   AND (%(reason)s::text IS NULL OR reason = %(reason)s::text)

-- name: one
SELECT id, received_at, kind, reason, detail, origin, seen, state, settled_at, settled_by, payload, raw
  FROM clusters.quarantine
 WHERE id = %(id)s::bigint

-- name: settle
SELECT evistore.settle_quarantine(%(id)s::bigint, %(state)s::text)
