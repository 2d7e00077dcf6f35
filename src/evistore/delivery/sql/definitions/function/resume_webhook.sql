-- cdviz.resume_webhook: let a webhook go on at once, whatever held it up; false when there is none of that name.
-- requires: cdviz.feed_place
CREATE OR REPLACE FUNCTION cdviz.resume_webhook(p_name text, p_skip boolean DEFAULT false) RETURNS boolean
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH resumed AS (
        UPDATE cdviz.webhook AS w
           SET state = 'active', failures = 0, failing_since = NULL, next_try_at = clock_timestamp(),
               claim = CASE WHEN NOT p_skip THEN w.claim END, claimed_until = CASE WHEN NOT p_skip THEN w.claimed_until END,
               after_xid = CASE WHEN p_skip THEN f.xid ELSE w.after_xid END,
               after_position = CASE WHEN p_skip THEN f.position ELSE w.after_position END
          FROM cdviz.feed_place() AS f
         WHERE w.name = p_name
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM resumed)
$$;

COMMENT ON FUNCTION cdviz.resume_webhook(text, boolean) IS
'Lets a webhook go on at once that was paused, disabled or waits for its next attempt; with p_skip only with what comes from now on. False when there is none of that name.';

REVOKE ALL ON FUNCTION cdviz.resume_webhook(text, boolean) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.resume_webhook(text, boolean) TO evistore_service;
