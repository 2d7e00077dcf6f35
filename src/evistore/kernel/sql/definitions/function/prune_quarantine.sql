-- evistore.prune_quarantine: forget messages that were replayed or dropped long ago. What is open stays until somebody settles it.
CREATE OR REPLACE FUNCTION evistore.prune_quarantine(p_now timestamptz DEFAULT current_timestamp, p_keep interval DEFAULT '90 days') RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_pruned bigint;
BEGIN
    DELETE FROM evistore.quarantine AS q WHERE q.state <> 'open' AND q.settled_at < p_now - p_keep;
    GET DIAGNOSTICS v_pruned = ROW_COUNT;
    RETURN v_pruned;
END
$$;

COMMENT ON FUNCTION evistore.prune_quarantine(timestamptz, interval) IS
'Forgets messages of both bodies of evidence that were replayed or dropped more than p_keep (default: 90 days) before p_now, and tells how many. Open ones stay.';

REVOKE ALL ON FUNCTION evistore.prune_quarantine(timestamptz, interval) FROM public;
