-- cdviz.stuck_runs: one row per run that was started, or queued, some time ago and was never finished or skipped; the oldest first.
CREATE OR REPLACE FUNCTION cdviz.stuck_runs(
    p_after interval DEFAULT '4 hours', p_from timestamptz DEFAULT '-infinity', p_until timestamptz DEFAULT NULL,
    p_environment text DEFAULT NULL, p_source text DEFAULT NULL, p_subject text DEFAULT NULL
)
RETURNS TABLE (
    subject text, subject_id text, name text, environment_id text, source text, queued_at timestamptz, started_at timestamptz, since timestamptz,
    seconds double precision, last_position bigint
)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT s.subject, s.subject_id, s.name, s.environment_id, s.source, s.queued_at, s.started_at, coalesce(s.started_at, s.queued_at),
           extract(epoch FROM current_timestamp - coalesce(s.started_at, s.queued_at))::double precision, s.last_position
      FROM cdviz.subject_state AS s
     WHERE s.subject IN ('pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun')
       AND coalesce(s.started_at, s.queued_at) IS NOT NULL AND s.skipped_at IS NULL
       AND (s.finished_at IS NULL OR s.finished_at < coalesce(s.started_at, s.queued_at))
       AND coalesce(s.started_at, s.queued_at) >= p_from
       AND coalesce(s.started_at, s.queued_at) < least(p_until, current_timestamp - p_after)
       AND (p_subject IS NULL OR s.subject = p_subject)
       AND (p_environment IS NULL OR p_environment = '*' OR s.environment_id = p_environment)
       AND (p_source IS NULL OR s.source = p_source)
     ORDER BY coalesce(s.started_at, s.queued_at), s.subject_id COLLATE "C"
$$;

COMMENT ON FUNCTION cdviz.stuck_runs(interval, timestamptz, timestamptz, text, text, text) IS
'Runs that were started, or only queued, more than p_after ago and at or after p_from and before p_until, and were not finished or skipped since: the oldest first. A run that was started again after it had finished is one of them.';

REVOKE ALL ON FUNCTION cdviz.stuck_runs(interval, timestamptz, timestamptz, text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.stuck_runs(interval, timestamptz, timestamptz, text, text, text) TO cdviz_reader;
