-- cdviz.testoutput: one row per output of a test run: when it was last published.
-- Times are null until their event arrives; arrival order does not matter.
CREATE OR REPLACE VIEW cdviz.testoutput AS
SELECT s.subject_id, s.published_at,
       coalesce(s.last_payload, (
           SELECT l.payload FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s.last_at AND l.position = s.last_position
       )) AS last_payload,
       s.source, s.first_seen_at, s.last_at
  FROM cdviz.subject_state AS s
 WHERE s.subject = 'testoutput' AND s.last_at IS NOT NULL;

COMMENT ON VIEW cdviz.testoutput IS 'One row per output of a test run: when it was last published. Times are null until their event arrives.';
COMMENT ON COLUMN cdviz.testoutput.subject_id IS 'Its id, as sent.';
COMMENT ON COLUMN cdviz.testoutput.published_at IS 'Latest time it was published.';
COMMENT ON COLUMN cdviz.testoutput.last_payload IS 'Payload of the newest event about it.';
COMMENT ON COLUMN cdviz.testoutput.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.testoutput.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.testoutput.last_at IS 'Time of the newest event about it.';

GRANT SELECT ON cdviz.testoutput TO cdviz_reader;
