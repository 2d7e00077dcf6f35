DROP TABLE cdviz.event_identity;
DROP SEQUENCE cdviz.event_position;
DROP TABLE cdviz.cdevents_lake;
-- What the storage files made for it.
DROP TABLE IF EXISTS cdviz.lake_partition;
DROP FUNCTION IF EXISTS cdviz.ensure_week(timestamptz);
DROP FUNCTION IF EXISTS cdviz.ensure_lake(timestamptz []);
DROP FUNCTION IF EXISTS cdviz.lake_ready(timestamptz);
DROP FUNCTION IF EXISTS cdviz.hold_lake();
