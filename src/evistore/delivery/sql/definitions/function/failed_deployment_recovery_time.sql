-- cdviz.failed_deployment_recovery_time: how long it took to recover from the deployments of a window that failed, whole and by day, week or month.
-- requires: cdviz.deployment_outcomes cdviz.metric_buckets
CREATE OR REPLACE FUNCTION cdviz.failed_deployment_recovery_time(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_bucket text DEFAULT NULL, p_within interval DEFAULT '1 day'
)
RETURNS TABLE (
    bucket timestamptz, p50_seconds double precision, p80_seconds double precision, p95_seconds double precision,
    items bigint, unexplained bigint, reasons jsonb
)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET plan_cache_mode = force_generic_plan -- planning would cost as much as running
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH counted AS MATERIALIZED (
        SELECT o.bucket, percentile_cont(ARRAY[0.5, 0.8, 0.95]) WITHIN GROUP (ORDER BY o.seconds) AS p, count(o.seconds) AS items, count(*) AS failed
          FROM (
            SELECT date_trunc(p_bucket, d.at) AS bucket, extract(epoch FROM d.recovered_at - d.at)::double precision AS seconds
              FROM cdviz.deployment_outcomes(p_from, p_until, p_service, p_environment, p_source, p_within) AS d
             WHERE d.failed
          ) AS o
         GROUP BY GROUPING SETS ((), (o.bucket))
        HAVING p_bucket IS NOT NULL OR grouping(o.bucket) = 1
    )
    SELECT b.bucket, c.p[1], c.p[2], c.p[3], coalesce(c.items, 0), coalesce(c.failed - c.items, 0),
           CASE WHEN c.failed > c.items THEN jsonb_build_object('incident-open', c.failed - c.items) ELSE '{}' END
      FROM cdviz.metric_buckets(p_from, p_until, p_bucket) AS b
      LEFT JOIN counted AS c ON c.bucket IS NOT DISTINCT FROM b.bucket
     ORDER BY b.bucket NULLS FIRST;
END
$$;

COMMENT ON FUNCTION cdviz.failed_deployment_recovery_time(timestamptz, timestamptz, text, text, text, text, interval) IS
'Failed deployment recovery time (DORA: the time to recover from a deployment that fails and needs immediate intervention): from a failed deployment of the window to the resolution of the last of its incidents, without incidents to the rollback; percentiles in seconds, null without any. items: recovered ones; unexplained: failed ones that have an open incident. Buckets go by the time of the deployment.';

REVOKE ALL ON FUNCTION cdviz.failed_deployment_recovery_time(timestamptz, timestamptz, text, text, text, text, interval) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.failed_deployment_recovery_time(timestamptz, timestamptz, text, text, text, text, interval) TO cdviz_reader;
