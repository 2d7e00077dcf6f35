-- cdviz.change: one row per change (pull request, merge request): when it was last created, reviewed, updated, merged and abandoned.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.change AS
SELECT s.subject_id, s.created_at, s.reviewed_at, s.updated_at, s.merged_at, s.abandoned_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'change' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.change IS 'One row per change (pull request, merge request): when it was last created, reviewed, updated, merged and abandoned. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.change.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.change.created_at IS 'Latest time it was created.';
COMMENT ON COLUMN cdviz.change.reviewed_at IS 'Latest time it was reviewed.';
COMMENT ON COLUMN cdviz.change.updated_at IS 'Latest time it was updated.';
COMMENT ON COLUMN cdviz.change.merged_at IS 'Latest time it was merged.';
COMMENT ON COLUMN cdviz.change.abandoned_at IS 'Latest time it was abandoned.';
COMMENT ON COLUMN cdviz.change.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.change.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.change.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.change.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.change TO cdviz_reader;
