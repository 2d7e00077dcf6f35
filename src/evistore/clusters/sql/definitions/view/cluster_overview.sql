-- clusters.cluster_overview: one row per cluster that ever sent a valid report: what it is, when it was heard last, and what is recommended.
CREATE OR REPLACE VIEW clusters.cluster_overview AS
WITH hit AS (
    SELECT e.cluster_id, count(*) AS recommendations, min(e.appeared_at) AS oldest_at, max(e.appeared_at) AS newest_at
      FROM clusters.hit_episode AS e
     WHERE e.resolved_at IS NULL
     GROUP BY e.cluster_id
),

toggle AS (
    SELECT t.cluster_id, count(*) AS disabled
      FROM public.cluster_rule_toggle AS t
     WHERE t.disabled = 1
     GROUP BY t.cluster_id
)

SELECT r.cluster AS cluster_id, r.org_id, i.version_info AS version, substring(i.version_info FROM '^\d+\.\d+') AS minor_version,
    r.last_checked_at AT TIME ZONE 'UTC' AS checked_at, r.gathered_at AT TIME ZONE 'UTC' AS gathered_at,
    r.reported_at AT TIME ZONE 'UTC' AS stored_at, coalesce(h.recommendations, 0) AS recommendations, h.oldest_at, h.newest_at,
    coalesce(t.disabled, 0) AS disabled
  FROM public.report AS r
  LEFT JOIN public.report_info AS i ON r.cluster = i.cluster_id
  LEFT JOIN hit AS h ON r.cluster = h.cluster_id
  LEFT JOIN toggle AS t ON r.cluster = t.cluster_id;

COMMENT ON VIEW clusters.cluster_overview IS 'One row per cluster that ever sent a valid report: what it is, when it was heard last, and what is recommended.';
COMMENT ON COLUMN clusters.cluster_overview.cluster_id IS 'Cluster, as its messages name it (a UUID).';
COMMENT ON COLUMN clusters.cluster_overview.org_id IS 'Organisation it belongs to.';
COMMENT ON COLUMN clusters.cluster_overview.version IS 'Its version, such as 4.14.1; null where its newest report does not tell.';
COMMENT ON COLUMN clusters.cluster_overview.minor_version IS 'Its minor version, such as 4.14; null where that is not known.';
COMMENT ON COLUMN clusters.cluster_overview.checked_at IS 'LastChecked of its newest report; null where that says nothing.';
COMMENT ON COLUMN clusters.cluster_overview.gathered_at IS 'When it gathered the data of that report; null where that says nothing.';
COMMENT ON COLUMN clusters.cluster_overview.stored_at IS 'When that report was stored.';
COMMENT ON COLUMN clusters.cluster_overview.recommendations IS 'How many recommendations stand for it, disabled ones among them.';
COMMENT ON COLUMN clusters.cluster_overview.oldest_at IS 'Since when the longest of them stands; null without any.';
COMMENT ON COLUMN clusters.cluster_overview.newest_at IS 'Since when the newest of them stands; null without any.';
COMMENT ON COLUMN clusters.cluster_overview.disabled IS 'How many rules somebody has disabled for it, whether or not they stand.';

REVOKE ALL ON clusters.cluster_overview FROM public;
GRANT SELECT ON clusters.cluster_overview TO clusters_reader, cdviz_reader;
