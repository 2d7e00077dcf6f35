-- clusters.rule_change: one row per change of a toggle, of a reason for one, or of an acknowledgement: who, when, what, and the words given for it.
CREATE OR REPLACE VIEW clusters.rule_change AS
SELECT c.id, c.changed_at, c.kind, c.action, c.org_id, c.cluster_id, c.rule_id, c.error_key, c.user_id, c.login,
    coalesce(c.before ->> 'justification', c.before ->> 'message') AS justification_before,
    coalesce(c.after ->> 'justification', c.after ->> 'message') AS justification_after
  FROM clusters.change AS c;

COMMENT ON VIEW clusters.rule_change IS 'One row per change of a toggle, of a reason for one, or of an acknowledgement: who, when, what, and the words given for it.';
COMMENT ON COLUMN clusters.rule_change.id IS 'Number of the change.';
COMMENT ON COLUMN clusters.rule_change.changed_at IS 'When it happened.';
COMMENT ON COLUMN clusters.rule_change.kind IS 'toggle, reason (why a user disabled a rule) or acknowledgement.';
COMMENT ON COLUMN clusters.rule_change.action IS 'What was done: disabled, enabled, explained, acknowledged, updated, withdrawn, deleted, or moved to another organisation.';
COMMENT ON COLUMN clusters.rule_change.org_id IS 'Organisation, as text; after a move the new one.';
COMMENT ON COLUMN clusters.rule_change.cluster_id IS 'Cluster; null for an acknowledgement.';
COMMENT ON COLUMN clusters.rule_change.rule_id IS 'Rule as the client named it.';
COMMENT ON COLUMN clusters.rule_change.error_key IS 'Which of the rule''s findings.';
COMMENT ON COLUMN clusters.rule_change.user_id IS 'Who did it, as the caller says; null where nobody is named.';
COMMENT ON COLUMN clusters.rule_change.login IS 'Database login that did it.';
COMMENT ON COLUMN clusters.rule_change.justification_before IS 'Reason or justification as it was.';
COMMENT ON COLUMN clusters.rule_change.justification_after IS 'Reason or justification as it is now.';

REVOKE ALL ON clusters.rule_change FROM public;
GRANT SELECT ON clusters.rule_change TO clusters_reader;
