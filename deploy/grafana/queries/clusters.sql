-- The fleet: which clusters report, which have gone silent, which have the most recommendations.

-- name: organization
SELECT DISTINCT c.org_id AS __text, c.org_id::text AS __value FROM clusters.cluster_overview AS c ORDER BY 1

-- name: version
SELECT v.version AS __text, v.version AS __value
  FROM (SELECT DISTINCT coalesce(c.minor_version, 'not told') AS version FROM clusters.cluster_overview AS c) AS v
 ORDER BY string_to_array(nullif(v.version, 'not told'), '.')::int[]

-- name: totals
SELECT count(*) AS clusters, count(*) FILTER (WHERE c.recommendations > 0) AS affected, coalesce(sum(c.recommendations), 0)::bigint AS recommendations,
       count(*) FILTER (WHERE c.checked_at < now() - interval '7 days') AS silent, count(*) FILTER (WHERE c.version IS NULL) AS "without a version"
  FROM clusters.cluster_overview AS c
 WHERE ('*' IN (${organization:sqlstring}) OR c.org_id::text IN (${organization:sqlstring}))
   AND ('*' IN (${version:sqlstring}) OR coalesce(c.minor_version, 'not told') IN (${version:sqlstring}))

-- name: by_version
SELECT v.version, v.clusters, v.affected
  FROM (
    SELECT coalesce(c.minor_version, 'not told') AS version, count(*) AS clusters, count(*) FILTER (WHERE c.recommendations > 0) AS affected
      FROM clusters.cluster_overview AS c
     WHERE ('*' IN (${organization:sqlstring}) OR c.org_id::text IN (${organization:sqlstring}))
       AND ('*' IN (${version:sqlstring}) OR coalesce(c.minor_version, 'not told') IN (${version:sqlstring}))
     GROUP BY 1
  ) AS v
 ORDER BY string_to_array(nullif(v.version, 'not told'), '.')::int[]

-- name: by_organization
SELECT c.org_id::text AS organization, count(*) AS clusters, coalesce(sum(c.recommendations), 0)::bigint AS recommendations
  FROM clusters.cluster_overview AS c
 WHERE ('*' IN (${organization:sqlstring}) OR c.org_id::text IN (${organization:sqlstring}))
   AND ('*' IN (${version:sqlstring}) OR coalesce(c.minor_version, 'not told') IN (${version:sqlstring}))
 GROUP BY 1
 ORDER BY 3 DESC, 1
 LIMIT 15

-- name: clusters
SELECT c.cluster_id AS cluster, c.org_id::text AS organization, c.version, c.checked_at AS "heard last", c.recommendations, c.oldest_at AS "oldest since",
       c.newest_at AS "newest since", c.disabled
  FROM clusters.cluster_overview AS c
 WHERE ('*' IN (${organization:sqlstring}) OR c.org_id::text IN (${organization:sqlstring}))
   AND ('*' IN (${version:sqlstring}) OR coalesce(c.minor_version, 'not told') IN (${version:sqlstring}))
 ORDER BY c.recommendations DESC, c.cluster_id
 LIMIT 200

-- name: silent
SELECT c.cluster_id AS cluster, c.org_id::text AS organization, c.version, c.checked_at AS "heard last",
       extract(epoch FROM now() - c.checked_at)::double precision AS "silent for"
  FROM clusters.cluster_overview AS c
 WHERE c.checked_at < now() - interval '7 days' AND ('*' IN (${organization:sqlstring}) OR c.org_id::text IN (${organization:sqlstring}))
   AND ('*' IN (${version:sqlstring}) OR coalesce(c.minor_version, 'not told') IN (${version:sqlstring}))
 ORDER BY c.checked_at, c.cluster_id
 LIMIT 200

-- name: namespaces
SELECT w.namespace_name AS namespace, w.cluster_id AS cluster, w.org_id::text AS organization, w.recommendations, w.objects AS workloads, w.since, w.checked_at AS "heard last"
  FROM clusters.workload_overview AS w
  LEFT JOIN clusters.cluster_overview AS c ON c.cluster_id = w.cluster_id
 WHERE ('*' IN (${organization:sqlstring}) OR w.org_id::text IN (${organization:sqlstring}))
   AND ('*' IN (${version:sqlstring}) OR coalesce(c.minor_version, 'not told') IN (${version:sqlstring}))
 ORDER BY w.objects DESC, w.namespace_name, w.cluster_id
 LIMIT 200

-- name: faulty
SELECT $__timeGroupAlias(e.consumed_at, $__interval), e.topic AS metric, count(*) AS messages
  FROM clusters.consumer_error AS e
 WHERE $__timeFilter(e.consumed_at)
 GROUP BY 1, 2
 ORDER BY 1, 2

-- name: faults
SELECT e.consumed_at AS read, e.topic, e.partition::text AS partition, e.topic_offset::text AS offset, e.error
  FROM clusters.consumer_error AS e
 WHERE $__timeFilter(e.consumed_at)
 ORDER BY e.consumed_at DESC, e.topic, e.topic_offset DESC
 LIMIT 100
