-- cdviz.deployment_frequency: how often something is deployed: deployments divided by the days of the window, whole and by day, week or month.
-- requires: cdviz.placement_changes cdviz.metric_buckets cdviz.metric_environments
CREATE OR REPLACE FUNCTION cdviz.deployment_frequency(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_bucket text DEFAULT NULL
)
RETURNS TABLE (bucket timestamptz, per_day double precision, active_days bigint, items bigint, unexplained bigint, reasons jsonb)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    v_environments text[] := cdviz.metric_environments(p_environment);
    v_known_before boolean := EXISTS (
        SELECT FROM cdviz.service_event AS v
         WHERE v."timestamp" < p_from AND v.predicate IN ('deployed', 'upgraded') AND v.environment_id <> ''
           AND (p_service IS NULL OR v.service_id = p_service) AND (p_source IS NULL OR v.source = p_source)
           AND (v_environments IS NULL OR v.environment_id = ANY (v_environments))
    );
BEGIN
    RETURN QUERY
    WITH counted AS MATERIALIZED (
        SELECT g.bucket, count(*) AS items, count(DISTINCT g.day) AS active_days, min(g.at) AS first_at
          FROM (
            SELECT d.at, date_trunc(p_bucket, d.at) AS bucket, date_trunc('day', d.at) AS day
              FROM cdviz.placement_changes(p_from, p_until, p_service, v_environments) AS d
             WHERE d.predicate IN ('deployed', 'upgraded') AND (p_source IS NULL OR d.source = p_source) -- as in cdviz.deployments
          ) AS g
         GROUP BY GROUPING SETS ((), (g.bucket))
        HAVING p_bucket IS NOT NULL OR grouping(g.bucket) = 1
    ), unplaced AS MATERIALIZED (
        SELECT date_trunc(p_bucket, v."timestamp") AS bucket, count(*) AS items
          FROM cdviz.service_event AS v
         WHERE v."timestamp" >= p_from AND v."timestamp" < p_until AND v.environment_id = '' AND v.predicate IN ('deployed', 'upgraded')
           AND (p_service IS NULL OR v.service_id = p_service) AND (p_source IS NULL OR v.source = p_source)
         GROUP BY 1
    )
    SELECT b.bucket,
           CASE WHEN v_known_before OR b.until_at > (SELECT min(c.first_at) FROM counted AS c) THEN coalesce(c.items, 0) / b.days END,
           coalesce(c.active_days, 0), coalesce(c.items, 0), coalesce(u.items, 0)::bigint,
           CASE WHEN u.items > 0 THEN jsonb_build_object('no-environment', u.items) ELSE '{}' END
      FROM cdviz.metric_buckets(p_from, p_until, p_bucket) AS b
      LEFT JOIN counted AS c ON c.bucket IS NOT DISTINCT FROM b.bucket
     CROSS JOIN LATERAL (
        SELECT sum(u.items) AS items FROM unplaced AS u WHERE b.bucket IS NULL OR u.bucket = b.bucket
     ) AS u
     ORDER BY b.bucket NULLS FIRST;
END
$$;

COMMENT ON FUNCTION cdviz.deployment_frequency(timestamptz, timestamptz, text, text, text, text) IS
'Deployment frequency (DORA: how often an application is deployed to production): deployments (cdviz.deployments) per day of the window. The row without bucket is the whole window; p_bucket day, week or month adds one row for each. per_day is null until a first deployment is known, 0 afterwards. unexplained: deployments that name no environment.';

REVOKE ALL ON FUNCTION cdviz.deployment_frequency(timestamptz, timestamptz, text, text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.deployment_frequency(timestamptz, timestamptz, text, text, text, text) TO cdviz_reader;
