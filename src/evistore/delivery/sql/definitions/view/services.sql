-- cdviz.services: one row per service and environment where it runs now. For another moment ask cdviz.what_runs(moment).
CREATE OR REPLACE VIEW cdviz.services AS
SELECT p.service_id, p.environment_id, p.artifact_id, p."timestamp" AS since, p.predicate
  FROM cdviz.service_placement AS p
 WHERE p.predicate <> 'removed';

COMMENT ON VIEW cdviz.services IS 'One row per service and environment where it runs now. For another moment ask cdviz.what_runs(moment).';
COMMENT ON COLUMN cdviz.services.service_id IS 'Service.';
COMMENT ON COLUMN cdviz.services.environment_id IS 'Environment.';
COMMENT ON COLUMN cdviz.services.artifact_id IS 'Artifact that runs there.';
COMMENT ON COLUMN cdviz.services.since IS 'Time of the event that says so.';
COMMENT ON COLUMN cdviz.services.predicate IS 'What that event was: deployed, upgraded or rolledback.';

GRANT SELECT ON cdviz.services TO cdviz_reader;
