-- The lake, the identity of its events, and what is read off them.

CREATE TABLE cdviz.cdevents_lake (
    imported_at timestamptz NOT NULL DEFAULT current_timestamp,
    "timestamp" timestamptz NOT NULL,
    payload jsonb NOT NULL,
    subject text NOT NULL,
    predicate text NOT NULL,
    version integer [],
    context_id text NOT NULL,
    -- Ours. Plain columns, filled by the functions: a hypertable with compressed chunks takes no others later.
    position bigint,
    digest bytea,
    source text,
    subject_id text,
    verdict text,
    verdict_reasons jsonb
);

COMMENT ON TABLE cdviz.cdevents_lake IS 'One row per CDEvent, as it was received. Appended to, never changed.';
COMMENT ON COLUMN cdviz.cdevents_lake.imported_at IS 'When the event was stored.';
COMMENT ON COLUMN cdviz.cdevents_lake."timestamp" IS 'When it happened, by its sender: context.timestamp.';
COMMENT ON COLUMN cdviz.cdevents_lake.payload IS 'The whole event as received.';
COMMENT ON COLUMN cdviz.cdevents_lake.subject IS 'What it is about, lower case: third part of context.type.';
COMMENT ON COLUMN cdviz.cdevents_lake.predicate IS 'What happened to it, lower case: fourth part of context.type.';
COMMENT ON COLUMN cdviz.cdevents_lake.version IS 'Version of the event type. Subscripts start at 0: version[0], version[1], version[2] = major, minor, patch.';
COMMENT ON COLUMN cdviz.cdevents_lake.context_id IS 'context.id; unique within its source.';
COMMENT ON COLUMN cdviz.cdevents_lake.position IS 'Number of the event in this database; with timestamp it names one row.';
COMMENT ON COLUMN cdviz.cdevents_lake.digest IS 'SHA-256 of payload::text as UTF-8, taken when the event was stored.';
COMMENT ON COLUMN cdviz.cdevents_lake.source IS 'context.source: who sent it.';
COMMENT ON COLUMN cdviz.cdevents_lake.subject_id IS 'subject.id; null where the event names none.';
COMMENT ON COLUMN cdviz.cdevents_lake.verdict IS 'Does it keep the CDEvents schema of its version: valid, invalid, no-schema (an unknown version); null: not looked at.';
COMMENT ON COLUMN cdviz.cdevents_lake.verdict_reasons IS 'The first reasons of an invalid event: [{"path": JSON pointer, "message": text}].';

CREATE UNIQUE INDEX cdevents_lake_position_key ON cdviz.cdevents_lake ("timestamp", position);
-- By the hash, not the text: ids are package URLs and UUIDs, and this index is the largest one. cdviz.events_of asks it.
CREATE INDEX cdevents_lake_subject_idx ON cdviz.cdevents_lake (hashtextextended(subject_id, 0), "timestamp");

CREATE SEQUENCE cdviz.event_position AS bigint;
COMMENT ON SEQUENCE cdviz.event_position IS 'Gives every event its position.';

CREATE TABLE cdviz.event_identity (
    context_key bigint NOT NULL,
    key uuid NOT NULL,
    content uuid NOT NULL,
    position bigint NOT NULL,
    "timestamp" timestamptz NOT NULL,
    xid xid8 NOT NULL,
    CONSTRAINT event_identity_pkey PRIMARY KEY (context_key, key)
);

COMMENT ON TABLE cdviz.event_identity IS 'One row per (context.source, context.id) ever stored: what makes an event the same event, over all time and whatever its timestamp.';
COMMENT ON COLUMN cdviz.event_identity.context_key IS 'Hash of the lower-case context.id: links name an event by that alone.';
COMMENT ON COLUMN cdviz.event_identity.key IS 'First half of the SHA-256 of source and id.';
COMMENT ON COLUMN cdviz.event_identity.content IS 'First half of the digest of the stored payload: tells a duplicate from a conflict, even after the event has left the lake.';
COMMENT ON COLUMN cdviz.event_identity.position IS 'Position of the event in the lake.';
COMMENT ON COLUMN cdviz.event_identity."timestamp" IS 'When the event happened; with position it finds the row of the lake.';
COMMENT ON COLUMN cdviz.event_identity.xid IS 'Transaction that stored it: whoever follows the lake reads below the oldest one still running, and misses nothing.';

CREATE INDEX event_identity_position_idx ON cdviz.event_identity (position);
