-- cdviz.flaky_tests: one row per test that both passed and failed on the same state of the code, in a window.
-- Runs are of one state when they share chain and environment or, without a chain, the run of the suite they are part of.
-- requires: cdviz.run_rows cdviz.service_runs
CREATE OR REPLACE FUNCTION cdviz.flaky_tests(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_subject text DEFAULT 'testcaserun'
)
RETURNS TABLE (
    key text, name text, flaky_rate double precision, flaky bigint, failed bigint, runs bigint, last_failed_at timestamptz, sample_ids text [],
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
    WITH every AS MATERIALIZED (
        SELECT r.node, r.subject_id, r.key, r.name, r.class, r.finished_at, r.environment_id, r.chain_id
          FROM cdviz.run_rows(p_subject, p_from, p_until, v_nodes, p_environment, p_source, NULL) AS r
         WHERE r.class IN ('passed', 'failed') AND r.key IS NOT NULL
    ), run AS MATERIALIZED (
        -- a test that never failed is not looked at any further
        SELECT e.node, e.subject_id, e.key, e.name, e.class, e.finished_at, coalesce(e.environment_id, '') AS environment_id,
               coalesce(e.chain_id, (
                   SELECT g.to_node::text FROM cdviz.edge AS g
                    WHERE e.chain_id IS NULL AND g.from_node = e.node AND g.relation = 'partOf' ORDER BY g.to_node LIMIT 1
               )) AS state
          FROM every AS e
         WHERE e.key IN (SELECT f.key FROM every AS f WHERE f.class = 'failed')
    ), state AS MATERIALIZED (
        SELECT r.key AS key, count(*) AS runs, count(*) FILTER (WHERE r.class = 'failed') AS failed
          FROM run AS r
         WHERE r.state IS NOT NULL
         GROUP BY r.key, r.environment_id COLLATE "C", r.state COLLATE "C"
        HAVING count(*) > 1
    ), flaky AS MATERIALIZED (
        SELECT s.key, count(*) AS states, count(*) FILTER (WHERE s.failed BETWEEN 1 AND s.runs - 1) AS flaky
          FROM state AS s
         GROUP BY s.key
        HAVING bool_or(s.failed BETWEEN 1 AND s.runs - 1)
    )
    SELECT f.key, max(r.name), f.flaky::double precision / f.states, f.flaky, count(*) FILTER (WHERE r.class = 'failed'), count(*),
           max(r.finished_at) FILTER (WHERE r.class = 'failed'),
           (array_agg(r.subject_id ORDER BY r.finished_at DESC, r.subject_id COLLATE "C") FILTER (WHERE r.class = 'failed'))[1:5],
           f.states, count(*) FILTER (WHERE r.state IS NULL),
           CASE WHEN bool_or(r.state IS NULL) THEN jsonb_build_object('no-state', count(*) FILTER (WHERE r.state IS NULL)) ELSE '{}' END
      FROM flaky AS f
      JOIN run AS r ON r.key = f.key
     GROUP BY f.key, f.flaky, f.states
     ORDER BY f.flaky DESC, 3 DESC, f.key;
END
$$;

COMMENT ON FUNCTION cdviz.flaky_tests(timestamptz, timestamptz, text, text, text, text) IS
'Flaky tests: those that both passed and failed on the same state of the code in the window. Runs are of one state when they share environment and chain (context.chainId) or, without a chain, the run they are part of. items: states with more than one run; flaky: those with both outcomes; flaky_rate: their ratio; sample_ids: the newest failed runs; unexplained: runs of the test that belong to no state.';

REVOKE ALL ON FUNCTION cdviz.flaky_tests(timestamptz, timestamptz, text, text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.flaky_tests(timestamptz, timestamptz, text, text, text, text) TO cdviz_reader;
