-- cdviz.webhook_target: where a webhook sends to, and the key it signs with; no row when there is none of that name.
CREATE OR REPLACE FUNCTION cdviz.webhook_target(p_name text) RETURNS TABLE (url text, secret text)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT w.url, w.secret FROM cdviz.webhook AS w WHERE w.name = p_name
$$;

COMMENT ON FUNCTION cdviz.webhook_target(text) IS 'URL and secret of a webhook, for whoever sends in its name.';

REVOKE ALL ON FUNCTION cdviz.webhook_target(text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.webhook_target(text) TO evistore_service;
