-- Recommendations over all clusters and over time. What stands is in public.recommendation, since when is in the history of hits, and how many came up
-- and were resolved is counted by day; only what is asked about one organisation is counted from its clusters.

-- name: plan_anew
-- What stands beside the statement decides how it is best answered: which filters are given.
SET LOCAL plan_cache_mode = force_custom_plan

-- name: recommendations
-- One row per recommendation that stands somewhere or stood in [since, until), the one on most clusters first. [first_day, last_day) are the whole
-- days in there; what is left at both ends is counted one by one.
WITH standing AS (
    SELECT o.rule_id::text AS rule_id, sum(o.clusters)::bigint AS clusters, count(*) AS organizations
      FROM (SELECT c.rule_id, c.org_id, count(*) AS clusters FROM public.recommendation AS c GROUP BY c.rule_id, c.org_id) AS o
     GROUP BY o.rule_id
), change AS (
    SELECT d.rule_fqdn, d.error_key,
        CASE WHEN d.day >= %(first_day)s::date AND d.day < %(last_day)s::date THEN d.appeared ELSE 0 END AS appeared,
        CASE WHEN d.day >= %(first_day)s::date AND d.day < %(last_day)s::date THEN d.resolved ELSE 0 END AS resolved,
        CASE WHEN d.day >= %(first_day)s::date THEN d.resolved ELSE 0 END AS later
      FROM clusters.hit_day AS d
    UNION ALL
    SELECT e.rule_fqdn, e.error_key, count(*), 0, 0
      FROM clusters.hit_episode AS e
     WHERE (e.appeared_at >= %(since)s::timestamptz AND e.appeared_at < least(%(first)s::timestamptz, %(until)s::timestamptz))
        OR (e.appeared_at >= %(last)s::timestamptz AND e.appeared_at < %(until)s::timestamptz)
     GROUP BY e.rule_fqdn, e.error_key
    UNION ALL
    SELECT e.rule_fqdn, e.error_key, 0, count(*) FILTER (WHERE e.resolved_at < %(until)s::timestamptz), count(*)
      FROM clusters.hit_episode AS e
     WHERE (e.resolved_at >= %(since)s::timestamptz AND e.resolved_at < %(first)s::timestamptz)
        OR (e.resolved_at >= %(last)s::timestamptz AND e.resolved_at < %(until)s::timestamptz)
     GROUP BY e.rule_fqdn, e.error_key
), went AS (
    SELECT c.rule_fqdn || '|' || c.error_key AS rule_id, sum(c.appeared)::bigint AS appeared, sum(c.resolved)::bigint AS resolved, sum(c.later) AS later
      FROM change AS c
     GROUP BY 1
), known AS (
    SELECT coalesce(s.rule_id, w.rule_id) AS rule_id, coalesce(s.clusters, 0) AS clusters, coalesce(s.organizations, 0) AS organizations,
        coalesce(w.appeared, 0) AS appeared, coalesce(w.resolved, 0) AS resolved
      FROM standing AS s
      FULL JOIN went AS w ON w.rule_id = s.rule_id
     WHERE s.clusters > 0 OR w.appeared > 0 OR w.resolved > 0 OR w.later > 0
), told AS (
    SELECT split_part(k.rule_id, '|', 1) AS rule, substr(k.rule_id, strpos(k.rule_id, '|') + 1) AS error_key,
        k.clusters, k.organizations, k.appeared, k.resolved
      FROM known AS k
     WHERE %(search)s::text IS NULL OR strpos(lower(k.rule_id), lower(%(search)s::text)) > 0
)
SELECT t.rule, t.error_key, t.clusters, t.organizations, o.since, t.appeared, t.resolved
  FROM told AS t
  LEFT JOIN LATERAL (
    SELECT e.appeared_at AS since
      FROM clusters.hit_episode AS e
     WHERE e.rule_fqdn = t.rule AND e.error_key = t.error_key AND e.resolved_at IS NULL
     ORDER BY e.appeared_at
     LIMIT 1
  ) AS o ON true
 ORDER BY t.clusters DESC, t.rule, t.error_key

-- name: recommendations_of_organization
-- The same, on clusters of one organisation.
SELECT e.rule_fqdn AS rule, e.error_key, count(*) FILTER (WHERE e.resolved_at IS NULL) AS clusters,
    (count(*) FILTER (WHERE e.resolved_at IS NULL) > 0)::int AS organizations, min(e.appeared_at) FILTER (WHERE e.resolved_at IS NULL) AS since,
    count(*) FILTER (WHERE e.appeared_at >= %(since)s::timestamptz AND e.appeared_at < %(until)s::timestamptz) AS appeared,
    count(*) FILTER (WHERE e.resolved_at >= %(since)s::timestamptz AND e.resolved_at < %(until)s::timestamptz) AS resolved
  FROM public.report AS r
  JOIN clusters.hit_episode AS e ON e.cluster_id = r.cluster
 WHERE r.org_id = %(organization)s::bigint
   AND (e.resolved_at IS NULL OR e.resolved_at >= %(since)s::timestamptz)
   AND (%(search)s::text IS NULL OR strpos(lower(e.rule_fqdn || '|' || e.error_key), lower(%(search)s::text)) > 0)
 GROUP BY e.rule_fqdn, e.error_key
 ORDER BY clusters DESC, e.rule_fqdn, e.error_key

