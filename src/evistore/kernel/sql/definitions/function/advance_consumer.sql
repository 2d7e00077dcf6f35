-- evistore.advance_consumer: move a consumer's position from where the caller believes it stands; false when it stands elsewhere.
-- Call it before storing, so that of two processes with the same messages the second waits here and then finds out.
-- The caller must undo its transaction on false: its messages may have been stored by somebody else.
CREATE OR REPLACE FUNCTION evistore.advance_consumer(
    p_consumer text, p_topic text, p_partition integer, p_from_offset bigint, p_next_offset bigint
) RETURNS boolean
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH moved AS (
        UPDATE evistore.consumer_position AS cp
           SET next_offset = p_next_offset, stored_at = clock_timestamp()
         WHERE cp.consumer = p_consumer AND cp.topic = p_topic AND cp.partition = p_partition
           AND cp.next_offset = p_from_offset
        RETURNING 1
    ), made AS (
        INSERT INTO evistore.consumer_position (consumer, topic, partition, next_offset, stored_at)
        SELECT p_consumer, p_topic, p_partition, p_next_offset, clock_timestamp()
         WHERE p_from_offset IS NULL
        ON CONFLICT ON CONSTRAINT consumer_position_pkey DO NOTHING
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM moved) OR EXISTS (SELECT FROM made)
$$;

COMMENT ON FUNCTION evistore.advance_consumer(text, text, integer, bigint, bigint) IS
'Moves a consumer group''s position on one partition from p_from_offset (null: it has none yet) to p_next_offset, in the transaction that stores the messages between. False when the position is another one: another process has been there. The new position may be the smaller one: a topic made anew starts at 0 again.';

REVOKE ALL ON FUNCTION evistore.advance_consumer(text, text, integer, bigint, bigint) FROM public;
GRANT EXECUTE ON FUNCTION evistore.advance_consumer(text, text, integer, bigint, bigint) TO evistore_service;
