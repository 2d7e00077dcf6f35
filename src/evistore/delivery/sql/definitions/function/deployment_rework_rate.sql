-- cdviz.deployment_rework_rate: the part of the deployments of a window that were rework, whole and by day, week or month.
-- requires: cdviz.deployment_outcomes cdviz.metric_buckets
CREATE OR REPLACE FUNCTION cdviz.deployment_rework_rate(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_bucket text DEFAULT NULL, p_within interval DEFAULT '1 day'
)
RETURNS TABLE (bucket timestamptz, rate double precision, reworked bigint, ways jsonb, items bigint, unexplained bigint, reasons jsonb)
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
        SELECT o.bucket, count(*) AS items, count(*) FILTER (WHERE o.rework) AS reworked,
               count(*) FILTER (WHERE 'incident' = ANY (o.rework_ways)) AS incidents, count(*) FILTER (WHERE 'rollback' = ANY (o.rework_ways)) AS rollbacks
          FROM (
            SELECT date_trunc(p_bucket, d.at) AS bucket, d.rework, d.rework_ways
              FROM cdviz.deployment_outcomes(p_from, p_until, p_service, p_environment, p_source, p_within) AS d
          ) AS o
         GROUP BY GROUPING SETS ((), (o.bucket))
        HAVING p_bucket IS NOT NULL OR grouping(o.bucket) = 1
    )
    SELECT b.bucket, c.reworked::double precision / nullif(c.items, 0), coalesce(c.reworked, 0),
           jsonb_strip_nulls(jsonb_build_object('incident', nullif(c.incidents, 0), 'rollback', nullif(c.rollbacks, 0))),
           coalesce(c.items, 0), 0::bigint, '{}'::jsonb
      FROM cdviz.metric_buckets(p_from, p_until, p_bucket) AS b
      LEFT JOIN counted AS c ON c.bucket IS NOT DISTINCT FROM b.bucket
     ORDER BY b.bucket NULLS FIRST;
END
$$;

COMMENT ON FUNCTION cdviz.deployment_rework_rate(timestamptz, timestamptz, text, text, text, text, interval) IS
'Deployment rework rate (DORA: the ratio of deployments that were not planned and happened because of an incident in production): deployments of the window that were rework (cdviz.deployment_outcomes) divided by all, null without any. ways: incident (one of its service was open there), rollback (the event before it there was one); a deployment may be both.';

REVOKE ALL ON FUNCTION cdviz.deployment_rework_rate(timestamptz, timestamptz, text, text, text, text, interval) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.deployment_rework_rate(timestamptz, timestamptz, text, text, text, text, interval) TO cdviz_reader;
