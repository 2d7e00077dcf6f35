-- What is read off the events while they are stored: the state of every subject, who runs where, the graph.

CREATE TABLE cdviz.subject_state (
    node bigint GENERATED ALWAYS AS IDENTITY,
    first_seen_at timestamptz NOT NULL,
    last_at timestamptz,
    last_position bigint,
    last_tie bigint,
    queued_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    skipped_at timestamptz,
    packaged_at timestamptz,
    signed_at timestamptz,
    published_at timestamptz,
    downloaded_at timestamptz,
    deleted_at timestamptz,
    deployed_at timestamptz,
    upgraded_at timestamptz,
    rolledback_at timestamptz,
    removed_at timestamptz,
    detected_at timestamptz,
    reported_at timestamptz,
    resolved_at timestamptz,
    created_at timestamptz,
    updated_at timestamptz,
    closed_at timestamptz,
    reviewed_at timestamptz,
    merged_at timestamptz,
    abandoned_at timestamptz,
    modified_at timestamptz,
    name_at timestamptz,
    environment_at timestamptz,
    artifact_at timestamptz,
    service_at timestamptz,
    chain_at timestamptz,
    last_rank smallint,
    subject text NOT NULL,
    subject_id text NOT NULL,
    source text,
    outcome text,
    name text,
    environment_id text,
    artifact_id text,
    service_id text,
    chain_id text,
    canonical_id text,
    other_at jsonb,
    last_payload jsonb,
    CONSTRAINT subject_state_pkey PRIMARY KEY (node),
    CONSTRAINT subject_state_subject_key UNIQUE (subject_id, subject)
) WITH (fillfactor = 85);

COMMENT ON TABLE cdviz.subject_state IS 'One row per subject that an event was about (last_at is set) or only named (last_at is null): when each thing happened to it last, and what is known of it. Event times decide, never the order of arrival.';
COMMENT ON COLUMN cdviz.subject_state.node IS 'Number of the subject in the graph.';
COMMENT ON COLUMN cdviz.subject_state.first_seen_at IS 'Time of the earliest event that named it.';
COMMENT ON COLUMN cdviz.subject_state.last_at IS 'Time of the newest event about it; null where it was only named by others.';
COMMENT ON COLUMN cdviz.subject_state.last_position IS 'Position of that event: with last_at the pointer to its payload in the lake.';
COMMENT ON COLUMN cdviz.subject_state.queued_at IS 'Latest queued event.';
COMMENT ON COLUMN cdviz.subject_state.started_at IS 'Latest started event.';
COMMENT ON COLUMN cdviz.subject_state.finished_at IS 'Latest finished event.';
COMMENT ON COLUMN cdviz.subject_state.skipped_at IS 'Latest skipped event.';
COMMENT ON COLUMN cdviz.subject_state.packaged_at IS 'Latest packaged event.';
COMMENT ON COLUMN cdviz.subject_state.signed_at IS 'Latest signed event.';
COMMENT ON COLUMN cdviz.subject_state.published_at IS 'Latest published event.';
COMMENT ON COLUMN cdviz.subject_state.downloaded_at IS 'Latest downloaded event.';
COMMENT ON COLUMN cdviz.subject_state.deleted_at IS 'Latest deleted event.';
COMMENT ON COLUMN cdviz.subject_state.deployed_at IS 'Latest deployed event.';
COMMENT ON COLUMN cdviz.subject_state.upgraded_at IS 'Latest upgraded event.';
COMMENT ON COLUMN cdviz.subject_state.rolledback_at IS 'Latest rolledback event.';
COMMENT ON COLUMN cdviz.subject_state.removed_at IS 'Latest removed event.';
COMMENT ON COLUMN cdviz.subject_state.detected_at IS 'Latest detected event.';
COMMENT ON COLUMN cdviz.subject_state.reported_at IS 'Latest reported event.';
COMMENT ON COLUMN cdviz.subject_state.resolved_at IS 'Latest resolved event.';
COMMENT ON COLUMN cdviz.subject_state.created_at IS 'Latest created event.';
COMMENT ON COLUMN cdviz.subject_state.updated_at IS 'Latest updated event.';
COMMENT ON COLUMN cdviz.subject_state.closed_at IS 'Latest closed event.';
COMMENT ON COLUMN cdviz.subject_state.reviewed_at IS 'Latest reviewed event.';
COMMENT ON COLUMN cdviz.subject_state.merged_at IS 'Latest merged event.';
COMMENT ON COLUMN cdviz.subject_state.abandoned_at IS 'Latest abandoned event.';
COMMENT ON COLUMN cdviz.subject_state.modified_at IS 'Latest modified event.';
COMMENT ON COLUMN cdviz.subject_state.name_at IS 'Time of the event that gave name.';
COMMENT ON COLUMN cdviz.subject_state.environment_at IS 'Time of the event that gave environment_id.';
COMMENT ON COLUMN cdviz.subject_state.artifact_at IS 'Time of the event that gave artifact_id.';
COMMENT ON COLUMN cdviz.subject_state.service_at IS 'Time of the event that gave service_id.';
COMMENT ON COLUMN cdviz.subject_state.chain_at IS 'Time of the event that gave chain_id.';
COMMENT ON COLUMN cdviz.subject_state.last_rank IS 'Place of the newest event''s predicate in a life cycle: decides between events of one instant.';
COMMENT ON COLUMN cdviz.subject_state.subject IS 'Its type, lower case, as in the lake; unknown where a link names no type.';
COMMENT ON COLUMN cdviz.subject_state.subject_id IS 'Its id as sent.';
COMMENT ON COLUMN cdviz.subject_state.source IS 'context.source of the newest event.';
COMMENT ON COLUMN cdviz.subject_state.outcome IS 'Outcome of the latest finished event.';
COMMENT ON COLUMN cdviz.subject_state.name IS 'What people call it: pipelineName, taskName, name of the test case or suite, name, summary.';
COMMENT ON COLUMN cdviz.subject_state.environment_id IS 'Environment it was last said to be in.';
COMMENT ON COLUMN cdviz.subject_state.artifact_id IS 'Artifact it was last said to hold or to have made.';
COMMENT ON COLUMN cdviz.subject_state.service_id IS 'Service it was last said to affect.';
COMMENT ON COLUMN cdviz.subject_state.chain_id IS 'Chain of events (context.chainId) it was last part of; the graph shows it as partOf.';
COMMENT ON COLUMN cdviz.subject_state.canonical_id IS 'Canonical package URL where the id is one and is written in another way.';
COMMENT ON COLUMN cdviz.subject_state.last_tie IS 'Hash of the newest event''s context.id: decides between events of one instant and place.';
COMMENT ON COLUMN cdviz.subject_state.other_at IS 'Latest time of each predicate outside the vocabulary, as epoch microseconds by predicate.';
COMMENT ON COLUMN cdviz.subject_state.last_payload IS 'Payload of the newest event, only once retention has taken it from the lake.';

