-- cdviz.graph_ancestors_now: cdviz.graph_ancestors as things stand now: of a service only the artifacts that run, and where.
-- Its cost does not grow with the history of the service.
-- requires: cdviz.graph_walk
CREATE OR REPLACE FUNCTION cdviz.graph_ancestors_now(p_node_id text, p_max_depth integer DEFAULT 10)
RETURNS TABLE (node_id text, node_type text, depth integer, path text [])
LANGUAGE sql
STABLE
AS $$
    SELECT w.node_id, w.node_type, w.depth, w.path FROM cdviz.graph_walk(p_node_id, true, p_max_depth, NULL, true) AS w
$$;

COMMENT ON FUNCTION cdviz.graph_ancestors_now(text, integer) IS
'What a node depends on or came from as things stand now: like graph_ancestors, but a service leads only to the artifacts it runs now and where, not to all it ever ran.';

REVOKE ALL ON FUNCTION cdviz.graph_ancestors_now(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.graph_ancestors_now(text, integer) TO cdviz_reader;
