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
    SELECT c.service_id, c.environment_id, c."timestamp", c.position, c.predicate, c.artifact_id, c.source
      FROM cdviz.service_placement AS p -- a probe for each place: what happened elsewhere is not read
     CROSS JOIN LATERAL (
        SELECT DISTINCT ON (v."timestamp") v.*
          FROM cdviz.service_event AS v
         WHERE v.service_id = p.service_id AND v.environment_id = p.environment_id AND v."timestamp" >= p_from AND v."timestamp" < p_until
         ORDER BY v."timestamp", cdviz.predicate_rank(v.predicate) DESC, coalesce(v.artifact_id, '') COLLATE "C" DESC,
                  coalesce(v.source, '') COLLATE "C", v.position
      ) AS c
     WHERE (p_service IS NULL OR p.service_id = p_service) AND (p_environments IS NULL OR p.environment_id = ANY (p_environments))
$$;

COMMENT ON FUNCTION cdviz.placement_changes(timestamptz, timestamptz, text, text []) IS
'Moments of a window at which a service was deployed, upgraded, rolled back or removed in an environment, one event for each; null environments are all.';

REVOKE ALL ON FUNCTION cdviz.placement_changes(timestamptz, timestamptz, text, text []) FROM public;
