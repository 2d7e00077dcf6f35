-- How far a consumer group has read, kept in the transactions that store what it read.

-- name: positions
SELECT topic, partition, next_offset
  FROM evistore.consumer_positions(%(consumer)s::text)

-- name: overtaken
-- Move the positions, in one order for all processes, and tell which of them somebody else had moved before.
SELECT topic, partition
  FROM (
        SELECT m.topic, m.partition, m.known_offset, m.next_offset
          FROM unnest(%(topics)s::text[], %(partitions)s::int[], %(known)s::bigint[], %(next)s::bigint[])
            AS m (topic, partition, known_offset, next_offset)
         ORDER BY m.topic COLLATE "C", m.partition
       ) AS moves
 WHERE NOT evistore.advance_consumer(%(consumer)s::text, topic, partition, known_offset, next_offset)

-- name: check_at_once
-- A constraint that would wait for the commit could no longer say which message broke it.
SET CONSTRAINTS ALL IMMEDIATE

-- name: set_aside
SELECT evistore.set_aside(%(context)s::text, %(reason)s::text, %(detail)s::text, %(origin)s::text, NULL::jsonb, %(raw)s::bytea)
