-- Events, newest first, by page; and in the order in which a follower misses none.

-- name: page
SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict,
       e.verdict_reasons, e.payload
  FROM cdviz.events_page(
       %(subject)s::text, %(predicate)s::text, %(source)s::text, %(verdict)s::text, %(since)s::timestamptz, %(until)s::timestamptz,
       %(before_timestamp)s::timestamptz, %(before_position)s::bigint, %(limit)s::int, %(scan)s::int
  ) AS e

-- name: page_of_subject
-- One subject has few events: what else is asked of them is looked at afterwards.
SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict,
       e.verdict_reasons, e.payload
  FROM cdviz.events_of(
       %(subject)s::text, %(subject_id)s::text, %(since)s::timestamptz, %(until)s::timestamptz,
       %(before_timestamp)s::timestamptz, %(before_position)s::bigint, %(scan)s::int
  ) AS e
 WHERE (%(predicate)s::text IS NULL OR e.predicate = %(predicate)s::text) AND (%(source)s::text IS NULL OR e.source = %(source)s::text)
   AND (%(verdict)s::text IS NULL OR coalesce(e.verdict, 'none') = %(verdict)s::text)
 ORDER BY e."timestamp" DESC, e.position DESC
 LIMIT %(limit)s::int

-- name: horizon
-- Where a page ended that found too little within the events it may look at; no row when there are none beyond.
SELECT l."timestamp", l.position
  FROM cdviz.cdevents_lake AS l
 WHERE l."timestamp" >= coalesce(%(since)s::timestamptz, '-infinity') AND l."timestamp" < coalesce(%(until)s::timestamptz, 'infinity')
   AND l."timestamp" <= coalesce(%(before_timestamp)s::timestamptz, 'infinity')
   AND (l."timestamp", l.position) < (coalesce(%(before_timestamp)s::timestamptz, 'infinity'), coalesce(%(before_position)s::bigint, 9223372036854775807))
 ORDER BY l."timestamp" DESC, l.position DESC
OFFSET %(scan)s::int - 1
 LIMIT 1

-- name: at
SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict,
       e.verdict_reasons, e.payload
  FROM cdviz.event_at(%(position)s::bigint) AS e

-- name: after
SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict,
       e.verdict_reasons, e.payload
  FROM cdviz.events_after(%(position)s::bigint, %(limit)s::int) AS e

-- name: newest
SELECT cdviz.events_newest()

-- name: named
SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict,
       e.verdict_reasons, e.payload
  FROM cdviz.events_named(%(context_id)s::text) AS e

-- name: summary
SELECT c.events, c.is_exact,
       (SELECT l."timestamp" FROM cdviz.cdevents_lake AS l ORDER BY l."timestamp" LIMIT 1) AS first_at,
       (SELECT l."timestamp" FROM cdviz.cdevents_lake AS l ORDER BY l."timestamp" DESC LIMIT 1) AS last_at
  FROM cdviz.event_estimate() AS c

-- name: activity
-- Per kind of subject, of the newest events of the last seven days: at most so many are counted.
SELECT w.subject, count(*) FILTER (WHERE w."timestamp" >= %(now)s::timestamptz - interval '1 day') AS day, count(*) AS week
  FROM (
        SELECT l.subject, l."timestamp"
          FROM cdviz.cdevents_lake AS l
         WHERE l."timestamp" >= %(now)s::timestamptz - interval '7 days' AND l."timestamp" <= %(now)s::timestamptz
         ORDER BY l."timestamp" DESC
         LIMIT %(most)s::int
       ) AS w
 GROUP BY w.subject
 ORDER BY week DESC, w.subject
