-- reason_change: every change of a reason for a toggle goes into the audit trail, whoever makes it.
-- requires: clusters.record_change
DROP TRIGGER IF EXISTS reason_change ON public.cluster_user_rule_disable_feedback;
CREATE TRIGGER reason_change
AFTER INSERT OR UPDATE OR DELETE ON public.cluster_user_rule_disable_feedback
FOR EACH ROW EXECUTE FUNCTION clusters.record_change('reason');

COMMENT ON TRIGGER reason_change ON public.cluster_user_rule_disable_feedback IS 'Puts every change of a reason for a toggle into clusters.change.';
