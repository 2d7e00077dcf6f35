-- cdviz.event_links_of: the links of an event that name other events, by their context.id.
-- PATH and END from X: this event came of X. RELATION to X: this event relates to X by its kind. START names nothing.
-- requires: cdviz.link_relation
CREATE OR REPLACE FUNCTION cdviz.event_links_of(p_links jsonb) RETURNS TABLE (relation text, context_id text)
LANGUAGE sql
IMMUTABLE
AS $$
    SELECT CASE WHEN k.kind = 'RELATION' THEN cdviz.link_relation(coalesce(l.value ->> 'linkKind', l.value ->> 'link_kind')) ELSE 'causedBy' END,
           r.context_id
      FROM jsonb_array_elements(
           CASE WHEN jsonb_typeof(p_links) = 'array' THEN p_links END) AS l
     CROSS JOIN LATERAL (SELECT upper(coalesce(l.value ->> 'linkType', l.value ->> 'link_type')) AS kind) AS k
     CROSS JOIN LATERAL (
        SELECT coalesce(e.value ->> 'contextId', e.value ->> 'context_id') AS context_id
          FROM (SELECT CASE WHEN k.kind = 'RELATION' THEN l.value -> 'target' ELSE l.value -> 'from' END AS value) AS e
     ) AS r
     WHERE k.kind IN ('PATH', 'END', 'RELATION') AND r.context_id <> ''
$$;

COMMENT ON FUNCTION cdviz.event_links_of(jsonb) IS 'The links of an event (its context.links) that name other events by context.id, with the relation each makes in the graph: causedBy for PATH and END, by its kind for RELATION.';
