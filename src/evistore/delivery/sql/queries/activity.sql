-- How much happened when and by whom, by day: what is counted as it comes in, not the events themselves.

-- name: by_day
SELECT a.day, sum(a.events)::bigint AS events
  FROM cdviz.activity_daily AS a
 WHERE a.day >= %(first)s::date AND a.day <= %(last)s::date
   AND (%(source)s::text IS NULL OR a.source = left(%(source)s::text, 300)) AND (%(subject)s::text IS NULL OR a.subject = %(subject)s::text)
 GROUP BY a.day
 ORDER BY a.day

-- name: sources
SELECT d.source, sum(d.events)::bigint AS events, min(d.day) AS first_day, max(d.day) AS last_day,
       array_agg(d.day ORDER BY d.day) AS days, array_agg(d.events ORDER BY d.day) AS counts,
       (array_agg(d.subjects ORDER BY d.day DESC))[1] AS subjects
  FROM (
        SELECT a.source, a.day, sum(a.events)::bigint AS events, string_agg(DISTINCT a.subject, ', ' ORDER BY a.subject) AS subjects
          FROM cdviz.activity_daily AS a
         WHERE a.day >= %(first)s::date AND a.day <= %(last)s::date AND (%(source)s::text IS NULL OR a.source = left(%(source)s::text, 300))
         GROUP BY a.source, a.day
       ) AS d
 GROUP BY d.source
 ORDER BY events DESC, d.source
 LIMIT %(limit)s::int

-- name: hurry
-- For what a page can do without.
SELECT set_config('statement_timeout', %(milliseconds)s::text, true), set_config('timezone', 'UTC', true)
