-- cdviz.failed_deployment_recovery_time: how long it took to recover from the deployments of a window that failed, whole and by day, week or month.
-- requires: cdviz.deployment_figures
CREATE OR REPLACE FUNCTION cdviz.failed_deployment_recovery_time(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_bucket text DEFAULT NULL, p_within interval DEFAULT '1 day'
)
RETURNS TABLE (
    bucket timestamptz, p50_seconds double precision, p80_seconds double precision, p95_seconds double precision,
    items bigint, unexplained bigint, reasons jsonb
)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT f.bucket, f.recovery_p50_seconds, f.recovery_p80_seconds, f.recovery_p95_seconds, f.recovered, f.failed - f.recovered,
           CASE WHEN f.failed > f.recovered THEN jsonb_build_object('incident-open', f.failed - f.recovered) ELSE '{}' END
      FROM cdviz.deployment_figures(p_from, p_until, p_service, p_environment, p_source, p_bucket, p_within) AS f
$$;

COMMENT ON FUNCTION cdviz.failed_deployment_recovery_time(timestamptz, timestamptz, text, text, text, text, interval) IS
'Failed deployment recovery time (DORA: the time to recover from a deployment that fails and needs immediate intervention): from a failed deployment of the window to the resolution of the last of its incidents, without incidents to the rollback; percentiles in seconds, null without any. items: recovered ones; unexplained: failed ones that have an open incident. Buckets go by the time of the deployment.';

REVOKE ALL ON FUNCTION cdviz.failed_deployment_recovery_time(timestamptz, timestamptz, text, text, text, text, interval) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.failed_deployment_recovery_time(timestamptz, timestamptz, text, text, text, text, interval) TO cdviz_reader;
