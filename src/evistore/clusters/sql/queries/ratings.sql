-- What organisations think of recommendations.

-- name: rate
SELECT clusters.rate(%(org_id)s::bigint, %(rule)s::text, %(error_key)s::text, %(rating)s::smallint)

-- name: rating
SELECT coalesce(rating, 0)
  FROM public.advisor_ratings
 WHERE org_id = %(org_id)s::bigint::text AND rule_fqdn = %(rule)s::text AND error_key = %(error_key)s::text
