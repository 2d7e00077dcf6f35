-- evistore.take_posted: take the oldest messages out of the outbox; the caller commits once the broker has them.
CREATE OR REPLACE FUNCTION evistore.take_posted(p_most integer) RETURNS TABLE (id bigint, topic text, key bytea, value bytea)
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH taken AS (
        DELETE FROM evistore.outbox AS o
         WHERE o.id = ANY (ARRAY(SELECT n.id FROM evistore.outbox AS n ORDER BY n.id LIMIT p_most FOR UPDATE SKIP LOCKED))
        RETURNING o.id, o.topic, o.key, o.value
    )
    SELECT t.id, t.topic, t.key, t.value FROM taken AS t ORDER BY t.id
$$;

COMMENT ON FUNCTION evistore.take_posted(integer) IS
'Takes at most p_most of the oldest messages out of the outbox, passing over those that another sender holds. Commit once the broker has them; a rollback puts them back.';

REVOKE ALL ON FUNCTION evistore.take_posted(integer) FROM public;
GRANT EXECUTE ON FUNCTION evistore.take_posted(integer) TO evistore_service;
