DROP FUNCTION IF EXISTS cdviz.attributes_of(jsonb);
DROP TABLE cdviz.environment_kind;
DROP INDEX cdviz.subject_state_running_idx;
ALTER TABLE cdviz.subject_state DROP COLUMN definition_id;
DROP INDEX cdviz.service_event_artifact_idx;
DROP INDEX cdviz.service_event_time_idx;
DELETE FROM cdviz.service_event WHERE environment_id = '';
ALTER TABLE cdviz.service_event DROP COLUMN source;
COMMENT ON COLUMN cdviz.service_event.environment_id IS 'Environment.';
