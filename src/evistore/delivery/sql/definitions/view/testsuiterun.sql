-- cdviz.testsuiterun: one row per run of a test suite: when it was last queued, started and finished.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.testsuiterun AS
SELECT s.subject_id, s.queued_at, s.started_at, s.finished_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.outcome, s.name, s.environment_id, s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'testsuiterun' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.testsuiterun IS 'One row per run of a test suite: when it was last queued, started and finished. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.testsuiterun.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.testsuiterun.queued_at IS 'Latest time it was queued.';
COMMENT ON COLUMN cdviz.testsuiterun.started_at IS 'Latest time it was started.';
COMMENT ON COLUMN cdviz.testsuiterun.finished_at IS 'Latest time it finished.';
COMMENT ON COLUMN cdviz.testsuiterun.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.testsuiterun.outcome IS 'Outcome of the latest finished event.';
COMMENT ON COLUMN cdviz.testsuiterun.name IS 'What people call it, by the newest event that says so.';
COMMENT ON COLUMN cdviz.testsuiterun.environment_id IS 'Environment it was last said to be in.';
COMMENT ON COLUMN cdviz.testsuiterun.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.testsuiterun.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.testsuiterun.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.testsuiterun TO cdviz_reader;
