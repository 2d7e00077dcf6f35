-- The fleet for people: clusters, and everything that is known of one. Times of reports are UTC without zone; answers have one.

-- name: plan_anew
-- Which filters are given decides how the list is best made.
SET LOCAL plan_cache_mode = force_custom_plan

-- name: clusters
-- One row per cluster that fits, in the order asked for, with what is true of all that fit; a single row without a cluster where none does.
-- Only what a page shows is looked up; of all others there is but the number of their recommendations.
WITH named AS MATERIALIZED (
    SELECT r.cluster::text AS cluster FROM public.report AS r WHERE starts_with(lower(r.cluster), lower(%(search)s::text))
     UNION ALL
    SELECT i.cluster_id FROM public.report_info AS i WHERE starts_with(i.version_info, %(search)s::text)
), having_rule AS MATERIALIZED (
    SELECT c.cluster_id::text AS cluster
      FROM public.recommendation AS c
     WHERE c.rule_id = %(rule)s::text OR c.rule_fqdn = %(rule)s::text OR c.error_key = %(rule)s::text
), fitting AS NOT MATERIALIZED (
    SELECT r.org_id, r.cluster, r.last_checked_at
      FROM public.report AS r
     WHERE (%(organization)s::bigint IS NULL OR r.org_id = %(organization)s::bigint)
       AND (%(search)s::text IS NULL OR r.cluster IN (SELECT n.cluster FROM named AS n))
       AND (%(rule)s::text IS NULL OR r.cluster IN (SELECT h.cluster FROM having_rule AS h))
), hit AS MATERIALIZED (
    SELECT f.cluster, c.org_id, c.hits
      FROM (
        SELECT p.org_id, p.cluster_id, count(*) AS hits
          FROM public.recommendation AS p
         WHERE %(organization)s::bigint IS NULL OR p.org_id = %(organization)s::bigint
         GROUP BY p.org_id, p.cluster_id
      ) AS c
      JOIN fitting AS f ON f.org_id = c.org_id AND f.cluster = c.cluster_id
), urgent AS MATERIALIZED (
    SELECT h.cluster, h.org_id, h.hits
      FROM hit AS h
     WHERE %(order)s::text = 'urgent'
       AND (%(rank)s::bigint IS NULL OR h.hits < %(rank)s::bigint OR (h.hits = %(rank)s::bigint AND h.cluster > %(after)s::text))
     ORDER BY h.hits DESC, h.cluster
     LIMIT %(limit)s::int
), shown AS (
    SELECT u.cluster, u.org_id, u.hits FROM urgent AS u
    UNION ALL
    (
        SELECT f.cluster, f.org_id, 0
          FROM fitting AS f
         WHERE %(order)s::text = 'urgent' AND NOT EXISTS (SELECT FROM hit AS h WHERE h.cluster = f.cluster)
           AND (%(rank)s::bigint IS NULL OR %(rank)s::bigint > 0 OR f.cluster > %(after)s::text)
         ORDER BY f.cluster
         LIMIT %(limit)s::int - (SELECT count(*) FROM urgent)
    )
    UNION ALL
    (
        SELECT f.cluster, f.org_id, (SELECT count(*) FROM public.recommendation AS c WHERE c.org_id = f.org_id AND c.cluster_id = f.cluster)
          FROM fitting AS f
         WHERE %(order)s::text = 'silent'
           AND (%(after)s::text IS NULL OR f.last_checked_at > %(since)s::timestamptz AT TIME ZONE 'UTC'
                OR (f.last_checked_at IS NOT DISTINCT FROM %(since)s::timestamptz AT TIME ZONE 'UTC' AND f.cluster > %(after)s::text)
                OR (%(since)s::timestamptz IS NULL AND f.last_checked_at IS NOT NULL))
         ORDER BY f.last_checked_at NULLS FIRST, f.cluster
         LIMIT %(limit)s::int
    )
     LIMIT %(limit)s::int
)
SELECT s.cluster, s.org_id, i.version_info AS version, r.last_checked_at AT TIME ZONE 'UTC' AS checked_at, s.hits,
    n.newest_at, a.clusters, h.affected, h.recommendations, a.silent
  FROM (
    SELECT count(*) AS clusters, count(*) FILTER (WHERE f.last_checked_at < %(quiet)s::timestamptz AT TIME ZONE 'UTC') AS silent FROM fitting AS f
  ) AS a
 CROSS JOIN (SELECT count(*) AS affected, coalesce(sum(o.hits), 0)::bigint AS recommendations FROM hit AS o) AS h
  LEFT JOIN shown AS s ON true
  LEFT JOIN public.report AS r ON r.cluster = s.cluster
  LEFT JOIN public.report_info AS i ON i.cluster_id = s.cluster
  LEFT JOIN LATERAL (
    SELECT max(e.appeared_at) AS newest_at
      FROM clusters.hit_episode AS e
     WHERE e.cluster_id = s.cluster AND e.resolved_at IS NULL
  ) AS n ON true
 ORDER BY CASE WHEN %(order)s::text = 'urgent' THEN s.hits END DESC, CASE WHEN %(order)s::text = 'silent' THEN r.last_checked_at END NULLS FIRST, s.cluster

