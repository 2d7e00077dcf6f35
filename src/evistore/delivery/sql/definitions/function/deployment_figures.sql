-- cdviz.deployment_figures: failure rate, recovery time and rework rate of the deployments of a window, whole and by day, week or month.
-- The three metrics are parts of it; whoever wants all of them asks it once.
-- requires: cdviz.deployment_outcomes cdviz.incident_causes cdviz.metric_buckets cdviz.metric_environments
CREATE OR REPLACE FUNCTION cdviz.deployment_figures(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_bucket text DEFAULT NULL, p_within interval DEFAULT '1 day'
)
RETURNS TABLE (
    bucket timestamptz, items bigint, failure_rate double precision, failed bigint, failure_ways jsonb, causeless bigint, causeless_reasons jsonb,
    recovery_p50_seconds double precision, recovery_p80_seconds double precision, recovery_p95_seconds double precision, recovered bigint,
    rework_rate double precision, reworked bigint, rework_ways jsonb
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
DECLARE
    v_environments text[] := cdviz.metric_environments(p_environment);
BEGIN
    RETURN QUERY
    WITH outcome AS MATERIALIZED (
        SELECT date_trunc(p_bucket, d.at) AS bucket, d.failed, d.ways, d.rework, d.rework_ways,
               CASE WHEN d.failed THEN extract(epoch FROM d.recovered_at - d.at)::double precision END AS seconds
          FROM cdviz.deployment_outcomes(p_from, p_until, p_service, p_environment, p_source, p_within) AS d
    ), counted AS MATERIALIZED (
        SELECT o.bucket, count(*) AS items, count(*) FILTER (WHERE o.failed) AS failed, count(*) FILTER (WHERE o.rework) AS reworked,
               percentile_cont(ARRAY[0.5, 0.8, 0.95]) WITHIN GROUP (ORDER BY o.seconds) AS p, count(o.seconds) AS recovered
          FROM outcome AS o
         GROUP BY GROUPING SETS ((), (o.bucket))
        HAVING p_bucket IS NOT NULL OR grouping(o.bucket) = 1
    ), told AS MATERIALIZED (
        SELECT o.bucket, 'failure' AS what, w.way, count(*) AS items
          FROM outcome AS o
         CROSS JOIN LATERAL unnest(o.ways) AS w (way)
         WHERE o.failed
         GROUP BY 1, 3
        UNION ALL
        SELECT o.bucket, 'rework', w.way, count(*)
          FROM outcome AS o
         CROSS JOIN LATERAL unnest(o.rework_ways) AS w (way)
         WHERE o.rework
         GROUP BY 1, 3
        UNION ALL
        SELECT date_trunc(p_bucket, i.began_at), 'causeless', i.reason, count(*)
          FROM cdviz.incident_causes(p_from, p_within) AS i
         WHERE i.way IS NULL AND i.began_at >= p_from AND i.began_at < p_until AND (p_service IS NULL OR i.service_id = p_service)
           AND (v_environments IS NULL OR i.environment_id IS NULL OR i.environment_id = ANY (v_environments))
         GROUP BY 1, 3
    )
    SELECT b.bucket, coalesce(c.items, 0), c.failed::double precision / nullif(c.items, 0), coalesce(c.failed, 0), coalesce(t.failure, '{}'),
           coalesce(t.lost, 0)::bigint, coalesce(t.causeless, '{}'), c.p[1], c.p[2], c.p[3], coalesce(c.recovered, 0),
           c.reworked::double precision / nullif(c.items, 0), coalesce(c.reworked, 0), coalesce(t.rework, '{}')
      FROM cdviz.metric_buckets(p_from, p_until, p_bucket) AS b
      LEFT JOIN counted AS c ON c.bucket IS NOT DISTINCT FROM b.bucket
     CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(s.way, s.items) FILTER (WHERE s.what = 'failure') AS failure,
               jsonb_object_agg(s.way, s.items) FILTER (WHERE s.what = 'rework') AS rework,
               jsonb_object_agg(s.way, s.items) FILTER (WHERE s.what = 'causeless') AS causeless,
               sum(s.items) FILTER (WHERE s.what = 'causeless') AS lost
          FROM (SELECT t.what, t.way, sum(t.items) AS items FROM told AS t WHERE b.bucket IS NULL OR t.bucket = b.bucket GROUP BY t.what, t.way) AS s
     ) AS t
     ORDER BY b.bucket NULLS FIRST;
END
$$;

COMMENT ON FUNCTION cdviz.deployment_figures(timestamptz, timestamptz, text, text, text, text, interval) IS
'Of the deployments of a window (cdviz.deployment_outcomes), for the whole of it (the row without bucket) and each of its days, weeks or months: how many failed and by which signs, how long recovery from them took, how many were rework; and the incidents without a deployment behind them (causeless). The parts have functions of their own, which say what they mean.';

REVOKE ALL ON FUNCTION cdviz.deployment_figures(timestamptz, timestamptz, text, text, text, text, interval) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.deployment_figures(timestamptz, timestamptz, text, text, text, text, interval) TO cdviz_reader;
