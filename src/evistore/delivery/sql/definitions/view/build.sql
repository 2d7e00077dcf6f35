-- cdviz.build: one row per build: when it was last queued, started and finished, and what it made.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.build AS
SELECT s.subject_id, s.queued_at, s.started_at, s.finished_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.artifact_id, s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'build' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.build IS 'One row per build: when it was last queued, started and finished, and what it made. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.build.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.build.queued_at IS 'Latest time it was queued.';
COMMENT ON COLUMN cdviz.build.started_at IS 'Latest time it was started.';
COMMENT ON COLUMN cdviz.build.finished_at IS 'Latest time it finished.';
COMMENT ON COLUMN cdviz.build.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.build.artifact_id IS 'Artifact it was last said to hold, blame or have made.';
COMMENT ON COLUMN cdviz.build.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.build.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.build.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.build TO cdviz_reader;