-- name: named
-- The first that has the id: a cluster as it is spelled or in small letters, or a recommendation that ever stood somewhere, by its id or its key alone.
SELECT n.kind, n.name, n.error_key
  FROM (
    (SELECT 'cluster' AS kind, r.cluster::text AS name, '' AS error_key, 1 AS place
       FROM public.report AS r WHERE r.cluster IN (%(asked)s::text, lower(%(asked)s::text)) LIMIT 1)
    UNION ALL
    (SELECT 'recommendation', d.rule_fqdn, d.error_key, 2
       FROM clusters.hit_day AS d
      WHERE %(asked)s::text IN (d.rule_fqdn || '|' || d.error_key, d.error_key, d.rule_fqdn || '.report|' || d.error_key)
      GROUP BY d.rule_fqdn, d.error_key
     HAVING sum(d.appeared) > 0
      ORDER BY sum(d.appeared - d.resolved) DESC, d.rule_fqdn
      LIMIT 1)
  ) AS n
 ORDER BY n.place
 LIMIT 1

-- name: organizations
-- One row per organisation, the largest first, with how many there are.
SELECT r.org_id, count(*) AS clusters, count(*) OVER () AS organizations
  FROM public.report AS r
 GROUP BY r.org_id
 ORDER BY clusters DESC, r.org_id
 LIMIT %(limit)s::int

-- name: cluster
SELECT r.cluster, r.org_id, i.version_info AS version, r.last_checked_at AT TIME ZONE 'UTC' AS checked_at, r.gathered_at AT TIME ZONE 'UTC' AS gathered_at,
    r.reported_at AT TIME ZONE 'UTC' AS stored_at, octet_length(r.report) AS bytes, CASE WHEN octet_length(r.report) <= %(most)s::int THEN r.report END AS report
  FROM public.report AS r
  LEFT JOIN public.report_info AS i ON i.cluster_id = r.cluster
 WHERE r.cluster = %(cluster)s::text

-- name: hits
-- One row per hit of the newest report, the one that stands longest first.
SELECT regexp_replace(h.rule_fqdn, '\.report$', '') AS rule, h.error_key, h.template_data AS details, e.appeared_at,
    t.disabled_at AT TIME ZONE 'UTC' AS disabled_at, k.justification AS acknowledged, coalesce(v.likes, 0) AS likes, coalesce(v.dislikes, 0) AS dislikes
  FROM public.rule_hit AS h
  LEFT JOIN LATERAL (
    SELECT o.appeared_at FROM clusters.hit_episode AS o
     WHERE o.cluster_id = h.cluster_id AND o.rule_fqdn = regexp_replace(h.rule_fqdn, '\.report$', '') AND o.error_key = h.error_key AND o.resolved_at IS NULL
     LIMIT 1
  ) AS e ON true
  LEFT JOIN LATERAL (
    SELECT o.disabled_at FROM public.cluster_rule_toggle AS o
     WHERE o.cluster_id = h.cluster_id AND o.error_key = h.error_key AND o.disabled = 1
       AND regexp_replace(o.rule_id, '\.report$', '') = regexp_replace(h.rule_fqdn, '\.report$', '')
     LIMIT 1
  ) AS t ON true
  LEFT JOIN LATERAL (
    SELECT coalesce(o.justification, '') AS justification FROM public.rule_disable AS o
     WHERE o.org_id = h.org_id::text AND o.error_key = h.error_key
       AND regexp_replace(o.rule_id, '\.report$', '') = regexp_replace(h.rule_fqdn, '\.report$', '')
     LIMIT 1
  ) AS k ON true
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE o.user_vote = 1) AS likes, count(*) FILTER (WHERE o.user_vote = -1) AS dislikes
      FROM public.cluster_rule_user_feedback AS o
     WHERE o.cluster_id = h.cluster_id AND o.error_key = h.error_key
       AND regexp_replace(o.rule_id, '\.report$', '') = regexp_replace(h.rule_fqdn, '\.report$', '')
  ) AS v ON true
 WHERE h.cluster_id = %(cluster)s::text
 ORDER BY e.appeared_at NULLS LAST, rule, h.error_key

