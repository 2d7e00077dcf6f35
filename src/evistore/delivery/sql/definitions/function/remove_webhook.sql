-- cdviz.remove_webhook: send nothing more to a webhook, and forget it; false when there is none of that name.
CREATE OR REPLACE FUNCTION cdviz.remove_webhook(p_name text) RETURNS boolean
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH removed AS (
        DELETE FROM cdviz.webhook AS w WHERE w.name = p_name RETURNING 1
    )
    SELECT EXISTS (SELECT FROM removed)
$$;

COMMENT ON FUNCTION cdviz.remove_webhook(text) IS 'Forgets a webhook, with its place and its secret. False when there is none of that name.';

REVOKE ALL ON FUNCTION cdviz.remove_webhook(text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.remove_webhook(text) TO evistore_service;
