-- Bookmarks of what is read from files: positions of a consumer, as those of Kafka are.

-- name: bookmark
SELECT next_offset FROM evistore.consumer_positions(%(consumer)s::text) WHERE topic = %(source)s::text AND partition = 0

-- name: move_bookmark
SELECT evistore.advance_consumer(%(consumer)s::text, %(source)s::text, 0, %(known)s::bigint, %(next)s::bigint)

-- name: name_lines
SELECT evistore.refine_origin(%(ids)s::bigint[], %(origins)s::text[], %(everywhere)s::text)
