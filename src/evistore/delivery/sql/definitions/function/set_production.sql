-- cdviz.set_production: say whether an environment is production; null leaves it to its name again.
CREATE OR REPLACE FUNCTION cdviz.set_production(p_environment text, p_is_production boolean) RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_is_production IS NULL THEN
        DELETE FROM cdviz.environment_kind AS k WHERE k.environment_id = p_environment;
        RETURN;
    END IF;
    INSERT INTO cdviz.environment_kind AS k (environment_id, is_production) VALUES (p_environment, p_is_production)
    ON CONFLICT (environment_id) DO UPDATE SET is_production = excluded.is_production;
END
$$;

COMMENT ON FUNCTION cdviz.set_production(text, boolean) IS
'Says whether an environment is production, for all metrics from now on; null leaves it to its name again. See cdviz.production.';

REVOKE ALL ON FUNCTION cdviz.set_production(text, boolean) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.set_production(text, boolean) TO evistore_service;
