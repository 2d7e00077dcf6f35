-- cdviz.repository: one row per repository: when it was last created, modified and deleted.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.repository AS
SELECT s.subject_id, s.created_at, s.modified_at, s.deleted_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.name, s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'repository' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.repository IS 'One row per repository: when it was last created, modified and deleted. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.repository.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.repository.created_at IS 'Latest time it was created.';
COMMENT ON COLUMN cdviz.repository.modified_at IS 'Latest time it was modified.';
COMMENT ON COLUMN cdviz.repository.deleted_at IS 'Latest time it was deleted.';
COMMENT ON COLUMN cdviz.repository.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.repository.name IS 'What people call it, by the newest event that says so.';
COMMENT ON COLUMN cdviz.repository.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.repository.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.repository.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.repository TO cdviz_reader;
