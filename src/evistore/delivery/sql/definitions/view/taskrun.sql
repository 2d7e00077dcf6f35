-- cdviz.taskrun: one row per task run: when it was last started and finished, and how it ended.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.taskrun AS
SELECT s.subject_id, s.started_at, s.finished_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.outcome, s.name, s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'taskrun' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.taskrun IS 'One row per task run: when it was last started and finished, and how it ended. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.taskrun.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.taskrun.started_at IS 'Latest time it was started.';
COMMENT ON COLUMN cdviz.taskrun.finished_at IS 'Latest time it finished.';
COMMENT ON COLUMN cdviz.taskrun.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.taskrun.outcome IS 'Outcome of the latest finished event.';
COMMENT ON COLUMN cdviz.taskrun.name IS 'What people call it, by the newest event that says so.';
COMMENT ON COLUMN cdviz.taskrun.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.taskrun.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.taskrun.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.taskrun TO cdviz_reader;
