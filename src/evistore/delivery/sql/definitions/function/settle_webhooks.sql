-- cdviz.settle_webhooks: give webhooks of a database that was restored into another cluster places that mean something there; how many.
-- Transactions are counted anew in that cluster; cdviz.refresh_activity gives the events that came along the lowest numbers, 3 and 4, once, and until then
-- nothing can be said of places. Afterwards they have the order of their positions, which is nearly the one they had: some are sent again, for none to be missed.
CREATE OR REPLACE FUNCTION cdviz.settle_webhooks() RETURNS bigint
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH settled AS (
        UPDATE cdviz.webhook AS w
           SET after_xid = '3', after_position = greatest(w.after_position - 10000, 0), claim = NULL, claimed_until = NULL
         WHERE w.after_xid > pg_snapshot_xmax(pg_current_snapshot())
           AND NOT EXISTS (SELECT FROM cdviz.event_identity AS i WHERE i.xid > pg_snapshot_xmax(pg_current_snapshot()))
        RETURNING 1
    )
    SELECT count(*) FROM settled
$$;

COMMENT ON FUNCTION cdviz.settle_webhooks() IS
'After a restore into another cluster, and the first evistore maintain there: puts webhooks 10,000 positions before where they stood, and tells how many. Otherwise it does nothing.';

REVOKE ALL ON FUNCTION cdviz.settle_webhooks() FROM public;
GRANT EXECUTE ON FUNCTION cdviz.settle_webhooks() TO evistore_service;
