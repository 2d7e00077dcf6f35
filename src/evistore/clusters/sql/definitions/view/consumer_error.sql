-- clusters.consumer_error: one row per message that was no report, with its whole offset and its faults one by one.
CREATE OR REPLACE VIEW clusters.consumer_error AS
SELECT e.topic, e.partition, coalesce(f.topic_offset, e.topic_offset::bigint) AS topic_offset, e.key,
    e.produced_at AT TIME ZONE 'UTC' AS produced_at, e.consumed_at AT TIME ZONE 'UTC' AS consumed_at, e.message, e.error, f.faults
  FROM public.consumer_error AS e
  LEFT JOIN LATERAL (
    -- The newest of those whose lower 31 bits are those of the row.
    SELECT f.topic_offset, f.faults
      FROM clusters.consumer_fault AS f
     WHERE f.topic = e.topic AND f.partition = e.partition AND (f.topic_offset & 2147483647) = e.topic_offset
     ORDER BY f.topic_offset DESC
     LIMIT 1
  ) AS f ON true;

COMMENT ON VIEW clusters.consumer_error IS 'One row per message that was no report. What public.consumer_error cannot hold is here: offsets beyond 2147483647, and each fault.';
COMMENT ON COLUMN clusters.consumer_error.topic IS 'Kafka topic.';
COMMENT ON COLUMN clusters.consumer_error.partition IS 'Its partition.';
COMMENT ON COLUMN clusters.consumer_error.topic_offset IS 'Offset in the partition.';
COMMENT ON COLUMN clusters.consumer_error.key IS 'Key of the message; bytes that are no UTF-8 as \xNN.';
COMMENT ON COLUMN clusters.consumer_error.produced_at IS 'Time of the message by its broker or producer.';
COMMENT ON COLUMN clusters.consumer_error.consumed_at IS 'When it was read.';
COMMENT ON COLUMN clusters.consumer_error.message IS 'The message; bytes that are no UTF-8 as \xNN.';
COMMENT ON COLUMN clusters.consumer_error.error IS 'What is wrong with it, in words.';
COMMENT ON COLUMN clusters.consumer_error.faults IS 'The same one by one: [{"pointer": JSON pointer, "code": stable code, "text": words}]; null where another system wrote the row.';

REVOKE ALL ON clusters.consumer_error FROM public;
GRANT SELECT ON clusters.consumer_error TO clusters_reader, cdviz_reader;
