-- cdviz.events_newest: the position from which a follower that wants only what is new begins.
CREATE OR REPLACE FUNCTION cdviz.events_newest() RETURNS bigint
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT i.position
      FROM cdviz.event_identity AS i
     WHERE i.xid < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY i.xid DESC, i.position DESC
     LIMIT 1
$$;

COMMENT ON FUNCTION cdviz.events_newest() IS 'Position of the last event in the order of cdviz.events_after; null while there is none.';

REVOKE ALL ON FUNCTION cdviz.events_newest() FROM public;
GRANT EXECUTE ON FUNCTION cdviz.events_newest() TO cdviz_reader;
