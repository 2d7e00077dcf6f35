-- Rules that an organisation knows about, which disables them for all its clusters.

-- name: acknowledge
SELECT clusters.acknowledge(%(org_id)s::bigint, %(rule)s::text, %(error_key)s::text, %(justification)s::text, %(actor)s::text)

-- name: update
SELECT clusters.update_acknowledgement(%(org_id)s::bigint, %(rule)s::text, %(error_key)s::text, %(justification)s::text, %(actor)s::text)

-- name: withdraw
SELECT clusters.withdraw_acknowledgement(%(org_id)s::bigint, %(rule)s::text, %(error_key)s::text, %(actor)s::text)

-- name: acknowledgements
SELECT rule_id, error_key, coalesce(justification, '') AS justification, created_at, updated_at
  FROM public.rule_disable
 WHERE org_id = %(org_id)s::bigint::text
 ORDER BY rule_id, error_key

-- name: one
SELECT rule_id, error_key, coalesce(justification, '') AS justification, created_at, updated_at
  FROM public.rule_disable
 WHERE org_id = %(org_id)s::bigint::text AND rule_id = %(rule)s::text AND error_key = %(error_key)s::text
