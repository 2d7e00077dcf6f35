DROP TABLE evistore.outbox, evistore.consumer_position;
DROP TABLE evistore.quarantine;
