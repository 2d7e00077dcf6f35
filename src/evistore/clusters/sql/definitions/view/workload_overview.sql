-- clusters.workload_overview: one row per namespace of a cluster whose workloads the newest message recommends to change.
CREATE OR REPLACE VIEW clusters.workload_overview AS
SELECT d.cluster_id, d.org_id, d.namespace_id, d.namespace_name, d.recommendations, d.objects,
    d.reported_at AT TIME ZONE 'UTC' AS since, d.last_checked_at AT TIME ZONE 'UTC' AS checked_at
  FROM dvo.dvo_report AS d;

COMMENT ON VIEW clusters.workload_overview IS 'One row per namespace of a cluster whose workloads the newest message recommends to change.';
COMMENT ON COLUMN clusters.workload_overview.cluster_id IS 'Cluster.';
COMMENT ON COLUMN clusters.workload_overview.org_id IS 'Organisation of the cluster.';
COMMENT ON COLUMN clusters.workload_overview.namespace_id IS 'UID of the namespace.';
COMMENT ON COLUMN clusters.workload_overview.namespace_name IS 'Name of the namespace.';
COMMENT ON COLUMN clusters.workload_overview.recommendations IS 'How many recommendations touch the namespace.';
COMMENT ON COLUMN clusters.workload_overview.objects IS 'How many different workloads they touch.';
COMMENT ON COLUMN clusters.workload_overview.since IS 'LastChecked of the message with which the namespace came up.';
COMMENT ON COLUMN clusters.workload_overview.checked_at IS 'LastChecked of the newest message.';

REVOKE ALL ON clusters.workload_overview FROM public;
GRANT SELECT ON clusters.workload_overview TO clusters_reader, cdviz_reader;
