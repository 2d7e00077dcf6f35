-- What is old or hangs on nothing, and taking it away.

-- name: moment
SELECT clock_timestamp() - %(age)s::interval AS before, %(age)s::interval > '0'::interval AS past;

-- name: due
SELECT d.kind, d.cluster_id, d.org_id, d.newest_at, d.last_checked_at
  FROM clusters.due(%(before)s::timestamptz) AS d
 ORDER BY d.kind, d.newest_at, d.cluster_id;

-- name: named
-- Clusters that somebody names, whether anything is known of them or not.
SELECT 'everything' AS kind, n.cluster AS cluster_id, NULL::bigint AS org_id,
       coalesce(r.reported_at, r.last_checked_at) AT TIME ZONE 'UTC' AS newest_at, r.last_checked_at AT TIME ZONE 'UTC' AS last_checked_at
  FROM unnest(%(clusters)s::text[]) WITH ORDINALITY AS n (cluster, place)
  LEFT JOIN public.report AS r ON r.cluster = n.cluster
 ORDER BY n.place;

-- name: clean
SELECT c.table_name AS name, sum(c.number)::bigint AS rows
  FROM unnest(%(kinds)s::text[], %(clusters)s::text[], %(orgs)s::bigint[]) AS d (kind, cluster, org)
 CROSS JOIN LATERAL clusters.clean_cluster(d.kind, d.cluster, d.org, %(before)s::timestamptz, %(apply)s::boolean) AS c
 GROUP BY c.table_name;

-- name: clean_errors
SELECT e.table_name AS name, e.number AS rows FROM clusters.clean_errors(%(before)s::timestamptz, %(apply)s::boolean) AS e;

-- name: disagreements
-- Clusters for which more than one user gave a reason to disable the same rule.
SELECT f.cluster_id, f.rule_id, f.error_key, count(DISTINCT f.user_id) AS users
  FROM public.cluster_user_rule_disable_feedback AS f
 GROUP BY f.cluster_id, f.rule_id, f.error_key
HAVING count(DISTINCT f.user_id) > 1
 ORDER BY users DESC, f.cluster_id, f.rule_id, f.error_key;
