-- The fleet for people: clusters, and everything that is known of one. Times of reports are UTC without zone; answers have one.

-- name: clusters
-- One row per cluster that fits, in the order asked for, with what is true of all that fit. rank puts the most urgent first: by the number of
-- recommendations, or by how long nothing was heard.
WITH hit AS (
    SELECT c.org_id, c.cluster_id, count(*) AS hits,
        bool_or(%(rule)s::text IN (c.rule_id, c.rule_fqdn, c.error_key)) AS has_rule
      FROM public.recommendation AS c
     GROUP BY c.org_id, c.cluster_id
), fitting AS (
    SELECT r.cluster, r.org_id, i.version_info AS version, r.last_checked_at AT TIME ZONE 'UTC' AS checked_at, coalesce(h.hits, 0) AS hits,
        CASE %(order)s::text
            WHEN 'silent' THEN -coalesce(extract(epoch FROM r.last_checked_at), '-infinity'::numeric)
            ELSE coalesce(h.hits, 0)
        END::double precision AS rank
      FROM public.report AS r
      LEFT JOIN public.report_info AS i ON i.cluster_id = r.cluster
      LEFT JOIN hit AS h ON h.org_id = r.org_id AND h.cluster_id = r.cluster
     WHERE (%(organization)s::bigint IS NULL OR r.org_id = %(organization)s::bigint)
       AND (%(rule)s::text IS NULL OR h.has_rule)
       AND (%(search)s::text IS NULL OR starts_with(lower(r.cluster), lower(%(search)s::text)) OR starts_with(i.version_info, %(search)s::text))
)
SELECT f.cluster, f.org_id, f.version, f.checked_at, f.hits, n.newest_at, f.rank, a.clusters, a.affected, a.recommendations, a.silent
  FROM (
    SELECT count(*) AS clusters, count(*) FILTER (WHERE hits > 0) AS affected, coalesce(sum(hits), 0)::bigint AS recommendations,
        count(*) FILTER (WHERE checked_at < %(quiet)s::timestamptz) AS silent
      FROM fitting
  ) AS a
 CROSS JOIN LATERAL (
    SELECT * FROM fitting
     WHERE %(rank)s::double precision IS NULL OR rank < %(rank)s::double precision OR (rank = %(rank)s::double precision AND cluster > %(after)s::text)
     ORDER BY rank DESC, cluster
     LIMIT %(limit)s::int
  ) AS f
  LEFT JOIN LATERAL (
    SELECT max(e.appeared_at) AS newest_at FROM clusters.hit_episode AS e WHERE e.cluster_id = f.cluster AND e.resolved_at IS NULL
  ) AS n ON true
 ORDER BY f.rank DESC, f.cluster

-- name: named
-- The first that has the id: a cluster as it is spelled or in small letters, or a recommendation that stands somewhere, by its id or its key alone.
SELECT n.kind, n.name, n.error_key
  FROM (
    (SELECT 'cluster' AS kind, r.cluster::text AS name, '' AS error_key, 1 AS place
       FROM public.report AS r WHERE r.cluster IN (%(asked)s::text, lower(%(asked)s::text)) LIMIT 1)
    UNION ALL
    (SELECT 'recommendation', c.rule_fqdn, c.error_key, 2
       FROM public.recommendation AS c WHERE %(asked)s::text IN (c.rule_id, c.error_key, c.rule_fqdn || '.report|' || c.error_key) LIMIT 1)
  ) AS n
 ORDER BY n.place
 LIMIT 1

-- name: organizations
-- One row per organisation, the largest first.
SELECT r.org_id, count(*) AS clusters, coalesce(sum(h.hits), 0)::bigint AS recommendations
  FROM public.report AS r
  LEFT JOIN (SELECT c.org_id, c.cluster_id, count(*) AS hits FROM public.recommendation AS c GROUP BY c.org_id, c.cluster_id) AS h
    ON h.org_id = r.org_id AND h.cluster_id = r.cluster
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
