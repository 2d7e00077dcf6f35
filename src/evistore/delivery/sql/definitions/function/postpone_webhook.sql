-- cdviz.postpone_webhook: note that an attempt has failed, and when the next one is; false when somebody else serves the webhook now.
CREATE OR REPLACE FUNCTION cdviz.postpone_webhook(
    p_name text, p_claim uuid, p_status integer, p_answer text, p_wait interval, p_disable boolean
) RETURNS boolean
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH postponed AS (
        UPDATE cdviz.webhook AS w
           SET failures = w.failures + 1, failing_since = coalesce(w.failing_since, clock_timestamp()), next_try_at = clock_timestamp() + p_wait,
               last_status = p_status, last_answer = p_answer, claim = NULL, claimed_until = NULL,
               state = CASE WHEN p_disable AND w.state = 'active' THEN 'disabled' ELSE w.state END
         WHERE w.name = p_name AND w.claim = p_claim
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM postponed)
$$;

COMMENT ON FUNCTION cdviz.postpone_webhook(text, uuid, integer, text, interval, boolean) IS
'Notes that an attempt has failed, with the status and the beginning of the answer, gives the claim up, and tries again after p_wait; with p_disable not before somebody resumes the webhook.';

REVOKE ALL ON FUNCTION cdviz.postpone_webhook(text, uuid, integer, text, interval, boolean) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.postpone_webhook(text, uuid, integer, text, interval, boolean) TO evistore_service;
