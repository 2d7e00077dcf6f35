-- cdviz.deployments: one row per deployment in a window: a service was deployed or upgraded in an environment.
-- Rollbacks and removals are no deployments.
-- requires: cdviz.metric_environments cdviz.placement_changes cdviz.predicate_rank
CREATE OR REPLACE FUNCTION cdviz.deployments(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL
)
RETURNS TABLE (
    service_id text, environment_id text, at timestamptz, "position" bigint, predicate text, artifact_id text, source text,
    before_predicate text, next_at timestamptz, next_predicate text
)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan -- the filters decide which index serves
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    v_environments text[] := cdviz.metric_environments(p_environment);
BEGIN
    RETURN QUERY
    WITH ordered AS (
        SELECT m.*, lag(m.predicate) OVER w AS lag_predicate, lead(m.at) OVER w AS lead_at, lead(m.predicate) OVER w AS lead_predicate
          FROM cdviz.placement_changes(p_from, p_until, p_service, v_environments) AS m
        WINDOW w AS (PARTITION BY m.service_id COLLATE "C", m.environment_id COLLATE "C" ORDER BY m.at)
    )
    -- the neighbours of the first and the last one of each place lie outside the window
    SELECT o.service_id, o.environment_id, o.at, o.position, o.predicate, o.artifact_id, o.source,
           CASE WHEN o.lag_predicate IS NOT NULL THEN o.lag_predicate ELSE (
               SELECT v.predicate FROM cdviz.service_event AS v
                WHERE v.service_id = o.service_id AND v.environment_id = o.environment_id AND v."timestamp" < o.at
                ORDER BY v."timestamp" DESC, cdviz.predicate_rank(v.predicate) DESC LIMIT 1
           ) END,
           CASE WHEN o.lead_at IS NOT NULL THEN o.lead_at ELSE (
               SELECT v."timestamp" FROM cdviz.service_event AS v
                WHERE v.service_id = o.service_id AND v.environment_id = o.environment_id AND v."timestamp" > o.at
                ORDER BY v."timestamp" LIMIT 1
           ) END,
           CASE WHEN o.lead_at IS NOT NULL THEN o.lead_predicate ELSE (
               SELECT v.predicate FROM cdviz.service_event AS v
                WHERE v.service_id = o.service_id AND v.environment_id = o.environment_id AND v."timestamp" > o.at
                ORDER BY v."timestamp", cdviz.predicate_rank(v.predicate) DESC LIMIT 1
           ) END
      FROM ordered AS o
     WHERE o.predicate IN ('deployed', 'upgraded') AND (p_source IS NULL OR o.source = p_source);
END
$$;

COMMENT ON FUNCTION cdviz.deployments(timestamptz, timestamptz, text, text, text) IS
'Deployments at or after p_from and before p_until: one row per moment at which a service was deployed or upgraded in an environment, with what happened there before and next. p_service, p_source: null is any. p_environment: null is production (cdviz.production), * any.';

REVOKE ALL ON FUNCTION cdviz.deployments(timestamptz, timestamptz, text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.deployments(timestamptz, timestamptz, text, text, text) TO cdviz_reader;
