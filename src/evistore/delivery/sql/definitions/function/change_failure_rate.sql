-- cdviz.change_failure_rate: the part of the deployments of a window that failed, whole and by day, week or month.
-- requires: cdviz.deployment_outcomes cdviz.incident_causes cdviz.metric_buckets cdviz.metric_environments
CREATE OR REPLACE FUNCTION cdviz.change_failure_rate(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_bucket text DEFAULT NULL, p_within interval DEFAULT '1 day'
)
RETURNS TABLE (bucket timestamptz, rate double precision, failed bigint, ways jsonb, items bigint, unexplained bigint, reasons jsonb)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET plan_cache_mode = force_generic_plan -- planning would cost as much as running
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    v_environments text[] := cdviz.metric_environments(p_environment);
BEGIN
    RETURN QUERY
    WITH outcome AS MATERIALIZED (
        SELECT date_trunc(p_bucket, d.at) AS bucket, d.failed, d.ways
          FROM cdviz.deployment_outcomes(p_from, p_until, p_service, p_environment, p_source, p_within) AS d
    ), counted AS MATERIALIZED (
        SELECT o.bucket, count(*) AS items, count(*) FILTER (WHERE o.failed) AS failed
          FROM outcome AS o
         GROUP BY GROUPING SETS ((), (o.bucket))
        HAVING p_bucket IS NOT NULL OR grouping(o.bucket) = 1
    ), way AS MATERIALIZED (
        SELECT o.bucket, w.way, count(*) AS items
          FROM outcome AS o
         CROSS JOIN LATERAL unnest(o.ways) AS w (way)
         GROUP BY 1, 2
    ), lost AS MATERIALIZED (
        SELECT date_trunc(p_bucket, i.began_at) AS bucket, i.reason, count(*) AS items
          FROM cdviz.incident_causes(p_from, p_within) AS i
         WHERE i.way IS NULL AND i.began_at >= p_from AND i.began_at < p_until AND (p_service IS NULL OR i.service_id = p_service)
           AND (v_environments IS NULL OR i.environment_id IS NULL OR i.environment_id = ANY (v_environments))
         GROUP BY 1, 2
    )
    SELECT b.bucket, c.failed::double precision / nullif(c.items, 0), coalesce(c.failed, 0), coalesce(w.ways, '{}'), coalesce(c.items, 0),
           coalesce(l.items, 0)::bigint, coalesce(l.reasons, '{}')
      FROM cdviz.metric_buckets(p_from, p_until, p_bucket) AS b
      LEFT JOIN counted AS c ON c.bucket IS NOT DISTINCT FROM b.bucket
     CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(w.way, w.items) AS ways
          FROM (SELECT w.way, sum(w.items) AS items FROM way AS w WHERE b.bucket IS NULL OR w.bucket = b.bucket GROUP BY w.way) AS w
     ) AS w
     CROSS JOIN LATERAL (
        SELECT sum(l.items) AS items, jsonb_object_agg(l.reason, l.items) AS reasons
          FROM (SELECT l.reason, sum(l.items) AS items FROM lost AS l WHERE b.bucket IS NULL OR l.bucket = b.bucket GROUP BY l.reason) AS l
     ) AS l
     ORDER BY b.bucket NULLS FIRST;
END
$$;

COMMENT ON FUNCTION cdviz.change_failure_rate(timestamptz, timestamptz, text, text, text, text, interval) IS
'Change failure rate (DORA: the ratio of deployments that need immediate intervention after them): deployments that failed (cdviz.deployment_outcomes) divided by all deployments of the window, null without any. ways: how many of them by which sign, one deployment may have several. unexplained: incidents that began in the window and have no deployment behind them.';

REVOKE ALL ON FUNCTION cdviz.change_failure_rate(timestamptz, timestamptz, text, text, text, text, interval) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.change_failure_rate(timestamptz, timestamptz, text, text, text, text, interval) TO cdviz_reader;
