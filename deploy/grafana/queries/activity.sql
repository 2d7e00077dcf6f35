-- How much happens, who tells it, what was refused. Counts by day come from the roll-up and are exact to the last event.

-- name: subject
SELECT DISTINCT a.subject AS __text, a.subject AS __value
  FROM cdviz.activity_daily AS a
 WHERE a.day >= ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date AND a.day <= ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date
 ORDER BY 1

-- name: source
SELECT DISTINCT a.source AS __text, a.source AS __value
  FROM cdviz.activity_daily AS a
 WHERE a.day >= ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date AND a.day <= ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date AND a.source <> ''
 ORDER BY 1

-- name: totals
SELECT coalesce(sum(a.events), 0)::bigint AS events, count(DISTINCT a.source) AS sources, count(DISTINCT a.subject) AS subjects,
       count(DISTINCT a.day) AS days
  FROM cdviz.activity_daily AS a
 WHERE a.day >= ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date AND a.day <= ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date
   AND ('*' IN (${subject:sqlstring}) OR a.subject IN (${subject:sqlstring})) AND ('*' IN (${source:sqlstring}) OR a.source IN (${source:sqlstring}))

-- name: silent
SELECT count(*) FILTER (WHERE s.silent) AS silent
  FROM cdviz.silent_sources() AS s
 WHERE '*' IN (${source:sqlstring}) OR s.source IN (${source:sqlstring})

-- name: waiting
SELECT count(*) AS waiting FROM cdviz.quarantine AS q WHERE q.state = 'open'

-- name: by_subject
SELECT a.day::timestamp AT TIME ZONE 'UTC' AS time, a.subject AS metric, sum(a.events)::bigint AS events
  FROM cdviz.activity_daily AS a
 WHERE a.day >= ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date AND a.day <= ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date
   AND ('*' IN (${subject:sqlstring}) OR a.subject IN (${subject:sqlstring})) AND ('*' IN (${source:sqlstring}) OR a.source IN (${source:sqlstring}))
 GROUP BY 1, 2
 ORDER BY 1, 2

-- name: by_source
SELECT a.source, sum(a.events)::bigint AS events
  FROM cdviz.activity_daily AS a
 WHERE a.day >= ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date AND a.day <= ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date
   AND ('*' IN (${subject:sqlstring}) OR a.subject IN (${subject:sqlstring})) AND ('*' IN (${source:sqlstring}) OR a.source IN (${source:sqlstring}))
 GROUP BY 1
 ORDER BY 2 DESC, 1
 LIMIT 15

-- name: by_kind
SELECT a.subject || ' ' || a.predicate AS kind, sum(a.events)::bigint AS events
  FROM cdviz.activity_daily AS a
 WHERE a.day >= ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date AND a.day <= ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date
   AND ('*' IN (${subject:sqlstring}) OR a.subject IN (${subject:sqlstring})) AND ('*' IN (${source:sqlstring}) OR a.source IN (${source:sqlstring}))
 GROUP BY 1
 ORDER BY 2 DESC, 1
 LIMIT 15

-- name: rhythm
SELECT s.source, CASE WHEN s.silent THEN 'silent' WHEN s.silent IS NULL THEN 'no rhythm yet' ELSE 'as usual' END AS state,
       s.last_day::timestamp AT TIME ZONE 'UTC' AS "last day", s.quiet_days AS "quiet days", s.longest_pause_days AS "longest pause", s.events
  FROM cdviz.silent_sources() AS s
 WHERE '*' IN (${source:sqlstring}) OR s.source IN (${source:sqlstring})
 ORDER BY s.silent DESC NULLS LAST, s.quiet_days DESC, s.source
 LIMIT 200

-- name: quarantine
SELECT $__timeGroupAlias(q.received_at, $__interval), q.reason AS metric, count(*) AS messages
  FROM cdviz.quarantine AS q
 WHERE $__timeFilter(q.received_at)
 GROUP BY 1, 2
 ORDER BY 1, 2

-- name: refused
SELECT q.received_at AS received, q.reason, q.detail, q.origin, q.state, q.seen, q.id
  FROM cdviz.quarantine AS q
 WHERE $__timeFilter(q.received_at)
 ORDER BY q.received_at DESC, q.id DESC
 LIMIT 100

-- name: latest
SELECT e."timestamp" AS at, e.subject, e.predicate, e.subject_id AS id, e.source, coalesce(e.verdict, 'not judged') AS verdict, e.position
  FROM unnest(ARRAY[${subject:sqlstring}]) AS s (id)
 CROSS JOIN unnest(ARRAY[${source:sqlstring}]) AS o (id)
 CROSS JOIN LATERAL cdviz.events_page(
    p_subject => nullif(s.id, '*'), p_source => nullif(o.id, '*'), p_from => $__timeFrom(), p_until => $__timeTo(), p_limit => 100
 ) AS e
 ORDER BY e."timestamp" DESC, e.position DESC
 LIMIT 100
