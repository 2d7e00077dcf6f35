-- cdviz.subjects_page: subjects of one type: one page. Types with many subjects come newest first by the time they begin with,
-- all others in order of their ids; each order has its index.
-- (The column cannot be a parameter of a static statement; the list below is all it can be.)
CREATE OR REPLACE FUNCTION cdviz.subjects_page(p_subject text, p_before_at timestamptz DEFAULT NULL, p_key_id text DEFAULT NULL, p_limit integer DEFAULT 50)
RETURNS TABLE (
    subject text, subject_id text, at timestamptz, last_at timestamptz, name text, outcome text,
    environment_id text, artifact_id text, service_id text, source text
)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_time text := CASE
        WHEN p_subject IN ('pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun', 'testcase', 'testsuite') THEN 'started_at'
        WHEN p_subject IN ('artifact', 'testoutput') THEN 'published_at'
        WHEN p_subject = 'incident' THEN 'detected_at'
        WHEN p_subject IN ('ticket', 'change', 'branch', 'approval') THEN 'created_at'
    END;
BEGIN
    IF v_time IS NOT NULL THEN
        RETURN QUERY EXECUTE format(
            'SELECT s.subject, s.subject_id, s.%1$I, s.last_at, s.name, s.outcome, s.environment_id, s.artifact_id, s.service_id, s.source'
            '  FROM cdviz.subject_state AS s'
            ' WHERE s.subject = %2$L AND s.%1$I <= coalesce($1, ''infinity'') AND ($1 IS NULL OR (s.%1$I, s.subject_id) < ($1, $2))'
            ' ORDER BY s.%1$I DESC, s.subject_id DESC LIMIT $3', v_time, p_subject
        ) USING p_before_at, p_key_id, p_limit;
    ELSE
        RETURN QUERY EXECUTE format(
            'SELECT s.subject, s.subject_id, NULL::timestamptz, s.last_at, s.name, s.outcome, s.environment_id, s.artifact_id, s.service_id, s.source'
            '  FROM cdviz.subject_state AS s'
            ' WHERE s.subject = %L AND s.subject_id > coalesce($1, '''') AND s.last_at IS NOT NULL'
            ' ORDER BY s.subject_id LIMIT $2', p_subject
        ) USING p_key_id, p_limit;
    END IF;
END
$$;

COMMENT ON FUNCTION cdviz.subjects_page(text, timestamptz, text, integer) IS
'Subjects of one type, one page: runs, artifacts, incidents, tickets, changes, branches and approvals newest first below (p_before_at, p_key_id), all others by id after p_key_id.';

REVOKE ALL ON FUNCTION cdviz.subjects_page(text, timestamptz, text, integer) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.subjects_page(text, timestamptz, text, integer) TO cdviz_reader;
