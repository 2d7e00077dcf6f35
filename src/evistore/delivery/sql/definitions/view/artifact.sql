-- cdviz.artifact: one row per artifact: when it was last packaged, signed, published, downloaded and deleted.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.artifact AS
SELECT s.subject_id, s.packaged_at, s.signed_at, s.published_at, s.downloaded_at, s.deleted_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       coalesce(s.canonical_id, s.subject_id) AS canonical_id, s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'artifact' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.artifact IS 'One row per artifact: when it was last packaged, signed, published, downloaded and deleted. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.artifact.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.artifact.packaged_at IS 'Latest time it was packaged.';
COMMENT ON COLUMN cdviz.artifact.signed_at IS 'Latest time it was signed.';
COMMENT ON COLUMN cdviz.artifact.published_at IS 'Latest time it was published.';
COMMENT ON COLUMN cdviz.artifact.downloaded_at IS 'Latest time it was downloaded.';
COMMENT ON COLUMN cdviz.artifact.deleted_at IS 'Latest time it was deleted.';
COMMENT ON COLUMN cdviz.artifact.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.artifact.canonical_id IS 'Canonical spelling of its package URL; the id itself where that is canonical.';
COMMENT ON COLUMN cdviz.artifact.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.artifact.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.artifact.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.artifact TO cdviz_reader;
