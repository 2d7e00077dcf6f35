-- cdviz.references_of: everything one event says about other subjects, one row per relation.
-- Written in one SELECT so that PostgreSQL inlines it: it runs once per event on the write path.
CREATE OR REPLACE FUNCTION cdviz.references_of(p_payload jsonb, p_subject text, p_subject_id text)
RETURNS TABLE (from_subject text, from_id text, to_subject text, to_id text, relation text)
LANGUAGE sql
STABLE
-- requires: cdviz.purl_base cdviz.link_relation
AS $$
    SELECT r.from_subject, r.from_id, r.to_subject, r.to_id, r.relation
      FROM (
        -- members of subject.content, by cdviz.reference_rule
        SELECT p_subject AS from_subject, p_subject_id AS from_id, rule.node_type AS to_subject, m.id AS to_id, rule.relation
          FROM jsonb_each(CASE WHEN jsonb_typeof(p_payload #> '{subject,content}') = 'object' THEN p_payload #> '{subject,content}' END) AS c
         CROSS JOIN LATERAL (SELECT CASE jsonb_typeof(c.value) WHEN 'string' THEN c.value #>> '{}' WHEN 'object' THEN c.value ->> 'id' END AS id) AS m
         CROSS JOIN LATERAL (
            SELECT rr.node_type, rr.relation
              FROM cdviz.reference_rule AS rr
             WHERE rr.member = c.key AND rr.subject IN (p_subject, '*')
               AND (jsonb_typeof(c.value) = 'string') = (c.key = 'artifactId')
             ORDER BY rr.subject DESC
             LIMIT 1
         ) AS rule
        UNION ALL
        -- a version of a package derives from the package
        SELECT 'artifact', a.id, 'artifact', cdviz.purl_base(a.id), 'derivedFrom'
          FROM (VALUES (CASE WHEN p_subject = 'artifact' THEN p_subject_id END), (p_payload #>> '{subject,content,artifactId}')) AS a (id)
         WHERE a.id LIKE 'pkg:%'
        UNION ALL
        -- links that name a subject, in both shapes that collectors send
        SELECT p_subject, p_subject_id,
               coalesce(nullif(lower(s.value ->> 'type'), ''), 'unknown'), s.value ->> 'id',
               cdviz.link_relation(coalesce(l.value ->> 'linkKind', l.value ->> 'linkkind'))
          FROM jsonb_array_elements(
               CASE WHEN jsonb_typeof(p_payload #> '{customData,links}') = 'array' THEN p_payload #> '{customData,links}' END) AS l
         CROSS JOIN LATERAL (SELECT coalesce(l.value #> '{target,subject}', l.value -> 'subject') AS value) AS s
        UNION ALL
        -- the chain the event belongs to
        SELECT p_subject, p_subject_id, 'chain', coalesce(p_payload #>> '{context,chainId}', p_payload #>> '{context,chain_id}'), 'partOf'
      ) AS r
     WHERE p_subject_id IS NOT NULL AND r.to_id <> '' AND octet_length(r.to_id) <= 2000 AND octet_length(r.from_id) <= 2000
       AND octet_length(r.to_subject) <= 200
       AND (r.from_id, r.from_subject) <> (r.to_id, r.to_subject)
$$;

COMMENT ON FUNCTION cdviz.references_of(jsonb, text, text) IS
'Everything one event says about other subjects: members of its content, the package an artifact is a version of, links that name a subject, its chain. Links that name an event are read by cdviz.event_links_of.';
