-- cdviz.advance_webhook: note that a webhook was told of everything up to a place; false when somebody else serves it now.
CREATE OR REPLACE FUNCTION cdviz.advance_webhook(
    p_name text, p_claim uuid, p_xid xid8, p_position bigint, p_events integer, p_status integer, p_lease interval
) RETURNS boolean
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH advanced AS (
        UPDATE cdviz.webhook AS w
           SET after_xid = p_xid, after_position = p_position, claimed_until = clock_timestamp() + p_lease,
               delivered = w.delivered + p_events,
               delivered_at = CASE WHEN p_events > 0 THEN clock_timestamp() ELSE w.delivered_at END,
               last_status = CASE WHEN p_events > 0 THEN p_status ELSE w.last_status END,
               last_answer = CASE WHEN p_events > 0 THEN NULL ELSE w.last_answer END,
               failures = CASE WHEN p_events > 0 THEN 0 ELSE w.failures END,
               failing_since = CASE WHEN p_events > 0 THEN NULL ELSE w.failing_since END
         WHERE w.name = p_name AND w.claim = p_claim
        RETURNING w.state
    )
    SELECT EXISTS (SELECT FROM advanced AS a WHERE a.state = 'active')
$$;

COMMENT ON FUNCTION cdviz.advance_webhook(text, uuid, xid8, bigint, integer, integer, interval) IS
'Notes that a webhook stands at a place of the feed: p_events were delivered with p_status, the others passed over. The claim lasts p_lease from now. False when the worker is to stop: the webhook is gone, paused, or somebody else''s.';

REVOKE ALL ON FUNCTION cdviz.advance_webhook(text, uuid, xid8, bigint, integer, integer, interval) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.advance_webhook(text, uuid, xid8, bigint, integer, integer, interval) TO evistore_service;
