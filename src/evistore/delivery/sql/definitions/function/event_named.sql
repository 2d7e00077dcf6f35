-- cdviz.event_named: the subject of the event with this context.id: exact before another letter case, the same source before another.
-- requires: cdviz.context_key
CREATE OR REPLACE FUNCTION cdviz.event_named(p_context_id text, p_source text, OUT subject text, OUT subject_id text)
RETURNS SETOF record
LANGUAGE sql
STABLE
AS $$
    SELECT l.subject, l.subject_id
      FROM cdviz.event_identity AS i
      JOIN cdviz.cdevents_lake AS l ON l."timestamp" = i."timestamp" AND l.position = i.position
     WHERE i.context_key = cdviz.context_key(p_context_id)
       AND lower(l.context_id) = lower(p_context_id) AND l.subject_id IS NOT NULL
     ORDER BY l.context_id = p_context_id DESC, l.source = p_source DESC, l.position
     LIMIT 1
$$;

COMMENT ON FUNCTION cdviz.event_named(text, text) IS 'Subject of the event with this context.id, which is unique per source only: an exact match wins over another letter case, then the given source.';
