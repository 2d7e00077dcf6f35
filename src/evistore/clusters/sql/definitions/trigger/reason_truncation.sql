-- reason_truncation: even emptying the reasons at once goes into the audit trail, row by row.
-- requires: clusters.record_change
DROP TRIGGER IF EXISTS reason_truncation ON public.cluster_user_rule_disable_feedback;
CREATE TRIGGER reason_truncation
BEFORE TRUNCATE ON public.cluster_user_rule_disable_feedback
FOR EACH STATEMENT EXECUTE FUNCTION clusters.record_change('reason');

COMMENT ON TRIGGER reason_truncation ON public.cluster_user_rule_disable_feedback IS 'Puts every row into clusters.change before all of them go.';
