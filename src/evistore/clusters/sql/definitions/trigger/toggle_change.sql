-- toggle_change: every change of a toggle goes into the audit trail, whoever makes it.
-- requires: clusters.record_change
DROP TRIGGER IF EXISTS toggle_change ON public.cluster_rule_toggle;
CREATE TRIGGER toggle_change
AFTER INSERT OR UPDATE OR DELETE ON public.cluster_rule_toggle
FOR EACH ROW EXECUTE FUNCTION clusters.record_change('toggle');

COMMENT ON TRIGGER toggle_change ON public.cluster_rule_toggle IS 'Puts every change of a toggle into clusters.change.';
