-- cdviz.same_node: the rows of one node of the graph: an id named without its type is every typed subject of that id,
-- and artifacts whose package URLs differ only in spelling are one artifact.
-- requires: cdviz.purl_canonical
CREATE OR REPLACE FUNCTION cdviz.same_node(p_subject text, p_subject_id text, p_canonical_id text)
RETURNS TABLE (node bigint, subject text, subject_id text)
LANGUAGE sql
STABLE
AS $$
    SELECT s.node, s.subject, s.subject_id
      FROM cdviz.subject_state AS s
     WHERE s.subject_id = p_subject_id AND (s.subject IN (p_subject, 'unknown') OR p_subject = 'unknown')
    UNION
    SELECT s.node, s.subject, s.subject_id
      FROM (
        SELECT CASE WHEN p_canonical_id IS NULL AND p_subject = 'unknown' THEN cdviz.purl_canonical(p_subject_id)
                    ELSE coalesce(p_canonical_id, p_subject_id) END AS id
         WHERE p_subject IN ('artifact', 'unknown') AND lower(left(p_subject_id, 4)) = 'pkg:'
      ) AS c
     CROSS JOIN LATERAL (
        SELECT k.node, k.subject, k.subject_id FROM cdviz.subject_state AS k WHERE k.subject_id = c.id AND k.subject IN ('artifact', 'unknown')
        UNION ALL
        SELECT k.node, k.subject, k.subject_id FROM cdviz.subject_state AS k WHERE k.canonical_id = c.id
     ) AS s
$$;

COMMENT ON FUNCTION cdviz.same_node(text, text, text) IS
'All subjects that are one node of the graph with this one: the same id of unknown type, other spellings of the same package URL.';