-- One index per time that a view shows: a window of one week must not read the history of years. Each holds only the rows that have that time.
CREATE INDEX subject_state_queued_idx ON cdviz.subject_state (subject, queued_at) WHERE queued_at IS NOT NULL;
-- These two hold runs without that time as well: ORDER BY finished_at DESC puts them first, and "the latest 20" is asked that way.
CREATE INDEX subject_state_started_idx ON cdviz.subject_state (subject, started_at)
    WHERE subject IN ('pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun', 'testcase', 'testsuite');
CREATE INDEX subject_state_finished_idx ON cdviz.subject_state (subject, finished_at)
    WHERE subject IN ('pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun', 'testcase', 'testsuite');
CREATE INDEX subject_state_skipped_idx ON cdviz.subject_state (subject, skipped_at) WHERE skipped_at IS NOT NULL;
CREATE INDEX subject_state_packaged_idx ON cdviz.subject_state (subject, packaged_at) WHERE packaged_at IS NOT NULL;
CREATE INDEX subject_state_signed_idx ON cdviz.subject_state (subject, signed_at) WHERE signed_at IS NOT NULL;
CREATE INDEX subject_state_published_idx ON cdviz.subject_state (subject, published_at) WHERE published_at IS NOT NULL;
CREATE INDEX subject_state_downloaded_idx ON cdviz.subject_state (subject, downloaded_at) WHERE downloaded_at IS NOT NULL;
CREATE INDEX subject_state_deleted_idx ON cdviz.subject_state (subject, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX subject_state_detected_idx ON cdviz.subject_state (subject, detected_at) WHERE detected_at IS NOT NULL;
CREATE INDEX subject_state_reported_idx ON cdviz.subject_state (subject, reported_at) WHERE reported_at IS NOT NULL;
CREATE INDEX subject_state_resolved_idx ON cdviz.subject_state (subject, resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX subject_state_created_idx ON cdviz.subject_state (subject, created_at) WHERE created_at IS NOT NULL;
CREATE INDEX subject_state_updated_idx ON cdviz.subject_state (subject, updated_at) WHERE updated_at IS NOT NULL;
CREATE INDEX subject_state_closed_idx ON cdviz.subject_state (subject, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX subject_state_unknown_idx ON cdviz.subject_state (subject_id) WHERE subject = 'unknown';
CREATE INDEX subject_state_chain_idx ON cdviz.subject_state (chain_id) WHERE chain_id IS NOT NULL;
CREATE INDEX subject_state_canonical_idx ON cdviz.subject_state (canonical_id) WHERE canonical_id IS NOT NULL;

CREATE TABLE cdviz.service_event (
    service_id text NOT NULL,
    environment_id text NOT NULL,
    "timestamp" timestamptz NOT NULL,
    position bigint NOT NULL,
    predicate text NOT NULL,
    artifact_id text,
    CONSTRAINT service_event_pkey PRIMARY KEY (service_id, environment_id, "timestamp", position)
);

COMMENT ON TABLE cdviz.service_event IS 'One row per event that changed what a service runs in an environment: deployed, upgraded, rolledback, removed.';
COMMENT ON COLUMN cdviz.service_event.service_id IS 'Service.';
COMMENT ON COLUMN cdviz.service_event.environment_id IS 'Environment.';
COMMENT ON COLUMN cdviz.service_event."timestamp" IS 'When it happened.';
COMMENT ON COLUMN cdviz.service_event.position IS 'The event in the lake.';
COMMENT ON COLUMN cdviz.service_event.predicate IS 'deployed, upgraded, rolledback or removed.';
COMMENT ON COLUMN cdviz.service_event.artifact_id IS 'Artifact that ran from then on; null for removed.';

CREATE TABLE cdviz.service_placement (
    service_id text NOT NULL,
    environment_id text NOT NULL,
    "timestamp" timestamptz NOT NULL,
    position bigint NOT NULL,
    predicate text NOT NULL,
    artifact_id text,
    CONSTRAINT service_placement_pkey PRIMARY KEY (service_id, environment_id)
) WITH (fillfactor = 70);

COMMENT ON TABLE cdviz.service_placement IS 'One row per service and environment: the newest event that changed what runs there. It survives retention.';
COMMENT ON COLUMN cdviz.service_placement.service_id IS 'Service.';
COMMENT ON COLUMN cdviz.service_placement.environment_id IS 'Environment.';
COMMENT ON COLUMN cdviz.service_placement."timestamp" IS 'When it happened.';
COMMENT ON COLUMN cdviz.service_placement.position IS 'The event in the lake.';
COMMENT ON COLUMN cdviz.service_placement.predicate IS 'deployed, upgraded, rolledback or removed.';
COMMENT ON COLUMN cdviz.service_placement.artifact_id IS 'Artifact that runs since; null for removed.';

CREATE TABLE cdviz.edge (
    id bigint GENERATED ALWAYS AS IDENTITY,
    from_node bigint NOT NULL,
    to_node bigint NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    last_position bigint NOT NULL,
    seen integer NOT NULL,
    relation text NOT NULL,
    CONSTRAINT edge_pkey PRIMARY KEY (from_node, to_node, relation)
) WITH (fillfactor = 90);

CREATE INDEX edge_to_idx ON cdviz.edge (to_node);

COMMENT ON TABLE cdviz.edge IS 'One row per relation between two subjects: from the consumer or instance to what it depends on or is defined by.';
COMMENT ON COLUMN cdviz.edge.id IS 'Number of the edge.';
COMMENT ON COLUMN cdviz.edge.from_node IS 'Consumer, instance or later one.';
COMMENT ON COLUMN cdviz.edge.to_node IS 'What it depends on, is defined by or came from.';
COMMENT ON COLUMN cdviz.edge.first_at IS 'Time of the earliest event that says so.';
COMMENT ON COLUMN cdviz.edge.last_at IS 'Time of the newest event that says so.';
COMMENT ON COLUMN cdviz.edge.last_position IS 'Position of the event that was stored last of those that say so.';
COMMENT ON COLUMN cdviz.edge.seen IS 'How many events say so.';
COMMENT ON COLUMN cdviz.edge.relation IS 'What ties them, such as deployedWith.';

CREATE TABLE cdviz.pending_link (
    context_key bigint NOT NULL,
    context_id text NOT NULL,
    subject text NOT NULL,
    subject_id text NOT NULL,
    "timestamp" timestamptz NOT NULL,
    position bigint NOT NULL,
    relation text NOT NULL,
    seen integer NOT NULL,
    CONSTRAINT pending_link_pkey PRIMARY KEY (context_key, position, relation)
);

COMMENT ON TABLE cdviz.pending_link IS 'One row per link to an event that has not been seen yet; it becomes an edge when that event comes.';
COMMENT ON COLUMN cdviz.pending_link.context_key IS 'Hash of the lower-case context.id that is waited for, as in event_identity.';
COMMENT ON COLUMN cdviz.pending_link.context_id IS 'That id.';
COMMENT ON COLUMN cdviz.pending_link.subject IS 'Type of the subject whose event holds the link.';
COMMENT ON COLUMN cdviz.pending_link.subject_id IS 'Its id.';
COMMENT ON COLUMN cdviz.pending_link."timestamp" IS 'Time of the event that holds the link.';
COMMENT ON COLUMN cdviz.pending_link.position IS 'Position of the event that holds the link.';
COMMENT ON COLUMN cdviz.pending_link.relation IS 'Relation the edge will have.';
COMMENT ON COLUMN cdviz.pending_link.seen IS 'How many links of that event say so.';
