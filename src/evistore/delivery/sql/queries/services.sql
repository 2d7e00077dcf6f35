-- What runs where.

-- name: running
SELECT service_id, environment_id, artifact_id, since, predicate, position
  FROM cdviz.what_runs(%(at)s::timestamptz, %(service)s::text, %(environment)s::text)
