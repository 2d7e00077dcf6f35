-- The audit trail of toggles, reasons and acknowledgements.

-- name: changes
SELECT id, changed_at, kind, action, org_id, cluster_id, rule_id, error_key, user_id, login, justification_before, justification_after
  FROM clusters.rule_change
 WHERE (%(org_id)s::bigint IS NULL OR org_id = %(org_id)s::bigint::text)
   AND (%(cluster)s::text IS NULL OR cluster_id = %(cluster)s::text)
   AND (%(rule)s::text IS NULL OR rule_id = %(rule)s::text)
   AND id < coalesce(%(before)s::bigint, 9223372036854775807)
 ORDER BY id DESC
 LIMIT %(limit)s::int
