-- cdviz.event_named: the subject of the event with this context.id: exact before another letter case, the same source before another.
-- requires: cdviz.context_key
CREATE OR REPLACE FUNCTION cdviz.event_named(p_context_id text, p_source text, OUT subject text, OUT subject_id text)
RETURNS SETOF record
LANGUAGE sql
STABLE
AS $$
    SELECT l.subject, l.subject_id
      FROM (
        -- Limits are fences: the planner must not begin with the lake, whatever its statistics say. That once took hours.
        SELECT i."timestamp", i.position FROM cdviz.event_identity AS i
         WHERE i.context_key = cdviz.context_key(p_context_id) ORDER BY i.key LIMIT 100
      ) AS i
     CROSS JOIN LATERAL (
        SELECT e.subject, e.subject_id, e.context_id, e.source, e.position FROM cdviz.cdevents_lake AS e
         WHERE e."timestamp" = i."timestamp" AND e.position = i.position LIMIT 1
     ) AS l
     WHERE lower(l.context_id) = lower(p_context_id) AND l.subject_id IS NOT NULL
     ORDER BY l.context_id = p_context_id DESC, l.source = p_source DESC, l.position
     LIMIT 1
$$;

COMMENT ON FUNCTION cdviz.event_named(text, text) IS 'Subject of the event with this context.id, which is unique per source only: an exact match wins over another letter case, then the given source.';
