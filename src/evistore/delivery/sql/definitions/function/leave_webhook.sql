-- cdviz.leave_webhook: give the claim of a webhook up, so that the next worker need not wait for its end.
CREATE OR REPLACE FUNCTION cdviz.leave_webhook(p_name text, p_claim uuid) RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE cdviz.webhook AS w SET claim = NULL, claimed_until = NULL, next_try_at = greatest(w.next_try_at, clock_timestamp()) WHERE w.name = p_name AND w.claim = p_claim
$$;

COMMENT ON FUNCTION cdviz.leave_webhook(text, uuid) IS 'Gives the claim of a webhook up: any worker may take it at once, after the others that are due.';

REVOKE ALL ON FUNCTION cdviz.leave_webhook(text, uuid) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.leave_webhook(text, uuid) TO evistore_service;
