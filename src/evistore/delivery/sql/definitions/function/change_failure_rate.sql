-- cdviz.change_failure_rate: the part of the deployments of a window that failed, whole and by day, week or month.
-- requires: cdviz.deployment_figures
CREATE OR REPLACE FUNCTION cdviz.change_failure_rate(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_bucket text DEFAULT NULL, p_within interval DEFAULT '1 day'
)
RETURNS TABLE (bucket timestamptz, rate double precision, failed bigint, ways jsonb, items bigint, unexplained bigint, reasons jsonb)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT f.bucket, f.failure_rate, f.failed, f.failure_ways, f.items, f.causeless, f.causeless_reasons
      FROM cdviz.deployment_figures(p_from, p_until, p_service, p_environment, p_source, p_bucket, p_within) AS f
$$;

COMMENT ON FUNCTION cdviz.change_failure_rate(timestamptz, timestamptz, text, text, text, text, interval) IS
'Change failure rate (DORA: the ratio of deployments that need immediate intervention after them): deployments that failed (cdviz.deployment_outcomes) divided by all deployments of the window, null without any. ways: how many of them by which sign, one deployment may have several. unexplained: incidents that began in the window and have no deployment behind them.';

REVOKE ALL ON FUNCTION cdviz.change_failure_rate(timestamptz, timestamptz, text, text, text, text, interval) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.change_failure_rate(timestamptz, timestamptz, text, text, text, text, interval) TO cdviz_reader;
