-- The one way in, as Python calls it: one row per message, in order.

-- name: store_reports
SELECT unnest(clusters.store_reports(
    %(orgs)s::int[], %(clusters)s::text[], %(reports)s::text[], %(last_checked)s::timestamptz[], %(gathered)s::timestamptz[], %(offsets)s::bigint[],
    %(versions)s::text[], %(last_hit)s::int[], %(components)s::text[], %(error_keys)s::text[], %(templates)s::text[]
))

-- name: store_workloads
SELECT unnest(clusters.store_workloads(
    %(orgs)s::int[], %(clusters)s::text[], %(reports)s::text[], %(last_checked)s::timestamptz[], %(last_namespace)s::int[],
    %(namespaces)s::text[], %(names)s::text[], %(recommendations)s::int[], %(objects)s::int[], %(hits)s::text[]::jsonb[]
))

-- name: record_faults
SELECT clusters.record_faults(
    %(topics)s::text[], %(partitions)s::int[], %(offsets)s::bigint[], %(keys)s::text[], %(produced)s::timestamptz[], %(messages)s::text[],
    %(errors)s::text[], %(faults)s::text[]::jsonb[]
)

-- name: set_aside
SELECT evistore.set_aside('clusters', %(reason)s::text, %(detail)s::text, %(origin)s::text, NULL::jsonb, %(raw)s::bytea)
