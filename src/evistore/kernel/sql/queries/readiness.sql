-- What the readiness check asks.

-- name: newest_migration
SELECT max(m.number) FROM evistore.migration AS m WHERE m.context = ANY(%(contexts)s::text[])
