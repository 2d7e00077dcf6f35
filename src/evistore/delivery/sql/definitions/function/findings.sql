-- cdviz.findings: what an operator should know about delivery evidence, one row per check: ok, warn or bad.
-- requires: cdviz.webhooks
CREATE OR REPLACE FUNCTION cdviz.findings()
RETURNS TABLE (name text, state text, found text, meaning text, advice text)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT s.name, s.state, s.found, s.meaning, s.advice FROM cdviz.storage_findings() AS s
    UNION ALL
    SELECT 'counts', CASE WHEN p.xid > pg_snapshot_xmax(pg_current_snapshot()) THEN 'bad' WHEN p.refreshed_at < current_timestamp - interval '3 hours' THEN 'warn' ELSE 'ok' END,
           format(
               'brought forward %s UTC%s', to_char(p.refreshed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
               CASE WHEN p.xid > pg_snapshot_xmax(pg_current_snapshot()) THEN ', by a server whose transactions had higher numbers' ELSE '' END
           ),
           'Nobody maintains this database: counts by day stay right and become slow, and after a restore feed and webhooks wait.',
           'Run evistore maintain, and then every hour.'
      FROM cdviz.activity_progress AS p
    UNION ALL
    SELECT 'followers', CASE WHEN w.since < current_timestamp - interval '5 minutes' THEN 'warn' ELSE 'ok' END,
           coalesce('events from ' || to_char(w.since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC on wait for an open transaction', 'nothing holds them up'),
           'A transaction that stays open, in whatever database of the server, holds up the feed and all webhooks.',
           'End it: SELECT pid, xact_start, query FROM pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY xact_start.'
      FROM (
        SELECT min(e.imported_at) AS since
          FROM (
            SELECT i."timestamp", i.position
              FROM cdviz.event_identity AS i
             WHERE i.xid >= pg_snapshot_xmin(pg_current_snapshot()) AND i.xid < pg_snapshot_xmax(pg_current_snapshot())
             ORDER BY i.xid, i.position
             LIMIT 1
          ) AS n
         CROSS JOIN LATERAL (
            SELECT l.imported_at FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = n."timestamp" AND l.position = n.position LIMIT 1
         ) AS e
      ) AS w
    UNION ALL
    SELECT 'webhook ' || h.name,
           CASE WHEN h.state = 'disabled' OR h.failing_since < current_timestamp - interval '1 day' THEN 'bad' WHEN h.failures > 0 THEN 'warn' ELSE 'ok' END,
           CASE WHEN h.failures > 0 THEN format('%s to %s, %s attempts have failed: %s', h.state, h.host, h.failures, coalesce(h.last_status::text, left(h.last_answer, 80), 'no answer')) ELSE format('%s to %s', h.state, h.host) END
           || format(', %s%s events behind', h.behind, CASE WHEN h.behind >= 10000 THEN ' or more' ELSE '' END),
           'The receiver does not take what it is sent; nothing is lost, and nothing else is sent to it before.',
           format('Mend the receiver, then evistore webhooks resume %s; or evistore webhooks remove %s.', h.name, h.name)
      FROM cdviz.webhooks AS h
$$;

COMMENT ON FUNCTION cdviz.findings() IS
'What an operator should know about delivery evidence, one row per check: its name, ok, warn or bad, what was found, what that means where it is not ok, and what to do.';

REVOKE ALL ON FUNCTION cdviz.findings() FROM public;
GRANT EXECUTE ON FUNCTION cdviz.findings() TO evistore_service, cdviz_reader;
