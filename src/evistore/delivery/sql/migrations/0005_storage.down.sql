DROP TABLE cdviz.activity_progress;
DROP TABLE cdviz.activity_rollup;
DROP TABLE cdviz.legal_hold;
DROP TABLE cdviz.retention_policy;
DROP TABLE cdviz.storage_policy;
