-- clusters.quarantine: one row per message about a cluster that came over HTTP or in a file, was kept, and was not taken in.
-- The same bytes can be sent to both doors: the kind of message stands before the reason, so that each is kept.
CREATE OR REPLACE VIEW clusters.quarantine AS
SELECT q.id, q.received_at, coalesce(substring(q.reason FROM '^(report|workloads):'), 'report') AS kind,
    regexp_replace(q.reason, '^(report|workloads):', '') AS reason, q.detail, q.origin, q.payload, q.raw, q.seen, q.state, q.settled_at, q.settled_by
  FROM evistore.quarantine AS q
 WHERE q.context = 'clusters';

COMMENT ON VIEW clusters.quarantine IS 'One row per message about a cluster that came over HTTP or in a file and was kept but not taken in: what came, why it was set aside, and what became of it. Those of Kafka are in clusters.consumer_error.';
COMMENT ON COLUMN clusters.quarantine.id IS 'Number of the row, as the sender was told.';
COMMENT ON COLUMN clusters.quarantine.received_at IS 'When it came first.';
COMMENT ON COLUMN clusters.quarantine.kind IS 'What it was meant to be: report or workloads.';
COMMENT ON COLUMN clusters.quarantine.reason IS 'Stable code of the first thing that is wrong with it, such as attribute-missing.';
COMMENT ON COLUMN clusters.quarantine.detail IS 'All that is wrong with it, in words, by JSON pointer.';
COMMENT ON COLUMN clusters.quarantine.origin IS 'The door and the place it came from: http, or the file and line.';
COMMENT ON COLUMN clusters.quarantine.payload IS 'Always null; messages about clusters are kept as bytes.';
COMMENT ON COLUMN clusters.quarantine.raw IS 'The message as it came.';
COMMENT ON COLUMN clusters.quarantine.seen IS 'How often it came.';
COMMENT ON COLUMN clusters.quarantine.state IS 'open, replayed (taken in since) or dropped.';
COMMENT ON COLUMN clusters.quarantine.settled_at IS 'When it was replayed or dropped.';
COMMENT ON COLUMN clusters.quarantine.settled_by IS 'The login that replayed or dropped it.';

REVOKE ALL ON clusters.quarantine FROM public;
GRANT SELECT ON clusters.quarantine TO clusters_reader, cdviz_reader;
