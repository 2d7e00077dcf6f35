-- Recommendations over all clusters and over time, from the history of hits.

-- name: recommendations
-- One row per recommendation that stands somewhere or stood in a window of time, the one on most clusters first.
SELECT e.rule_fqdn AS rule, e.error_key, count(*) FILTER (WHERE e.resolved_at IS NULL) AS clusters,
    count(DISTINCT r.org_id) FILTER (WHERE e.resolved_at IS NULL) AS organizations, min(e.appeared_at) FILTER (WHERE e.resolved_at IS NULL) AS since,
    count(*) FILTER (WHERE e.appeared_at >= %(since)s::timestamptz AND e.appeared_at < %(until)s::timestamptz) AS appeared,
    count(*) FILTER (WHERE e.resolved_at >= %(since)s::timestamptz AND e.resolved_at < %(until)s::timestamptz) AS resolved
  FROM clusters.hit_episode AS e
  JOIN public.report AS r ON r.cluster = e.cluster_id
 WHERE (e.resolved_at IS NULL OR e.resolved_at >= %(since)s::timestamptz)
   AND (%(organization)s::bigint IS NULL OR r.org_id = %(organization)s::bigint)
   AND (%(search)s::text IS NULL OR strpos(lower(e.rule_fqdn || '|' || e.error_key), lower(%(search)s::text)) > 0)
 GROUP BY e.rule_fqdn, e.error_key
 ORDER BY clusters DESC, e.rule_fqdn, e.error_key

-- name: daily
-- One row per day (UTC): how many recommendations stood at its end, how many came up and were resolved that day. standing is null for days before
-- the first evidence there is.
WITH episode AS (
    SELECT greatest((e.appeared_at AT TIME ZONE 'UTC')::date, %(first)s::date - 1) AS appeared, (e.resolved_at AT TIME ZONE 'UTC')::date AS resolved
      FROM clusters.hit_episode AS e
      JOIN public.report AS r ON r.cluster = e.cluster_id
     WHERE (e.resolved_at IS NULL OR (e.resolved_at AT TIME ZONE 'UTC')::date >= %(first)s::date)
       AND (%(rule)s::text IS NULL OR (e.rule_fqdn = %(rule)s::text AND e.error_key = %(error_key)s::text))
       AND (%(organization)s::bigint IS NULL OR r.org_id = %(organization)s::bigint)
       AND (%(search)s::text IS NULL OR strpos(lower(e.rule_fqdn || '|' || e.error_key), lower(%(search)s::text)) > 0)
), change AS (
    SELECT appeared AS day, count(*) AS came, 0 AS went FROM episode GROUP BY appeared
    UNION ALL
    SELECT resolved, 0, count(*) FROM episode WHERE resolved IS NOT NULL GROUP BY resolved
), total AS (
    SELECT d.day::date AS day, coalesce(sum(c.came), 0)::bigint AS appeared, coalesce(sum(c.went), 0)::bigint AS resolved,
        sum(coalesce(sum(c.came), 0) - coalesce(sum(c.went), 0)) OVER (ORDER BY d.day)::bigint AS standing
      FROM generate_series(%(first)s::date - 1, %(last)s::date, interval '1 day') AS d (day)
      LEFT JOIN change AS c ON c.day = d.day::date
     GROUP BY d.day
)
SELECT t.day, CASE WHEN t.day >= b.first_day THEN t.standing END AS standing, t.appeared, t.resolved
  FROM total AS t
 CROSS JOIN (SELECT (min(appeared_at) AT TIME ZONE 'UTC')::date AS first_day FROM clusters.hit_episode) AS b
 WHERE t.day >= %(first)s::date
 ORDER BY t.day

-- name: recommendation
-- What is known of one recommendation, whether or not it stands anywhere; nothing where no cluster ever had it.
SELECT e.rule_fqdn AS rule, e.error_key, count(*) FILTER (WHERE e.resolved_at IS NULL) AS clusters,
    count(DISTINCT r.org_id) FILTER (WHERE e.resolved_at IS NULL) AS organizations, min(e.appeared_at) FILTER (WHERE e.resolved_at IS NULL) AS since,
    count(DISTINCT e.cluster_id) AS ever, min(e.appeared_at) AS first_at, count(e.resolved_at) AS resolved,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY e.resolved_at - e.appeared_at) FILTER (WHERE e.resolved_at IS NOT NULL) AS lasted
  FROM clusters.hit_episode AS e
  JOIN public.report AS r ON r.cluster = e.cluster_id
 WHERE e.rule_fqdn = %(rule)s::text AND e.error_key = %(error_key)s::text
   AND (%(organization)s::bigint IS NULL OR r.org_id = %(organization)s::bigint)
 GROUP BY e.rule_fqdn, e.error_key

