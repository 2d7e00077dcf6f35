-- cdviz.prune_projections: take away what was read off events that are gone, unless it is still current.
-- requires: cdviz.is_past cdviz.current_subjects
CREATE OR REPLACE FUNCTION cdviz.prune_projections(p_floors jsonb) RETURNS TABLE (what text, rows bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET lock_timeout = '3s'
AS $$
DECLARE
    v_highest timestamptz := (SELECT max(e.value::timestamptz) FROM jsonb_each_text(p_floors) AS e);
    v_nodes bigint[];
BEGIN
    DELETE FROM cdviz.service_event AS s
     WHERE cdviz.is_past(p_floors, 'service', s."timestamp")
       AND NOT EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = 'service' AND h.subject_id = s.service_id)
       AND NOT EXISTS (
            SELECT FROM cdviz.service_placement AS p
             WHERE p.service_id = s.service_id AND p.environment_id = s.environment_id AND p.position = s.position AND p.predicate <> 'removed'
       );
    GET DIAGNOSTICS rows = ROW_COUNT;
    what := 'service_event';
    RETURN NEXT;

    DELETE FROM cdviz.service_placement AS p
     WHERE p.predicate = 'removed' AND cdviz.is_past(p_floors, 'service', p."timestamp")
       AND NOT EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = 'service' AND h.subject_id = p.service_id);
    GET DIAGNOSTICS rows = ROW_COUNT;
    what := 'service_placement';
    RETURN NEXT;

    DELETE FROM cdviz.pending_link AS l
     WHERE cdviz.is_past(p_floors, l.subject, l."timestamp")
       AND NOT EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = l.subject AND h.subject_id = l.subject_id);
    GET DIAGNOSTICS rows = ROW_COUNT;
    what := 'pending_link';
    RETURN NEXT;

    -- A relation between two subjects that are current is part of what is current.
    WITH current AS MATERIALIZED (
        SELECT s.node
          FROM cdviz.current_subjects() AS c
          JOIN cdviz.subject_state AS s ON s.subject_id = c.subject_id AND s.subject = c.subject
    )
    DELETE FROM cdviz.edge AS e
     WHERE e.last_at < v_highest
       AND NOT EXISTS (SELECT FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = e.last_at AND l.position = e.last_position)
       AND NOT (e.from_node IN (SELECT c.node FROM current AS c) AND e.to_node IN (SELECT c.node FROM current AS c));
    GET DIAGNOSTICS rows = ROW_COUNT;
    what := 'edge';
    RETURN NEXT;

    SELECT array_agg(s.node) INTO v_nodes
      FROM cdviz.subject_state AS s
     WHERE cdviz.is_past(p_floors, s.subject, coalesce(s.last_at, s.first_seen_at))
       AND NOT EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = s.subject AND h.subject_id = s.subject_id)
       AND NOT EXISTS (SELECT FROM cdviz.edge AS e WHERE e.from_node = s.node)
       AND NOT EXISTS (SELECT FROM cdviz.edge AS e WHERE e.to_node = s.node)
       AND (s.subject, s.subject_id) NOT IN (SELECT c.subject, c.subject_id FROM cdviz.current_subjects() AS c);
    -- Writers wait for a moment: one of them may be about to tie an edge to a subject that goes.
    LOCK TABLE cdviz.subject_state IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM cdviz.subject_state AS s
     WHERE s.node = ANY (v_nodes)
       AND cdviz.is_past(p_floors, s.subject, coalesce(s.last_at, s.first_seen_at))
       AND NOT EXISTS (SELECT FROM cdviz.edge AS e WHERE e.from_node = s.node)
       AND NOT EXISTS (SELECT FROM cdviz.edge AS e WHERE e.to_node = s.node);
    GET DIAGNOSTICS rows = ROW_COUNT;
    what := 'subject_state';
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION cdviz.prune_projections(jsonb) IS
'Takes away states, placements, edges and waiting links whose events have left the lake, unless they are current (cdviz.current_subjects) or held, and tells how many of each.';

REVOKE ALL ON FUNCTION cdviz.prune_projections(jsonb) FROM public;
