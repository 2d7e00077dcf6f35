-- evistore.refine_origin: say more exactly where messages in quarantine came from, once a batch that was set aside under one origin is looked at.
-- Rows that were in quarantine before, from elsewhere, keep the origin they have.
CREATE OR REPLACE FUNCTION evistore.refine_origin(p_ids bigint [], p_origins text [], p_coarse text) RETURNS bigint
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH refined AS (
        UPDATE evistore.quarantine AS q
           SET origin = left(f.origin, 500)
          FROM unnest(p_ids, p_origins) AS f (id, origin)
         WHERE q.id = f.id AND q.origin = left(p_coarse, 500)
        RETURNING q.id
    )
    SELECT count(*) FROM refined
$$;

COMMENT ON FUNCTION evistore.refine_origin(bigint [], text [], text) IS
'Gives the messages in quarantine with these numbers their exact origins, where their origin still is the coarse one of the batch; returns how many got one.';

REVOKE ALL ON FUNCTION evistore.refine_origin(bigint [], text [], text) FROM public;
GRANT EXECUTE ON FUNCTION evistore.refine_origin(bigint [], text [], text) TO evistore_service;