-- name: episodes
-- What hit the cluster within a window of time, in the order in which it came up.
SELECT e.rule_fqdn AS rule, e.error_key, e.appeared_at, e.resolved_at
  FROM clusters.hit_episode AS e
 WHERE e.cluster_id = %(cluster)s::text AND e.appeared_at < %(until)s::timestamptz AND (e.resolved_at IS NULL OR e.resolved_at >= %(since)s::timestamptz)
 ORDER BY e.appeared_at, e.rule_fqdn, e.error_key

-- name: said
-- What people said about its hits, newest first: votes that stand, and every change of a toggle or of a reason for one.
SELECT s.at, s.who, s.what, s.rule, s.error_key, s.words
  FROM (
    SELECT f.updated_at AT TIME ZONE 'UTC' AS at, f.user_id::text AS who, CASE f.user_vote WHEN 1 THEN 'likes it' WHEN -1 THEN 'dislikes it' ELSE 'took the vote back' END AS what,
        regexp_replace(f.rule_id, '\.report$', '') AS rule, f.error_key, f.message::text AS words
      FROM public.cluster_rule_user_feedback AS f
     WHERE f.cluster_id = %(cluster)s::text
    UNION ALL
    SELECT c.changed_at, c.user_id, c.action, regexp_replace(c.rule_id, '\.report$', ''), c.error_key, coalesce(c.justification_after, '')
      FROM clusters.rule_change AS c
     WHERE c.cluster_id = %(cluster)s::text
    UNION ALL
    SELECT f.updated_at AT TIME ZONE 'UTC', f.user_id, 'explained', regexp_replace(f.rule_id, '\.report$', ''), f.error_key, f.message
      FROM public.cluster_user_rule_disable_feedback AS f
     WHERE f.cluster_id = %(cluster)s::text
       AND NOT EXISTS (SELECT FROM clusters.rule_change AS c WHERE c.cluster_id = f.cluster_id AND c.kind = 'reason' AND c.rule_id = f.rule_id AND c.error_key = f.error_key)
    UNION ALL
    SELECT t.updated_at AT TIME ZONE 'UTC', NULL, CASE t.disabled WHEN 1 THEN 'disabled' ELSE 'enabled' END, regexp_replace(t.rule_id, '\.report$', ''), t.error_key, ''
      FROM public.cluster_rule_toggle AS t
     WHERE t.cluster_id = %(cluster)s::text
       AND NOT EXISTS (SELECT FROM clusters.rule_change AS c WHERE c.cluster_id = t.cluster_id AND c.kind = 'toggle' AND c.rule_id = t.rule_id AND c.error_key = t.error_key)
  ) AS s
 ORDER BY s.at DESC, s.what, s.rule, s.error_key
 LIMIT %(limit)s::int

-- name: namespaces
SELECT d.namespace_id, d.namespace_name AS name, d.recommendations, d.objects, d.reported_at AT TIME ZONE 'UTC' AS since,
    d.last_checked_at AT TIME ZONE 'UTC' AS checked_at, ARRAY(SELECT jsonb_object_keys(d.rule_hits_count) ORDER BY 1) AS checks
  FROM dvo.dvo_report AS d
 WHERE d.cluster_id = %(cluster)s::text
 ORDER BY d.objects DESC, d.namespace_name, d.namespace_id
