-- name: clusters_by_recommendation
-- Which of some clusters of an organisation each recommendation is for.
SELECT rule_fqdn || '|' || error_key AS recommendation,
       array_agg(cluster_id ORDER BY cluster_id) AS clusters
  FROM public.recommendation
 WHERE org_id = %(org_id)s::bigint
   AND cluster_id = ANY(%(clusters)s::text[])
 GROUP BY rule_fqdn, error_key
 ORDER BY (rule_fqdn || '|' || error_key) COLLATE "C";

-- name: recommendations_by_cluster
-- What is recommended for each of some clusters of an organisation that have a report.
SELECT report.cluster,
       report.last_checked_at,
       coalesce(info.version_info, '') AS version,
       array(SELECT one.rule_fqdn || '|' || one.error_key
               FROM public.recommendation AS one
              WHERE one.org_id = report.org_id
                AND one.cluster_id = report.cluster
              ORDER BY (one.rule_fqdn || '|' || one.error_key) COLLATE "C") AS recommendations
  FROM public.report
  LEFT JOIN public.report_info AS info
    ON info.org_id = report.org_id
   AND info.cluster_id = report.cluster
 WHERE report.org_id = %(org_id)s::bigint
   AND report.cluster = ANY(%(clusters)s::text[])
 ORDER BY report.cluster COLLATE "C";

-- name: impacted
-- Clusters of an organisation that have a recommendation, all or some.
SELECT hit.cluster_id AS cluster,
       coalesce(report.reported_at, hit.created_at) AS last_checked_at,
       hit.impacted_since,
       coalesce(info.version_info, '') AS version
  FROM public.recommendation AS hit
  LEFT JOIN public.report
    ON report.org_id = hit.org_id
   AND report.cluster = hit.cluster_id
  LEFT JOIN public.report_info AS info
    ON info.org_id = hit.org_id
   AND info.cluster_id = hit.cluster_id
 WHERE hit.org_id = %(org_id)s::bigint
   AND hit.rule_id = %(recommendation)s::text
   AND (%(clusters)s::text[] IS NULL OR hit.cluster_id = ANY(%(clusters)s::text[]))
 ORDER BY hit.cluster_id COLLATE "C";
