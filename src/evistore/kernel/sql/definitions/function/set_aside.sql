-- evistore.set_aside: keep a message that could not be taken in, and return its number.
CREATE OR REPLACE FUNCTION evistore.set_aside(
    p_context text, p_reason text, p_detail text, p_origin text, p_payload jsonb, p_raw bytea
) RETURNS bigint
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO evistore.quarantine AS q (context, reason, detail, origin, payload, raw, digest)
    VALUES (
        p_context, p_reason, left(p_detail, 2000), left(p_origin, 500), p_payload, p_raw,
        sha256(coalesce(p_raw, convert_to(p_payload::text, 'UTF8')))
    )
    ON CONFLICT (context, reason, digest) WHERE state = 'open' DO UPDATE SET seen = q.seen + 1
    RETURNING id
$$;

COMMENT ON FUNCTION evistore.set_aside(text, text, text, text, jsonb, bytea) IS
'Keeps a message that could not be taken in, with its reason, and returns its number; the same message for the same reason keeps the number it has. Give the payload as jsonb, or as raw bytes where jsonb cannot hold it.';

REVOKE ALL ON FUNCTION evistore.set_aside(text, text, text, text, jsonb, bytea) FROM public;
GRANT EXECUTE ON FUNCTION evistore.set_aside(text, text, text, text, jsonb, bytea) TO evistore_service;
