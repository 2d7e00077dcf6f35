-- cdviz.silent_sources: one row per source that sent events in the time looked at: its rhythm in days, and whether it fell silent.
-- A source is silent when it has been quiet for more than twice the longest pause it made before, and for two days at least.
-- requires: cdviz.activity_daily
CREATE OR REPLACE FUNCTION cdviz.silent_sources(p_at timestamptz DEFAULT NULL, p_look_back interval DEFAULT '90 days')
RETURNS TABLE (source text, silent boolean, reason text, last_day date, quiet_days integer, longest_pause_days integer, active_days bigint, events bigint)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET jit = off
AS $$
    SELECT s.source,
           CASE WHEN s.active_days >= 5 THEN s.quiet > greatest(2 * s.longest_pause, 2) END,
           CASE WHEN s.active_days < 5 THEN 'no-rhythm' END,
           s.last_day, s.quiet, s.longest_pause, s.active_days, s.events
      FROM (
        SELECT d.source, max(d.day) AS last_day, t.today - max(d.day) AS quiet, max(d.day - d.day_before) AS longest_pause,
               count(*) AS active_days, sum(d.events)::bigint AS events
          FROM (SELECT coalesce(p_at, current_timestamp)::date AS today) AS t
         CROSS JOIN LATERAL (
            SELECT a.source, a.day, sum(a.events) AS events, lag(a.day) OVER (PARTITION BY a.source ORDER BY a.day) AS day_before
              FROM cdviz.activity_daily AS a
             WHERE a.day > (coalesce(p_at, current_timestamp) - p_look_back)::date AND a.day <= coalesce(p_at, current_timestamp)::date AND a.source <> ''
             GROUP BY a.source, a.day
         ) AS d
         GROUP BY d.source, t.today
      ) AS s
     ORDER BY 2 DESC NULLS LAST, s.quiet DESC, s.source COLLATE "C"
$$;

COMMENT ON FUNCTION cdviz.silent_sources(timestamptz, interval) IS
'Sources that sent events in p_look_back before p_at (null: now), with their rhythm by days in UTC. silent: no event for more than twice the longest pause between two days with events, and for more than two days; null where fewer than five days with events tell no rhythm.';

REVOKE ALL ON FUNCTION cdviz.silent_sources(timestamptz, interval) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.silent_sources(timestamptz, interval) TO cdviz_reader;
