-- cdviz.subject: one row per subject of any type, even one that was only named by others: what is known of it.
-- The times stand in one map, by predicate; the views named for a type have a column for each.
CREATE OR REPLACE VIEW cdviz.subject AS
SELECT s.subject, s.subject_id,
       (
           SELECT l.predicate FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       ) AS last_predicate,
       s.last_at,
       (
           SELECT jsonb_object_agg(t.predicate, t.at)
             FROM (
               SELECT o.key AS predicate, timestamptz 'epoch' + o.value::bigint * interval '1 microsecond' AS at FROM jsonb_each_text(s.other_at) AS o
               UNION ALL
               SELECT k.predicate, k.at
                 FROM (VALUES
                   ('queued', s.queued_at), ('started', s.started_at), ('finished', s.finished_at), ('skipped', s.skipped_at),
                   ('packaged', s.packaged_at), ('signed', s.signed_at), ('published', s.published_at), ('downloaded', s.downloaded_at),
                   ('deleted', s.deleted_at), ('deployed', s.deployed_at), ('upgraded', s.upgraded_at), ('rolledback', s.rolledback_at),
                   ('removed', s.removed_at), ('detected', s.detected_at), ('reported', s.reported_at), ('resolved', s.resolved_at),
                   ('created', s.created_at), ('updated', s.updated_at), ('closed', s.closed_at), ('reviewed', s.reviewed_at),
                   ('merged', s.merged_at), ('abandoned', s.abandoned_at), ('modified', s.modified_at)
                 ) AS k (predicate, at)
                WHERE k.at IS NOT NULL
             ) AS t
       ) AS predicate_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.outcome, s.name, s.environment_id, s.artifact_id, s.service_id, s.source, s.first_seen_at,
       coalesce(s.canonical_id, s.subject_id) AS canonical_id
  FROM cdviz.subject_state AS s;

COMMENT ON VIEW cdviz.subject IS 'One row per subject of any type, even one that was only named: the latest time of each thing that happened to it.';
COMMENT ON COLUMN cdviz.subject.subject IS 'Its type, lower case, such as mytool-resource.';
COMMENT ON COLUMN cdviz.subject.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.subject.last_predicate IS 'What happened to it last; null once retention took that event.';
COMMENT ON COLUMN cdviz.subject.last_at IS 'Time of the newest event about it; null where it was only named by others.';
COMMENT ON COLUMN cdviz.subject.predicate_at IS 'Latest time of each predicate, as a JSON object by predicate.';
COMMENT ON COLUMN cdviz.subject.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.subject.outcome IS 'Outcome of the latest finished event.';
COMMENT ON COLUMN cdviz.subject.name IS 'What people call it, by the newest event that says so.';
COMMENT ON COLUMN cdviz.subject.environment_id IS 'Environment it was last said to be in.';
COMMENT ON COLUMN cdviz.subject.artifact_id IS 'Artifact it was last said to hold, blame or have made.';
COMMENT ON COLUMN cdviz.subject.service_id IS 'Service it was last said to affect.';
COMMENT ON COLUMN cdviz.subject.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.subject.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.subject.canonical_id IS 'Canonical spelling of its package URL; else the id itself.';

GRANT SELECT ON cdviz.subject TO cdviz_reader;
