DROP TABLE cdviz.webhook;
