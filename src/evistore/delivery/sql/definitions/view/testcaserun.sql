-- cdviz.testcaserun: one row per run of a test case: when it was last queued, started, finished and skipped.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.testcaserun AS
SELECT s.subject_id, s.queued_at, s.started_at, s.finished_at, s.skipped_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.outcome, s.name, s.environment_id, s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'testcaserun' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.testcaserun IS 'One row per run of a test case: when it was last queued, started, finished and skipped. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.testcaserun.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.testcaserun.queued_at IS 'Latest time it was queued.';
COMMENT ON COLUMN cdviz.testcaserun.started_at IS 'Latest time it was started.';
COMMENT ON COLUMN cdviz.testcaserun.finished_at IS 'Latest time it finished.';
COMMENT ON COLUMN cdviz.testcaserun.skipped_at IS 'Latest time it was skipped.';
COMMENT ON COLUMN cdviz.testcaserun.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.testcaserun.outcome IS 'Outcome of the latest finished event.';
COMMENT ON COLUMN cdviz.testcaserun.name IS 'What people call it, by the newest event that says so.';
COMMENT ON COLUMN cdviz.testcaserun.environment_id IS 'Environment it was last said to be in.';
COMMENT ON COLUMN cdviz.testcaserun.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.testcaserun.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.testcaserun.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.testcaserun TO cdviz_reader;
