-- change_guard: the audit trail is appended to and never changed, whoever tries, replicas that apply changes included.
-- requires: clusters.refuse_change
DROP TRIGGER IF EXISTS change_guard ON clusters.change;
CREATE TRIGGER change_guard
BEFORE UPDATE OR DELETE OR TRUNCATE ON clusters.change
FOR EACH STATEMENT EXECUTE FUNCTION clusters.refuse_change();
ALTER TABLE clusters.change ENABLE ALWAYS TRIGGER change_guard;

COMMENT ON TRIGGER change_guard ON clusters.change IS 'Refuses every UPDATE, DELETE and TRUNCATE of the audit trail.';
