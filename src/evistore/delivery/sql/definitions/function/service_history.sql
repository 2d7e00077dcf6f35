-- cdviz.service_history: one row per event that changed what a service runs somewhere, newest first: what ran before, and until when this did.
-- requires: cdviz.predicate_rank
CREATE OR REPLACE FUNCTION cdviz.service_history(
    p_service text, p_from timestamptz DEFAULT '-infinity', p_until timestamptz DEFAULT 'infinity', p_environment text DEFAULT NULL,
    p_source text DEFAULT NULL, p_limit integer DEFAULT NULL
)
RETURNS TABLE (
    environment_id text, at timestamptz, "position" bigint, predicate text, artifact_id text, source text,
    before_artifact_id text, until_at timestamptz
)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT h.environment_id, h.at, h.position, h.predicate, h.artifact_id, h.source, b.artifact_id, n.at
      FROM (
        SELECT v.environment_id, v."timestamp" AS at, v.position, v.predicate, v.artifact_id, v.source
          FROM (
            SELECT p.environment_id FROM cdviz.service_placement AS p WHERE p.service_id = p_service
            UNION ALL
            SELECT '' -- events that name no environment
          ) AS w -- a probe for each environment: else all that ever happened to the service is read
          JOIN cdviz.service_event AS v
            ON v.service_id = p_service AND v.environment_id = w.environment_id AND v."timestamp" >= p_from AND v."timestamp" < p_until
         WHERE (p_environment IS NULL OR p_environment = '*' OR w.environment_id = p_environment)
           AND (p_source IS NULL OR v.source = p_source)
         ORDER BY v."timestamp" DESC, cdviz.predicate_rank(v.predicate) DESC, v.environment_id COLLATE "C", v.position DESC
         LIMIT p_limit
      ) AS h
      LEFT JOIN LATERAL (
        SELECT v.artifact_id
          FROM cdviz.service_event AS v
         WHERE v.service_id = p_service AND v.environment_id = h.environment_id AND v."timestamp" < h.at
         ORDER BY v."timestamp" DESC, cdviz.predicate_rank(v.predicate) DESC, coalesce(v.artifact_id, '') COLLATE "C" DESC
         LIMIT 1
      ) AS b ON h.environment_id <> ''
      LEFT JOIN LATERAL (
        SELECT v."timestamp" AS at
          FROM cdviz.service_event AS v
         WHERE v.service_id = p_service AND v.environment_id = h.environment_id AND v."timestamp" > h.at
         ORDER BY v."timestamp"
         LIMIT 1
      ) AS n ON h.environment_id <> ''
     ORDER BY h.at DESC, cdviz.predicate_rank(h.predicate) DESC, h.environment_id COLLATE "C", h.position DESC
$$;

COMMENT ON FUNCTION cdviz.service_history(text, timestamptz, timestamptz, text, text, integer) IS
'History of a service, newest first: when it was deployed, upgraded, rolled back or removed, where (empty: no environment was told), with which artifact, what ran there before, and until when this ran (null: it does still). p_environment null or * is any.';

REVOKE ALL ON FUNCTION cdviz.service_history(text, timestamptz, timestamptz, text, text, integer) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.service_history(text, timestamptz, timestamptz, text, text, integer) TO cdviz_reader;
