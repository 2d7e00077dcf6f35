-- cdviz.feed_place: the place in the feed of the event at a position, from which its reader goes on; null: of the last event.
-- Where the event is forgotten, the place is the earliest that the event can have had: its reader may see some events twice, and misses none.
-- A position that was never given, such as one of another database, is the end: only what is new follows.
CREATE OR REPLACE FUNCTION cdviz.feed_place(p_position bigint DEFAULT NULL) RETURNS TABLE (xid xid8, "position" bigint)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH known AS (
        SELECT i.xid, i.position FROM cdviz.event_identity AS i WHERE i.position = p_position LIMIT 1
    ), near AS (
        SELECT min(n.xid) AS xid, p_position AS position
          FROM (SELECT i.xid FROM cdviz.event_identity AS i WHERE i.position > p_position ORDER BY i.position LIMIT 10000) AS n
         WHERE NOT EXISTS (SELECT FROM known AS k)
        HAVING count(*) > 0
    ), newest AS (
        SELECT i.xid, i.position
          FROM cdviz.event_identity AS i
         WHERE i.xid < pg_snapshot_xmin(pg_current_snapshot())
           AND NOT EXISTS (SELECT FROM known AS k) AND NOT EXISTS (SELECT FROM near AS r)
         ORDER BY i.xid DESC, i.position DESC
         LIMIT 1
    )
    SELECT f.xid, f.position
      FROM (
        SELECT k.xid, k.position, 1 AS rank FROM known AS k
        UNION ALL
        SELECT r.xid, r.position, 2 FROM near AS r
        UNION ALL
        SELECT w.xid, w.position, 3 FROM newest AS w
        UNION ALL
        SELECT '0'::xid8, 0, 4
      ) AS f
     ORDER BY f.rank
     LIMIT 1
$$;

COMMENT ON FUNCTION cdviz.feed_place(bigint) IS
'The place in the feed (transaction, position) of the event at a position, for cdviz.feed_after; null, or a position that was never given: of the last event. Always one row; before the first event the place is 0, 0.';

REVOKE ALL ON FUNCTION cdviz.feed_place(bigint) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.feed_place(bigint) TO cdviz_reader;
