DROP TABLE clusters.change;
