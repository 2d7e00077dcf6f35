-- cdviz.incident: one row per incident: when it was last detected, reported and resolved.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.incident AS
SELECT s.subject_id, s.detected_at, s.reported_at, s.resolved_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.name, s.environment_id, s.service_id, s.artifact_id, s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'incident' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.incident IS 'One row per incident: when it was last detected, reported and resolved. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.incident.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.incident.detected_at IS 'Latest time it was detected.';
COMMENT ON COLUMN cdviz.incident.reported_at IS 'Latest time it was reported.';
COMMENT ON COLUMN cdviz.incident.resolved_at IS 'Latest time it was resolved.';
COMMENT ON COLUMN cdviz.incident.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.incident.name IS 'What people call it, by the newest event that says so.';
COMMENT ON COLUMN cdviz.incident.environment_id IS 'Environment it was last said to be in.';
COMMENT ON COLUMN cdviz.incident.service_id IS 'Service it was last said to affect.';
COMMENT ON COLUMN cdviz.incident.artifact_id IS 'Artifact it was last said to hold, blame or have made.';
COMMENT ON COLUMN cdviz.incident.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.incident.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.incident.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.incident TO cdviz_reader;
