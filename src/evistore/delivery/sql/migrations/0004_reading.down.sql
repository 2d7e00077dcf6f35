DROP INDEX cdviz.subject_state_rare_idx;
DROP INDEX cdviz.event_identity_xid_idx;
ALTER DEFAULT PRIVILEGES FOR ROLE cdviz GRANT EXECUTE ON FUNCTIONS TO public;
REVOKE USAGE ON SCHEMA evistore FROM cdviz_reader, evistore_service;
REVOKE USAGE ON SCHEMA cdviz FROM cdviz_collector, cdviz_reader, evistore_service;
