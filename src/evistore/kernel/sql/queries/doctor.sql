-- What evistore doctor asks.

-- name: clock
SELECT clock_timestamp()

-- name: is_examined
-- Whether the schema is new enough to have findings of its own.
SELECT to_regprocedure(%(schema)s::text || '.findings()') IS NOT NULL

-- name: definitions
-- Which text of functions and views stands here: a SHA-256 for each part of the program.
SELECT d.context, d.fingerprint FROM evistore.definition AS d WHERE d.context = ANY(%(contexts)s::text[])

-- name: positions
SELECT p.topic, p.partition, p.next_offset, p.stored_at, clock_timestamp() - p.stored_at AS age FROM evistore.consumer_positions(%(consumer)s::text) AS p

-- name: findings
SELECT f.name, f.state, f.found, f.meaning, f.advice FROM evistore.findings() AS f
