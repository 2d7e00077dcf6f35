-- cdviz.environment: one row per environment: when it was last created, modified and deleted.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.environment AS
SELECT s.subject_id, s.created_at, s.modified_at, s.deleted_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.name, s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'environment' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.environment IS 'One row per environment: when it was last created, modified and deleted. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.environment.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.environment.created_at IS 'Latest time it was created.';
COMMENT ON COLUMN cdviz.environment.modified_at IS 'Latest time it was modified.';
COMMENT ON COLUMN cdviz.environment.deleted_at IS 'Latest time it was deleted.';
COMMENT ON COLUMN cdviz.environment.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.environment.name IS 'What people call it, by the newest event that says so.';
COMMENT ON COLUMN cdviz.environment.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.environment.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.environment.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.environment TO cdviz_reader;
