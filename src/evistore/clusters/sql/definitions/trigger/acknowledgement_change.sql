-- acknowledgement_change: every change of an acknowledgement goes into the audit trail, whoever makes it.
-- requires: clusters.record_change
DROP TRIGGER IF EXISTS acknowledgement_change ON public.rule_disable;
CREATE TRIGGER acknowledgement_change
AFTER INSERT OR UPDATE OR DELETE ON public.rule_disable
FOR EACH ROW EXECUTE FUNCTION clusters.record_change('acknowledgement');

COMMENT ON TRIGGER acknowledgement_change ON public.rule_disable IS 'Puts every change of an acknowledgement into clusters.change.';
