-- cdviz.run_attempts: one row per attempt of a run whose id was used more than once, oldest first.
-- An attempt ends where the life cycle begins again: queued, started and finished come in that order within one.
-- requires: cdviz.predicate_rank
CREATE OR REPLACE FUNCTION cdviz.run_attempts(p_subject text, p_subject_id text)
RETURNS TABLE (attempt integer, queued_at timestamptz, started_at timestamptz, finished_at timestamptz, skipped_at timestamptz, outcome text, events integer)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT n.attempt::integer,
           max(n."timestamp") FILTER (WHERE n.predicate = 'queued'),
           max(n."timestamp") FILTER (WHERE n.predicate = 'started'),
           max(n."timestamp") FILTER (WHERE n.predicate = 'finished'),
           max(n."timestamp") FILTER (WHERE n.predicate = 'skipped'),
           max(nullif(n.outcome, '')) FILTER (WHERE n.predicate = 'finished'),
           count(*)::integer
      FROM (
        SELECT o."timestamp", o.predicate, o.outcome,
               1 + count(*) FILTER (WHERE o.rank <= o.rank_before) OVER (ORDER BY o."timestamp", o.rank, o.position) AS attempt
          FROM (
            SELECT l."timestamp", l.position, l.predicate, l.payload #>> '{subject,content,outcome}' AS outcome, cdviz.predicate_rank(l.predicate) AS rank,
                   lag(cdviz.predicate_rank(l.predicate)) OVER (ORDER BY l."timestamp", cdviz.predicate_rank(l.predicate), l.position) AS rank_before
              FROM cdviz.cdevents_lake AS l
             WHERE hashtextextended(l.subject_id, 0) = hashtextextended(p_subject_id, 0) AND l.subject_id = p_subject_id
               AND l.subject = p_subject AND l.predicate IN ('queued', 'started', 'finished', 'skipped')
          ) AS o
      ) AS n
     GROUP BY n.attempt
     ORDER BY n.attempt
$$;

COMMENT ON FUNCTION cdviz.run_attempts(text, text) IS
'Attempts of one run, oldest first: when each was queued, started and finished, and how it ended. A new attempt begins where an event comes that cannot follow the one before it: queued after started, started after started or finished.';

REVOKE ALL ON FUNCTION cdviz.run_attempts(text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.run_attempts(text, text) TO cdviz_reader;
