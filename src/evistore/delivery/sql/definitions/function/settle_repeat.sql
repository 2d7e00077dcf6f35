-- cdviz.settle_repeat: what an event is whose source and id are stored already: the same one again, or another one under its name.
-- requires: cdviz.context_key cdviz.event_key cdviz.content_key
CREATE OR REPLACE FUNCTION cdviz.settle_repeat(
    p_source text, p_id text, p_payload jsonb, p_origin text,
    OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint
)
LANGUAGE plpgsql
VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_known cdviz.event_identity;
    v_stored jsonb;
BEGIN
    SELECT i.* INTO v_known
      FROM cdviz.event_identity AS i
     WHERE i.context_key = cdviz.context_key(p_id)
       AND i.key = cdviz.event_key(p_source, p_id);
    position := v_known.position;
    IF v_known.content = cdviz.content_key(sha256(convert_to(p_payload::text, 'UTF8'))) THEN
        outcome := 'duplicate';
    ELSE
        SELECT l.payload INTO v_stored FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = v_known."timestamp" AND l.position = v_known.position;
        -- A redelivery that stamped its own time is the same event, not a second one.
        outcome := CASE WHEN v_stored #- '{context,timestamp}' = p_payload #- '{context,timestamp}' THEN 'duplicate' ELSE 'conflict' END;
    END IF;
    IF coalesce(current_setting('cdviz.strict', true), '') IN ('on', 'true', '1', 'yes') THEN
        RAISE EXCEPTION 'event % of % is stored already', p_id, p_source USING ERRCODE = '23505', DETAIL = outcome;
    END IF;
    IF outcome = 'conflict' THEN
        reason := 'conflict';
        quarantine_id := evistore.set_aside(
            'delivery', reason, 'the same source and id are stored with other content, at position ' || position, p_origin, p_payload, NULL
        );
    END IF;
END
$$;

COMMENT ON FUNCTION cdviz.settle_repeat(text, text, jsonb, text) IS
'What becomes of an event whose source and id are stored already: duplicate, or conflict, which is set aside. With cdviz.strict = on it raises 23505 instead.';

REVOKE ALL ON FUNCTION cdviz.settle_repeat(text, text, jsonb, text) FROM public;
