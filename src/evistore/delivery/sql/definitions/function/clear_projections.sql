-- cdviz.clear_projections: forget what can be read off the lake again; what outlived its events stays.
CREATE OR REPLACE FUNCTION cdviz.clear_projections() RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM cdviz.subject_state AS s WHERE s.last_payload IS NOT NULL) THEN
        -- Not TRUNCATE: readers go on, and a caller of cdviz.store_cdevent who has read a state and waits for the lake is not in the way.
        DELETE FROM cdviz.pending_link;
        DELETE FROM cdviz.service_event;
        DELETE FROM cdviz.service_placement;
        DELETE FROM cdviz.edge;
        DELETE FROM cdviz.subject_state;
        RETURN;
    END IF;
    DELETE FROM cdviz.pending_link;
    DELETE FROM cdviz.service_event AS s
     WHERE EXISTS (SELECT FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s."timestamp" AND l.position = s.position);
    DELETE FROM cdviz.service_placement AS s
     WHERE EXISTS (SELECT FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s."timestamp" AND l.position = s.position);
    DELETE FROM cdviz.edge AS e
     WHERE EXISTS (SELECT FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = e.last_at AND l.position = e.last_position);
    DELETE FROM cdviz.subject_state AS s
     WHERE s.last_payload IS NULL
       AND NOT EXISTS (SELECT FROM cdviz.edge AS e WHERE e.from_node = s.node)
       AND NOT EXISTS (SELECT FROM cdviz.edge AS e WHERE e.to_node = s.node);
END
$$;

COMMENT ON FUNCTION cdviz.clear_projections() IS
'Forgets states, placements, edges and waiting links that can be read off the lake again, and keeps those whose events retention has taken.';

REVOKE ALL ON FUNCTION cdviz.clear_projections() FROM public;
