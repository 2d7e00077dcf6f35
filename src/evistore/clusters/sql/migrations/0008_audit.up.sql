-- The audit trail of what people settle about rules: toggles and their reasons, acknowledgements. Triggers write it, whoever changes those tables.

CREATE TABLE clusters.change (
    id bigint GENERATED ALWAYS AS IDENTITY,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL,
    action text NOT NULL,
    org_id varchar NOT NULL,
    cluster_id varchar,
    rule_id varchar NOT NULL,
    error_key varchar NOT NULL,
    user_id varchar,
    login text NOT NULL DEFAULT session_user,
    before jsonb,
    after jsonb,
    CONSTRAINT change_pkey PRIMARY KEY (id),
    CONSTRAINT change_kind_check CHECK (kind IN ('toggle', 'reason', 'acknowledgement')),
    CONSTRAINT change_content_check CHECK (before IS NOT NULL OR after IS NOT NULL)
);
CREATE INDEX change_org_id_idx ON clusters.change (org_id, id);
CREATE INDEX change_cluster_id_idx ON clusters.change (cluster_id, id);
COMMENT ON TABLE clusters.change IS 'One row per change of a toggle, of a reason for one, or of an acknowledgement. Appended to, never changed.';
COMMENT ON COLUMN clusters.change.id IS 'Number of the change.';
COMMENT ON COLUMN clusters.change.changed_at IS 'When it happened.';
COMMENT ON COLUMN clusters.change.kind IS 'toggle (public.cluster_rule_toggle), reason (public.cluster_user_rule_disable_feedback) or acknowledgement (public.rule_disable).';
COMMENT ON COLUMN clusters.change.action IS 'What was done: disabled, enabled, explained, acknowledged, updated, withdrawn, deleted, or moved to another organisation.';
COMMENT ON COLUMN clusters.change.org_id IS 'Organisation, as text; after a move the new one.';
COMMENT ON COLUMN clusters.change.cluster_id IS 'Cluster; null for an acknowledgement, which is for all clusters of the organisation.';
COMMENT ON COLUMN clusters.change.rule_id IS 'Rule as the client named it.';
COMMENT ON COLUMN clusters.change.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN clusters.change.user_id IS 'Who did it, as the caller says; null where nobody is named.';
COMMENT ON COLUMN clusters.change.login IS 'Database login that did it.';
COMMENT ON COLUMN clusters.change.before IS 'The row as it was; null where there was none.';
COMMENT ON COLUMN clusters.change.after IS 'The row as it is now; null where there is none any more.';
COMMENT ON INDEX clusters.change_org_id_idx IS 'What an organisation settled, newest first.';
COMMENT ON INDEX clusters.change_cluster_id_idx IS 'What was settled about a cluster, newest first.';

GRANT SELECT ON clusters.change TO clusters_reader;

CREATE INDEX IF NOT EXISTS disable_feedback_user_id_idx ON public.cluster_user_rule_disable_feedback (user_id);
COMMENT ON INDEX public.disable_feedback_user_id_idx IS 'Reasons that a user gave.';
