-- cdevents_lake_projection: whatever statement puts events into the lake, its projections follow in the same transaction.
-- requires: cdviz.project_events
DROP TRIGGER IF EXISTS cdevents_lake_projection ON cdviz.cdevents_lake;
CREATE TRIGGER cdevents_lake_projection
AFTER INSERT ON cdviz.cdevents_lake
REFERENCING NEW TABLE AS new_events
FOR EACH STATEMENT
WHEN (current_setting('cdviz.projection', true) IS DISTINCT FROM 'caller') -- cdviz.store_cdevent projects its one event itself
EXECUTE FUNCTION cdviz.project_events();

COMMENT ON TRIGGER cdevents_lake_projection ON cdviz.cdevents_lake IS
'Keeps state, services and graph up to date with whatever statement puts events into the lake.';
