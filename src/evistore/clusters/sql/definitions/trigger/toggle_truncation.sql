-- toggle_truncation: even emptying the toggles at once goes into the audit trail, row by row.
-- requires: clusters.record_change
DROP TRIGGER IF EXISTS toggle_truncation ON public.cluster_rule_toggle;
CREATE TRIGGER toggle_truncation
BEFORE TRUNCATE ON public.cluster_rule_toggle
FOR EACH STATEMENT EXECUTE FUNCTION clusters.record_change('toggle');

COMMENT ON TRIGGER toggle_truncation ON public.cluster_rule_toggle IS 'Puts every row into clusters.change before all of them go.';
