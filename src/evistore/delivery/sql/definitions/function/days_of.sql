-- cdviz.days_of: the days of a batch's timestamps, with the days around them, since the text's day is the sender's.
-- requires: cdviz.event_time
CREATE OR REPLACE FUNCTION cdviz.days_of(p_events jsonb []) RETURNS timestamptz []
LANGUAGE sql
STABLE
AS $$
    SELECT array_agg(t.at + s.shift)
      FROM (
        SELECT DISTINCT left(e.payload -> 'context' ->> 'timestamp', 10) AS day
          FROM (SELECT unnest(p_events) AS payload) AS e
        OFFSET 0 -- a fence: the condition below is for the days, not for every event
      ) AS d
     CROSS JOIN LATERAL (SELECT cdviz.event_time(d.day || 'T00:00:00Z') AS at) AS t
     CROSS JOIN (VALUES (interval '-1 day'), (interval '0'), (interval '1 day')) AS s (shift)
     WHERE t.at IS NOT NULL
$$;

COMMENT ON FUNCTION cdviz.days_of(jsonb []) IS 'The days that a batch''s timestamps fall on, with the days around them, since the day in the text is the sender''s.';
