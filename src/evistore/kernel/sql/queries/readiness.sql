-- What the readiness check asks.

-- name: standing
-- The newest migration, and the oldest one that a program has to know as its newest to be served. Migrations of other bodies of evidence, which may
-- stand in another database, do not count. A ledger of before has no serves_from.
WITH ledger AS (
    SELECT m.number, (to_jsonb(m) ->> 'serves_from')::int AS serves_from
      FROM evistore.migration AS m
     WHERE m.context = ANY(%(contexts)s::text[])
)
SELECT coalesce(max(l.number), 0) AS newest,
       coalesce(max(l.number) FILTER (WHERE l.number <= (SELECT max(o.serves_from) FROM ledger AS o)), 0) AS serves_from
  FROM ledger AS l
