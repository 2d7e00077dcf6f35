-- cdviz.service_runs: the runs of a kind that belong to a service, of those that finished in a window, by their nodes.
-- Pipelines and suites belong to it when most of its newest artifacts came of them; tasks and test cases by the runs they are part of.
CREATE OR REPLACE FUNCTION cdviz.service_runs(p_service text, p_subject text, p_from timestamptz, p_until timestamptz) RETURNS bigint []
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH artifact AS MATERIALIZED (
        SELECT s.node, s.chain_id
          FROM (
            SELECT v.artifact_id, max(v."timestamp") AS at
              FROM cdviz.service_event AS v
             WHERE v.service_id = p_service AND v.artifact_id IS NOT NULL
             GROUP BY v.artifact_id
             ORDER BY 2 DESC
             LIMIT 20
          ) AS v
          JOIN cdviz.subject_state AS s ON s.subject_id = v.artifact_id AND s.subject = 'artifact'
    ), kind AS MATERIALIZED (
        SELECT CASE p_subject WHEN 'taskrun' THEN 'pipelinerun' WHEN 'testcaserun' THEN 'testsuiterun' ELSE p_subject END AS subject
    ), definition AS MATERIALIZED (
        SELECT m.key
          FROM (
            SELECT DISTINCT a.node, coalesce(s.definition_id, s.name) AS key
              FROM artifact AS a
              JOIN cdviz.subject_state AS s ON s.chain_id = a.chain_id
             WHERE s.subject = (SELECT k.subject FROM kind AS k)
          ) AS m
         WHERE m.key IS NOT NULL
         GROUP BY m.key
        HAVING 2 * count(*) > (SELECT count(*) FROM artifact)
    ), run AS MATERIALIZED (
        SELECT s.node
          FROM cdviz.subject_state AS s
         WHERE s.subject = (SELECT k.subject FROM kind AS k) AND coalesce(s.definition_id, s.name) IN (SELECT d.key FROM definition AS d)
           -- a part may end long before the whole does
           AND s.subject IN ('pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun', 'testcase', 'testsuite')
           AND s.finished_at >= p_from AND s.finished_at < p_until + CASE WHEN p_subject = s.subject THEN interval '0' ELSE interval '1 day' END
    )
    SELECT CASE
        WHEN (SELECT k.subject FROM kind AS k) = p_subject THEN ARRAY(SELECT r.node FROM run AS r)
        ELSE ARRAY(SELECT e.from_node FROM run AS r JOIN cdviz.edge AS e ON e.to_node = r.node AND e.relation = 'partOf')
    END
$$;

COMMENT ON FUNCTION cdviz.service_runs(text, text, timestamptz, timestamptz) IS
'Nodes of the runs of a kind in a window that belong to a service: of the pipelines and suites that more than half of its newest 20 artifacts share a chain with, and of what is part of their runs.';

REVOKE ALL ON FUNCTION cdviz.service_runs(text, text, timestamptz, timestamptz) FROM public;
