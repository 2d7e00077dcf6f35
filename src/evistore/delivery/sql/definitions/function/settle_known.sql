-- cdviz.settle_known: what becomes of an event that was not stored: it is known already, in conflict, or no CDEvent.
-- requires: cdviz.event_type cdviz.event_time cdviz.envelope_fault cdviz.context_key cdviz.event_key cdviz.content_key
CREATE OR REPLACE FUNCTION cdviz.settle_known(
    p_payload jsonb, p_is_event boolean, p_origin text,
    OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint
)
LANGUAGE plpgsql
VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_strict boolean := coalesce(current_setting('cdviz.strict', true), '') IN ('on', 'true', '1', 'yes');
    v_id text := p_payload #>> '{context,id}';
    v_source text := p_payload #>> '{context,source}';
    v_known cdviz.event_identity;
    v_stored jsonb;
    v_detail text;
BEGIN
    IF NOT p_is_event THEN
        SELECT f.code, f.detail INTO reason, v_detail FROM cdviz.envelope_fault(p_payload) AS f;
        IF v_strict THEN
            RAISE EXCEPTION '%', v_detail USING ERRCODE = '22023', DETAIL = reason;
        END IF;
        outcome := 'rejected';
        quarantine_id := evistore.set_aside('delivery', reason, v_detail, p_origin, p_payload, NULL);
        RETURN;
    END IF;

    SELECT i.* INTO v_known
      FROM cdviz.event_identity AS i
     WHERE i.context_key = cdviz.context_key(v_id)
       AND i.key = cdviz.event_key(v_source, v_id);
    position := v_known.position;
    IF v_known.content = cdviz.content_key(sha256(convert_to(p_payload::text, 'UTF8'))) THEN
        outcome := 'duplicate';
    ELSE
        SELECT l.payload INTO v_stored FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = v_known."timestamp" AND l.position = v_known.position;
        -- A redelivery that stamped its own time is the same event, not a second one.
        outcome := CASE WHEN v_stored #- '{context,timestamp}' = p_payload #- '{context,timestamp}' THEN 'duplicate' ELSE 'conflict' END;
    END IF;
    IF v_strict THEN
        RAISE EXCEPTION 'event % of % is stored already', v_id, v_source USING ERRCODE = '23505', DETAIL = outcome;
    END IF;
    IF outcome = 'conflict' THEN
        reason := 'conflict';
        quarantine_id := evistore.set_aside(
            'delivery', reason, 'the same source and id are stored with other content, at position ' || position, p_origin, p_payload, NULL
        );
    END IF;
END
$$;

COMMENT ON FUNCTION cdviz.settle_known(jsonb, boolean, text) IS
'What becomes of an event that was not stored: duplicate, conflict or rejected; the last two are set aside. With cdviz.strict = on it raises 23505 or 22023 instead.';

REVOKE ALL ON FUNCTION cdviz.settle_known(jsonb, boolean, text) FROM public;
