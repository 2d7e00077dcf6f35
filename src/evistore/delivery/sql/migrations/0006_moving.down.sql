DROP TABLE cdviz.lake_move;
