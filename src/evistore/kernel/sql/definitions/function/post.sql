-- evistore.post: put messages for Kafka into the outbox, in the transaction that they tell about.
CREATE OR REPLACE FUNCTION evistore.post(p_topic text[], p_key bytea[], p_value bytea[]) RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO evistore.outbox (topic, key, value)
    SELECT m.topic, m.key, m.value
      FROM unnest(p_topic, p_key, p_value) WITH ORDINALITY AS m (topic, key, value, place)
     ORDER BY m.place
$$;

COMMENT ON FUNCTION evistore.post(text[], bytea[], bytea[]) IS
'Puts messages for Kafka into the outbox: one array element each of topic, key (or null) and content. They are sent after the commit, at least once.';

REVOKE ALL ON FUNCTION evistore.post(text[], bytea[], bytea[]) FROM public;
GRANT EXECUTE ON FUNCTION evistore.post(text[], bytea[], bytea[]) TO evistore_service;
