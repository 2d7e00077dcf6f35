-- cdviz.quarantine: one row per message that was meant for this evidence, was kept, and was not taken in.
CREATE OR REPLACE VIEW cdviz.quarantine AS
SELECT q.id, q.received_at, q.reason, q.detail, q.origin, q.payload, q.raw, q.seen, q.state, q.settled_at, q.settled_by
  FROM evistore.quarantine AS q
 WHERE q.context = 'delivery';

COMMENT ON VIEW cdviz.quarantine IS 'One row per message that was kept but not taken in: what came, why it was set aside, and what became of it.';
COMMENT ON COLUMN cdviz.quarantine.id IS 'Number of the row, as the sender was told.';
COMMENT ON COLUMN cdviz.quarantine.received_at IS 'When it came first.';
COMMENT ON COLUMN cdviz.quarantine.reason IS 'Stable code of the reason, such as conflict or timestamp-missing.';
COMMENT ON COLUMN cdviz.quarantine.detail IS 'The reason in words.';
COMMENT ON COLUMN cdviz.quarantine.origin IS 'The door and the place it came from.';
COMMENT ON COLUMN cdviz.quarantine.payload IS 'The message where it is JSON that PostgreSQL can hold.';
COMMENT ON COLUMN cdviz.quarantine.raw IS 'The message as bytes where it is not.';
COMMENT ON COLUMN cdviz.quarantine.seen IS 'How often it came.';
COMMENT ON COLUMN cdviz.quarantine.state IS 'open, replayed (taken in since) or dropped.';
COMMENT ON COLUMN cdviz.quarantine.settled_at IS 'When it was replayed or dropped.';
COMMENT ON COLUMN cdviz.quarantine.settled_by IS 'The login that replayed or dropped it.';

GRANT SELECT ON cdviz.quarantine TO cdviz_reader;
