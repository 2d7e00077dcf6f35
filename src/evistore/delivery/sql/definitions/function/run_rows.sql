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
    SELECT s.node, s.subject_id, s.key, s.name, s.environment_id, s.source, s.chain_id, s.queued_at, s.started_at, s.finished_at, s.outcome, s.class,
           CASE WHEN s.started_at <= s.finished_at THEN date_part('epoch', s.finished_at - s.started_at) END,
           CASE WHEN s.queued_at <= s.started_at THEN date_part('epoch', s.started_at - s.queued_at) END,
           CASE
               WHEN s.started_at IS NULL THEN 'no-start'
               WHEN s.started_at > s.finished_at THEN 'ends-before-start'
               WHEN p_subject = 'build' THEN NULL -- builds have no outcome
               WHEN s.outcome IS NULL THEN 'no-outcome'
               WHEN s.class IS NULL THEN 'outcome-unknown'
           END
      FROM (
        SELECT t.node, t.subject_id, coalesce(t.definition_id, t.name) COLLATE "C" AS key, t.name, t.environment_id, t.source, t.chain_id,
               t.queued_at, t.started_at, t.finished_at, t.outcome, cdviz.outcome_class(t.outcome) AS class
          FROM cdviz.subject_state AS t
         WHERE t.subject = p_subject AND t.subject IN ('pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun', 'testcase', 'testsuite')
           AND t.finished_at >= p_from AND t.finished_at < p_until
           AND (p_nodes IS NULL OR t.node = ANY (p_nodes))
           AND (p_environment IS NULL OR p_environment = '*' OR t.environment_id = p_environment)
           AND (p_source IS NULL OR t.source = p_source)
           AND (p_name IS NULL OR coalesce(t.definition_id, t.name) = p_name OR t.name = p_name)
        OFFSET 0 -- a fence: the class is found once
      ) AS s
$$;

COMMENT ON FUNCTION cdviz.run_rows(text, timestamptz, timestamptz, bigint [], text, text, text) IS
'Runs of a kind that finished in a window: duration and time in the queue in seconds, class of the outcome, and the reason where one of them is not known.';

REVOKE ALL ON FUNCTION cdviz.run_rows(text, timestamptz, timestamptz, bigint [], text, text, text) FROM public;
