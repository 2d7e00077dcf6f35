-- clusters.due: one row per cluster of whose evidence something is older than a moment, or hangs on nothing.
-- A report is as old as its storing; workloads are as old as their newest LastChecked. What has no time is not old.
CREATE OR REPLACE FUNCTION clusters.due(p_before timestamptz)
RETURNS TABLE (kind text, cluster_id text, org_id bigint, newest_at timestamptz, last_checked_at timestamptz)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'report', r.cluster::text, r.org_id::bigint, coalesce(r.reported_at, r.last_checked_at) AT TIME ZONE 'UTC', r.last_checked_at AT TIME ZONE 'UTC'
      FROM public.report AS r
     WHERE coalesce(r.reported_at, r.last_checked_at) < p_before AT TIME ZONE 'UTC'
    UNION ALL
    -- Hits, recommendations and versions whose report is gone, or belongs to another organisation now; other systems leave some behind.
    SELECT 'orphan', o.cluster_id, o.org_id, NULL, NULL
      FROM (
        SELECT h.cluster_id::text AS cluster_id, h.org_id::bigint AS org_id FROM public.rule_hit AS h
         UNION
        SELECT c.cluster_id::text, c.org_id::bigint FROM public.recommendation AS c
         UNION
        SELECT i.cluster_id::text, i.org_id::bigint FROM public.report_info AS i
      ) AS o
     WHERE NOT EXISTS (SELECT FROM public.report AS r WHERE r.cluster = o.cluster_id AND r.org_id = o.org_id)
    UNION ALL
    SELECT DISTINCT 'history', e.cluster_id::text, NULL::bigint, NULL::timestamptz, NULL::timestamptz
      FROM clusters.hit_episode AS e
     WHERE NOT EXISTS (SELECT FROM public.report AS r WHERE r.cluster = e.cluster_id)
    UNION ALL
    SELECT 'workloads', w.cluster_id, max(w.org_id), max(w.last_checked_at) AT TIME ZONE 'UTC', max(w.last_checked_at) AT TIME ZONE 'UTC'
      FROM (
        SELECT k.cluster_id::text AS cluster_id, k.org_id::bigint AS org_id, nullif(k.last_checked_at, '-infinity') AS last_checked_at
          FROM clusters.workload_check AS k
         UNION ALL
        SELECT d.cluster_id::text, d.org_id::bigint, d.last_checked_at FROM dvo.dvo_report AS d
      ) AS w
     GROUP BY w.cluster_id
    HAVING max(w.last_checked_at) < p_before AT TIME ZONE 'UTC'
$$;

COMMENT ON FUNCTION clusters.due(timestamptz) IS
'Clusters of whose evidence something is older than a moment: kind report (stored before it), workloads (LastChecked before it), or, of any age, what hangs on nothing: orphan (hits, recommendations or versions without a report of their organisation) and history (episodes without a report). clusters.clean_cluster takes each away.';

REVOKE ALL ON FUNCTION clusters.due(timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION clusters.due(timestamptz) TO evistore_service;
