-- Who may reach what: the schemas, and nothing that is not granted by name. And the order in which the lake is followed.

GRANT USAGE ON SCHEMA cdviz TO cdviz_collector, cdviz_reader, evistore_service;
GRANT USAGE ON SCHEMA evistore TO cdviz_reader, evistore_service;
REVOKE ALL ON SCHEMA cdviz FROM public;
REVOKE ALL ON SCHEMA evistore FROM public;

-- PostgreSQL lets everybody execute a new function; here each definition says who may.
ALTER DEFAULT PRIVILEGES FOR ROLE cdviz REVOKE EXECUTE ON FUNCTIONS FROM public;

-- Positions are given before a transaction commits, so they are not the order in which events become visible; transaction and position together are.
CREATE INDEX event_identity_xid_idx ON cdviz.event_identity (xid, position);

-- Types with few subjects are listed by id; those with many have their times.
CREATE INDEX subject_state_rare_idx ON cdviz.subject_state (subject, subject_id)
    WHERE subject NOT IN (
        'pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun', 'testcase', 'testsuite', 'artifact', 'testoutput', 'incident',
        'ticket', 'change', 'branch', 'approval', 'chain', 'unknown'
    );
