-- cdviz.graph_edges: one row per relation between two nodes, from the consumer or instance to the dependency or definition.
-- An edge has a life: what a service was deployed with or to ends when it runs something else there, or is removed.
-- requires: cdviz.service_run_ended
CREATE OR REPLACE VIEW cdviz.graph_edges AS
SELECT e.id, f.subject_id AS from_node_id, t.subject_id AS to_node_id, e.relation, e.last_at AS event_timestamp,
       (
           SELECT l.context_id FROM cdviz.event_identity AS i JOIN cdviz.cdevents_lake AS l ON l."timestamp" = i."timestamp" AND l.position = i.position
            WHERE i.position = e.last_position
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
  JOIN cdviz.subject_state AS t ON t.node = e.to_node
UNION ALL
-- Each subject is part of the chain that its newest event with a chain names.
SELECT -s.node, s.subject_id, s.chain_id, 'partOf', s.chain_at,
       (
           SELECT l.context_id FROM cdviz.cdevents_lake AS l
            WHERE l."timestamp" = s.chain_at AND hashtextextended(l.subject_id, 0) = hashtextextended(s.subject_id, 0)
              AND l.subject_id = s.subject_id AND l.subject = s.subject
            ORDER BY l.position DESC LIMIT 1
       ), s.chain_at, 1, NULL, s.subject, 'chain'
  FROM cdviz.subject_state AS s
 WHERE s.chain_id IS NOT NULL;

COMMENT ON VIEW cdviz.graph_edges IS 'One row per relation between two nodes of the graph, with its life.';
COMMENT ON COLUMN cdviz.graph_edges.id IS 'Number of the edge; negative for being part of a chain.';
COMMENT ON COLUMN cdviz.graph_edges.from_node_id IS 'Id of the consumer, instance or later one.';
COMMENT ON COLUMN cdviz.graph_edges.to_node_id IS 'Id of what it depends on, is defined by or came from.';
COMMENT ON COLUMN cdviz.graph_edges.relation IS 'What ties them, such as deployedWith.';
COMMENT ON COLUMN cdviz.graph_edges.event_timestamp IS 'Time of the newest event that says so.';
COMMENT ON COLUMN cdviz.graph_edges.source_event_id IS 'context.id of an event that says so, the one stored last; null once retention took it.';
COMMENT ON COLUMN cdviz.graph_edges.first_at IS 'Time of the earliest event that says so.';
COMMENT ON COLUMN cdviz.graph_edges.seen IS 'How many events say so.';
COMMENT ON COLUMN cdviz.graph_edges.ended_at IS 'When a service stopped running that artifact anywhere, or was removed from that environment; null while it lasts.';
COMMENT ON COLUMN cdviz.graph_edges.from_node_type IS 'Type of the subject it goes from.';
COMMENT ON COLUMN cdviz.graph_edges.to_node_type IS 'Type of the subject it goes to.';

GRANT SELECT ON cdviz.graph_edges TO cdviz_reader;
