-- cdviz.artifact_spellings: the ids under which one artifact is known: package URLs that differ only in spelling are one artifact.
CREATE OR REPLACE FUNCTION cdviz.artifact_spellings(p_artifact_id text) RETURNS TABLE (artifact_id text)
LANGUAGE sql
STABLE
AS $$
    SELECT p_artifact_id WHERE p_artifact_id IS NOT NULL
    UNION
    SELECT k.subject_id
      FROM (
        SELECT coalesce(a.canonical_id, a.subject_id) AS id
          FROM cdviz.subject_state AS a
         WHERE a.subject_id = p_artifact_id AND a.subject = 'artifact'
      ) AS c
     CROSS JOIN LATERAL (
        SELECT s.subject_id FROM cdviz.subject_state AS s WHERE s.subject_id = c.id AND s.subject = 'artifact'
        UNION ALL
        SELECT s.subject_id FROM cdviz.subject_state AS s WHERE s.canonical_id = c.id AND s.subject = 'artifact'
     ) AS k
$$;

COMMENT ON FUNCTION cdviz.artifact_spellings(text) IS 'The ids under which one artifact is known, the given one among them: package URLs that differ only in spelling are one artifact.';

REVOKE ALL ON FUNCTION cdviz.artifact_spellings(text) FROM public;
