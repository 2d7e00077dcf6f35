-- cdviz.artifact_history: one row per stage that an artifact reached, oldest first: merged, built, tested, packaged, signed, published, deployed where.
-- requires: cdviz.artifact_spellings
CREATE OR REPLACE FUNCTION cdviz.artifact_history(p_artifact_id text)
RETURNS TABLE (
    at timestamptz, stage text, subject text, subject_id text, service_id text, environment_id text, outcome text, until_at timestamptz, "position" bigint
)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
    WITH RECURSIVE own AS MATERIALIZED (
        SELECT s.*
          FROM cdviz.artifact_spellings(p_artifact_id) AS k
         CROSS JOIN LATERAL (SELECT a.* FROM cdviz.subject_state AS a WHERE a.subject_id = k.artifact_id AND a.subject = 'artifact' LIMIT 1) AS s
    ), came AS (
        SELECT o.node, o.subject, 0 AS depth FROM own AS o
        UNION
        SELECT t.node, t.subject, c.depth + 1
          FROM came AS c
         CROSS JOIN LATERAL (
            SELECT e.to_node AS node FROM cdviz.edge AS e WHERE e.from_node = c.node AND e.relation <> 'derivedFrom'
            UNION
            SELECT e.from_node FROM cdviz.edge AS e WHERE c.subject = 'artifact' AND e.to_node = c.node AND e.relation = 'produced'
         ) AS e
         CROSS JOIN LATERAL (SELECT s.node, s.subject FROM cdviz.subject_state AS s WHERE s.node = e.node LIMIT 1) AS t
         WHERE c.depth < 6 AND c.subject <> 'change' AND t.subject IN ('build', 'taskrun', 'pipelinerun', 'change')
    ), chained AS MATERIALIZED (
        SELECT DISTINCT o.chain_id FROM own AS o WHERE o.chain_id IS NOT NULL
    ), related AS (
        SELECT c.node FROM came AS c WHERE c.subject IN ('build', 'change')
        UNION
        SELECT s.node
          FROM chained AS c
         CROSS JOIN LATERAL (
            SELECT a.node, a.subject FROM cdviz.subject_state AS a WHERE a.chain_id = c.chain_id AND a.subject IN ('change', 'testsuiterun') OFFSET 0
         ) AS s
         WHERE s.subject = 'testsuiterun' OR NOT EXISTS (SELECT FROM came AS o WHERE o.subject = 'change')
    )
    SELECT h.at, h.stage, h.subject, h.subject_id, h.service_id, h.environment_id, h.outcome, h.until_at, h.position
      FROM (
        SELECT t.at, t.stage, s.subject, s.subject_id, NULL AS service_id, s.environment_id, s.outcome, NULL::timestamptz AS until_at, NULL::bigint AS position
          FROM (SELECT DISTINCT r.node FROM related AS r) AS r
         CROSS JOIN LATERAL (SELECT a.* FROM cdviz.subject_state AS a WHERE a.node = r.node LIMIT 1) AS s
         CROSS JOIN LATERAL (VALUES
            ('merged', CASE WHEN s.subject = 'change' THEN s.merged_at END),
            ('built', CASE WHEN s.subject = 'build' THEN s.finished_at END),
            ('tested', CASE WHEN s.subject = 'testsuiterun' THEN s.finished_at END)
         ) AS t (stage, at)
        UNION ALL
        SELECT t.at, t.stage, 'artifact', o.subject_id, NULL, NULL, NULL, NULL, NULL
          FROM own AS o
         CROSS JOIN LATERAL (VALUES
            ('packaged', o.packaged_at), ('signed', o.signed_at), ('published', o.published_at), ('downloaded', o.downloaded_at), ('deleted', o.deleted_at)
         ) AS t (stage, at)
        UNION ALL
        SELECT d."timestamp", d.predicate, 'service', d.service_id, d.service_id, nullif(d.environment_id, ''), NULL, n.at, d.position
          FROM cdviz.artifact_spellings(p_artifact_id) AS k
         CROSS JOIN LATERAL (
            SELECT v.* FROM cdviz.service_event AS v
             WHERE hashtextextended(v.artifact_id, 0) = hashtextextended(k.artifact_id, 0) AND v.artifact_id = k.artifact_id
            OFFSET 0
         ) AS d
          LEFT JOIN LATERAL (
            SELECT v."timestamp" AS at
              FROM cdviz.service_event AS v
             WHERE v.service_id = d.service_id AND v.environment_id = d.environment_id AND v."timestamp" > d."timestamp"
             ORDER BY v."timestamp"
             LIMIT 1
          ) AS n ON d.environment_id <> ''
      ) AS h
     WHERE h.at IS NOT NULL
     ORDER BY h.at, h.stage, h.environment_id COLLATE "C", h.subject_id COLLATE "C"
$$;

COMMENT ON FUNCTION cdviz.artifact_history(text) IS
'History of an artifact in any spelling of its package URL, oldest first: its changes were merged, its builds finished, the suites of its chain tested it, it was packaged, signed, published, downloaded, deleted, and deployed, upgraded or rolled back to, where, and until when it ran there (null: it does still).';

REVOKE ALL ON FUNCTION cdviz.artifact_history(text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.artifact_history(text) TO cdviz_reader;
