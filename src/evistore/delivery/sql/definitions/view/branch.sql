-- cdviz.branch: one row per branch: when it was last created and deleted.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.branch AS
SELECT s.subject_id, s.created_at, s.deleted_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'branch' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.branch IS 'One row per branch: when it was last created and deleted. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.branch.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.branch.created_at IS 'Latest time it was created.';
COMMENT ON COLUMN cdviz.branch.deleted_at IS 'Latest time it was deleted.';
COMMENT ON COLUMN cdviz.branch.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.branch.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.branch.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.branch.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.branch TO cdviz_reader;
