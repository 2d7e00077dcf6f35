-- cdviz.refresh_activity: count the events of every transaction that has ended since the last time; how many there were.
CREATE OR REPLACE FUNCTION cdviz.refresh_activity() RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_done cdviz.activity_progress;
    v_counted bigint;
BEGIN
    SELECT * INTO v_done FROM cdviz.activity_progress FOR UPDATE;
    IF v_done.xid > pg_snapshot_xmax(pg_current_snapshot()) THEN
        -- Restored into a cluster whose transactions have lower numbers: what it brought along gets the lowest there are, 3 counted, 4 not.
        UPDATE cdviz.event_identity
           SET xid = CASE WHEN xid >= v_done.xid THEN xid8 '4' ELSE xid8 '3' END
         WHERE position <= v_done.position OR xid >= v_done.xid;
        v_done.xid := '4';
    END IF;

    -- One snapshot for both: it shows every row of the transactions before its oldest running one.
    WITH bound AS MATERIALIZED (
        SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xid
    ), fresh AS MATERIALIZED (
        SELECT i."timestamp", i.position
          FROM cdviz.event_identity AS i
         WHERE (i.xid >= v_done.xid OR i.position > v_done.position) AND i.xid < (SELECT b.xid FROM bound AS b)
    ), counted AS MATERIALIZED (
        SELECT (l."timestamp" AT TIME ZONE 'UTC')::date AS day, l.subject, l.predicate, left(coalesce(l.source, ''), 300) AS source, count(*) AS events
          FROM fresh AS f
          JOIN cdviz.cdevents_lake AS l ON l."timestamp" = f."timestamp" AND l.position = f.position
         GROUP BY 1, 2, 3, 4
    ), added AS (
        INSERT INTO cdviz.activity_rollup AS r (day, subject, predicate, source, events)
        SELECT c.day, c.subject, c.predicate, c.source, c.events FROM counted AS c
        ON CONFLICT (day, subject, predicate, source) DO UPDATE SET events = r.events + excluded.events
    ), moved AS (
        UPDATE cdviz.activity_progress
           SET xid = b.xid, position = greatest(v_done.position, (SELECT max(f.position) FROM fresh AS f)), refreshed_at = clock_timestamp()
          FROM bound AS b
    )
    SELECT coalesce(sum(c.events), 0) INTO v_counted FROM counted AS c;
    RETURN v_counted;
END
$$;

COMMENT ON FUNCTION cdviz.refresh_activity() IS
'Brings the counts behind cdviz.activity_daily forward to the oldest transaction still running, and returns how many events that added. The view is exact with or without it, and faster after it.';

REVOKE ALL ON FUNCTION cdviz.refresh_activity() FROM public;
