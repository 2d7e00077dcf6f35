-- cdviz.subject_links_of: the links of an event that name a subject, in both shapes that collectors send:
-- {"linkkind", "subject": {"id", "type"}} and {"linkKind", "target": {"subject": {"id", "type"}}}.
-- requires: cdviz.link_relation cdviz.is_node_id
CREATE OR REPLACE FUNCTION cdviz.subject_links_of(p_custom_data jsonb) RETURNS TABLE (to_subject text, to_id text, relation text)
LANGUAGE sql
IMMUTABLE
AS $$
    SELECT coalesce(nullif(lower(left(l.named ->> 'type', 160)), ''), 'unknown'), l.named ->> 'id', cdviz.link_relation(l.kind)
      FROM (
        SELECT coalesce(e.value -> 'target' -> 'subject', e.value -> 'subject') AS named,
               coalesce(e.value ->> 'linkKind', e.value ->> 'linkkind') AS kind
          FROM jsonb_array_elements(
            CASE WHEN jsonb_typeof(p_custom_data -> 'links') = 'array' THEN p_custom_data -> 'links' END
          ) AS e
      ) AS l
     WHERE cdviz.is_node_id(l.named ->> 'id')
$$;

COMMENT ON FUNCTION cdviz.subject_links_of(jsonb) IS 'The links of an event that name a subject (customData.links), with the relation each makes in the graph; a link without a type names an unknown one.';
