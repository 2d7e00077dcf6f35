-- cdviz.identify_event: make a row that somebody inserted into the lake an event like any other. A trigger's function, for rows without a digest.
-- requires: cdviz.settle_repeat cdviz.envelope_notes cdviz.context_key cdviz.event_key cdviz.content_key cdviz.is_node_id
CREATE OR REPLACE FUNCTION cdviz.identify_event() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.payload IS NULL OR NEW."timestamp" IS NULL OR NEW.context_id IS NULL OR NEW.subject IS NULL OR NEW.predicate IS NULL THEN
        RETURN NEW; -- the constraints say what is missing
    END IF;
    NEW.subject := lower(left(NEW.subject, 160));
    NEW.predicate := lower(left(NEW.predicate, 160));
    NEW.source := coalesce(NEW.source, NEW.payload #>> '{context,source}', '');
    IF NEW.subject_id IS NULL AND jsonb_typeof(NEW.payload #> '{subject,id}') = 'string' THEN
        NEW.subject_id := NEW.payload #>> '{subject,id}';
    END IF;
    IF NOT coalesce(cdviz.is_node_id(NEW.subject_id), false) THEN
        NEW.subject_id := NULL;
    END IF;
    NEW.verdict := coalesce(NEW.verdict, CASE WHEN NEW.subject_id IS NULL THEN 'invalid' END);
    NEW.verdict_reasons := coalesce(NEW.verdict_reasons, cdviz.envelope_notes(NEW.payload));
    NEW.position := nextval('cdviz.event_position');
    NEW.digest := sha256(convert_to(NEW.payload::text, 'UTF8'));

    INSERT INTO cdviz.event_identity (context_key, key, content, position, "timestamp", xid)
    VALUES (
        cdviz.context_key(NEW.context_id), cdviz.event_key(NEW.source, NEW.context_id), cdviz.content_key(NEW.digest),
        NEW.position, NEW."timestamp", pg_current_xact_id()
    )
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        RETURN NEW;
    END IF;
    PERFORM cdviz.settle_repeat(NEW.source, NEW.context_id, NEW.payload, 'insert');
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION cdviz.identify_event() IS
'Trigger: gives a row that was inserted into the lake directly its position, digest, source and identity. A row whose source and id are stored already is left out; with other content it goes to quarantine.';

REVOKE ALL ON FUNCTION cdviz.identify_event() FROM public;
