-- cdviz.prune_identity: forget events that left the lake long ago; sent again, they would be new ones.
CREATE OR REPLACE FUNCTION cdviz.prune_identity(p_now timestamptz DEFAULT current_timestamp) RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_before timestamptz := p_now - (SELECT p.value FROM cdviz.storage_policy AS p WHERE p.name = 'identity_keep');
    v_pruned bigint;
BEGIN
    DELETE FROM cdviz.event_identity AS i
     WHERE i."timestamp" < v_before
       AND i.xid < (SELECT p.xid FROM cdviz.activity_progress AS p)
       AND NOT EXISTS (SELECT FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = i."timestamp" AND l.position = i.position);
    GET DIAGNOSTICS v_pruned = ROW_COUNT;
    RETURN v_pruned;
END
$$;

COMMENT ON FUNCTION cdviz.prune_identity(timestamptz) IS
'Forgets the identity of events that are older than the storage policy identity_keep and not in the lake any more, and tells how many.';

REVOKE ALL ON FUNCTION cdviz.prune_identity(timestamptz) FROM public;
