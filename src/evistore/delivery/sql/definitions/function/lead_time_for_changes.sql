-- cdviz.lead_time_for_changes: how long changes took from their merge to production, with the stages in between, whole and by day, week or month.
-- requires: cdviz.lead_times cdviz.metric_buckets
CREATE OR REPLACE FUNCTION cdviz.lead_time_for_changes(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_bucket text DEFAULT NULL
)
RETURNS TABLE (
    bucket timestamptz, p50_seconds double precision, p80_seconds double precision, p95_seconds double precision,
    merge_to_build_seconds double precision, build_to_artifact_seconds double precision, artifact_to_production_seconds double precision,
    releases bigint, items bigint, unexplained bigint, reasons jsonb
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
    WITH measured AS MATERIALIZED (
        SELECT l.position, l.reason, l.deployed_at, l.merged_at, l.built_at, l.published_at, l.seconds, date_trunc(p_bucket, l.deployed_at) AS bucket
          FROM cdviz.lead_times(p_from, p_until, p_service, p_environment, p_source) AS l
    ), counted AS MATERIALIZED (
        SELECT m.bucket, percentile_cont(ARRAY[0.5, 0.8, 0.95]) WITHIN GROUP (ORDER BY m.seconds) AS p,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', m.built_at - m.merged_at))
                   FILTER (WHERE m.seconds IS NOT NULL AND m.built_at >= m.merged_at) AS to_build,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', m.published_at - m.built_at))
                   FILTER (WHERE m.seconds IS NOT NULL AND m.published_at >= m.built_at) AS to_artifact,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', m.deployed_at - m.published_at))
                   FILTER (WHERE m.seconds IS NOT NULL AND m.deployed_at >= m.published_at) AS to_production,
               count(m.seconds) AS items, count(DISTINCT m.position) FILTER (WHERE m.seconds IS NOT NULL) AS releases
          FROM measured AS m
         GROUP BY GROUPING SETS ((), (m.bucket))
        HAVING p_bucket IS NOT NULL OR grouping(m.bucket) = 1
    ), lost AS MATERIALIZED (
        SELECT l.bucket, l.reason, count(*) AS items
          FROM (
            -- a release none of whose changes has a lead time, by the first of its reasons
            SELECT m.position, m.bucket, min(m.reason) AS reason FROM measured AS m GROUP BY m.position, m.bucket HAVING count(m.seconds) = 0
          ) AS l
         WHERE l.reason <> 'repeated'
         GROUP BY l.bucket, l.reason
    )
    SELECT b.bucket, c.p[1], c.p[2], c.p[3], c.to_build, c.to_artifact, c.to_production, coalesce(c.releases, 0), coalesce(c.items, 0),
           coalesce(l.items, 0)::bigint, coalesce(l.reasons, '{}')
      FROM cdviz.metric_buckets(p_from, p_until, p_bucket) AS b
      LEFT JOIN counted AS c ON c.bucket IS NOT DISTINCT FROM b.bucket
     CROSS JOIN LATERAL (
        SELECT sum(l.items) AS items, jsonb_object_agg(l.reason, l.items) AS reasons
          FROM (SELECT l.reason, sum(l.items) AS items FROM lost AS l WHERE b.bucket IS NULL OR l.bucket = b.bucket GROUP BY l.reason) AS l
     ) AS l
     ORDER BY b.bucket NULLS FIRST;
END
$$;

COMMENT ON FUNCTION cdviz.lead_time_for_changes(timestamptz, timestamptz, text, text, text, text) IS
'Lead time for changes (DORA: the time from a change committed to it running in production; here from its merge): over the changes of the releases of the window (cdviz.lead_times), from the merge to the first deployment, percentiles in seconds, null without any. Between them, at the median: merge to the end of the build, to the published (else packaged) artifact, to production. items: changes; releases: those they were in; unexplained: releases without a change whose merge is known.';

REVOKE ALL ON FUNCTION cdviz.lead_time_for_changes(timestamptz, timestamptz, text, text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.lead_time_for_changes(timestamptz, timestamptz, text, text, text, text) TO cdviz_reader;
