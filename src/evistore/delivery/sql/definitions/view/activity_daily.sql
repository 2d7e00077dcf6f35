-- cdviz.activity_daily: one row per day, kind of event and source: how many events there were, exact at any moment.
-- What is rolled up, and what is not yet, by the transaction that stored it: late events count like all others.
-- requires: cdviz.activity_uncounted
CREATE OR REPLACE VIEW cdviz.activity_daily AS
SELECT a.day, a.subject, a.predicate, a.source, sum(a.events)::bigint AS events
  FROM (
    SELECT r.day, r.subject, r.predicate, r.source, r.events FROM cdviz.activity_rollup AS r
    UNION ALL
    SELECT u.day, u.subject, u.predicate, u.source, u.events FROM cdviz.activity_uncounted() AS u
  ) AS a
 GROUP BY a.day, a.subject, a.predicate, a.source;

COMMENT ON VIEW cdviz.activity_daily IS 'One row per day (UTC), kind of event and source: how many events there were. Exact at any moment, late events included; what retention took away stays counted.';
COMMENT ON COLUMN cdviz.activity_daily.day IS 'Day of the events'' own times, UTC.';
COMMENT ON COLUMN cdviz.activity_daily.subject IS 'Kind of subject.';
COMMENT ON COLUMN cdviz.activity_daily.predicate IS 'What happened.';
COMMENT ON COLUMN cdviz.activity_daily.source IS 'Who sent them, at most 300 characters of it; empty where the sender is not known.';
COMMENT ON COLUMN cdviz.activity_daily.events IS 'How many.';

GRANT SELECT ON cdviz.activity_daily TO cdviz_reader;
