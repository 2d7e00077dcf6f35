-- Rules that are disabled for single clusters.

-- name: set_toggle
SELECT outcome, owner
  FROM clusters.set_toggle(
    %(cluster)s::text, %(rule)s::text, %(error_key)s::text, %(org_id)s::bigint, %(disabled)s::boolean, %(caller)s::bigint, %(actor)s::text
  )

-- name: disabled
-- What is disabled in an organisation; with a list of clusters, for those.
SELECT cluster_id, rule_id, error_key, disabled, disabled_at, enabled_at, updated_at
  FROM public.cluster_rule_toggle
 WHERE org_id = %(org_id)s::bigint::text AND disabled = 1
   AND (%(clusters)s::text[] IS NULL OR cluster_id = ANY (%(clusters)s::text[]))
 ORDER BY cluster_id, rule_id, error_key

-- name: clusters_of_rule
-- Clusters of an organisation for which a rule is disabled, with what was said last about it.
SELECT t.cluster_id, t.disabled_at, coalesce(f.message, '') AS justification
  FROM public.cluster_rule_toggle AS t
  LEFT JOIN LATERAL (
    SELECT d.message
      FROM public.cluster_user_rule_disable_feedback AS d
     WHERE d.cluster_id = t.cluster_id AND d.org_id = t.org_id AND d.rule_id = t.rule_id AND d.error_key = t.error_key
     ORDER BY d.updated_at DESC, d.user_id
     LIMIT 1
  ) AS f ON true
 WHERE t.org_id = %(org_id)s::bigint::text AND t.rule_id = %(rule)s::text AND t.error_key = %(error_key)s::text AND t.disabled = 1
 ORDER BY t.disabled_at DESC NULLS LAST, t.cluster_id
