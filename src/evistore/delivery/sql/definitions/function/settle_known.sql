-- cdviz.settle_known: what becomes of an event that was not stored: it is known already, in conflict, or no CDEvent.
-- requires: cdviz.envelope_fault cdviz.settle_repeat
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
    v_detail text;
BEGIN
    IF NOT p_is_event THEN
        SELECT f.code, f.detail INTO reason, v_detail FROM cdviz.envelope_fault(p_payload) AS f;
        IF v_strict THEN
            RAISE EXCEPTION '%', v_detail USING ERRCODE = '22023', DETAIL = reason;
        END IF;
        outcome := 'rejected';
        quarantine_id := evistore.set_aside('delivery', reason, v_detail, p_origin, coalesce(p_payload, 'null'), NULL);
        RETURN;
    END IF;

    SELECT r.outcome, r.reason, r.position, r.quarantine_id
      INTO outcome, reason, position, quarantine_id
      FROM cdviz.settle_repeat(v_source, v_id, p_payload, p_origin) AS r;
END
$$;

COMMENT ON FUNCTION cdviz.settle_known(jsonb, boolean, text) IS
'What becomes of an event that was not stored: duplicate, conflict or rejected; the last two are set aside. With cdviz.strict = on it raises 23505 or 22023 instead.';

REVOKE ALL ON FUNCTION cdviz.settle_known(jsonb, boolean, text) FROM public;
