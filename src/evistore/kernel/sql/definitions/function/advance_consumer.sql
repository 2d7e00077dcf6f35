-- evistore.advance_consumer: move a consumer's position forward, under its row's lock; false when another consumer stands further already.
-- The caller must undo its transaction on false: its messages have been stored by somebody else.
CREATE OR REPLACE FUNCTION evistore.advance_consumer(
    p_consumer text, p_topic text, p_partition integer, p_from_offset bigint, p_next_offset bigint
) RETURNS boolean
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH advanced AS (
        INSERT INTO evistore.consumer_position AS cp (consumer, topic, partition, next_offset, stored_at)
        VALUES (p_consumer, p_topic, p_partition, p_next_offset, clock_timestamp())
        ON CONFLICT ON CONSTRAINT consumer_position_pkey DO UPDATE
           SET next_offset = excluded.next_offset, stored_at = excluded.stored_at
         WHERE cp.next_offset <= p_from_offset
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM advanced)
$$;

COMMENT ON FUNCTION evistore.advance_consumer(text, text, integer, bigint, bigint) IS
'Moves a consumer group''s position on one partition from p_from_offset to p_next_offset, in the transaction that stores the messages between. False when the stored position is beyond p_from_offset: another process has stored them.';

REVOKE ALL ON FUNCTION evistore.advance_consumer(text, text, integer, bigint, bigint) FROM public;
GRANT EXECUTE ON FUNCTION evistore.advance_consumer(text, text, integer, bigint, bigint) TO evistore_service;
