-- cdviz.runs: one row per run of a pipeline, task, test suite or test case (or build) that finished in a window.
-- requires: cdviz.run_rows cdviz.service_runs
CREATE OR REPLACE FUNCTION cdviz.runs(
    p_subject text, p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_name text DEFAULT NULL
)
RETURNS TABLE (
    subject_id text, key text, name text, environment_id text, source text, queued_at timestamptz, started_at timestamptz, finished_at timestamptz,
    outcome text, class text, seconds double precision, queue_seconds double precision, reason text
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
    SELECT r.subject_id, r.key, r.name, r.environment_id, r.source, r.queued_at, r.started_at, r.finished_at, r.outcome, r.class,
           r.seconds, r.queue_seconds, r.reason
      FROM cdviz.run_rows(p_subject, p_from, p_until, v_nodes, p_environment, p_source, p_name) AS r
     ORDER BY r.finished_at DESC, r.subject_id COLLATE "C";
END
$$;

COMMENT ON FUNCTION cdviz.runs(text, timestamptz, timestamptz, text, text, text, text) IS
'Runs of a kind (pipelinerun, taskrun, testsuiterun, testcaserun, build) that finished at or after p_from and before p_until, newest first: what cdviz.run_statistics counts. key: the test case or suite it is of, else its name. A run whose id was used again is one run, the last. p_environment null or * is any.';

REVOKE ALL ON FUNCTION cdviz.runs(text, timestamptz, timestamptz, text, text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.runs(text, timestamptz, timestamptz, text, text, text, text) TO cdviz_reader;
