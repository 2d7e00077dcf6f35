-- cdviz.graph_ancestors: what a node depends on or came from, directly and indirectly; the node itself has depth 0.
-- requires: cdviz.graph_walk
CREATE OR REPLACE FUNCTION cdviz.graph_ancestors(p_node_id text, p_max_depth integer DEFAULT 10)
RETURNS TABLE (node_id text, node_type text, depth integer, path text [])
LANGUAGE sql
STABLE
AS $$
    SELECT w.node_id, w.node_type, w.depth, w.path FROM cdviz.graph_walk(p_node_id, true, p_max_depth) AS w
$$;

COMMENT ON FUNCTION cdviz.graph_ancestors(text, integer) IS
'What a node depends on or came from, directly and indirectly: one row per node, ordered by depth and id, with the shortest way to it. The node itself has depth 0.';

REVOKE ALL ON FUNCTION cdviz.graph_ancestors(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.graph_ancestors(text, integer) TO cdviz_reader;
