-- cdviz.webhooks: one row per webhook: which events it is told of, how far that has come, and how it goes. Without secret, and of the URL only the host.
CREATE OR REPLACE VIEW cdviz.webhooks AS
SELECT w.name, substring(w.url FROM '^https?://([^/?#]+)') AS host, w.subjects, w.predicates, w.sources, w.environments, w.services, w.batch, w.state,
       w.after_position,
       (
        WITH following AS (
            SELECT i.position
              FROM cdviz.event_identity AS i
             WHERE (i.xid, i.position) > (w.after_xid, w.after_position)
             ORDER BY i.xid, i.position
             LIMIT 10000
        )

        SELECT count(*) FROM following
       ) AS behind,
       w.delivered, w.delivered_at, w.failures, w.failing_since, CASE WHEN w.state = 'active' AND w.failures > 0 THEN w.next_try_at END AS next_try_at,
       w.last_status, w.last_answer, w.created_at, w.created_by
  FROM cdviz.webhook AS w;

COMMENT ON VIEW cdviz.webhooks IS 'One row per webhook: which events it is told of, how far that has come, and how it goes.';
COMMENT ON COLUMN cdviz.webhooks.name IS 'What people call it.';
COMMENT ON COLUMN cdviz.webhooks.host IS 'Where events are sent to; the rest of the URL may hold a secret.';
COMMENT ON COLUMN cdviz.webhooks.subjects IS 'Only events about subjects of these types; null: of any.';
COMMENT ON COLUMN cdviz.webhooks.predicates IS 'Only these predicates; null: any.';
COMMENT ON COLUMN cdviz.webhooks.sources IS 'Only events of these sources; null: of any.';
COMMENT ON COLUMN cdviz.webhooks.environments IS 'Only events that name, or are about, one of these environments; null: any event.';
COMMENT ON COLUMN cdviz.webhooks.services IS 'Only events that name, or are about, one of these services; null: any event.';
COMMENT ON COLUMN cdviz.webhooks.batch IS 'Most events of one request; 1: each comes alone, and not as a list.';
COMMENT ON COLUMN cdviz.webhooks.state IS 'active, paused (by somebody) or disabled (the receiver said that it is gone for good).';
COMMENT ON COLUMN cdviz.webhooks.after_position IS 'Position of the last event that was delivered or passed over.';
COMMENT ON COLUMN cdviz.webhooks.behind IS 'Events that have still to be looked at; 10000 means as many or more.';
COMMENT ON COLUMN cdviz.webhooks.delivered IS 'Events that were delivered.';
COMMENT ON COLUMN cdviz.webhooks.delivered_at IS 'When the last of them was.';
COMMENT ON COLUMN cdviz.webhooks.failures IS 'Attempts that have failed since.';
COMMENT ON COLUMN cdviz.webhooks.failing_since IS 'When the first of them failed; null while all is well.';
COMMENT ON COLUMN cdviz.webhooks.next_try_at IS 'When it is tried again; null while all is well.';
COMMENT ON COLUMN cdviz.webhooks.last_status IS 'HTTP status of the last answer; null when there was none.';
COMMENT ON COLUMN cdviz.webhooks.last_answer IS 'The beginning of the last answer that refused, or why there was none.';
COMMENT ON COLUMN cdviz.webhooks.created_at IS 'When it was added.';
COMMENT ON COLUMN cdviz.webhooks.created_by IS 'The login that added it.';

GRANT SELECT ON cdviz.webhooks TO cdviz_reader;
