DROP TABLE cdviz.pending_link;
DROP TABLE cdviz.edge;
DROP TABLE cdviz.service_placement;
DROP TABLE cdviz.service_event;
DROP TABLE cdviz.subject_state;
