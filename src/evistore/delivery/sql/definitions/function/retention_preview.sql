-- cdviz.retention_preview: what cdviz.apply_retention would take from the lake now, and what a legal hold keeps. It changes nothing.
-- requires: cdviz.retention_floors cdviz.is_past
CREATE OR REPLACE FUNCTION cdviz.retention_preview(p_now timestamptz DEFAULT current_timestamp)
RETURNS TABLE (subject text, kept_from timestamptz, events bigint, held bigint)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
    WITH told AS MATERIALIZED (
        SELECT f.floors, (SELECT max(e.value::timestamptz) FROM jsonb_each_text(f.floors) AS e) AS before
          FROM (SELECT cdviz.retention_floors(p_now) AS floors) AS f
    )
    SELECT l.subject, coalesce(max(t.floors ->> l.subject), max(t.floors ->> '*'))::timestamptz,
           count(*) FILTER (WHERE h.subject IS NULL), count(h.subject)
      FROM cdviz.cdevents_lake AS l
     CROSS JOIN told AS t
      LEFT JOIN cdviz.legal_hold AS h ON h.subject = l.subject AND h.subject_id = l.subject_id
     WHERE l."timestamp" < (SELECT b.before FROM told AS b) AND cdviz.is_past(t.floors, l.subject, l."timestamp")
     GROUP BY l.subject
     ORDER BY l.subject
$$;

COMMENT ON FUNCTION cdviz.retention_preview(timestamptz) IS
'What retention would take from the lake as of a moment, by kind of subject: from when on it is kept, how many events go, how many a legal hold keeps. Changes nothing.';

REVOKE ALL ON FUNCTION cdviz.retention_preview(timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.retention_preview(timestamptz) TO cdviz_reader;
