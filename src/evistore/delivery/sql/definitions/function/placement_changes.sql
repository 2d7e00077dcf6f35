-- cdviz.placement_changes: one row per moment in a window at which what a service runs in an environment changed.
-- Of events of one instant in one place the one counts that cdviz.what_runs shows.
-- It has no settings of its own, so that it becomes a part of the statements that ask it.
-- requires: cdviz.predicate_rank
CREATE OR REPLACE FUNCTION cdviz.placement_changes(p_from timestamptz, p_until timestamptz, p_service text, p_environments text [])
RETURNS TABLE (
    service_id text, environment_id text, at timestamptz, "position" bigint, predicate text, artifact_id text, source text
)
LANGUAGE sql
STABLE
AS $$
    SELECT DISTINCT ON (v.service_id COLLATE "C", v.environment_id COLLATE "C", v."timestamp")
           v.service_id, v.environment_id, v."timestamp", v.position, v.predicate, v.artifact_id, v.source
      FROM cdviz.service_event AS v
     WHERE v."timestamp" >= p_from AND v."timestamp" < p_until AND v.environment_id <> ''
       AND (p_service IS NULL OR v.service_id = p_service)
       AND (p_environments IS NULL OR v.environment_id = ANY (p_environments))
     ORDER BY v.service_id COLLATE "C", v.environment_id COLLATE "C", v."timestamp", cdviz.predicate_rank(v.predicate) DESC,
              coalesce(v.artifact_id, '') COLLATE "C" DESC, coalesce(v.source, '') COLLATE "C", v.position
$$;

COMMENT ON FUNCTION cdviz.placement_changes(timestamptz, timestamptz, text, text []) IS
'Moments of a window at which a service was deployed, upgraded, rolled back or removed in an environment, one event for each; null environments are all.';

REVOKE ALL ON FUNCTION cdviz.placement_changes(timestamptz, timestamptz, text, text []) FROM public;
