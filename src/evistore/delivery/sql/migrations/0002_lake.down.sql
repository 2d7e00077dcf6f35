DROP TABLE cdviz.event_identity;
DROP SEQUENCE cdviz.event_position;
DROP TABLE cdviz.cdevents_lake;
