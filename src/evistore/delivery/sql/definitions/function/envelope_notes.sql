-- cdviz.envelope_notes: what the database itself notes about an event that it stores; null, nearly always.
CREATE OR REPLACE FUNCTION cdviz.envelope_notes(p_payload jsonb) RETURNS jsonb
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN coalesce(p_payload -> 'subject' ->> 'id', '') = '' OR jsonb_typeof(p_payload -> 'subject' -> 'id') <> 'string' THEN
            '[{"path": "/subject/id", "message": "missing: the event has no state and no place in the graph"}]'::jsonb
        WHEN right(p_payload -> 'context' ->> 'timestamp', 1) <> 'Z' AND substr(p_payload -> 'context' ->> 'timestamp', 17) !~ '[Zz+-]' THEN
            '[{"path": "/context/timestamp", "message": "no time zone: taken as UTC"}]'::jsonb
    END
$$;

COMMENT ON FUNCTION cdviz.envelope_notes(jsonb) IS
'What the database itself notes about an event that it stores: no subject.id, or a timestamp without zone that was taken as UTC. Null for all others.';
