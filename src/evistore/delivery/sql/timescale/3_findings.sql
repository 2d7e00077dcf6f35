-- What an operator should know about the lake on TimescaleDB.
CREATE OR REPLACE FUNCTION cdviz.storage_findings() RETURNS TABLE (name text, state text, found text, meaning text, advice text)
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'extension', 'ok', format('TimescaleDB %s', e.extversion), '', ''
      FROM pg_extension AS e
     WHERE e.extname = 'timescaledb'
    UNION ALL
    SELECT 'job ' || w.job,
           CASE WHEN j.job_id IS NULL OR NOT j.scheduled THEN 'bad' WHEN s.last_run_status = 'Failed' THEN 'bad' ELSE 'ok' END,
           CASE
               WHEN j.job_id IS NULL THEN 'there is none'
               WHEN NOT j.scheduled THEN 'it is switched off'
               WHEN s.last_run_status = 'Failed' THEN format('its last run failed, %s of %s', s.total_failures, s.total_runs)
               ELSE coalesce('ran ' || to_char(s.last_successful_finish AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC', 'waits for its first run')
           END,
           'The database does not do by itself what its jobs are for: ' || w.purpose || '.',
           'Read timescaledb_information.job_errors; evistore maintain does the same by hand; SELECT cdviz.apply_storage_policies() makes jobs that are gone.'
      FROM (
        VALUES ('policy_compression', 'compression of old chunks'), ('retention_job', 'retention'), ('activity_job', 'counts by day, and links')
      ) AS w (job, purpose)
      LEFT JOIN timescaledb_information.jobs AS j ON j.proc_name = w.job AND (j.proc_schema = 'cdviz' OR j.hypertable_schema = 'cdviz')
      LEFT JOIN timescaledb_information.job_stats AS s ON s.job_id = j.job_id
     WHERE j.job_id IS NOT NULL
        OR w.job <> 'policy_compression'
        OR EXISTS (SELECT FROM cdviz.storage_policy AS p WHERE p.name = 'compress_after' AND p.value IS NOT NULL)
    UNION ALL
    SELECT 'chunks', 'ok', format('%s, %s of them compressed', count(*), count(*) FILTER (WHERE c.is_compressed)), '', ''
      FROM timescaledb_information.chunks AS c
     WHERE c.hypertable_schema = 'cdviz' AND c.hypertable_name = 'cdevents_lake'
$$;
COMMENT ON FUNCTION cdviz.storage_findings() IS 'What an operator should know about how the lake is held: partitions and strays, or chunks and jobs; cdviz.findings has them all.';
REVOKE ALL ON FUNCTION cdviz.storage_findings() FROM public;
