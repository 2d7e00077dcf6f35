-- cdviz.add_webhook: let events be sent to a URL from now on; false when the name is taken.
-- requires: cdviz.feed_place
CREATE OR REPLACE FUNCTION cdviz.add_webhook(
    p_name text, p_url text, p_secret text, p_position bigint DEFAULT NULL, p_batch integer DEFAULT 1,
    p_subjects text [] DEFAULT NULL, p_predicates text [] DEFAULT NULL, p_sources text [] DEFAULT NULL,
    p_environments text [] DEFAULT NULL, p_services text [] DEFAULT NULL
) RETURNS boolean
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH added AS (
        INSERT INTO cdviz.webhook AS w (name, url, secret, batch, subjects, predicates, sources, environments, services, after_xid, after_position)
        SELECT p_name, p_url, p_secret, p_batch, p_subjects, p_predicates, p_sources, p_environments, p_services,
               CASE WHEN p_position = 0 THEN '0'::xid8 ELSE f.xid END, CASE WHEN p_position = 0 THEN 0 ELSE f.position END
          FROM cdviz.feed_place(p_position) AS f
        ON CONFLICT ON CONSTRAINT webhook_pkey DO NOTHING
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM added)
$$;

COMMENT ON FUNCTION cdviz.add_webhook(text, text, text, bigint, integer, text [], text [], text [], text [], text []) IS
'Adds a webhook that is told of the events after the one at p_position (null: from now on, 0: from the first) that pass the filters (null: all), at most p_batch in one request. The secret is whsec_ and base64. False when the name is taken.';

REVOKE ALL ON FUNCTION cdviz.add_webhook(text, text, text, bigint, integer, text [], text [], text [], text [], text []) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.add_webhook(text, text, text, bigint, integer, text [], text [], text [], text [], text []) TO evistore_service;
