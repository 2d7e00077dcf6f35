-- cdviz.event_key: what makes an event the same event: its source and id.
CREATE OR REPLACE FUNCTION cdviz.event_key(p_source text, p_id text) RETURNS uuid
LANGUAGE sql
STABLE -- convert_to is; anything stricter would not be inlined
PARALLEL SAFE
AS $$ SELECT encode(substring(sha256(convert_to(p_source || E'\n' || p_id, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid $$;

COMMENT ON FUNCTION cdviz.event_key(text, text) IS 'First half of the SHA-256 of context.source and context.id: the identity of an event.';
