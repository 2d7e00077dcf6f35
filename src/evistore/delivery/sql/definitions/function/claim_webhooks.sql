-- cdviz.claim_webhooks: take webhooks that are due and have something to send, for one worker and a limited time.
-- A claim is a row, not a lock: a transaction that stayed open while a receiver thinks would hold up every follower of the feed.
-- requires: cdviz.feed_place
CREATE OR REPLACE FUNCTION cdviz.claim_webhooks(p_claim uuid, p_lease interval, p_most integer, p_failing boolean DEFAULT true)
RETURNS TABLE (
    name text, url text, secret text, subjects text [], predicates text [], sources text [], environments text [], services text [],
    batch integer, xid xid8, "position" bigint, failures integer
)
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH due AS (
        SELECT w.name
          FROM cdviz.webhook AS w
         CROSS JOIN cdviz.feed_place() AS f
         WHERE w.state = 'active' AND w.next_try_at <= clock_timestamp()
           AND (w.claimed_until IS NULL OR w.claimed_until <= clock_timestamp())
           AND (p_failing OR w.failures = 0)
           AND (w.after_xid, w.after_position) < (f.xid, f.position)
         ORDER BY w.failures > 0, w.next_try_at
         LIMIT p_most
           FOR UPDATE OF w SKIP LOCKED
    )
    UPDATE cdviz.webhook AS w
       SET claim = p_claim, claimed_until = clock_timestamp() + p_lease
      FROM due AS d
     WHERE w.name = d.name
    RETURNING w.name, w.url, w.secret, w.subjects, w.predicates, w.sources, w.environments, w.services, w.batch, w.after_xid, w.after_position, w.failures
$$;

COMMENT ON FUNCTION cdviz.claim_webhooks(uuid, interval, integer, boolean) IS
'Gives a worker at most p_most webhooks that are due and have something to send, for p_lease; those that fail come last, or without p_failing not at all. Nobody else gets them before, but when the worker says that it is done.';

REVOKE ALL ON FUNCTION cdviz.claim_webhooks(uuid, interval, integer, boolean) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.claim_webhooks(uuid, interval, integer, boolean) TO evistore_service;
