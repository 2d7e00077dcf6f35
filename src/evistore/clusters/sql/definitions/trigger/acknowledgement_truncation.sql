-- acknowledgement_truncation: even emptying the acknowledgements at once goes into the audit trail, row by row.
-- requires: clusters.record_change
DROP TRIGGER IF EXISTS acknowledgement_truncation ON public.rule_disable;
CREATE TRIGGER acknowledgement_truncation
BEFORE TRUNCATE ON public.rule_disable
FOR EACH STATEMENT EXECUTE FUNCTION clusters.record_change('acknowledgement');

COMMENT ON TRIGGER acknowledgement_truncation ON public.rule_disable IS 'Puts every row into clusters.change before all of them go.';
