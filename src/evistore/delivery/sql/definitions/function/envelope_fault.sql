-- cdviz.envelope_fault: why something is no CDEvent that can be stored: the first reason, as a code and in words.
-- requires: cdviz.event_type cdviz.event_time
CREATE OR REPLACE FUNCTION cdviz.envelope_fault(p_payload jsonb, OUT code text, OUT detail text)
LANGUAGE sql
STABLE
AS $$
    SELECT f.code, f.detail
      FROM (VALUES
        (1, jsonb_typeof(p_payload) = 'object', 'not-an-object', 'a CDEvent is a JSON object'),
        (2, jsonb_typeof(p_payload -> 'context') = 'object', 'context-missing', 'context is missing or no object'),
        (3, jsonb_typeof(p_payload #> '{context,type}') = 'string' AND p_payload #>> '{context,type}' <> '', 'type-missing', 'context.type is missing or no text'),
        (4, (SELECT t.subject FROM cdviz.event_type(p_payload #>> '{context,type}') AS t) IS NOT NULL, 'type-malformed',
         'context.type is no dev.cdevents.<subject>.<predicate>.<version>: ' || left(p_payload #>> '{context,type}', 200)),
        (5, jsonb_typeof(p_payload #> '{context,id}') = 'string' AND p_payload #>> '{context,id}' <> '', 'id-missing', 'context.id is missing or no text'),
        (6, jsonb_typeof(p_payload #> '{context,source}') = 'string' AND p_payload #>> '{context,source}' <> '', 'source-missing', 'context.source is missing or no text'),
        (7, coalesce(p_payload #>> '{context,timestamp}', '') <> '', 'timestamp-missing', 'context.timestamp is missing'),
        (8, cdviz.event_time(p_payload #>> '{context,timestamp}') IS NOT NULL, 'timestamp-malformed',
         'context.timestamp is no RFC 3339 moment: ' || left(p_payload #>> '{context,timestamp}', 100)),
        (9, octet_length(coalesce(p_payload #>> '{subject,id}', '')) <= 2000, 'subject-id-too-long', 'subject.id is longer than 2000 bytes'),
        (10, false, 'timestamp-in-future', 'context.timestamp lies further in the future than cdviz.future_tolerance allows')
      ) AS f (place, holds, code, detail)
     WHERE f.holds IS NOT TRUE
     ORDER BY f.place
     LIMIT 1
$$;

COMMENT ON FUNCTION cdviz.envelope_fault(jsonb) IS 'Why something is no CDEvent that can be stored: the first reason, as a stable code and in words.';
