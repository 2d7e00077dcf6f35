-- What the demo says about the history it stored.

-- name: stored
-- How far each demo has been stored: how many of its events stand here, and whether those are all.
SELECT topic AS story, partition AS part, next_offset AS number
  FROM evistore.consumer_positions('demo')

-- name: finish
SELECT evistore.advance_consumer('demo', %(story)s::text, 1, NULL::bigint, %(events)s::bigint)

-- name: count
-- What `evistore maintain` would do later: pages count by day what is counted already.
SELECT cdviz.refresh_activity()

-- name: subjects
SELECT l.subject AS name, count(*) AS events, count(DISTINCT l.subject_id) AS subjects,
       count(*) FILTER (WHERE l.verdict = 'invalid') AS invalid
  FROM cdviz.cdevents_lake AS l
 GROUP BY l.subject
 ORDER BY events DESC, l.subject

-- name: environments
SELECT s.environment_id AS name, count(*) FILTER (WHERE s.artifact_id IS NOT NULL) AS services, max(s.since) AS newest
  FROM cdviz.services AS s
 GROUP BY s.environment_id
 ORDER BY services DESC, s.environment_id

-- name: quarantined
SELECT q.reason AS name, count(*) AS messages
  FROM cdviz.quarantine AS q
 GROUP BY q.reason
 ORDER BY messages DESC, q.reason

-- name: a_service
-- One that got something new lately, to have something to look at.
SELECT s.service_id
  FROM cdviz.services AS s
 ORDER BY s.since DESC, s.service_id
 LIMIT 1
