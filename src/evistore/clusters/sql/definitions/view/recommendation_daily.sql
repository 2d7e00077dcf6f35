-- clusters.recommendation_daily: one row per day, organisation and recommendation on which it came up or was resolved somewhere: how often.
CREATE OR REPLACE VIEW clusters.recommendation_daily AS
SELECT (c.at AT TIME ZONE 'UTC')::date AS day, r.org_id, e.rule_fqdn, e.error_key, e.rule_fqdn || '|' || e.error_key AS rule_id,
    sum(c.appeared)::bigint AS appeared, sum(c.resolved)::bigint AS resolved
  FROM clusters.hit_episode AS e
  JOIN public.report AS r ON e.cluster_id = r.cluster
 CROSS JOIN LATERAL (VALUES (e.appeared_at, 1, 0), (e.resolved_at, 0, 1)) AS c (at, appeared, resolved)
 WHERE c.at IS NOT NULL
 GROUP BY 1, 2, 3, 4;

COMMENT ON VIEW clusters.recommendation_daily IS 'One row per day (UTC), organisation and recommendation on which it came up or was resolved for one of its clusters. The running sum of appeared less resolved is how many stood at the end of a day.';
COMMENT ON COLUMN clusters.recommendation_daily.day IS 'Day of the reports that told, UTC.';
COMMENT ON COLUMN clusters.recommendation_daily.org_id IS 'Organisation that the clusters belong to now.';
COMMENT ON COLUMN clusters.recommendation_daily.rule_fqdn IS 'Component of the rule without its .report.';
COMMENT ON COLUMN clusters.recommendation_daily.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN clusters.recommendation_daily.rule_id IS 'Rule and finding in one word: rule_fqdn|error_key.';
COMMENT ON COLUMN clusters.recommendation_daily.appeared IS 'For how many clusters it came up that day.';
COMMENT ON COLUMN clusters.recommendation_daily.resolved IS 'For how many it was resolved that day.';

REVOKE ALL ON clusters.recommendation_daily FROM public;
GRANT SELECT ON clusters.recommendation_daily TO clusters_reader, cdviz_reader;
