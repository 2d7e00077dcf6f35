-- Recommendations over all clusters and over time, from the history of hits.

-- name: organization
SELECT DISTINCT c.org_id AS __text, c.org_id::text AS __value FROM clusters.cluster_overview AS c ORDER BY 1

-- name: rule
SELECT DISTINCT h.rule_id AS __text, h.rule_id AS __value FROM clusters.recommendation_history AS h ORDER BY 1

-- name: standing
SELECT coalesce(sum(r.clusters), 0)::bigint AS standing, count(DISTINCT r.rule_id) AS recommendations, count(DISTINCT r.org_id) AS organizations,
       count(*) FILTER (WHERE r.is_acknowledged) AS acknowledged
  FROM clusters.recommendation_overview AS r
 WHERE ('*' IN (${organization:sqlstring}) OR r.org_id::text IN (${organization:sqlstring}))
   AND ('*' IN (${rule:sqlstring}) OR r.rule_id IN (${rule:sqlstring}))

-- name: resolved
SELECT count(*) AS resolved, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM h.lasted)::double precision) AS "P50"
  FROM clusters.recommendation_history AS h
 WHERE $__timeFilter(h.resolved_at) AND ('*' IN (${organization:sqlstring}) OR h.org_id::text IN (${organization:sqlstring}))
   AND ('*' IN (${rule:sqlstring}) OR h.rule_id IN (${rule:sqlstring}))

-- name: trend
WITH change AS (
    SELECT greatest(d.day, ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date - 1) AS day, sum(d.appeared - d.resolved)::bigint AS more, min(d.day) AS first_day
      FROM clusters.recommendation_daily AS d
     WHERE d.day <= ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date AND ('*' IN (${organization:sqlstring}) OR d.org_id::text IN (${organization:sqlstring}))
       AND ('*' IN (${rule:sqlstring}) OR d.rule_id IN (${rule:sqlstring}))
     GROUP BY 1
), total AS (
    SELECT g.day::date AS day, sum(sum(c.more)) OVER (ORDER BY g.day)::bigint AS standing
      FROM generate_series(
        ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date - 1, ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date, interval '1 day'
      ) AS g (day)
      LEFT JOIN change AS c ON c.day = g.day::date
     GROUP BY g.day
)

SELECT t.day::timestamp AT TIME ZONE 'UTC' AS time, t.standing
  FROM total AS t
 WHERE t.day >= ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date
 ORDER BY 1

-- name: flow
SELECT c.time, count(*) FILTER (WHERE c.is_new) AS appeared, count(*) FILTER (WHERE NOT c.is_new) AS resolved
  FROM (
    SELECT date_trunc('day', h.appeared_at, 'UTC') AS time, true AS is_new, h.org_id, h.rule_id
      FROM clusters.recommendation_history AS h
     WHERE $__timeFilter(h.appeared_at)
    UNION ALL
    SELECT date_trunc('day', h.resolved_at, 'UTC'), false, h.org_id, h.rule_id
      FROM clusters.recommendation_history AS h
     WHERE $__timeFilter(h.resolved_at)
  ) AS c
 WHERE ('*' IN (${organization:sqlstring}) OR c.org_id::text IN (${organization:sqlstring}))
   AND ('*' IN (${rule:sqlstring}) OR c.rule_id IN (${rule:sqlstring}))
 GROUP BY 1
 ORDER BY 1

-- name: widest
SELECT r.error_key AS recommendation, sum(r.clusters)::bigint AS clusters
  FROM clusters.recommendation_overview AS r
 WHERE ('*' IN (${organization:sqlstring}) OR r.org_id::text IN (${organization:sqlstring}))
   AND ('*' IN (${rule:sqlstring}) OR r.rule_id IN (${rule:sqlstring}))
 GROUP BY r.rule_id, r.error_key
 ORDER BY 2 DESC, 1
 LIMIT 15

-- name: recommendations
SELECT r.error_key AS recommendation, sum(r.clusters)::bigint AS clusters, count(*) AS organizations, min(r.oldest_at) AS "oldest since",
       max(r.newest_at) AS "newest since", sum(r.disabled_clusters)::bigint AS disabled, count(*) FILTER (WHERE r.is_acknowledged) AS acknowledged,
       sum(r.likes)::bigint AS likes, sum(r.dislikes)::bigint AS dislikes, r.rule_fqdn AS rule, r.rule_id
  FROM clusters.recommendation_overview AS r
 WHERE ('*' IN (${organization:sqlstring}) OR r.org_id::text IN (${organization:sqlstring}))
   AND ('*' IN (${rule:sqlstring}) OR r.rule_id IN (${rule:sqlstring}))
 GROUP BY r.rule_id, r.rule_fqdn, r.error_key
 ORDER BY 2 DESC, r.rule_id
 LIMIT 200

-- name: by_version
SELECT coalesce(substring(h.version FROM '^\d+\.\d+'), 'not told') AS version, count(DISTINCT h.cluster_id) AS clusters, count(*) AS recommendations
  FROM clusters.recommendation_history AS h
 WHERE h.resolved_at IS NULL AND ('*' IN (${organization:sqlstring}) OR h.org_id::text IN (${organization:sqlstring}))
   AND ('*' IN (${rule:sqlstring}) OR h.rule_id IN (${rule:sqlstring}))
 GROUP BY 1
 ORDER BY 2 DESC, 1
 LIMIT 15

-- name: changes
SELECT c.at, c.what, c.error_key AS recommendation, c.cluster_id AS cluster, c.org_id::text AS organization, c.version, c.lasted, c.rule_id
  FROM (
    SELECT h.appeared_at AS at, 'came up' AS what, h.error_key, h.cluster_id, h.org_id, h.version, NULL::double precision AS lasted, h.rule_id
      FROM clusters.recommendation_history AS h
     WHERE $__timeFilter(h.appeared_at)
    UNION ALL
    SELECT h.resolved_at, 'resolved', h.error_key, h.cluster_id, h.org_id, h.version, extract(epoch FROM h.lasted)::double precision, h.rule_id
      FROM clusters.recommendation_history AS h
     WHERE $__timeFilter(h.resolved_at)
  ) AS c
 WHERE ('*' IN (${organization:sqlstring}) OR c.org_id::text IN (${organization:sqlstring}))
   AND ('*' IN (${rule:sqlstring}) OR c.rule_id IN (${rule:sqlstring}))
 ORDER BY c.at DESC, c.cluster_id, c.rule_id
 LIMIT 200
