-- What evistore doctor asks.

-- name: findings
SELECT f.name, f.state, f.found, f.meaning, f.advice FROM cdviz.findings() AS f
