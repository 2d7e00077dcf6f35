-- What users say about hits: votes, and why they disabled a rule.

-- name: vote
SELECT outcome, owner
  FROM clusters.vote(
    %(cluster)s::text, %(rule)s::text, %(error_key)s::text, %(org_id)s::bigint, %(user)s::text, %(vote)s::int, %(message)s::text, %(caller)s::bigint
  )

-- name: explain_toggle
SELECT outcome, owner
  FROM clusters.explain_toggle(
    %(cluster)s::text, %(rule)s::text, %(error_key)s::text, %(org_id)s::bigint, %(user)s::text, %(message)s::text, %(caller)s::bigint
  )

-- name: owner
SELECT org_id FROM public.report WHERE cluster = %(cluster)s::text

-- name: opinion
-- A row for a cluster that is there; its vote is null where the user has none.
SELECT r.org_id AS owner, f.user_vote AS vote
  FROM public.report AS r
  LEFT JOIN public.cluster_rule_user_feedback AS f
    ON f.cluster_id = r.cluster AND f.rule_id = %(rule)s::text AND f.error_key = %(error_key)s::text AND f.user_id = %(user)s::text
 WHERE r.cluster = %(cluster)s::text

-- name: reasons
SELECT cluster_id, rule_id, error_key, message, added_at, updated_at
  FROM public.cluster_user_rule_disable_feedback
 WHERE user_id = %(user)s::text AND (%(org_id)s::bigint IS NULL OR org_id = %(org_id)s::bigint::text)
 ORDER BY updated_at DESC, cluster_id, rule_id, error_key
