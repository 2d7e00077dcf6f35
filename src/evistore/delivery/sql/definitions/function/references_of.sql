-- cdviz.references_of: everything one event says about other subjects, one row per relation.
-- Written as one SELECT so that PostgreSQL inlines it: it runs once per event on the write path.
-- requires: cdviz.purl_base cdviz.subject_links_of cdviz.is_node_id
CREATE OR REPLACE FUNCTION cdviz.references_of(p_payload jsonb, p_subject text, p_subject_id text)
RETURNS TABLE (from_subject text, from_id text, to_subject text, to_id text, relation text)
LANGUAGE sql
IMMUTABLE
AS $$
    -- Members of subject.content that name another subject: its type, and what the relation to it is called.
    SELECT p_subject, p_subject_id, rule.to_subject, c.content -> rule.member ->> 'id', rule.relation
      FROM (SELECT p_payload -> 'subject' -> 'content' AS content OFFSET 0) AS c -- a fence: taken out once, not once per rule
     CROSS JOIN (VALUES
        ('environment',  'environment',  CASE WHEN p_subject IN ('testcaserun', 'testsuiterun') THEN 'runsIn' ELSE 'deployedTo' END),
        ('pipelineRun',  'pipelinerun',  'partOf'),
        ('testSuiteRun', 'testsuiterun', 'partOf'),
        ('testCaseRun',  'testcaserun',  'partOf'),
        ('testCase',     'testcase',     'instanceOf'),
        ('testSuite',    'testsuite',    'instanceOf'),
        ('service',      'service',      'affects'),
        ('repository',   'repository',   'storedAt'),
        ('change',       'change',       'includes')
     ) AS rule (member, to_subject, relation)
     WHERE p_subject_id IS NOT NULL
       AND cdviz.is_node_id(c.content -> rule.member ->> 'id')
    UNION ALL
    -- The artifact it deploys, blames or made.
    SELECT p_subject, p_subject_id, 'artifact', a.id, CASE WHEN p_subject = 'build' THEN 'produced' ELSE 'deployedWith' END
      FROM (SELECT p_payload -> 'subject' -> 'content' ->> 'artifactId' AS id OFFSET 0) AS a
     WHERE p_subject_id IS NOT NULL AND cdviz.is_node_id(a.id)
    UNION ALL
    -- A version of a package derives from the package.
    SELECT 'artifact', b.id, 'artifact', b.base, 'derivedFrom'
      FROM (
        SELECT a.id, cdviz.purl_base(a.id) AS base
          FROM (SELECT CASE WHEN p_subject = 'artifact' THEN p_subject_id ELSE p_payload -> 'subject' -> 'content' ->> 'artifactId' END AS id OFFSET 0) AS a
         WHERE p_subject_id IS NOT NULL AND lower(left(a.id, 4)) = 'pkg:' AND cdviz.is_node_id(a.id)
        OFFSET 0
      ) AS b
     WHERE b.base IS NOT NULL
    UNION ALL
    -- Links that name a subject.
    SELECT p_subject, p_subject_id, l.to_subject, l.to_id, l.relation
      FROM cdviz.subject_links_of(p_payload) AS l
     WHERE p_subject_id IS NOT NULL
$$;

COMMENT ON FUNCTION cdviz.references_of(jsonb, text, text) IS
'Everything one event says about other subjects: members of its content, the package an artifact is a version of, links that name a subject. Links that name an event are read by cdviz.event_links_of.';
