-- cdviz.retire_range: take what retention no longer wants from one range of the lake, whole where everything in it may go.
-- Before that, what survives gets what it needs: counts their roll-up, subjects that stay the payload of their newest event.
-- requires: cdviz.refresh_activity cdviz.is_past cdviz.current_subjects
CREATE OR REPLACE FUNCTION cdviz.retire_range(
    p_name text, p_from timestamptz, p_to timestamptz, p_floors jsonb
) RETURNS TABLE (subject text, events bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET lock_timeout = '3s'
AS $$
#variable_conflict use_column
DECLARE
    v_counted xid8;
    v_highest timestamptz := (SELECT max(e.value::timestamptz) FROM jsonb_each_text(p_floors) AS e);
    v_lowest timestamptz := (SELECT min(e.value::timestamptz) FROM jsonb_each_text(p_floors) AS e);
    v_whole boolean;
BEGIN
    PERFORM cdviz.refresh_activity();
    v_counted := (SELECT p.xid FROM cdviz.activity_progress AS p);
    -- Nothing goes that is not counted: what a transaction newer than v_counted stored here waits for the next time.
    v_whole := p_name IS NOT NULL
        AND NOT EXISTS (SELECT FROM cdviz.event_identity AS i WHERE i.xid >= v_counted AND i."timestamp" >= p_from AND i."timestamp" < p_to)
        AND NOT EXISTS (
            SELECT FROM cdviz.cdevents_lake AS l
             WHERE l."timestamp" >= p_from AND l."timestamp" < p_to
               AND (
                    NOT cdviz.is_past(p_floors, l.subject, l."timestamp")
                    OR EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = l.subject AND h.subject_id = l.subject_id)
               )
        );

    UPDATE cdviz.subject_state AS s
       SET last_payload = l.payload
      FROM cdviz.cdevents_lake AS l
     WHERE l."timestamp" >= p_from AND l."timestamp" < p_to AND l."timestamp" < v_highest
       AND cdviz.is_past(p_floors, l.subject, l."timestamp")
       AND s.subject_id = l.subject_id AND s.subject = l.subject AND s.last_at = l."timestamp" AND s.last_position = l.position
       AND s.last_payload IS NULL
       AND (
            (s.subject, s.subject_id) IN (SELECT c.subject, c.subject_id FROM cdviz.current_subjects() AS c)
            OR EXISTS (
                SELECT FROM (
                    SELECT f.last_at, f.last_position FROM cdviz.edge AS f WHERE f.from_node = s.node
                    UNION ALL
                    SELECT t.last_at, t.last_position FROM cdviz.edge AS t WHERE t.to_node = s.node
                ) AS e
                 WHERE e.last_at >= v_highest
                    OR (e.last_at >= v_lowest OR EXISTS (SELECT FROM cdviz.legal_hold)) AND EXISTS (
                        SELECT FROM cdviz.cdevents_lake AS o
                         WHERE o."timestamp" = e.last_at AND o.position = e.last_position
                           AND (
                                NOT cdviz.is_past(p_floors, o.subject, o."timestamp")
                                OR EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = o.subject AND h.subject_id = o.subject_id)
                           )
                    )
            )
       );

    IF v_whole THEN
        RETURN QUERY
        SELECT l.subject, count(*) FROM cdviz.cdevents_lake AS l WHERE l."timestamp" >= p_from AND l."timestamp" < p_to GROUP BY l.subject;
        PERFORM cdviz.drop_range(p_name, p_from, p_to);
        -- It is locked now; whoever stored something here since the counting makes the whole step be undone.
        IF EXISTS (SELECT FROM cdviz.event_identity AS i WHERE i.xid >= v_counted AND i."timestamp" >= p_from AND i."timestamp" < p_to) THEN
            RAISE EXCEPTION 'events came into % while it was being dropped', p_name USING ERRCODE = 'serialization_failure';
        END IF;
    ELSE
        RETURN QUERY
        WITH gone AS (
            DELETE FROM cdviz.cdevents_lake AS l
             WHERE l."timestamp" >= p_from AND l."timestamp" < p_to AND l."timestamp" < v_highest
               AND cdviz.is_past(p_floors, l.subject, l."timestamp")
               AND NOT EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = l.subject AND h.subject_id = l.subject_id)
               AND l.position NOT IN (SELECT i.position FROM cdviz.event_identity AS i WHERE i.xid >= v_counted)
            RETURNING l.subject
        )
        SELECT g.subject, count(*) FROM gone AS g GROUP BY g.subject;
    END IF;
END
$$;

COMMENT ON FUNCTION cdviz.retire_range(text, timestamptz, timestamptz, jsonb) IS
'Takes what retention no longer wants from one range of the lake and tells how many events of each kind: drops the partition or chunk where everything in it may go, deletes rows elsewhere.';

REVOKE ALL ON FUNCTION cdviz.retire_range(text, timestamptz, timestamptz, jsonb) FROM public;
