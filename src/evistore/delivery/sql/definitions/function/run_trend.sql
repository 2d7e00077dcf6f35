-- cdviz.run_trend: durations and failures of all runs of a kind in a window, whole and by day, week or month.
-- requires: cdviz.run_rows cdviz.service_runs cdviz.metric_buckets
CREATE OR REPLACE FUNCTION cdviz.run_trend(
    p_subject text, p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_name text DEFAULT NULL, p_bucket text DEFAULT NULL
)
RETURNS TABLE (
    bucket timestamptz, p50_seconds double precision, p80_seconds double precision, p95_seconds double precision, queue_p50_seconds double precision,
    failure_rate double precision, passed bigint, failed bigint, cancelled bigint, items bigint, unexplained bigint, reasons jsonb
)
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
    v_nodes bigint[] := CASE WHEN p_service IS NOT NULL THEN cdviz.service_runs(p_service, p_subject, p_from, p_until) END;
BEGIN
    RETURN QUERY
    WITH counted AS MATERIALIZED (
        SELECT g.bucket, percentile_cont(ARRAY[0.5, 0.8, 0.95]) WITHIN GROUP (ORDER BY g.seconds) AS p,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY g.queue_seconds) AS q,
               count(*) FILTER (WHERE g.class = 'passed') AS passed, count(*) FILTER (WHERE g.class = 'failed') AS failed,
               count(*) FILTER (WHERE g.class = 'cancelled') AS cancelled, count(*) AS items, count(g.reason) AS unexplained,
               count(*) FILTER (WHERE g.reason = 'no-start') AS no_start, count(*) FILTER (WHERE g.reason = 'ends-before-start') AS backward,
               count(*) FILTER (WHERE g.reason = 'no-outcome') AS no_outcome, count(*) FILTER (WHERE g.reason = 'outcome-unknown') AS strange
          FROM (
            SELECT date_trunc(p_bucket, r.finished_at) AS bucket, r.seconds, r.queue_seconds, r.class, r.reason
              FROM cdviz.run_rows(p_subject, p_from, p_until, v_nodes, p_environment, p_source, p_name) AS r
          ) AS g
         GROUP BY GROUPING SETS ((), (g.bucket))
        HAVING p_bucket IS NOT NULL OR grouping(g.bucket) = 1
    )
    SELECT b.bucket, c.p[1], c.p[2], c.p[3], c.q, c.failed::double precision / nullif(c.passed + c.failed, 0),
           coalesce(c.passed, 0), coalesce(c.failed, 0), coalesce(c.cancelled, 0), coalesce(c.items, 0), coalesce(c.unexplained, 0),
           CASE WHEN c.unexplained > 0 THEN jsonb_strip_nulls(jsonb_build_object(
               'no-start', nullif(c.no_start, 0), 'ends-before-start', nullif(c.backward, 0),
               'no-outcome', nullif(c.no_outcome, 0), 'outcome-unknown', nullif(c.strange, 0)
           )) ELSE '{}' END
      FROM cdviz.metric_buckets(p_from, p_until, p_bucket) AS b
      LEFT JOIN counted AS c ON c.bucket IS NOT DISTINCT FROM b.bucket
     ORDER BY b.bucket NULLS FIRST;
END
$$;

COMMENT ON FUNCTION cdviz.run_trend(text, timestamptz, timestamptz, text, text, text, text, text) IS
'What cdviz.run_statistics tells, of all runs of a kind together: the row without bucket for the whole window, one for each day, week or month where p_bucket asks for them.';

REVOKE ALL ON FUNCTION cdviz.run_trend(text, timestamptz, timestamptz, text, text, text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.run_trend(text, timestamptz, timestamptz, text, text, text, text, text) TO cdviz_reader;
