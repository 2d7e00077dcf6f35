-- cdevents_lake_identity: what others insert into the lake directly becomes an event like those of cdviz.store_cdevents, which brings its digests along.
-- requires: cdviz.identify_event
DROP TRIGGER IF EXISTS cdevents_lake_identity ON cdviz.cdevents_lake;
CREATE TRIGGER cdevents_lake_identity
BEFORE INSERT ON cdviz.cdevents_lake
FOR EACH ROW WHEN (new.digest IS NULL) EXECUTE FUNCTION cdviz.identify_event();

COMMENT ON TRIGGER cdevents_lake_identity ON cdviz.cdevents_lake IS 'Gives rows that are inserted directly their position, digest and identity, and leaves out those that are known.';
