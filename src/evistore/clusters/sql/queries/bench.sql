-- What measurements prepare and look at.

-- name: fill
-- So many clusters over one organisation of a tenth of them and others of a thousand, each with one of a few reports and its hits.
WITH made AS (
    INSERT INTO public.report (org_id, cluster, report, reported_at, last_checked_at, gathered_at)
    SELECT CASE WHEN n %% 10 = 0 THEN 1 ELSE 2 + n / 1000 END, md5(n::text)::uuid::text,
           (%(reports)s::text[])[1 + n %% cardinality(%(reports)s::text[])], now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM generate_series(%(first)s::int, %(last)s::int) AS n
    RETURNING org_id, cluster, report
), hit AS (
    SELECT made.org_id, made.cluster, item ->> 'component' AS component, item ->> 'key' AS error_key, item ->> 'details' AS details
      FROM made
     CROSS JOIN LATERAL json_array_elements(made.report::json -> 'reports') AS item
), stored AS (
    INSERT INTO public.rule_hit (org_id, cluster_id, rule_fqdn, error_key, template_data, created_at)
    SELECT org_id, cluster, component, error_key, details, now() AT TIME ZONE 'UTC' FROM hit
)
INSERT INTO public.recommendation (org_id, cluster_id, rule_fqdn, error_key, rule_id, impacted_since)
SELECT org_id, cluster, regexp_replace(component, '\.report$', ''), error_key, regexp_replace(component, '\.report$', '') || '|' || error_key,
       now() AT TIME ZONE 'UTC'
  FROM hit

-- name: settle
VACUUM (ANALYZE) public.report, public.rule_hit, public.recommendation

-- name: organization
-- Clusters of one organisation, for requests.
SELECT cluster FROM public.report WHERE org_id = %(org)s::int ORDER BY cluster LIMIT %(most)s::int

-- name: others
-- Clusters with their organisation, spread over all.
SELECT org_id, cluster FROM public.report WHERE org_id > 1 ORDER BY md5(cluster) LIMIT %(most)s::int

-- name: rule
-- The recommendation of an organisation that hits fewest of its clusters.
SELECT rule_id FROM public.recommendation WHERE org_id = %(org)s::int GROUP BY rule_id ORDER BY count(*), rule_id LIMIT 1

-- name: end_sessions
-- The sessions of the server that is measured, which makes itself others; each has told its counts when it is gone.
SELECT count(pg_catalog.pg_terminate_backend(pid, 5000))
  FROM pg_catalog.pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> 'evistore bench'

-- name: transactions
SELECT xact_commit + xact_rollback FROM pg_catalog.pg_stat_database WHERE datname = current_database()
