-- cdviz.deployment_outcomes: one row per deployment in a window: whether it failed and was recovered from, and whether it was rework.
-- requires: cdviz.deployments cdviz.incident_causes
CREATE OR REPLACE FUNCTION cdviz.deployment_outcomes(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_within interval DEFAULT '1 day'
)
RETURNS TABLE (
    service_id text, environment_id text, at timestamptz, "position" bigint, predicate text, artifact_id text, source text,
    failed boolean, ways text [], incident_ids text [], recovered_at timestamptz, recovery_reason text, rework boolean, rework_ways text [],
    rework_incident_ids text []
)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning would cost as much as running
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH incident AS MATERIALIZED (
        SELECT c.* FROM cdviz.incident_causes(p_from - p_within, p_within) AS c
    ), deployment AS MATERIALIZED (
        SELECT d.* FROM cdviz.deployments(p_from, p_until, p_service, p_environment, p_source) AS d
    ), blamed AS (
        SELECT i.cause_service_id, i.cause_environment_id, i.cause_at, array_agg(DISTINCT i.way) AS ways,
               array_agg(i.incident_id ORDER BY i.began_at, i.incident_id COLLATE "C") AS incident_ids,
               bool_and(i.resolved_at IS NOT NULL) AS is_over, max(i.resolved_at) AS over_at
          FROM incident AS i
         WHERE i.way IS NOT NULL
         GROUP BY i.cause_service_id, i.cause_environment_id, i.cause_at
    ), hurt AS (
        -- the services that an incident is about, and until when work on them answers it
        SELECT s.service_id, i.environment_id, i.incident_id, i.began_at, coalesce(i.resolved_at, i.began_at + p_within) AS until_at
          FROM incident AS i
         CROSS JOIN LATERAL (SELECT i.service_id UNION SELECT i.cause_service_id) AS s (service_id)
         WHERE s.service_id IS NOT NULL
    ), answering AS (
        SELECT d.service_id, d.environment_id, d.at, array_agg(h.incident_id ORDER BY h.began_at, h.incident_id COLLATE "C") AS incident_ids
          FROM deployment AS d
          JOIN hurt AS h ON h.service_id = d.service_id
         WHERE h.began_at < d.at AND d.at <= h.until_at AND (h.environment_id IS NULL OR h.environment_id = d.environment_id)
         GROUP BY d.service_id, d.environment_id, d.at
    )
    SELECT d.service_id, d.environment_id, d.at, d.position, d.predicate, d.artifact_id, d.source,
           f.failed, CASE WHEN r.back THEN ARRAY['rollback'] || coalesce(b.ways, '{}') ELSE coalesce(b.ways, '{}') END, coalesce(b.incident_ids, '{}'),
           CASE WHEN b.cause_at IS NULL AND r.back THEN d.next_at WHEN b.is_over THEN b.over_at END,
           CASE WHEN NOT b.is_over THEN 'incident-open' END,
           d.before_predicate IS NOT DISTINCT FROM 'rolledback' OR a.at IS NOT NULL,
           CASE WHEN d.before_predicate = 'rolledback' THEN ARRAY['rollback'] ELSE '{}' END || CASE WHEN a.at IS NOT NULL THEN ARRAY['incident'] ELSE '{}' END,
           coalesce(a.incident_ids, '{}')
      FROM deployment AS d
     CROSS JOIN LATERAL (SELECT d.next_predicate IS NOT DISTINCT FROM 'rolledback' AS back) AS r
      LEFT JOIN blamed AS b ON b.cause_service_id = d.service_id AND b.cause_environment_id = d.environment_id AND b.cause_at = d.at
      LEFT JOIN answering AS a ON a.service_id = d.service_id AND a.environment_id = d.environment_id AND a.at = d.at
     CROSS JOIN LATERAL (SELECT r.back OR b.cause_at IS NOT NULL AS failed) AS f;
END
$$;

COMMENT ON FUNCTION cdviz.deployment_outcomes(timestamptz, timestamptz, text, text, text, interval) IS
'Deployments of a window (cdviz.deployments), each with what came of it. failed: the next event in its place is a rollback, or an incident is its doing (cdviz.incident_causes); ways says which. recovered_at: when the last of its incidents was resolved, without incidents the rollback; recovery_reason says why that is not known. rework: it came while an incident of its service there was open (unresolved ones count for p_within), or right after a rollback.';

REVOKE ALL ON FUNCTION cdviz.deployment_outcomes(timestamptz, timestamptz, text, text, text, interval) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.deployment_outcomes(timestamptz, timestamptz, text, text, text, interval) TO cdviz_reader;
