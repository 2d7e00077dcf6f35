-- cdviz.approval: one row per approval: when it was last created, updated and closed.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.approval AS
SELECT s.subject_id, s.created_at, s.updated_at, s.closed_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'approval' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.approval IS 'One row per approval: when it was last created, updated and closed. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.approval.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.approval.created_at IS 'Latest time it was created.';
COMMENT ON COLUMN cdviz.approval.updated_at IS 'Latest time it was updated.';
COMMENT ON COLUMN cdviz.approval.closed_at IS 'Latest time it was closed.';
COMMENT ON COLUMN cdviz.approval.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.approval.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.approval.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.approval.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.approval TO cdviz_reader;
