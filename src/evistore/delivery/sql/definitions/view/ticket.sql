-- cdviz.ticket: one row per ticket: when it was last created, updated and closed.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.ticket AS
SELECT s.subject_id, s.created_at, s.updated_at, s.closed_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.name, s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'ticket' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.ticket IS 'One row per ticket: when it was last created, updated and closed. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.ticket.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.ticket.created_at IS 'Latest time it was created.';
COMMENT ON COLUMN cdviz.ticket.updated_at IS 'Latest time it was updated.';
COMMENT ON COLUMN cdviz.ticket.closed_at IS 'Latest time it was closed.';
COMMENT ON COLUMN cdviz.ticket.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.ticket.name IS 'What people call it, by the newest event that says so.';
COMMENT ON COLUMN cdviz.ticket.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.ticket.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.ticket.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.ticket TO cdviz_reader;
