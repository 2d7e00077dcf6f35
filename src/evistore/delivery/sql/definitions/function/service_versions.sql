-- cdviz.service_versions: one row per artifact of a service and environment that it reached: when first, how often, and whether it runs there now.
CREATE OR REPLACE FUNCTION cdviz.service_versions(
    p_service text, p_from timestamptz DEFAULT '-infinity', p_until timestamptz DEFAULT 'infinity', p_environment text DEFAULT NULL,
    p_source text DEFAULT NULL
)
RETURNS TABLE (artifact_id text, environment_id text, first_at timestamptz, last_at timestamptz, times bigint, is_running boolean)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT v.artifact_id, v.environment_id, min(v."timestamp"), max(v."timestamp"), count(*),
           EXISTS (
               SELECT FROM cdviz.service_placement AS p
                WHERE p.service_id = p_service AND p.environment_id = v.environment_id AND p.artifact_id = v.artifact_id
           )
      FROM cdviz.service_placement AS w -- a probe for each environment: else all that ever happened to the service is read
      JOIN cdviz.service_event AS v
        ON v.service_id = w.service_id AND v.environment_id = w.environment_id AND v."timestamp" >= p_from AND v."timestamp" < p_until
     WHERE w.service_id = p_service AND v.predicate <> 'removed' AND v.artifact_id IS NOT NULL
       AND (p_environment IS NULL OR p_environment = '*' OR w.environment_id = p_environment)
       AND (p_source IS NULL OR v.source = p_source)
     GROUP BY v.artifact_id, v.environment_id
     ORDER BY min(min(v."timestamp")) OVER (PARTITION BY v.artifact_id) DESC, v.artifact_id COLLATE "C", min(v."timestamp")
$$;

COMMENT ON FUNCTION cdviz.service_versions(text, timestamptz, timestamptz, text, text) IS
'Which version of a service reached which stage when: for each artifact and environment the first and last time it was put there, how often, and whether it runs there now. The newest version comes first.';

REVOKE ALL ON FUNCTION cdviz.service_versions(text, timestamptz, timestamptz, text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.service_versions(text, timestamptz, timestamptz, text, text) TO cdviz_reader;
