-- The one way in, as Python calls it.

-- name: store
-- One row per event, in order. Texts become jsonb here: an array of text is the cheapest thing to send.
SELECT CASE s.outcome WHEN 'rejected' THEN 'malformed' ELSE s.outcome END AS outcome,
       s.reason, s.context_id, s.position, s.quarantine_id
  FROM cdviz.store_cdevents(
       %(texts)s::text[]::jsonb[], %(verdicts)s::text[], %(reasons)s::text[]::jsonb[], %(origin)s::text
  ) AS s
 ORDER BY s.n

-- name: set_aside
SELECT evistore.set_aside('delivery', %(reason)s::text, %(detail)s::text, %(origin)s::text, %(payload)s::text::jsonb, %(raw)s::bytea)
