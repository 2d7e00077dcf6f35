-- clusters.clean_errors: messages that were no reports and were read before a moment are counted or, if told so, deleted, with their faults.
CREATE OR REPLACE FUNCTION clusters.clean_errors(p_before timestamptz, p_apply boolean DEFAULT FALSE)
RETURNS TABLE (table_name text, number bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before timestamp := p_before AT TIME ZONE 'UTC';
    v_errors bigint;
    v_faults bigint;
BEGIN
    IF p_apply THEN
        WITH gone AS (
            DELETE FROM public.consumer_error AS e WHERE e.consumed_at < v_before RETURNING e.topic, e.partition, e.topic_offset
        ), faults AS (
            DELETE FROM clusters.consumer_fault AS f
             USING gone
             WHERE f.topic = gone.topic AND f.partition = gone.partition AND (f.topic_offset & 2147483647) = gone.topic_offset
            RETURNING f.topic_offset
        )
        SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM faults) INTO v_errors, v_faults;
    ELSE
        SELECT count(*) INTO v_errors FROM public.consumer_error AS e WHERE e.consumed_at < v_before;
        SELECT count(*) INTO v_faults
          FROM clusters.consumer_fault AS f
          JOIN public.consumer_error AS e
            ON e.topic = f.topic AND e.partition = f.partition AND e.topic_offset = (f.topic_offset & 2147483647)
         WHERE e.consumed_at < v_before;
    END IF;
    RETURN QUERY VALUES ('public.consumer_error', v_errors), ('clusters.consumer_fault', v_faults);
END
$$;

COMMENT ON FUNCTION clusters.clean_errors(timestamptz, boolean) IS
'Messages that were no reports and were read before a moment, with their faults: counted by table, or deleted where p_apply says so.';

REVOKE ALL ON FUNCTION clusters.clean_errors(timestamptz, boolean) FROM public;
GRANT EXECUTE ON FUNCTION clusters.clean_errors(timestamptz, boolean) TO evistore_service;
