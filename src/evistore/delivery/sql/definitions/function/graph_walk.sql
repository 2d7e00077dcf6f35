-- cdviz.graph_walk: every node within reach of one, breadth first; each is visited once, so the cost is linear in what is reached.
-- Cycles end by themselves. Edges between the nodes are in cdviz.graph_edges.
-- requires: cdviz.same_node cdviz.purl_canonical
CREATE OR REPLACE FUNCTION cdviz.graph_walk(
    p_node_id text, p_forward boolean, p_max_depth integer DEFAULT 10, p_max_nodes integer DEFAULT NULL,
    p_now boolean DEFAULT FALSE
)
RETURNS TABLE (node_id text, node_type text, depth integer, path text [])
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan -- planning would cost more than running
AS $$
#variable_conflict use_column
DECLARE
    v_depth integer := 0;
    v_count bigint := 0;
    v_visited bigint[] := '{}';
    v_frontier bigint[]; -- the nodes of this depth, with type, id and the way to them (an array literal)
    v_type text[];
    v_id text[];
    v_path text[];
BEGIN
    -- The node itself, in every spelling and type.
    SELECT array_agg(n.node), array_agg(n.subject), array_agg(n.subject_id), array_agg(ARRAY[n.subject_id]::text)
      INTO v_frontier, v_type, v_id, v_path
      FROM (
        SELECT s.node, s.subject, s.subject_id FROM cdviz.subject_state AS s WHERE s.subject_id = p_node_id
        UNION
        SELECT m.node, m.subject, m.subject_id
          FROM (SELECT cdviz.purl_canonical(p_node_id) AS id WHERE lower(left(p_node_id, 4)) = 'pkg:') AS c
         CROSS JOIN LATERAL cdviz.same_node('artifact', c.id, c.id) AS m
      ) AS n;

    WHILE v_frontier IS NOT NULL LOOP
        v_visited := v_visited || v_frontier;
        RETURN QUERY
        SELECT f.subject_id, f.subject, v_depth, f.path::text[]
          FROM unnest(v_type, v_id, v_path) AS f (subject, subject_id, path)
         WHERE f.subject <> 'unknown'
            OR NOT EXISTS (SELECT FROM cdviz.subject_state AS t WHERE t.subject_id = f.subject_id AND t.subject <> 'unknown')
         ORDER BY f.subject_id, f.subject
         LIMIT p_max_nodes - v_count;
        v_count := v_count + cardinality(v_frontier);
        EXIT WHEN v_depth >= p_max_depth OR v_count >= p_max_nodes;

        -- One step, then the same nodes under other names; what was visited comes with parent 0 and drops out.
        SELECT array_agg(r.node ORDER BY r.subject_id, r.node), array_agg(r.subject ORDER BY r.subject_id, r.node),
               array_agg(r.subject_id ORDER BY r.subject_id, r.node), array_agg((r.path::text[] || r.subject_id)::text ORDER BY r.subject_id, r.node)
          INTO v_frontier, v_type, v_id, v_path
          FROM (
            SELECT DISTINCT ON (k.node) k.node, k.subject, k.subject_id, k.parent, k.path
              FROM (
                SELECT m.node, m.subject, m.subject_id, d.parent, d.path
                  FROM (
                    SELECT DISTINCT ON (e.node) e.node, f.n AS parent, f.path
                      FROM unnest(v_frontier, v_path, v_type, v_id) WITH ORDINALITY AS f (node, path, subject, subject_id, n)
                     CROSS JOIN LATERAL (
                        SELECT g.to_node AS node FROM cdviz.edge AS g
                         WHERE p_forward AND g.from_node = f.node AND (
                                   NOT p_now OR f.subject <> 'service' OR g.last_position IN (
                                       SELECT p.position FROM cdviz.service_placement AS p WHERE p.service_id = f.subject_id AND p.predicate <> 'removed'
                                   )
                               )
                        UNION ALL
                        -- of all that was ever said of a service, what the events say that put there what runs now: that does not grow with its history
                        SELECT a.node
                          FROM cdviz.service_placement AS p
                         CROSS JOIN LATERAL (VALUES ('artifact', p.artifact_id), ('environment', p.environment_id)) AS w (subject, id)
                          JOIN cdviz.subject_state AS a ON a.subject_id = w.id AND a.subject = w.subject
                         WHERE p_now AND p_forward AND f.subject = 'service' AND p.service_id = f.subject_id AND p.predicate <> 'removed'
                        UNION ALL
                        SELECT g.from_node FROM cdviz.edge AS g WHERE NOT p_forward AND g.to_node = f.node
                        UNION ALL
                        SELECT c.node
                          FROM cdviz.subject_state AS a
                          JOIN cdviz.subject_state AS c ON c.subject_id = a.chain_id AND c.subject = 'chain'
                         WHERE p_forward AND a.node = f.node
                        UNION ALL
                        SELECT m.node
                          FROM cdviz.subject_state AS c
                          JOIN cdviz.subject_state AS m ON m.chain_id = c.subject_id
                         WHERE NOT p_forward AND c.node = f.node AND c.subject = 'chain'
                     ) AS e
                     ORDER BY e.node, f.n
                  ) AS d
                 CROSS JOIN LATERAL (SELECT a.subject, a.subject_id, a.canonical_id FROM cdviz.subject_state AS a WHERE a.node = d.node LIMIT 1) AS a
                 CROSS JOIN LATERAL cdviz.same_node(a.subject, a.subject_id, a.canonical_id) AS m
                UNION ALL
                SELECT v.node, NULL, NULL, 0, NULL FROM unnest(v_visited) AS v (node)
              ) AS k
             ORDER BY k.node, k.parent
          ) AS r
         WHERE r.parent > 0;
        v_depth := v_depth + 1;
    END LOOP;
END
$$;

COMMENT ON FUNCTION cdviz.graph_walk(text, boolean, integer, integer, boolean) IS
'Every node within p_max_depth steps of a node, breadth first, with the shortest way to it: forward along the edges to what it depends on, or backward to what depends on it. Each node is visited once. p_max_nodes ends the walk early. With p_now a service leads only to what it runs now.';

REVOKE ALL ON FUNCTION cdviz.graph_walk(text, boolean, integer, integer, boolean) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.graph_walk(text, boolean, integer, integer, boolean) TO cdviz_reader;
