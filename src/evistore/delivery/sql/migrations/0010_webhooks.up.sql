-- Webhooks: who is told of events over HTTP. Each is a follower of the feed with a place of its own; that place is the outbox.

CREATE TABLE cdviz.webhook (
    name text NOT NULL,
    url text NOT NULL,
    secret text NOT NULL,
    subjects text [],
    predicates text [],
    sources text [],
    environments text [],
    services text [],
    batch integer NOT NULL DEFAULT 1,
    state text NOT NULL DEFAULT 'active',
    after_xid xid8 NOT NULL,
    after_position bigint NOT NULL,
    delivered bigint NOT NULL DEFAULT 0,
    delivered_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    next_try_at timestamptz NOT NULL DEFAULT current_timestamp,
    last_status integer,
    last_answer text,
    claim uuid,
    claimed_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    created_by text NOT NULL DEFAULT session_user,
    CONSTRAINT webhook_pkey PRIMARY KEY (name),
    CONSTRAINT webhook_name_check CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    CONSTRAINT webhook_url_check CHECK (url ~ '^https?://' AND octet_length(url) <= 2000),
    CONSTRAINT webhook_secret_check CHECK (secret ~ '^whsec_[A-Za-z0-9+/]{32,}={0,2}$'),
    CONSTRAINT webhook_batch_check CHECK (batch BETWEEN 1 AND 1000),
    CONSTRAINT webhook_state_check CHECK (state IN ('active', 'paused', 'disabled'))
) WITH (fillfactor = 50); -- each delivery writes its row anew, and finds room on the same page

COMMENT ON TABLE cdviz.webhook IS 'One row per webhook: where events are sent to, which, how far that has come, and how it goes. cdviz.webhooks shows it without secrets.';
COMMENT ON COLUMN cdviz.webhook.name IS 'What people call it.';
COMMENT ON COLUMN cdviz.webhook.url IS 'Where events are sent to; it may hold a secret of the receiver.';
COMMENT ON COLUMN cdviz.webhook.secret IS 'Key of the signatures: whsec_ and base64.';
COMMENT ON COLUMN cdviz.webhook.subjects IS 'Only events about subjects of these types; null: of any.';
COMMENT ON COLUMN cdviz.webhook.predicates IS 'Only these predicates; null: any.';
COMMENT ON COLUMN cdviz.webhook.sources IS 'Only events of these sources; null: of any.';
COMMENT ON COLUMN cdviz.webhook.environments IS 'Only events that name, or are about, one of these environments; null: any event.';
COMMENT ON COLUMN cdviz.webhook.services IS 'Only events that name, or are about, one of these services; null: any event.';
COMMENT ON COLUMN cdviz.webhook.batch IS 'Most events of one request; 1: each comes alone, and not as a list.';
COMMENT ON COLUMN cdviz.webhook.state IS 'active, paused (by somebody) or disabled (the receiver said that it is gone for good).';
COMMENT ON COLUMN cdviz.webhook.after_xid IS 'Transaction of the last event that was delivered or passed over: with after_position its place in the feed.';
COMMENT ON COLUMN cdviz.webhook.after_position IS 'Position of that event.';
COMMENT ON COLUMN cdviz.webhook.delivered IS 'Events that were delivered.';
COMMENT ON COLUMN cdviz.webhook.delivered_at IS 'When the last of them was.';
COMMENT ON COLUMN cdviz.webhook.failures IS 'Attempts that have failed since.';
COMMENT ON COLUMN cdviz.webhook.failing_since IS 'When the first of them failed; null while all is well.';
COMMENT ON COLUMN cdviz.webhook.next_try_at IS 'It is not tried before.';
COMMENT ON COLUMN cdviz.webhook.last_status IS 'HTTP status of the last answer; null when there was none.';
COMMENT ON COLUMN cdviz.webhook.last_answer IS 'The beginning of the last answer that refused, or why there was none.';
COMMENT ON COLUMN cdviz.webhook.claim IS 'The worker that serves it now.';
COMMENT ON COLUMN cdviz.webhook.claimed_until IS 'When another worker may take it: whoever claimed it was killed.';
COMMENT ON COLUMN cdviz.webhook.created_at IS 'When it was added.';
COMMENT ON COLUMN cdviz.webhook.created_by IS 'The login that added it.';
