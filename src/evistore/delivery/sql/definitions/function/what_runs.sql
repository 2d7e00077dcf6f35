-- cdviz.what_runs: one row per service and environment: the artifact that runs there, now or at a moment. Removed ones are left out.
-- requires: cdviz.predicate_rank
CREATE OR REPLACE FUNCTION cdviz.what_runs(p_at timestamptz DEFAULT NULL, p_service text DEFAULT NULL, p_environment text DEFAULT NULL)
RETURNS TABLE (service_id text, environment_id text, artifact_id text, since timestamptz, predicate text, "position" bigint)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p.service_id, p.environment_id, e.artifact_id, e."timestamp", e.predicate, e.position
      FROM cdviz.service_placement AS p
     CROSS JOIN LATERAL (
        SELECT p.artifact_id, p."timestamp", p.predicate, p.position
         WHERE p_at IS NULL OR p."timestamp" <= p_at
        UNION ALL
        (
            SELECT v.artifact_id, v."timestamp", v.predicate, v.position
              FROM cdviz.service_event AS v
             WHERE p."timestamp" > p_at
               AND v.service_id = p.service_id AND v.environment_id = p.environment_id AND v."timestamp" <= p_at
             ORDER BY v."timestamp" DESC, cdviz.predicate_rank(v.predicate) DESC, coalesce(v.artifact_id, '') COLLATE "C" DESC
             LIMIT 1
        )
     ) AS e
     WHERE (p_service IS NULL OR p.service_id = p_service) AND (p_environment IS NULL OR p.environment_id = p_environment)
       AND e.predicate <> 'removed'
     ORDER BY p.service_id, p.environment_id
$$;

COMMENT ON FUNCTION cdviz.what_runs(timestamptz, text, text) IS
'What runs where: one row per service and environment with the artifact, since when, and the event that says so. p_at null: now; a moment: then. Services that were removed are left out.';

REVOKE ALL ON FUNCTION cdviz.what_runs(timestamptz, text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.what_runs(timestamptz, text, text) TO cdviz_reader;
