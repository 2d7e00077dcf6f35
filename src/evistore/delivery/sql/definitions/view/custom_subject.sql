-- cdviz.custom_subject: one row per subject of a type outside the CDEvents vocabulary (dev.cdeventsx.<tool>-<subject>.…).
-- Predicates are as free as types here: the times stand in one map, by predicate.
-- requires: cdviz.subject
CREATE OR REPLACE VIEW cdviz.custom_subject AS
SELECT s.subject, s.subject_id, s.last_predicate, s.last_at, s.predicate_at, s.last_payload,
       s.outcome, s.name, s.environment_id, s.artifact_id, s.service_id, s.source, s.first_seen_at
  FROM cdviz.subject AS s
 WHERE s.last_at IS NOT NULL
   AND s.subject NOT IN (
       'pipelinerun', 'taskrun', 'build', 'artifact', 'service', 'incident', 'testcaserun', 'testsuiterun', 'ticket', 'change', 'branch', 'repository', 'environment', 'testoutput', 'approval', 'testcase', 'testsuite'
   );

COMMENT ON VIEW cdviz.custom_subject IS 'One row per subject of a type outside the CDEvents vocabulary: the latest time of each thing that happened to it.';
COMMENT ON COLUMN cdviz.custom_subject.subject IS 'Its type, lower case, such as mytool-resource.';
COMMENT ON COLUMN cdviz.custom_subject.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.custom_subject.last_predicate IS 'What happened to it last; null once retention took that event.';
COMMENT ON COLUMN cdviz.custom_subject.last_at IS 'Time of the newest event about it.';
COMMENT ON COLUMN cdviz.custom_subject.predicate_at IS 'Latest time of each predicate, as a JSON object by predicate.';
COMMENT ON COLUMN cdviz.custom_subject.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.custom_subject.outcome IS 'Outcome of the latest finished event.';
COMMENT ON COLUMN cdviz.custom_subject.name IS 'What people call it, by the newest event that says so.';
COMMENT ON COLUMN cdviz.custom_subject.environment_id IS 'Environment it was last said to be in.';
COMMENT ON COLUMN cdviz.custom_subject.artifact_id IS 'Artifact it was last said to hold, blame or have made.';
COMMENT ON COLUMN cdviz.custom_subject.service_id IS 'Service it was last said to affect.';
COMMENT ON COLUMN cdviz.custom_subject.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.custom_subject.first_seen_at IS 'Time of the earliest event that named it.';

GRANT SELECT ON cdviz.custom_subject TO cdviz_reader;
