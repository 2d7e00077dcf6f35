-- How long evidence is kept, what may never go, and daily counts that outlive it.

CREATE TABLE cdviz.storage_policy (
    name text NOT NULL,
    value interval,
    meaning text NOT NULL,
    CONSTRAINT storage_policy_pkey PRIMARY KEY (name),
    CONSTRAINT storage_policy_value_check CHECK (value >= interval '0')
);

COMMENT ON TABLE cdviz.storage_policy IS 'One row per setting of the storage; cdviz.set_policy changes it.';
COMMENT ON COLUMN cdviz.storage_policy.name IS 'Its name.';
COMMENT ON COLUMN cdviz.storage_policy.value IS 'Its value; null: never.';
COMMENT ON COLUMN cdviz.storage_policy.meaning IS 'What it decides.';

INSERT INTO cdviz.storage_policy (name, value, meaning)
VALUES
('compress_after', '30 days', 'Age at which a chunk of the lake is compressed (TimescaleDB).'),
('identity_keep', '26 months', 'How long an event is recognised as known after it happened; at least as long as it is in the lake.'),
('partitions_ahead', '28 days', 'How far ahead weekly partitions are made (native engine).');

CREATE TABLE cdviz.retention_policy (
    subject text NOT NULL,
    keep interval,
    CONSTRAINT retention_policy_pkey PRIMARY KEY (subject),
    CONSTRAINT retention_policy_keep_check CHECK (keep >= interval '1 day')
);

COMMENT ON TABLE cdviz.retention_policy IS 'One row per kind of subject whose events are kept for a time of their own; the row of * holds for all others.';
COMMENT ON COLUMN cdviz.retention_policy.subject IS 'Kind of subject, as in the lake, or *.';
COMMENT ON COLUMN cdviz.retention_policy.keep IS 'Age up to which its events stay in the lake; null: for ever.';

INSERT INTO cdviz.retention_policy (subject, keep) VALUES ('*', '13 months');

CREATE TABLE cdviz.legal_hold (
    subject text NOT NULL,
    subject_id text NOT NULL,
    reason text NOT NULL,
    placed_by text NOT NULL DEFAULT session_user,
    placed_at timestamptz NOT NULL DEFAULT current_timestamp,
    CONSTRAINT legal_hold_pkey PRIMARY KEY (subject, subject_id)
);

COMMENT ON TABLE cdviz.legal_hold IS 'One row per subject whose events retention must leave alone, until the row is deleted.';
COMMENT ON COLUMN cdviz.legal_hold.subject IS 'Kind of subject.';
COMMENT ON COLUMN cdviz.legal_hold.subject_id IS 'Its id as sent.';
COMMENT ON COLUMN cdviz.legal_hold.reason IS 'Why it is held.';
COMMENT ON COLUMN cdviz.legal_hold.placed_by IS 'Login that placed the hold.';
COMMENT ON COLUMN cdviz.legal_hold.placed_at IS 'When it was placed.';

CREATE TABLE cdviz.activity_rollup (
    day date NOT NULL,
    subject text NOT NULL,
    predicate text NOT NULL,
    source text NOT NULL,
    events bigint NOT NULL,
    CONSTRAINT activity_rollup_pkey PRIMARY KEY (day, subject, predicate, source)
);

COMMENT ON TABLE cdviz.activity_rollup IS 'One row per day, kind of event and source: the events counted so far. Read cdviz.activity_daily, which adds those that are not.';
COMMENT ON COLUMN cdviz.activity_rollup.day IS 'Day of the events'' own times, UTC.';
COMMENT ON COLUMN cdviz.activity_rollup.subject IS 'Kind of subject.';
COMMENT ON COLUMN cdviz.activity_rollup.predicate IS 'What happened.';
COMMENT ON COLUMN cdviz.activity_rollup.source IS 'Who sent them.';
COMMENT ON COLUMN cdviz.activity_rollup.events IS 'How many.';

CREATE TABLE cdviz.activity_progress (
    xid xid8 NOT NULL,
    position bigint NOT NULL,
    refreshed_at timestamptz NOT NULL DEFAULT current_timestamp
);

COMMENT ON TABLE cdviz.activity_progress IS 'The one row that tells which events cdviz.activity_rollup holds: those of every transaction before xid.';
COMMENT ON COLUMN cdviz.activity_progress.xid IS 'First transaction that is not counted yet; all before it have ended.';
COMMENT ON COLUMN cdviz.activity_progress.position IS 'Highest position that is counted; tells new events apart where a restored database starts its transaction numbers anew.';
COMMENT ON COLUMN cdviz.activity_progress.refreshed_at IS 'When the counts were brought forward.';

INSERT INTO cdviz.activity_progress (xid, position) VALUES ('0', 0);
