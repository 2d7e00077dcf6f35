-- What the demo says about the fleet it stored, and what people say about the fleet.

-- name: stored
-- How far each fleet has been stored: how many of its messages stand here (part 0), and whether those are all (part 1).
SELECT topic AS fleet, partition AS part, next_offset AS number
  FROM evistore.consumer_positions('demo-clusters')

-- name: bookmark
SELECT next_offset FROM evistore.consumer_positions('demo-clusters') WHERE topic = %(fleet)s::text AND partition = 0

-- name: move
SELECT evistore.advance_consumer('demo-clusters', %(fleet)s::text, 0, %(known)s::bigint, %(next)s::bigint)

-- name: finish
SELECT evistore.advance_consumer('demo-clusters', %(fleet)s::text, 1, NULL::bigint, %(messages)s::bigint)

-- name: disable
SELECT clusters.set_toggle(v.cluster, v.rule || '.report', v.error_key, v.organization, true, NULL, v.login)
  FROM unnest(%(organizations)s::bigint[], %(clusters)s::text[], %(rules)s::text[], %(error_keys)s::text[], %(users)s::text[], %(values)s::int[], %(texts)s::text[])
    AS v (organization, cluster, rule, error_key, login, value, words)

-- name: enable
SELECT clusters.set_toggle(v.cluster, v.rule || '.report', v.error_key, v.organization, false, NULL, v.login)
  FROM unnest(%(organizations)s::bigint[], %(clusters)s::text[], %(rules)s::text[], %(error_keys)s::text[], %(users)s::text[], %(values)s::int[], %(texts)s::text[])
    AS v (organization, cluster, rule, error_key, login, value, words)

-- name: explain
SELECT clusters.explain_toggle(v.cluster, v.rule || '.report', v.error_key, v.organization, v.login, v.words)
  FROM unnest(%(organizations)s::bigint[], %(clusters)s::text[], %(rules)s::text[], %(error_keys)s::text[], %(users)s::text[], %(values)s::int[], %(texts)s::text[])
    AS v (organization, cluster, rule, error_key, login, value, words)

-- name: vote
SELECT clusters.vote(v.cluster, v.rule || '.report', v.error_key, v.organization, v.login, v.value, v.words)
  FROM unnest(%(organizations)s::bigint[], %(clusters)s::text[], %(rules)s::text[], %(error_keys)s::text[], %(users)s::text[], %(values)s::int[], %(texts)s::text[])
    AS v (organization, cluster, rule, error_key, login, value, words)

-- name: acknowledge
SELECT clusters.acknowledge(v.organization, v.rule || '.report', v.error_key, v.words, v.login)
  FROM unnest(%(organizations)s::bigint[], %(clusters)s::text[], %(rules)s::text[], %(error_keys)s::text[], %(users)s::text[], %(values)s::int[], %(texts)s::text[])
    AS v (organization, cluster, rule, error_key, login, value, words)

-- name: rate
SELECT clusters.rate(v.organization, v.rule, v.error_key, v.value::smallint)
  FROM unnest(%(organizations)s::bigint[], %(clusters)s::text[], %(rules)s::text[], %(error_keys)s::text[], %(users)s::text[], %(values)s::int[], %(texts)s::text[])
    AS v (organization, cluster, rule, error_key, login, value, words)

-- name: organizations
-- Largest first.
SELECT r.org_id::text AS name, count(*) AS clusters, sum(h.hits)::bigint AS recommendations, max(r.last_checked_at) AT TIME ZONE 'UTC' AS newest
  FROM public.report AS r
 CROSS JOIN LATERAL (
    SELECT count(*) AS hits FROM public.recommendation AS c WHERE c.org_id = r.org_id AND c.cluster_id = r.cluster
 ) AS h
 GROUP BY r.org_id
 ORDER BY clusters DESC, r.org_id

-- name: resolved
SELECT count(*) FROM clusters.hit_episode WHERE resolved_at IS NOT NULL

-- name: faulty
SELECT count(*) FROM public.consumer_error

-- name: a_cluster
-- One with many recommendations, to have something to look at.
SELECT r.cluster_id
  FROM public.recommendation AS r
 GROUP BY r.cluster_id
 ORDER BY count(*) DESC, r.cluster_id
 LIMIT 1
