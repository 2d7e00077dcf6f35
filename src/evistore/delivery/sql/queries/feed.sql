-- The feed: where a reader stands, and what follows.

-- name: place
SELECT f.xid::text, f.position FROM cdviz.feed_place(%(position)s::bigint) AS f

-- name: after
-- Payloads as text: what is handed on is what was received, down to the digits of a number.
SELECT f.xid::text, f.position, f.passes, f."timestamp", f.imported_at, f.subject, f.predicate, f.version, f.context_id, f.source, f.subject_id,
       f.verdict, f.verdict_reasons, f.payload::text AS payload
  FROM cdviz.feed_after(
       %(xid)s::xid8, %(position)s::bigint, %(subjects)s::text[], %(subject_ids)s::text[], %(predicates)s::text[], %(sources)s::text[],
       %(environments)s::text[], %(services)s::text[], %(limit)s::int, %(scan)s::int, %(bytes)s::bigint
  ) AS f
