-- clusters.recommendation_history: one row per stretch of time in which a cluster had a recommendation without a gap.
CREATE OR REPLACE VIEW clusters.recommendation_history AS
SELECT e.cluster_id, r.org_id, i.version_info AS version, e.rule_fqdn, e.error_key, e.rule_fqdn || '|' || e.error_key AS rule_id,
    e.appeared_at, e.resolved_at, e.resolved_at - e.appeared_at AS lasted
  FROM clusters.hit_episode AS e
  JOIN public.report AS r ON e.cluster_id = r.cluster
  LEFT JOIN public.report_info AS i ON e.cluster_id = i.cluster_id;

COMMENT ON VIEW clusters.recommendation_history IS 'One row per stretch of time in which a cluster had a recommendation without a gap, by the times of its reports.';
COMMENT ON COLUMN clusters.recommendation_history.cluster_id IS 'Cluster.';
COMMENT ON COLUMN clusters.recommendation_history.org_id IS 'Organisation it belongs to now.';
COMMENT ON COLUMN clusters.recommendation_history.version IS 'Its version now; null where that is not known.';
COMMENT ON COLUMN clusters.recommendation_history.rule_fqdn IS 'Component of the rule without its .report.';
COMMENT ON COLUMN clusters.recommendation_history.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN clusters.recommendation_history.rule_id IS 'Rule and finding in one word: rule_fqdn|error_key.';
COMMENT ON COLUMN clusters.recommendation_history.appeared_at IS 'LastChecked of the first report that gave it.';
COMMENT ON COLUMN clusters.recommendation_history.resolved_at IS 'LastChecked of the first report without it; null while it stands.';
COMMENT ON COLUMN clusters.recommendation_history.lasted IS 'How long it stood; null while it does.';

REVOKE ALL ON clusters.recommendation_history FROM public;
GRANT SELECT ON clusters.recommendation_history TO clusters_reader, cdviz_reader;
