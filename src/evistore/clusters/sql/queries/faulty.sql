-- Messages that were no reports, and what was wrong with them.

-- name: page
-- Newest first, those with a fault at the pointer or of the code that is asked for.
SELECT e.topic, e.partition, e.topic_offset, e.produced_at, e.consumed_at, e.error, e.faults, left(e.message, 200) AS beginning,
    length(e.message) AS characters
  FROM clusters.consumer_error AS e
 WHERE (%(topic)s::text IS NULL OR e.topic = %(topic)s::text)
   AND (%(since)s::timestamptz IS NULL OR e.consumed_at >= %(since)s::timestamptz) AND e.consumed_at < %(until)s::timestamptz
   AND (%(pointer)s::text IS NULL OR e.faults @> jsonb_build_array(jsonb_build_object('pointer', %(pointer)s::text)))
   AND (%(code)s::text IS NULL OR e.faults @> jsonb_build_array(jsonb_build_object('code', %(code)s::text)))
   AND (%(before)s::timestamptz IS NULL OR (e.consumed_at, e.topic || '/' || e.partition || '/' || e.topic_offset) < (%(before)s::timestamptz, %(after)s::text))
 ORDER BY e.consumed_at DESC, e.topic || '/' || e.partition || '/' || e.topic_offset DESC
 LIMIT %(limit)s::int

-- name: total
SELECT count(*)
  FROM clusters.consumer_error AS e
 WHERE (%(topic)s::text IS NULL OR e.topic = %(topic)s::text)
   AND (%(since)s::timestamptz IS NULL OR e.consumed_at >= %(since)s::timestamptz) AND e.consumed_at < %(until)s::timestamptz
   AND (%(pointer)s::text IS NULL OR e.faults @> jsonb_build_array(jsonb_build_object('pointer', %(pointer)s::text)))
   AND (%(code)s::text IS NULL OR e.faults @> jsonb_build_array(jsonb_build_object('code', %(code)s::text)))

-- name: kinds
-- One row per place in the message and code, the most frequent first.
SELECT f.fault ->> 'pointer' AS pointer, f.fault ->> 'code' AS code, count(*) AS messages, max(e.consumed_at) AS newest_at,
    (array_agg(f.fault ->> 'text' ORDER BY e.consumed_at DESC))[1] AS example
  FROM clusters.consumer_error AS e
 CROSS JOIN LATERAL jsonb_array_elements(e.faults) AS f (fault)
 WHERE (%(topic)s::text IS NULL OR e.topic = %(topic)s::text)
   AND (%(since)s::timestamptz IS NULL OR e.consumed_at >= %(since)s::timestamptz) AND e.consumed_at < %(until)s::timestamptz
 GROUP BY 1, 2
 ORDER BY messages DESC, 1, 2
 LIMIT %(limit)s::int

-- name: one
SELECT e.topic, e.partition, e.topic_offset, e.key, e.produced_at, e.consumed_at, e.error, e.faults, left(e.message, %(most)s::int) AS message,
    length(e.message) AS characters
  FROM clusters.consumer_error AS e
 WHERE e.topic = %(topic)s::text AND e.partition = %(partition)s::int AND e.topic_offset = %(offset)s::bigint
