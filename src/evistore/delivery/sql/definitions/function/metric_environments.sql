-- cdviz.metric_environments: the environments that a metric is asked about: null for all of them.
-- requires: cdviz.production
CREATE OR REPLACE FUNCTION cdviz.metric_environments(p_environment text) RETURNS text []
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN p_environment = '*' THEN NULL
        WHEN p_environment IS NOT NULL THEN ARRAY[p_environment]
        ELSE ARRAY(SELECT p.environment_id FROM cdviz.production AS p WHERE p.is_production ORDER BY p.environment_id COLLATE "C")
    END
$$;

COMMENT ON FUNCTION cdviz.metric_environments(text) IS
'The environments that a filter of a metric means: null is production (cdviz.production), * is every environment (returned as null), anything else is the environment of that id.';

REVOKE ALL ON FUNCTION cdviz.metric_environments(text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.metric_environments(text) TO cdviz_reader;
