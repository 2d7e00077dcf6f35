-- cdviz.activity_counts: one row per day, week or month and kind of event: how many events there were, current to the last one.
-- requires: cdviz.activity_daily
CREATE OR REPLACE FUNCTION cdviz.activity_counts(
    p_from date, p_until date, p_bucket text DEFAULT 'day', p_subject text DEFAULT NULL, p_predicate text DEFAULT NULL, p_source text DEFAULT NULL
)
RETURNS TABLE (bucket date, subject text, predicate text, events bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT date_trunc(p_bucket, a.day::timestamp)::date, a.subject, a.predicate, sum(a.events)::bigint
      FROM cdviz.activity_daily AS a
     WHERE a.day >= p_from AND a.day < p_until
       AND (p_subject IS NULL OR a.subject = p_subject) AND (p_predicate IS NULL OR a.predicate = p_predicate)
       AND (p_source IS NULL OR a.source = left(p_source, 300))
     GROUP BY 1, 2, 3
     ORDER BY 1, 2, 3;
END
$$;

COMMENT ON FUNCTION cdviz.activity_counts(date, date, text, text, text, text) IS
'How many events of each kind there were per day, week (from Monday) or month in UTC, on the days from p_from on and before p_until: from the roll-up and what it does not hold yet, so exact at any moment and also for what retention took.';

REVOKE ALL ON FUNCTION cdviz.activity_counts(date, date, text, text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.activity_counts(date, date, text, text, text, text) TO cdviz_reader;
