-- Tickets: what was asked for, what was closed, what is open. Their kinds are what the newest event of each says.

-- name: source
SELECT DISTINCT a.source AS __text, a.source AS __value
  FROM cdviz.activity_daily AS a
 WHERE a.day >= ($__timeFrom()::timestamptz AT TIME ZONE 'UTC')::date AND a.day <= ($__timeTo()::timestamptz AT TIME ZONE 'UTC')::date
   AND a.subject = 'ticket' AND a.source <> ''
 ORDER BY 1

-- name: kind
SELECT DISTINCT coalesce(t.last_payload #>> '{subject,content,ticketType}', 'not told') AS __text,
       coalesce(t.last_payload #>> '{subject,content,ticketType}', 'not told') AS __value
  FROM cdviz.ticket AS t
 WHERE $__timeFilter(t.created_at)
 ORDER BY 1

-- name: totals
SELECT count(*) AS created, count(*) FILTER (WHERE t.closed_at >= t.created_at) AS closed,
       count(*) FILTER (WHERE t.closed_at IS NULL OR t.closed_at < t.created_at) AS open,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM t.closed_at - t.created_at)::double precision)
           FILTER (WHERE t.closed_at >= t.created_at) AS "P50",
       percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM t.closed_at - t.created_at)::double precision)
           FILTER (WHERE t.closed_at >= t.created_at) AS "P95"
  FROM cdviz.ticket AS t
 WHERE $__timeFilter(t.created_at) AND ('*' IN (${source:sqlstring}) OR t.source IN (${source:sqlstring}))
   AND ('*' IN (${kind:sqlstring}) OR coalesce(t.last_payload #>> '{subject,content,ticketType}', 'not told') IN (${kind:sqlstring}))

-- name: flow
SELECT f.time, count(*) FILTER (WHERE f.is_creation) AS created, count(*) FILTER (WHERE NOT f.is_creation) AS closed
  FROM (
    SELECT date_trunc(${bucket:sqlstring}, t.created_at, 'UTC') AS time, true AS is_creation
      FROM cdviz.ticket AS t
     WHERE $__timeFilter(t.created_at) AND ('*' IN (${source:sqlstring}) OR t.source IN (${source:sqlstring}))
       AND ('*' IN (${kind:sqlstring}) OR coalesce(t.last_payload #>> '{subject,content,ticketType}', 'not told') IN (${kind:sqlstring}))
    UNION ALL
    SELECT date_trunc(${bucket:sqlstring}, t.closed_at, 'UTC'), false
      FROM cdviz.ticket AS t
     WHERE $__timeFilter(t.closed_at) AND ('*' IN (${source:sqlstring}) OR t.source IN (${source:sqlstring}))
       AND ('*' IN (${kind:sqlstring}) OR coalesce(t.last_payload #>> '{subject,content,ticketType}', 'not told') IN (${kind:sqlstring}))
  ) AS f
 GROUP BY 1
 ORDER BY 1

-- name: by_kind
SELECT coalesce(t.last_payload #>> '{subject,content,ticketType}', 'not told') AS kind, count(*) AS tickets
  FROM cdviz.ticket AS t
 WHERE $__timeFilter(t.created_at) AND ('*' IN (${source:sqlstring}) OR t.source IN (${source:sqlstring}))
   AND ('*' IN (${kind:sqlstring}) OR coalesce(t.last_payload #>> '{subject,content,ticketType}', 'not told') IN (${kind:sqlstring}))
 GROUP BY 1
 ORDER BY 2 DESC, 1
 LIMIT 15

-- name: took
SELECT t.closed_at AS time, coalesce(t.last_payload #>> '{subject,content,ticketType}', 'not told') AS metric,
       extract(epoch FROM t.closed_at - t.created_at)::double precision AS seconds
  FROM cdviz.ticket AS t
 WHERE $__timeFilter(t.closed_at) AND t.closed_at >= t.created_at AND ('*' IN (${source:sqlstring}) OR t.source IN (${source:sqlstring}))
   AND ('*' IN (${kind:sqlstring}) OR coalesce(t.last_payload #>> '{subject,content,ticketType}', 'not told') IN (${kind:sqlstring}))
 ORDER BY 1, 2

-- name: tickets
SELECT t.created_at AS created, coalesce(t.last_payload #>> '{subject,content,summary}', t.subject_id) AS ticket,
       coalesce(t.last_payload #>> '{subject,content,ticketType}', 'not told') AS kind,
       CASE WHEN t.closed_at >= t.created_at THEN coalesce(t.last_payload #>> '{subject,content,resolution}', 'closed') ELSE 'open' END AS state,
       extract(epoch FROM CASE WHEN t.closed_at >= t.created_at THEN t.closed_at END - t.created_at)::double precision AS took, t.source,
       coalesce(t.last_payload #>> '{subject,content,uri}', t.last_payload #>> '{subject,content,ticketURI}') AS address, t.subject_id AS id
  FROM cdviz.ticket AS t
 WHERE $__timeFilter(t.created_at) AND ('*' IN (${source:sqlstring}) OR t.source IN (${source:sqlstring}))
   AND ('*' IN (${kind:sqlstring}) OR coalesce(t.last_payload #>> '{subject,content,ticketType}', 'not told') IN (${kind:sqlstring}))
 ORDER BY t.created_at DESC, t.subject_id
 LIMIT 200
