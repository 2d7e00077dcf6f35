-- cdviz.activity_uncounted: the events that no roll-up holds yet, counted live, by day, kind and source.
-- A function, so that it always begins with the identities that are new and never with the lake, whatever statistics say.
CREATE OR REPLACE FUNCTION cdviz.activity_uncounted() RETURNS TABLE (day date, subject text, predicate text, source text, events bigint)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
    SELECT (i."timestamp" AT TIME ZONE 'UTC')::date, l.subject, l.predicate, left(coalesce(l.source, ''), 300), count(*)
      FROM (
        SELECT f."timestamp", f.position
          FROM cdviz.event_identity AS f
         WHERE f.xid >= (SELECT p.xid FROM cdviz.activity_progress AS p) OR f.position > (SELECT p.position FROM cdviz.activity_progress AS p)
        OFFSET 0 -- a fence
      ) AS i
     CROSS JOIN LATERAL (
        SELECT e.subject, e.predicate, e.source FROM cdviz.cdevents_lake AS e WHERE e."timestamp" = i."timestamp" AND e.position = i.position LIMIT 1
     ) AS l
     GROUP BY 1, 2, 3, 4
$$;

COMMENT ON FUNCTION cdviz.activity_uncounted() IS 'Events that cdviz.activity_rollup does not hold yet, by day in UTC, kind and source; cdviz.activity_daily adds them.';

REVOKE ALL ON FUNCTION cdviz.activity_uncounted() FROM public;
GRANT EXECUTE ON FUNCTION cdviz.activity_uncounted() TO cdviz_reader;
