-- cdviz.deployment_rework_rate: the part of the deployments of a window that were rework, whole and by day, week or month.
-- requires: cdviz.deployment_figures
CREATE OR REPLACE FUNCTION cdviz.deployment_rework_rate(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_bucket text DEFAULT NULL, p_within interval DEFAULT '1 day'
)
RETURNS TABLE (bucket timestamptz, rate double precision, reworked bigint, ways jsonb, items bigint, unexplained bigint, reasons jsonb)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT f.bucket, f.rework_rate, f.reworked, f.rework_ways, f.items, 0::bigint, '{}'::jsonb
      FROM cdviz.deployment_figures(p_from, p_until, p_service, p_environment, p_source, p_bucket, p_within) AS f
$$;

COMMENT ON FUNCTION cdviz.deployment_rework_rate(timestamptz, timestamptz, text, text, text, text, interval) IS
'Deployment rework rate (DORA: the ratio of deployments that were not planned and happened because of an incident in production): deployments of the window that were rework (cdviz.deployment_outcomes) divided by all, null without any. ways: incident (one of its service was open there), rollback (the event before it there was one); a deployment may be both.';

REVOKE ALL ON FUNCTION cdviz.deployment_rework_rate(timestamptz, timestamptz, text, text, text, text, interval) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.deployment_rework_rate(timestamptz, timestamptz, text, text, text, text, interval) TO cdviz_reader;
