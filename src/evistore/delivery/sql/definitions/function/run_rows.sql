-- cdviz.run_rows: one row per run that finished in a window: how long it took and waited, how it ended, and what is not known of that.
-- It has no settings of its own, so that it becomes a part of the statements that ask it.
-- requires: cdviz.outcome_class
CREATE OR REPLACE FUNCTION cdviz.run_rows(
    p_subject text, p_from timestamptz, p_until timestamptz, p_nodes bigint [], p_environment text, p_source text, p_name text
)
RETURNS TABLE (
    node bigint, subject_id text, key text, name text, environment_id text, source text, chain_id text,
    queued_at timestamptz, started_at timestamptz, finished_at timestamptz, outcome text, class text,
    seconds double precision, queue_seconds double precision, reason text
)
LANGUAGE sql
STABLE
AS $$
    SELECT s.node, s.subject_id, coalesce(s.definition_id, s.name), s.name, s.environment_id, s.source, s.chain_id,
           s.queued_at, s.started_at, s.finished_at, s.outcome, cdviz.outcome_class(s.outcome),
           CASE WHEN s.started_at <= s.finished_at THEN extract(epoch FROM s.finished_at - s.started_at)::double precision END,
           CASE WHEN s.queued_at <= s.started_at THEN extract(epoch FROM s.started_at - s.queued_at)::double precision END,
           CASE
               WHEN s.started_at IS NULL THEN 'no-start'
               WHEN s.started_at > s.finished_at THEN 'ends-before-start'
               WHEN s.subject = 'build' THEN NULL -- builds have no outcome
               WHEN s.outcome IS NULL THEN 'no-outcome'
               WHEN cdviz.outcome_class(s.outcome) IS NULL THEN 'outcome-unknown'
           END
      FROM cdviz.subject_state AS s
     WHERE s.subject = p_subject AND s.subject IN ('pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun', 'testcase', 'testsuite')
       AND s.finished_at >= p_from AND s.finished_at < p_until
       AND (p_nodes IS NULL OR s.node = ANY (p_nodes))
       AND (p_environment IS NULL OR p_environment = '*' OR s.environment_id = p_environment)
       AND (p_source IS NULL OR s.source = p_source)
       AND (p_name IS NULL OR coalesce(s.definition_id, s.name) = p_name OR s.name = p_name)
$$;

COMMENT ON FUNCTION cdviz.run_rows(text, timestamptz, timestamptz, bigint [], text, text, text) IS
'Runs of a kind that finished in a window: duration and time in the queue in seconds, class of the outcome, and the reason where one of them is not known.';

REVOKE ALL ON FUNCTION cdviz.run_rows(text, timestamptz, timestamptz, bigint [], text, text, text) FROM public;
