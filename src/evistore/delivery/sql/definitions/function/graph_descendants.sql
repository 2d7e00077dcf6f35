-- cdviz.graph_descendants: what depends on a node or came from it, directly and indirectly; the node itself has depth 0.
-- requires: cdviz.graph_walk
CREATE OR REPLACE FUNCTION cdviz.graph_descendants(p_node_id text, p_max_depth integer DEFAULT 10)
RETURNS TABLE (node_id text, node_type text, depth integer, path text [])
LANGUAGE sql
STABLE
AS $$
    SELECT w.node_id, w.node_type, w.depth, w.path FROM cdviz.graph_walk(p_node_id, false, p_max_depth) AS w
$$;

COMMENT ON FUNCTION cdviz.graph_descendants(text, integer) IS
'What depends on a node or came from it, directly and indirectly: one row per node, ordered by depth and id, with the shortest way to it. The node itself has depth 0.';

REVOKE ALL ON FUNCTION cdviz.graph_descendants(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.graph_descendants(text, integer) TO cdviz_reader;
