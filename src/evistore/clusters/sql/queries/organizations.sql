-- name: clusters
-- Clusters of an organisation whose report was stored within the last hours, in order.
SELECT cluster
  FROM public.report
 WHERE org_id = %(org_id)s::bigint
   AND reported_at >= timezone('utc', now()) - %(within)s::interval
 ORDER BY cluster;

-- name: organizations
-- Organisations that have clusters.
SELECT DISTINCT org_id
  FROM public.report
 ORDER BY org_id;

-- name: versions
-- The versions of the two schemas by the count of the system they come from.
SELECT (SELECT version FROM public.migration_info) AS ocp, (SELECT version FROM dvo.migration_info) AS dvo;

-- name: answers
SELECT true;
