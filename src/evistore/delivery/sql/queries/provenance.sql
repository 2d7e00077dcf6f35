-- The graph.

-- name: reach
-- One more than asked for tells whether there is more.
SELECT node_id, node_type, depth, path
  FROM cdviz.graph_walk(%(node_id)s::text, %(forward)s::boolean, %(depth)s::int, %(limit)s::int)

-- name: edges
SELECT from_node_id, from_node_type, to_node_id, to_node_type, relation, first_at, event_timestamp AS last_at, seen, ended_at, source_event_id
  FROM cdviz.graph_edges
 WHERE from_node_id = ANY (%(node_ids)s::text[]) AND to_node_id = ANY (%(node_ids)s::text[])
 ORDER BY from_node_id, to_node_id, relation
 LIMIT %(limit)s::int
