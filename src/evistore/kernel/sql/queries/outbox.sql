-- Messages for Kafka, posted in the transactions that they tell about.

-- name: post
SELECT evistore.post(%(topics)s::text[], %(keys)s::bytea[], %(values)s::bytea[])

-- name: topics
SELECT evistore.posted_topics()

-- name: take
SELECT topic, key, value FROM evistore.take_posted(%(topic)s::text, %(most)s::int, %(bytes)s::int)
