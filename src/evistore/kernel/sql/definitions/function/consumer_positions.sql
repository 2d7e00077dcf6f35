-- evistore.consumer_positions: how far a consumer group has read.
CREATE OR REPLACE FUNCTION evistore.consumer_positions(p_consumer text)
RETURNS TABLE (topic text, partition integer, next_offset bigint, stored_at timestamptz)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT cp.topic, cp.partition, cp.next_offset, cp.stored_at
      FROM evistore.consumer_position AS cp
     WHERE cp.consumer = p_consumer
     ORDER BY cp.topic, cp.partition
$$;

COMMENT ON FUNCTION evistore.consumer_positions(text) IS 'How far a consumer group has read each partition: the offset of the first message that is not stored yet.';

REVOKE ALL ON FUNCTION evistore.consumer_positions(text) FROM public;
GRANT EXECUTE ON FUNCTION evistore.consumer_positions(text) TO evistore_service, cdviz_reader;
