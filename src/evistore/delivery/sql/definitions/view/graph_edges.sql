-- cdviz.graph_edges: one row per relation between two nodes, from the consumer or instance to the dependency or definition.
-- An edge has a life: what a service was deployed with or to ends when it runs something else there, or is removed.
-- requires: cdviz.service_run_ended
CREATE OR REPLACE VIEW cdviz.graph_edges AS
SELECT e.id, f.subject_id AS from_node_id, t.subject_id AS to_node_id, e.relation, e.last_at AS event_timestamp,
       (
           SELECT l.context_id FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = e.last_at AND l.position = e.last_position
       ) AS source_event_id,
       e.first_at, e.seen,
       CASE
           WHEN f.subject <> 'service' THEN NULL
           WHEN e.relation = 'deployedWith' AND t.subject = 'artifact' THEN cdviz.service_run_ended(f.subject_id, t.subject_id)
           WHEN e.relation = 'deployedTo' AND t.subject = 'environment' THEN (
               SELECT p."timestamp" FROM cdviz.service_placement AS p
                WHERE p.service_id = f.subject_id AND p.environment_id = t.subject_id AND p.predicate = 'removed'
           )
       END AS ended_at,
       f.subject AS from_node_type, t.subject AS to_node_type
  FROM cdviz.edge AS e
  JOIN cdviz.subject_state AS f ON f.node = e.from_node
  JOIN cdviz.subject_state AS t ON t.node = e.to_node;

COMMENT ON VIEW cdviz.graph_edges IS 'One row per relation between two nodes of the graph, with its life.';
COMMENT ON COLUMN cdviz.graph_edges.id IS 'Number of the edge.';
COMMENT ON COLUMN cdviz.graph_edges.from_node_id IS 'Id of the consumer, instance or later one.';
COMMENT ON COLUMN cdviz.graph_edges.to_node_id IS 'Id of what it depends on, is defined by or came from.';
COMMENT ON COLUMN cdviz.graph_edges.relation IS 'What ties them, such as deployedWith.';
COMMENT ON COLUMN cdviz.graph_edges.event_timestamp IS 'Time of the newest event that says so.';
COMMENT ON COLUMN cdviz.graph_edges.source_event_id IS 'context.id of that event; null once retention took it.';
COMMENT ON COLUMN cdviz.graph_edges.first_at IS 'Time of the earliest event that says so.';
COMMENT ON COLUMN cdviz.graph_edges.seen IS 'How many events say so.';
COMMENT ON COLUMN cdviz.graph_edges.ended_at IS 'When a service stopped running that artifact anywhere, or was removed from that environment; null while it lasts.';
COMMENT ON COLUMN cdviz.graph_edges.from_node_type IS 'Type of the subject it goes from.';
COMMENT ON COLUMN cdviz.graph_edges.to_node_type IS 'Type of the subject it goes to.';

GRANT SELECT ON cdviz.graph_edges TO cdviz_reader;
