-- cdviz.outcome_class: what an outcome means, in the words of every version of CDEvents: passed, failed, cancelled; null for others.
CREATE OR REPLACE FUNCTION cdviz.outcome_class(p_outcome text) RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN lower(p_outcome) IN ('success', 'pass', 'succeeded', 'passed') THEN 'passed'
        WHEN lower(p_outcome) IN ('failure', 'fail', 'error', 'failed', 'errored') THEN 'failed'
        WHEN lower(p_outcome) IN ('cancel', 'cancelled', 'canceled', 'aborted') THEN 'cancelled'
    END
$$;

COMMENT ON FUNCTION cdviz.outcome_class(text) IS
'What an outcome means: passed (success, pass, …), failed (failure, fail, error, …), cancelled (cancel, aborted, …); null for anything else.';

REVOKE ALL ON FUNCTION cdviz.outcome_class(text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.outcome_class(text) TO cdviz_reader;