-- name: affected
-- One row per cluster that has it, the newest first.
SELECT e.cluster_id AS cluster, r.org_id, i.version_info AS version, e.appeared_at, r.last_checked_at AT TIME ZONE 'UTC' AS checked_at,
    EXISTS (
        SELECT FROM public.cluster_rule_toggle AS t
         WHERE t.cluster_id = e.cluster_id AND t.error_key = e.error_key AND t.disabled = 1 AND regexp_replace(t.rule_id, '\.report$', '') = e.rule_fqdn
    ) AS disabled
  FROM clusters.hit_episode AS e
  JOIN public.report AS r ON r.cluster = e.cluster_id
  LEFT JOIN public.report_info AS i ON i.cluster_id = e.cluster_id
 WHERE e.rule_fqdn = %(rule)s::text AND e.error_key = %(error_key)s::text AND e.resolved_at IS NULL
   AND (%(organization)s::bigint IS NULL OR r.org_id = %(organization)s::bigint)
   AND (%(before)s::timestamptz IS NULL OR (e.appeared_at, e.cluster_id) < (%(before)s::timestamptz, %(after)s::text))
 ORDER BY e.appeared_at DESC, e.cluster_id DESC
 LIMIT %(limit)s::int

-- name: versions
-- One row per minor version that clusters which have it run, with how many clusters of that version there are.
SELECT coalesce(substring(i.version_info FROM '^\d+\.\d+'), '') AS version, count(*) AS clusters, count(e.cluster_id) AS affected
  FROM public.report AS r
  LEFT JOIN public.report_info AS i ON i.cluster_id = r.cluster
  LEFT JOIN clusters.hit_episode AS e
    ON e.cluster_id = r.cluster AND e.rule_fqdn = %(rule)s::text AND e.error_key = %(error_key)s::text AND e.resolved_at IS NULL
 WHERE %(organization)s::bigint IS NULL OR r.org_id = %(organization)s::bigint
 GROUP BY 1
HAVING count(e.cluster_id) > 0
 ORDER BY string_to_array(nullif(coalesce(substring(i.version_info FROM '^\d+\.\d+'), ''), ''), '.')::int[]

-- name: opinions
-- One row per organisation that has acknowledged or rated it, or whose users voted on it.
SELECT o.org_id, k.justification, k.created_at AT TIME ZONE 'UTC' AS acknowledged_at, a.rating, coalesce(v.likes, 0) AS likes, coalesce(v.dislikes, 0) AS dislikes
  FROM (
    SELECT org_id FROM public.rule_disable WHERE error_key = %(error_key)s::text AND regexp_replace(rule_id, '\.report$', '') = %(rule)s::text
    UNION
    SELECT org_id FROM public.advisor_ratings WHERE error_key = %(error_key)s::text AND regexp_replace(rule_fqdn, '\.report$', '') = %(rule)s::text
    UNION
    SELECT org_id FROM public.cluster_rule_user_feedback
     WHERE error_key = %(error_key)s::text AND regexp_replace(rule_id, '\.report$', '') = %(rule)s::text AND user_vote <> 0
  ) AS o
  LEFT JOIN LATERAL (
    SELECT d.justification, d.created_at FROM public.rule_disable AS d
     WHERE d.org_id = o.org_id AND d.error_key = %(error_key)s::text AND regexp_replace(d.rule_id, '\.report$', '') = %(rule)s::text
     ORDER BY d.created_at DESC
     LIMIT 1
  ) AS k ON true
  LEFT JOIN LATERAL (
    SELECT g.rating FROM public.advisor_ratings AS g
     WHERE g.org_id = o.org_id AND g.error_key = %(error_key)s::text AND regexp_replace(g.rule_fqdn, '\.report$', '') = %(rule)s::text
     ORDER BY g.last_updated_at DESC
     LIMIT 1
  ) AS a ON true
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE f.user_vote = 1) AS likes, count(*) FILTER (WHERE f.user_vote = -1) AS dislikes
      FROM public.cluster_rule_user_feedback AS f
     WHERE f.org_id = o.org_id AND f.error_key = %(error_key)s::text AND regexp_replace(f.rule_id, '\.report$', '') = %(rule)s::text
  ) AS v ON true
 WHERE %(organization)s::text IS NULL OR o.org_id = %(organization)s::text
 ORDER BY o.org_id
