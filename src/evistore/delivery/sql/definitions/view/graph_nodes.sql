-- cdviz.graph_nodes: one row per subject that an event was about or named: a node of the graph.
-- A link may name an id without its type: that row is hidden as soon as a typed one of the same id exists.
CREATE OR REPLACE VIEW cdviz.graph_nodes AS
SELECT s.subject_id AS node_id, s.subject AS node_type, s.first_seen_at,
       coalesce(coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) #> '{subject,content}', '{}'::jsonb) AS properties
  FROM cdviz.subject_state AS s
 WHERE s.subject <> 'unknown'
    OR NOT EXISTS (SELECT FROM cdviz.subject_state AS t WHERE t.subject_id = s.subject_id AND t.subject <> 'unknown');

COMMENT ON VIEW cdviz.graph_nodes IS 'One row per node of the graph: a subject that an event was about, or that an event named.';
COMMENT ON COLUMN cdviz.graph_nodes.node_id IS 'Id of the subject, as sent.';
COMMENT ON COLUMN cdviz.graph_nodes.node_type IS 'Its type, lower case; unknown where links name the id without a type.';
COMMENT ON COLUMN cdviz.graph_nodes.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.graph_nodes.properties IS 'subject.content of the newest event about it; empty where it was only named.';

GRANT SELECT ON cdviz.graph_nodes TO cdviz_reader;
