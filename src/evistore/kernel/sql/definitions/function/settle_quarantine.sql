-- evistore.settle_quarantine: say what became of a message that was set aside; true when it was still open.
CREATE OR REPLACE FUNCTION evistore.settle_quarantine(p_id bigint, p_state text) RETURNS boolean
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH settled AS (
        UPDATE evistore.quarantine
           SET state = p_state, settled_at = clock_timestamp(), settled_by = session_user
         WHERE id = p_id AND state = 'open'
        RETURNING id
    )
    SELECT EXISTS (SELECT FROM settled)
$$;

COMMENT ON FUNCTION evistore.settle_quarantine(bigint, text) IS
'Marks a message in quarantine as replayed or dropped, with time and login. False when it was not open any more: somebody else was first.';

REVOKE ALL ON FUNCTION evistore.settle_quarantine(bigint, text) FROM public;
GRANT EXECUTE ON FUNCTION evistore.settle_quarantine(bigint, text) TO evistore_service;
