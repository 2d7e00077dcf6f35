-- project_events: whatever statement puts events into the lake, its projections follow in the same transaction.
-- requires: cdviz.project_many
DROP TRIGGER IF EXISTS project_events ON cdviz.cdevents_lake;
CREATE TRIGGER project_events
AFTER INSERT ON cdviz.cdevents_lake
REFERENCING NEW TABLE AS new_events
FOR EACH STATEMENT EXECUTE FUNCTION cdviz.project_many();

COMMENT ON TRIGGER project_events ON cdviz.cdevents_lake IS 'Keeps state, services and graph up to date with whatever statement puts events into the lake.';
