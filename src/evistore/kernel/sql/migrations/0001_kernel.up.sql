-- The kernel's own state: what could not be taken in, and how far each consumer has read.
-- (The ledger of migrations itself, evistore.migration, is made by the runner before the first migration.)

CREATE TABLE evistore.quarantine (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    context text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT current_timestamp,
    reason text NOT NULL,
    detail text NOT NULL,
    origin text NOT NULL,
    payload jsonb,
    raw bytea,
    digest bytea NOT NULL,
    seen integer NOT NULL DEFAULT 1,
    state text NOT NULL DEFAULT 'open' CONSTRAINT quarantine_state_check CHECK (state IN ('open', 'replayed', 'dropped')),
    settled_at timestamptz,
    settled_by text,
    CONSTRAINT quarantine_content_check CHECK (payload IS NOT NULL OR raw IS NOT NULL)
);

CREATE INDEX quarantine_open_idx ON evistore.quarantine (context, id) WHERE state = 'open';

-- The same message for the same reason is one row while it is open, however often it is sent.
CREATE UNIQUE INDEX quarantine_content_key ON evistore.quarantine (context, reason, digest) WHERE state = 'open';

COMMENT ON TABLE evistore.quarantine IS 'One row per message that was kept but not taken in: what came, why it was set aside, and what became of it.';
COMMENT ON COLUMN evistore.quarantine.id IS 'Number of the row, shown to the sender.';
COMMENT ON COLUMN evistore.quarantine.context IS 'Which body of evidence it was meant for: delivery or clusters.';
COMMENT ON COLUMN evistore.quarantine.received_at IS 'When it came.';
COMMENT ON COLUMN evistore.quarantine.reason IS 'Stable code of the reason, such as conflict or timestamp-missing.';
COMMENT ON COLUMN evistore.quarantine.detail IS 'The reason in words, for people.';
COMMENT ON COLUMN evistore.quarantine.origin IS 'The door and the place it came from, such as kafka:cdevents/3/1047 or http.';
COMMENT ON COLUMN evistore.quarantine.payload IS 'The message where it is JSON that PostgreSQL can hold.';
COMMENT ON COLUMN evistore.quarantine.raw IS 'The message as bytes where it is not.';
COMMENT ON COLUMN evistore.quarantine.digest IS 'SHA-256 of the message as kept here.';
COMMENT ON COLUMN evistore.quarantine.seen IS 'How often it came.';
COMMENT ON COLUMN evistore.quarantine.state IS 'open, replayed (taken in since) or dropped.';
COMMENT ON COLUMN evistore.quarantine.settled_at IS 'When it was replayed or dropped.';
COMMENT ON COLUMN evistore.quarantine.settled_by IS 'The login that replayed or dropped it.';

CREATE TABLE evistore.consumer_position (
    consumer text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT current_timestamp,
    CONSTRAINT consumer_position_pkey PRIMARY KEY (consumer, topic, partition)
);

COMMENT ON TABLE evistore.consumer_position IS 'How far each consumer group has read each partition; written in the transaction that stores the messages.';
COMMENT ON COLUMN evistore.consumer_position.consumer IS 'Consumer group.';
COMMENT ON COLUMN evistore.consumer_position.topic IS 'Kafka topic.';
COMMENT ON COLUMN evistore.consumer_position.partition IS 'Kafka partition.';
COMMENT ON COLUMN evistore.consumer_position.next_offset IS 'Offset of the first message that has not been stored.';
COMMENT ON COLUMN evistore.consumer_position.stored_at IS 'When that was written.';

CREATE TABLE evistore.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    key bytea,
    value bytea NOT NULL,
    posted_at timestamptz NOT NULL DEFAULT current_timestamp
);

COMMENT ON TABLE evistore.outbox IS 'One row per message for Kafka that was posted and not sent yet. It is posted in the transaction that it tells about, and goes once the broker has it: at least once, whoever is killed.';
COMMENT ON COLUMN evistore.outbox.id IS 'Number of the message; they are sent in this order.';
COMMENT ON COLUMN evistore.outbox.topic IS 'Kafka topic it goes to.';
COMMENT ON COLUMN evistore.outbox.key IS 'Its key, where it has one.';
COMMENT ON COLUMN evistore.outbox.value IS 'Its content.';
COMMENT ON COLUMN evistore.outbox.posted_at IS 'When it was posted.';
