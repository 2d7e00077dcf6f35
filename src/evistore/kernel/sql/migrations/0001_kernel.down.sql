DROP TABLE evistore.consumer_position;
DROP TABLE evistore.quarantine;
