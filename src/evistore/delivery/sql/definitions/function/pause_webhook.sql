-- cdviz.pause_webhook: let a webhook wait where it stands; false when there is none of that name.
CREATE OR REPLACE FUNCTION cdviz.pause_webhook(p_name text) RETURNS boolean
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH paused AS (
        UPDATE cdviz.webhook AS w SET state = 'paused' WHERE w.name = p_name RETURNING 1
    )
    SELECT EXISTS (SELECT FROM paused)
$$;

COMMENT ON FUNCTION cdviz.pause_webhook(text) IS
'Lets a webhook wait where it stands; what comes meanwhile is sent once it goes on. A request that is on its way still ends. False when there is none of that name.';

REVOKE ALL ON FUNCTION cdviz.pause_webhook(text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.pause_webhook(text) TO evistore_service;
