-- One artifact: the stages it reached, where it ran, what it came of.

-- name: artifact
SELECT a.subject_id AS __text, a.subject_id AS __value
  FROM cdviz.artifact AS a
 WHERE a.subject_id ILIKE '%$__searchFilter'
 ORDER BY a.last_at DESC, a.subject_id
 LIMIT 200

-- name: stages
SELECT h.at, h.stage, h.service_id AS service, h.environment_id AS environment, h.outcome, h.until_at AS until, h.subject AS kind, h.subject_id AS id,
       h.position
  FROM cdviz.artifact_history(${artifact:sqlstring}) AS h
 ORDER BY h.at, h.stage, h.environment_id

-- name: way
SELECT extract(epoch FROM min(h.at) FILTER (WHERE h.stage IN ('packaged', 'published')) - min(h.at) FILTER (WHERE h.stage = 'merged'))::double precision
           AS "merge to artifact",
       extract(epoch FROM min(h.at) FILTER (WHERE h.stage IN ('deployed', 'upgraded'))
           - min(h.at) FILTER (WHERE h.stage IN ('packaged', 'published')))::double precision AS "artifact to first environment",
       extract(epoch FROM min(h.at) FILTER (WHERE h.stage IN ('deployed', 'upgraded') AND p.is_production)
           - min(h.at) FILTER (WHERE h.stage = 'merged'))::double precision AS "merge to production",
       count(DISTINCT h.environment_id) FILTER (WHERE h.subject = 'service') AS environments
  FROM cdviz.artifact_history(${artifact:sqlstring}) AS h
  LEFT JOIN cdviz.production AS p ON p.environment_id = h.environment_id

-- name: lanes
SELECT l.time, l.lane, l.state
  FROM (
    SELECT h.at AS time, h.service_id || ' in ' || h.environment_id AS lane, h.stage AS state
      FROM cdviz.artifact_history(${artifact:sqlstring}) AS h
     WHERE h.subject = 'service' AND h.environment_id IS NOT NULL
    UNION ALL
    SELECT h.until_at, h.service_id || ' in ' || h.environment_id, NULL
      FROM cdviz.artifact_history(${artifact:sqlstring}) AS h
     WHERE h.subject = 'service' AND h.environment_id IS NOT NULL AND h.until_at IS NOT NULL
  ) AS l
 ORDER BY l.time, l.lane, l.state NULLS FIRST

-- name: nodes
WITH near AS (
    SELECT w.node_id, w.node_type, w.depth FROM cdviz.graph_walk(${artifact:sqlstring}, true, 5, 40) AS w
    UNION
    SELECT w.node_id, w.node_type, -w.depth FROM cdviz.graph_walk(${artifact:sqlstring}, false, 2, 20) AS w
)

SELECT n.node_type || ' ' || n.node_id AS id, n.node_id AS title, n.node_type AS subtitle,
       CASE WHEN min(n.depth) = 0 THEN 'this' WHEN min(n.depth) > 0 THEN 'came from' ELSE 'used by' END AS mainstat,
       n.node_type AS detail__type, n.node_id AS detail__id
  FROM near AS n
 GROUP BY n.node_type, n.node_id
 ORDER BY 1

-- name: edges
WITH near AS MATERIALIZED (
    SELECT w.node_id, w.node_type FROM cdviz.graph_walk(${artifact:sqlstring}, true, 5, 40) AS w
    UNION
    SELECT w.node_id, w.node_type FROM cdviz.graph_walk(${artifact:sqlstring}, false, 2, 20) AS w
)

SELECT e.id::text AS id, f.node_type || ' ' || f.node_id AS source, t.node_type || ' ' || t.node_id AS target, e.relation AS mainstat
  FROM near AS f
 CROSS JOIN LATERAL (
    SELECT g.id, g.to_node_id, g.to_node_type, g.relation
      FROM cdviz.graph_edges AS g
     WHERE g.from_node_id = f.node_id AND g.from_node_type = f.node_type
    OFFSET 0
 ) AS e
  JOIN near AS t ON t.node_id = e.to_node_id AND t.node_type = e.to_node_type
 ORDER BY 1

-- name: came_from
SELECT w.depth, w.node_type AS type, w.node_id AS id, array_to_string(w.path, ' → ') AS way
  FROM cdviz.graph_ancestors(${artifact:sqlstring}, 6) AS w
 WHERE w.depth > 0
 ORDER BY w.depth, w.node_type, w.node_id
 LIMIT 200
