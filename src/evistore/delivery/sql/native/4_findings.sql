-- What an operator should know about the lake on plain PostgreSQL.
CREATE OR REPLACE FUNCTION cdviz.storage_findings() RETURNS TABLE (name text, state text, found text, meaning text, advice text)
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
    SELECT 'partitions', CASE WHEN NOT a.begun THEN 'warn' WHEN a.until < a.now + interval '7 days' THEN 'bad' WHEN a.until < a.now + 0.5 * a.wanted THEN 'warn' ELSE 'ok' END,
           CASE WHEN a.begun THEN 'made until ' || to_char(a.until, 'YYYY-MM-DD') ELSE 'none is made yet' END,
           'Partitions are not made ahead: writers make them, and wait for each other while they do.',
           'Run evistore maintain, and then every hour.'
      FROM (
        SELECT current_timestamp AS now, EXISTS (SELECT FROM cdviz.lake_partition) AS begun, (SELECT p.value FROM cdviz.storage_policy AS p WHERE p.name = 'partitions_ahead') AS wanted,
               -- Not past the first week that is missing.
               coalesce((
                SELECT min(w.week)
                  FROM generate_series(date_trunc('week', current_timestamp), date_trunc('week', current_timestamp) + interval '1 year', interval '7 days') AS w (week)
                 WHERE NOT EXISTS (SELECT FROM cdviz.lake_partition AS p WHERE p.week = w.week)
               ), 'infinity') AS until
      ) AS a
    UNION ALL
    SELECT 'strays', CASE WHEN s.events > 0 THEN 'warn' ELSE 'ok' END, format('%s events stand outside their week', s.events),
           'They are found like all others; retention and queries by time are slower.',
           'Run evistore maintain: it moves them.'
      FROM (SELECT coalesce(sum(w.events), 0) AS events FROM cdviz.stray_weeks() AS w) AS s
$$;
COMMENT ON FUNCTION cdviz.storage_findings() IS 'What an operator should know about how the lake is held: partitions and strays, or chunks and jobs; cdviz.findings has them all.';
REVOKE ALL ON FUNCTION cdviz.storage_findings() FROM public;
