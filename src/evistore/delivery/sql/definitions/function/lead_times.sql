-- cdviz.lead_times: one row per release of a window and change in it: when it was merged, built, published and first deployed, or why that is not known.
-- A release is an artifact that a service runs for the first time in the environments asked about.
-- requires: cdviz.placement_changes cdviz.metric_environments cdviz.artifact_spellings
CREATE OR REPLACE FUNCTION cdviz.lead_times(
    p_from timestamptz, p_until timestamptz, p_service text DEFAULT NULL, p_environment text DEFAULT NULL, p_source text DEFAULT NULL
)
RETURNS TABLE (
    service_id text, environment_id text, deployed_at timestamptz, "position" bigint, artifact_id text, change_id text, way text, reason text,
    merged_at timestamptz, built_at timestamptz, published_at timestamptz, seconds double precision
)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning would cost as much as running
SET enable_seqscan = off -- one artifact is one probe of each
SET enable_memoize = off -- and none comes twice
SET enable_nestloop = off -- what is not a probe is joined by hash, whatever estimates say
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    v_environments text[] := cdviz.metric_environments(p_environment);
BEGIN
    RETURN QUERY
    WITH RECURSIVE release AS NOT MATERIALIZED (
        SELECT DISTINCT ON (d.service_id COLLATE "C", coalesce(d.artifact_id, d.position::text) COLLATE "C")
               d.service_id, d.environment_id, d.at, d.position, d.artifact_id
          FROM cdviz.placement_changes(p_from, p_until, p_service, v_environments) AS d
         WHERE d.predicate IN ('deployed', 'upgraded') AND (p_source IS NULL OR d.source = p_source)
         ORDER BY d.service_id COLLATE "C", coalesce(d.artifact_id, d.position::text) COLLATE "C", d.at, d.environment_id COLLATE "C"
    ), made AS MATERIALIZED (
        SELECT r.service_id, r.environment_id, r.at, r.position, r.artifact_id, a.node, a.chain_id, coalesce(a.published_at, a.packaged_at) AS published_at,
               -- an artifact that no event named before the window was not deployed before it either
               v.is_earlier IS NOT NULL AS is_repeated
          FROM release AS r
          LEFT JOIN LATERAL (
            SELECT s.node, s.chain_id, s.published_at, s.packaged_at, s.first_seen_at
              FROM cdviz.subject_state AS s
             WHERE s.subject_id = r.artifact_id AND s.subject = 'artifact'
             LIMIT 1
          ) AS a ON true
          LEFT JOIN LATERAL (
            SELECT true AS is_earlier
              FROM cdviz.service_event AS v
             WHERE a.first_seen_at < p_from AND hashtextextended(v.artifact_id, 0) = hashtextextended(r.artifact_id, 0) AND v.artifact_id = r.artifact_id
               AND v."timestamp" < p_from AND v.service_id = r.service_id AND v.predicate IN ('deployed', 'upgraded')
               AND (v_environments IS NULL OR v.environment_id = ANY (v_environments)) AND v.environment_id <> ''
             LIMIT 1 -- a fence: else all of the history could be read to hash it
          ) AS v ON true
    ), near AS MATERIALIZED (
        -- what the artifact itself names: changes and builds
        SELECT m.node, t.subject, t.subject_id, t.merged_at, t.finished_at
          FROM (SELECT DISTINCT m.node FROM made AS m WHERE NOT m.is_repeated) AS m
         CROSS JOIN LATERAL (
            SELECT DISTINCT e.to_node AS node FROM cdviz.edge AS e WHERE e.from_node = m.node AND e.relation <> 'derivedFrom'
         ) AS e
         CROSS JOIN LATERAL (
            SELECT s.subject, s.subject_id, s.merged_at, s.finished_at FROM cdviz.subject_state AS s WHERE s.node = e.node LIMIT 1
         ) AS t
         WHERE t.subject IN ('change', 'build')
    ), far AS (
        -- else: its other spellings and the builds that made it, what these came of, and on until changes are met
        SELECT f.node, s.node AS at_node, s.subject, 0 AS depth
          FROM (
            SELECT DISTINCT m.node, m.artifact_id FROM made AS m
             WHERE NOT m.is_repeated AND NOT EXISTS (SELECT FROM near AS n WHERE n.node = m.node AND n.subject = 'change')
          ) AS f
         CROSS JOIN LATERAL cdviz.artifact_spellings(f.artifact_id) AS k (id)
         CROSS JOIN LATERAL (SELECT a.node, a.subject FROM cdviz.subject_state AS a WHERE a.subject_id = k.id AND a.subject = 'artifact' LIMIT 1) AS s
        UNION
        SELECT f.node, t.node, t.subject, f.depth + 1
          FROM far AS f
         CROSS JOIN LATERAL (
            SELECT e.to_node AS node FROM cdviz.edge AS e WHERE e.from_node = f.at_node AND e.relation <> 'derivedFrom'
            UNION
            SELECT e.from_node FROM cdviz.edge AS e WHERE f.subject = 'artifact' AND e.to_node = f.at_node AND e.relation = 'produced'
         ) AS e
         CROSS JOIN LATERAL (SELECT s.node, s.subject FROM cdviz.subject_state AS s WHERE s.node = e.node LIMIT 1) AS t
         WHERE f.depth < 6 AND f.subject <> 'change' AND t.subject IN ('artifact', 'build', 'taskrun', 'pipelinerun', 'change')
    ), nearest AS MATERIALIZED (
        SELECT f.node, f.at_node, f.subject, min(f.depth) AS depth FROM far AS f WHERE f.subject IN ('change', 'build') GROUP BY 1, 2, 3
    ), origin AS NOT MATERIALIZED (
        SELECT n.node, n.subject_id AS change_id, 'artifact' AS way, n.merged_at FROM near AS n WHERE n.subject = 'change'
        UNION ALL
        SELECT n.node, s.subject_id, CASE WHEN n.depth = 1 THEN 'artifact' ELSE 'run' END, s.merged_at
          FROM nearest AS n
         CROSS JOIN LATERAL (SELECT a.subject_id, a.merged_at FROM cdviz.subject_state AS a WHERE a.node = n.at_node LIMIT 1) AS s
         WHERE n.subject = 'change' AND n.depth = (SELECT min(o.depth) FROM nearest AS o WHERE o.node = n.node AND o.subject = 'change')
        UNION ALL
        SELECT m.node, s.subject_id, 'chain', s.merged_at
          FROM (
            SELECT DISTINCT m.node, m.chain_id
              FROM made AS m
             WHERE NOT m.is_repeated AND m.chain_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM near AS n WHERE n.node = m.node AND n.subject = 'change')
               AND NOT EXISTS (SELECT FROM nearest AS n WHERE n.node = m.node AND n.subject = 'change')
            OFFSET 0 -- a fence: only of these is the chain looked up
          ) AS m
         CROSS JOIN LATERAL (
            SELECT a.subject_id, a.merged_at FROM cdviz.subject_state AS a WHERE a.chain_id = m.chain_id AND a.subject = 'change' OFFSET 0
         ) AS s
    ), built AS NOT MATERIALIZED (
        SELECT b.node, max(b.finished_at) AS built_at
          FROM (
            SELECT n.node, n.finished_at FROM near AS n WHERE n.subject = 'build'
            UNION ALL
            -- it need not name the build that names it
            SELECT n.node, s.finished_at
              FROM (
                SELECT c.node FROM near AS c WHERE c.subject = 'change'
                EXCEPT
                SELECT c.node FROM near AS c WHERE c.subject = 'build'
              ) AS n
             CROSS JOIN LATERAL (SELECT e.from_node FROM cdviz.edge AS e WHERE e.to_node = n.node AND e.relation = 'produced' OFFSET 0) AS e
             CROSS JOIN LATERAL (SELECT a.finished_at FROM cdviz.subject_state AS a WHERE a.node = e.from_node LIMIT 1) AS s
            UNION ALL
            SELECT n.node, s.finished_at
              FROM nearest AS n
             CROSS JOIN LATERAL (SELECT a.finished_at FROM cdviz.subject_state AS a WHERE a.node = n.at_node LIMIT 1) AS s
             WHERE n.subject = 'build' AND n.depth = 1
          ) AS b
         GROUP BY b.node
    )
    SELECT m.service_id, m.environment_id, m.at, m.position, m.artifact_id, o.change_id, o.way, r.reason, o.merged_at, b.built_at, m.published_at,
           CASE WHEN r.reason IS NULL THEN date_part('epoch', m.at - o.merged_at) END
      FROM made AS m
      LEFT JOIN origin AS o ON o.node = m.node AND NOT m.is_repeated
      LEFT JOIN built AS b ON b.node = m.node
     CROSS JOIN LATERAL (
        SELECT CASE
            WHEN m.artifact_id IS NULL THEN 'no-artifact'
            WHEN m.is_repeated THEN 'repeated'
            WHEN o.change_id IS NULL THEN 'no-change'
            WHEN o.merged_at IS NULL THEN 'not-merged'
            WHEN o.merged_at > m.at THEN 'merged-later'
        END AS reason
     ) AS r;
END
$$;

COMMENT ON FUNCTION cdviz.lead_times(timestamptz, timestamptz, text, text, text) IS
'Releases of a window, one row per change in each: a release is an artifact that a service runs for the first time in the environments asked about. way: artifact (it names the change), run (the builds and runs it came of do), chain (both are part of one chain). reason, where there is no lead time: no-artifact (the deployment names none), repeated (it ran there before the window: no release), no-change, not-merged (no merge was told), merged-later (after the deployment).';

REVOKE ALL ON FUNCTION cdviz.lead_times(timestamptz, timestamptz, text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.lead_times(timestamptz, timestamptz, text, text, text) TO cdviz_reader;
