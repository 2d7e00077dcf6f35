-- cdviz.add_subjects: make sure that these subjects stand, and were first seen at these times or earlier.
-- The last one is that of the event itself: its row is locked here in any case, since it is written next. So all rows are
-- locked in order of their keys, and two writers that meet wait for each other and never lock each other out.
-- requires: cdviz.purl_canonical
CREATE OR REPLACE FUNCTION cdviz.add_subjects(p_subject text [], p_id text [], p_at timestamptz []) RETURNS void
LANGUAGE plpgsql -- which keeps its plan: before PostgreSQL 18 every call of a function in SQL plans it anew
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO cdviz.subject_state AS s (subject, subject_id, first_seen_at, canonical_id)
    SELECT n.subject, n.id, min(n.at),
           CASE WHEN n.subject = 'artifact' AND n.id LIKE 'pkg:%' THEN nullif(cdviz.purl_canonical(n.id), n.id) END
      FROM unnest(p_subject, p_id, p_at) AS n (subject, id, at)
     WHERE (n.id, n.subject) = (p_id[cardinality(p_id)], p_subject[cardinality(p_subject)])
        OR NOT EXISTS (
            SELECT FROM (SELECT k.first_seen_at FROM cdviz.subject_state AS k WHERE k.subject_id = n.id AND k.subject = n.subject LIMIT 1) AS k
             WHERE k.first_seen_at <= n.at
        )
     GROUP BY n.id, n.subject
     ORDER BY n.id, n.subject
    ON CONFLICT (subject_id, subject) DO UPDATE SET first_seen_at = least(s.first_seen_at, excluded.first_seen_at);
END
$$;

COMMENT ON FUNCTION cdviz.add_subjects(text [], text [], timestamptz []) IS
'Makes sure that these subjects stand and were first seen at these times or earlier; called before edges are drawn between them. The last subject is that of the event itself.';

REVOKE ALL ON FUNCTION cdviz.add_subjects(text [], text [], timestamptz []) FROM public;
