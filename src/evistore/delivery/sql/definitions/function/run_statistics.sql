-- cdviz.run_statistics: one row per pipeline, task, test suite or test case: how long its runs of a window took and waited, and how many failed.
-- requires: cdviz.run_rows cdviz.service_runs
CREATE OR REPLACE FUNCTION cdviz.run_statistics(
    p_subject text, p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_name text DEFAULT NULL, p_limit integer DEFAULT NULL
)
RETURNS TABLE (
    key text, name text, p50_seconds double precision, p80_seconds double precision, p95_seconds double precision,
    queue_p50_seconds double precision, queue_p80_seconds double precision, queue_p95_seconds double precision, queued bigint,
    failure_rate double precision, passed bigint, failed bigint, cancelled bigint, last_finished_at timestamptz,
    items bigint, unexplained bigint, reasons jsonb
)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    v_nodes bigint[] := CASE WHEN p_service IS NOT NULL THEN cdviz.service_runs(p_service, p_subject, p_from, p_until) END;
BEGIN
    RETURN QUERY
    WITH run AS MATERIALIZED (
        SELECT r.key, r.name, r.class, r.seconds, r.queue_seconds, r.reason, r.finished_at
          FROM cdviz.run_rows(p_subject, p_from, p_until, v_nodes, p_environment, p_source, p_name) AS r
    ), shown AS MATERIALIZED (
        SELECT r.key, count(*) AS items FROM run AS r GROUP BY r.key ORDER BY count(*) DESC, r.key LIMIT p_limit
    )
    SELECT c.key, c.name, c.p[1], c.p[2], c.p[3], c.q[1], c.q[2], c.q[3], c.queued,
           c.failed::double precision / nullif(c.passed + c.failed, 0), c.passed, c.failed, c.cancelled, c.last_finished_at, c.items, c.unexplained,
           CASE WHEN c.unexplained = 0 THEN '{}' ELSE jsonb_strip_nulls(jsonb_build_object(
               'no-start', nullif(c.no_start, 0), 'ends-before-start', nullif(c.backward, 0),
               'no-outcome', nullif(c.no_outcome, 0), 'outcome-unknown', nullif(c.strange, 0)
           )) END
      FROM (
        SELECT r.key, max(r.name) AS name,
               percentile_cont(ARRAY[0.5, 0.8, 0.95]) WITHIN GROUP (ORDER BY r.seconds) AS p,
               percentile_cont(ARRAY[0.5, 0.8, 0.95]) WITHIN GROUP (ORDER BY r.queue_seconds) AS q,
               count(r.queue_seconds) AS queued,
               count(*) FILTER (WHERE r.class = 'passed') AS passed, count(*) FILTER (WHERE r.class = 'failed') AS failed,
               count(*) FILTER (WHERE r.class = 'cancelled') AS cancelled, max(r.finished_at) AS last_finished_at,
               count(*) AS items, count(r.reason) AS unexplained,
               count(*) FILTER (WHERE r.reason = 'no-start') AS no_start, count(*) FILTER (WHERE r.reason = 'ends-before-start') AS backward,
               count(*) FILTER (WHERE r.reason = 'no-outcome') AS no_outcome, count(*) FILTER (WHERE r.reason = 'outcome-unknown') AS strange
          FROM shown AS h
          JOIN run AS r ON coalesce(r.key, '') = coalesce(h.key, '') -- no key is empty
         GROUP BY r.key
      ) AS c
     ORDER BY c.items DESC, c.key;
END
$$;

COMMENT ON FUNCTION cdviz.run_statistics(text, timestamptz, timestamptz, text, text, text, text, integer) IS
'Runs of a window (cdviz.runs) by pipeline, task, test suite or test case, the p_limit ones with the most runs: duration (start to finish) and time in the queue (queued to start) at the percentiles 50, 80 and 95 in seconds, null without any; failure_rate: failed divided by passed and failed (cancelled ones are neither). unexplained: runs whose start, or outcome, is not known.';

REVOKE ALL ON FUNCTION cdviz.run_statistics(text, timestamptz, timestamptz, text, text, text, text, integer) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.run_statistics(text, timestamptz, timestamptz, text, text, text, text, integer) TO cdviz_reader;
