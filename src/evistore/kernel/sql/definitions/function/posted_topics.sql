-- evistore.posted_topics: one row per topic for which messages are in the outbox.
CREATE OR REPLACE FUNCTION evistore.posted_topics() RETURNS SETOF text
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT DISTINCT o.topic FROM evistore.outbox AS o ORDER BY o.topic
$$;

COMMENT ON FUNCTION evistore.posted_topics() IS 'One row per topic for which messages are in the outbox.';

REVOKE ALL ON FUNCTION evistore.posted_topics() FROM public;
GRANT EXECUTE ON FUNCTION evistore.posted_topics() TO evistore_service;