-- name: daily
-- One row per day (UTC): how many recommendations stood at its end, how many came up and were resolved that day. standing is null for days before
-- the first evidence there is.
WITH total AS (
    SELECT n.day::date AS day, coalesce(sum(d.appeared), 0)::bigint AS appeared, coalesce(sum(d.resolved), 0)::bigint AS resolved,
        sum(coalesce(sum(d.appeared), 0) - coalesce(sum(d.resolved), 0)) OVER (ORDER BY n.day)::bigint AS standing
      FROM generate_series(%(first)s::date - 1, %(last)s::date, interval '1 day') AS n (day)
      LEFT JOIN (
        SELECT greatest(c.day, %(first)s::date - 1) AS day, sum(c.appeared) AS appeared, sum(c.resolved) AS resolved
          FROM clusters.hit_day AS c
         WHERE (%(rule)s::text IS NULL OR (c.rule_fqdn = %(rule)s::text AND c.error_key = %(error_key)s::text))
           AND (%(search)s::text IS NULL OR strpos(lower(c.rule_fqdn || '|' || c.error_key), lower(%(search)s::text)) > 0)
         GROUP BY 1
      ) AS d ON d.day = n.day::date
     GROUP BY n.day
)
SELECT t.day, CASE WHEN t.day >= b.first_day THEN t.standing END AS standing, t.appeared, t.resolved
  FROM total AS t
 CROSS JOIN (SELECT (min(appeared_at) AT TIME ZONE 'UTC')::date AS first_day FROM clusters.hit_episode) AS b
 WHERE t.day >= %(first)s::date
 ORDER BY t.day

-- name: daily_of_organization
-- The same, on clusters of one organisation.
WITH episode AS (
    SELECT greatest((e.appeared_at AT TIME ZONE 'UTC')::date, %(first)s::date - 1) AS appeared, (e.resolved_at AT TIME ZONE 'UTC')::date AS resolved
      FROM public.report AS r
      JOIN clusters.hit_episode AS e ON e.cluster_id = r.cluster
     WHERE r.org_id = %(organization)s::bigint
       AND (e.resolved_at IS NULL OR e.resolved_at >= %(first)s::date::timestamp AT TIME ZONE 'UTC')
       AND (%(rule)s::text IS NULL OR (e.rule_fqdn = %(rule)s::text AND e.error_key = %(error_key)s::text))
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
WITH episode AS (
    SELECT e.cluster_id, e.appeared_at, e.resolved_at
      FROM clusters.hit_episode AS e
     WHERE e.rule_fqdn = %(rule)s::text AND e.error_key = %(error_key)s::text AND e.resolved_at IS NULL
       AND (%(organization)s::bigint IS NULL OR e.cluster_id IN (SELECT r.cluster FROM public.report AS r WHERE r.org_id = %(organization)s::bigint))
    UNION ALL
    SELECT e.cluster_id, e.appeared_at, e.resolved_at
      FROM clusters.hit_episode AS e
     WHERE e.rule_fqdn = %(rule)s::text AND e.error_key = %(error_key)s::text AND e.resolved_at IS NOT NULL
       AND (%(organization)s::bigint IS NULL OR e.cluster_id IN (SELECT r.cluster FROM public.report AS r WHERE r.org_id = %(organization)s::bigint))
)
SELECT %(rule)s::text AS rule, %(error_key)s::text AS error_key, s.clusters, s.organizations, h.since, h.ever, h.first_at, h.resolved, h.lasted
  FROM (
    SELECT min(e.appeared_at) FILTER (WHERE e.resolved_at IS NULL) AS since, count(DISTINCT e.cluster_id) AS ever, min(e.appeared_at) AS first_at,
        count(e.resolved_at) AS resolved, percentile_disc(0.5) WITHIN GROUP (ORDER BY e.resolved_at - e.appeared_at) AS lasted
      FROM episode AS e
  ) AS h
 CROSS JOIN (
    SELECT coalesce(sum(o.clusters), 0)::bigint AS clusters, count(*) AS organizations
      FROM (
        SELECT count(*) AS clusters
          FROM public.recommendation AS c
         WHERE c.rule_id = %(rule)s::text || '|' || %(error_key)s::text
           AND (%(organization)s::bigint IS NULL OR c.org_id = %(organization)s::bigint)
         GROUP BY c.org_id
      ) AS o
  ) AS s
 WHERE h.ever > 0

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
WITH reported AS (
    SELECT coalesce(i.version_info, '') AS version_info, count(*) AS clusters, count(e.cluster_id) AS affected
      FROM public.report AS r
      LEFT JOIN public.report_info AS i ON i.cluster_id = r.cluster
      LEFT JOIN clusters.hit_episode AS e
        ON e.cluster_id = r.cluster AND e.rule_fqdn = %(rule)s::text AND e.error_key = %(error_key)s::text AND e.resolved_at IS NULL
     WHERE %(organization)s::bigint IS NULL OR r.org_id = %(organization)s::bigint
     GROUP BY 1
)
SELECT coalesce(substring(v.version_info FROM '^\d+\.\d+'), '') AS version, sum(v.clusters)::bigint AS clusters, sum(v.affected)::bigint AS affected
  FROM reported AS v
 GROUP BY 1
HAVING sum(v.affected) > 0
 ORDER BY min(string_to_array(substring(v.version_info FROM '^\d+\.\d+'), '.')::numeric[])

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
