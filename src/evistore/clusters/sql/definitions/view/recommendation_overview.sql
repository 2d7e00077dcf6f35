-- clusters.recommendation_overview: one row per organisation and recommendation that stands for one of its clusters.
-- For how many of them, since when, and what people said about it.
CREATE OR REPLACE VIEW clusters.recommendation_overview AS
WITH standing AS (
    SELECT r.org_id, e.rule_fqdn, e.error_key, count(*) AS clusters, min(e.appeared_at) AS oldest_at, max(e.appeared_at) AS newest_at
      FROM clusters.hit_episode AS e
      JOIN public.report AS r ON e.cluster_id = r.cluster
     WHERE e.resolved_at IS NULL
     GROUP BY 1, 2, 3
),

toggle AS (
    SELECT r.org_id, regexp_replace(o.rule_id, '\.report$', '') AS rule_fqdn, o.error_key, count(DISTINCT o.cluster_id) AS clusters
      FROM public.cluster_rule_toggle AS o
      JOIN public.report AS r ON o.cluster_id = r.cluster
     WHERE o.disabled = 1
     GROUP BY 1, 2, 3
),

acknowledgement AS (
    SELECT o.org_id, regexp_replace(o.rule_id, '\.report$', '') AS rule_fqdn, o.error_key, min(o.created_at) AT TIME ZONE 'UTC' AS acknowledged_at
      FROM public.rule_disable AS o
     GROUP BY 1, 2, 3
),

vote AS (
    SELECT o.org_id, regexp_replace(o.rule_id, '\.report$', '') AS rule_fqdn, o.error_key,
        count(*) FILTER (WHERE o.user_vote = 1) AS likes, count(*) FILTER (WHERE o.user_vote = -1) AS dislikes
      FROM public.cluster_rule_user_feedback AS o
     GROUP BY 1, 2, 3
)

SELECT s.org_id, s.rule_fqdn, s.error_key, s.rule_fqdn || '|' || s.error_key AS rule_id, s.clusters, s.oldest_at, s.newest_at,
    coalesce(t.clusters, 0) AS disabled_clusters, a.acknowledged_at IS NOT NULL AS is_acknowledged, a.acknowledged_at,
    coalesce(v.likes, 0) AS likes, coalesce(v.dislikes, 0) AS dislikes
  FROM standing AS s
  LEFT JOIN toggle AS t ON s.org_id = t.org_id AND s.rule_fqdn = t.rule_fqdn AND s.error_key = t.error_key
  LEFT JOIN acknowledgement AS a ON s.org_id::text = a.org_id AND s.rule_fqdn = a.rule_fqdn AND s.error_key = a.error_key
  LEFT JOIN vote AS v ON s.org_id::text = v.org_id AND s.rule_fqdn = v.rule_fqdn AND s.error_key = v.error_key;

COMMENT ON VIEW clusters.recommendation_overview IS 'One row per organisation and recommendation that stands for one of its clusters: for how many, since when, and what people said about it.';
COMMENT ON COLUMN clusters.recommendation_overview.org_id IS 'Organisation.';
COMMENT ON COLUMN clusters.recommendation_overview.rule_fqdn IS 'Component of the rule without its .report.';
COMMENT ON COLUMN clusters.recommendation_overview.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN clusters.recommendation_overview.rule_id IS 'Rule and finding in one word: rule_fqdn|error_key.';
COMMENT ON COLUMN clusters.recommendation_overview.clusters IS 'For how many clusters of the organisation it stands, those among them for which it is disabled.';
COMMENT ON COLUMN clusters.recommendation_overview.oldest_at IS 'Since when it stands for the first of them.';
COMMENT ON COLUMN clusters.recommendation_overview.newest_at IS 'Since when it stands for the last of them.';
COMMENT ON COLUMN clusters.recommendation_overview.disabled_clusters IS 'For how many clusters of the organisation somebody has disabled it, whether or not it stands.';
COMMENT ON COLUMN clusters.recommendation_overview.is_acknowledged IS 'Whether the organisation has acknowledged it, which disables it for all its clusters.';
COMMENT ON COLUMN clusters.recommendation_overview.acknowledged_at IS 'When it did; null where it has not.';
COMMENT ON COLUMN clusters.recommendation_overview.likes IS 'Votes of its users for it.';
COMMENT ON COLUMN clusters.recommendation_overview.dislikes IS 'Votes of its users against it.';

REVOKE ALL ON clusters.recommendation_overview FROM public;
GRANT SELECT ON clusters.recommendation_overview TO clusters_reader, cdviz_reader;
