-- What evistore doctor asks.

-- name: findings
SELECT f.name, f.state, f.found, f.meaning, f.advice FROM clusters.findings() AS f
