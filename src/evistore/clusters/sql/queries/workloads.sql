-- name: namespaces
-- Namespaces of an organisation whose workloads are recommended to change, of all or some clusters.
SELECT cluster_id AS cluster,
       namespace_id,
       coalesce(namespace_name, '') AS name,
       recommendations,
       objects,
       reported_at,
       last_checked_at,
       coalesce(rule_hits_count, '{}')::text AS hits
  FROM dvo.dvo_report
 WHERE org_id = %(org_id)s::bigint
   AND (%(clusters)s::text[] IS NULL OR cluster_id = ANY(%(clusters)s::text[]))
 ORDER BY cluster_id, namespace_id;

-- name: namespace
-- One namespace, with the whole report of its cluster.
SELECT cluster_id AS cluster,
       namespace_id,
       coalesce(namespace_name, '') AS name,
       recommendations,
       objects,
       reported_at,
       last_checked_at,
       coalesce(rule_hits_count, '{}')::text AS hits,
       coalesce(report, '') AS report
  FROM dvo.dvo_report
 WHERE org_id = %(org_id)s::bigint
   AND cluster_id = %(cluster)s::text
   AND namespace_id = %(namespace_id)s::text;
