-- cdviz.service: one row per service: when it was last deployed, upgraded, rolled back, removed and published, anywhere; cdviz.services tells the environments apart.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.service AS
SELECT s.subject_id, s.deployed_at, s.upgraded_at, s.rolledback_at, s.removed_at, s.published_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.environment_id, s.artifact_id, s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'service' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.service IS 'One row per service: when it was last deployed, upgraded, rolled back, removed and published, anywhere; cdviz.services tells the environments apart. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.service.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.service.deployed_at IS 'Latest time it was deployed.';
COMMENT ON COLUMN cdviz.service.upgraded_at IS 'Latest time it was upgraded.';
COMMENT ON COLUMN cdviz.service.rolledback_at IS 'Latest time it was rolled back.';
COMMENT ON COLUMN cdviz.service.removed_at IS 'Latest time it was removed.';
COMMENT ON COLUMN cdviz.service.published_at IS 'Latest time it was published.';
COMMENT ON COLUMN cdviz.service.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.service.environment_id IS 'Environment it was last said to be in.';
COMMENT ON COLUMN cdviz.service.artifact_id IS 'Artifact it was last said to hold, blame or have made.';
COMMENT ON COLUMN cdviz.service.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.service.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.service.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.service TO cdviz_reader;
