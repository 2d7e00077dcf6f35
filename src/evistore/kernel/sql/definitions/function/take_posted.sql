-- evistore.take_posted: take the oldest messages for a topic out of the outbox; the caller commits once the broker has them.
CREATE OR REPLACE FUNCTION evistore.take_posted(p_topic text, p_most integer, p_bytes integer) RETURNS TABLE (
    id bigint, topic text, key bytea, value bytea
)
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH held AS MATERIALIZED (
        SELECT n.id, octet_length(n.value) AS bytes
          FROM evistore.outbox AS n
         WHERE n.topic = p_topic
         ORDER BY n.id
         LIMIT p_most
           FOR UPDATE SKIP LOCKED
    ), chosen AS (
        SELECT c.id FROM (SELECT h.id, sum(h.bytes) OVER (ORDER BY h.id) - h.bytes AS before FROM held AS h) AS c WHERE c.before < p_bytes
    ), taken AS (
        DELETE FROM evistore.outbox AS o
         WHERE o.id = ANY (ARRAY(SELECT c.id FROM chosen AS c))
        RETURNING o.id, o.topic, o.key, o.value
    )
    SELECT t.id, t.topic, t.key, t.value FROM taken AS t ORDER BY t.id
$$;

COMMENT ON FUNCTION evistore.take_posted(text, integer, integer) IS
'Takes at most p_most of the oldest messages for p_topic out of the outbox, and none that begins after p_bytes of content, passing over those that another sender holds. Commit once the broker has them; a rollback puts them back.';

REVOKE ALL ON FUNCTION evistore.take_posted(text, integer, integer) FROM public;
GRANT EXECUTE ON FUNCTION evistore.take_posted(text, integer, integer) TO evistore_service;
