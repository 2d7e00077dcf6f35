-- cdviz.incidents: one row per incident that began in a window, with the deployment behind it and how that is known.
-- requires: cdviz.incident_causes cdviz.metric_environments
CREATE OR REPLACE FUNCTION cdviz.incidents(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL,
    p_within interval DEFAULT '1 day'
)
RETURNS TABLE (
    incident_id text, name text, source text, began_at timestamptz, resolved_at timestamptz, seconds double precision,
    service_id text, environment_id text, artifact_id text, way text, reason text, cause_service_id text, cause_environment_id text,
    cause_at timestamptz, cause_position bigint, cause_artifact_id text
)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT i.incident_id, i.name, i.source, i.began_at, i.resolved_at, extract(epoch FROM i.resolved_at - i.began_at)::double precision,
           i.service_id, i.environment_id, i.artifact_id, i.way, i.reason, i.cause_service_id, i.cause_environment_id,
           i.cause_at, i.cause_position, i.cause_artifact_id
      FROM cdviz.incident_causes(p_from, p_within) AS i
     CROSS JOIN (SELECT cdviz.metric_environments(p_environment) AS ids) AS e
     WHERE i.began_at >= p_from AND i.began_at < p_until
       AND (p_service IS NULL OR i.service_id = p_service OR i.cause_service_id = p_service)
       AND (e.ids IS NULL OR coalesce(i.environment_id, i.cause_environment_id) IS NULL OR coalesce(i.environment_id, i.cause_environment_id) = ANY (e.ids))
       AND (p_source IS NULL OR i.source = p_source)
     ORDER BY i.began_at DESC, i.incident_id COLLATE "C"
$$;

COMMENT ON FUNCTION cdviz.incidents(timestamptz, timestamptz, text, text, text, interval) IS
'Incidents that began at or after p_from and before p_until, newest first, each with the deployment behind it, the way that is known, or the reason why not (cdviz.incident_causes). seconds: from its beginning to its resolution, null while it is open. p_environment null is production, and every incident that names no environment.';

REVOKE ALL ON FUNCTION cdviz.incidents(timestamptz, timestamptz, text, text, text, interval) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.incidents(timestamptz, timestamptz, text, text, text, interval) TO cdviz_reader;
