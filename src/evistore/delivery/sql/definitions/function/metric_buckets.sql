-- cdviz.metric_buckets: the parts of a window by day, week or month in UTC, and before them the whole, whose bucket is null.
CREATE OR REPLACE FUNCTION cdviz.metric_buckets(p_from timestamptz, p_until timestamptz, p_bucket text)
RETURNS TABLE (bucket timestamptz, from_at timestamptz, until_at timestamptz, days double precision)
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
    SELECT w.bucket, w.from_at, w.until_at, extract(epoch FROM w.until_at - w.from_at)::double precision / 86400
      FROM (
        SELECT NULL::timestamptz AS bucket, p_from AS from_at, p_until AS until_at
        UNION ALL
        SELECT g.bucket, greatest(g.bucket, p_from), least(g.bucket + ('1 ' || p_bucket)::interval, p_until)
          FROM generate_series(date_trunc(p_bucket, p_from), p_until - interval '1 microsecond', ('1 ' || p_bucket)::interval) AS g (bucket)
      ) AS w
     WHERE w.until_at > w.from_at
     ORDER BY w.bucket NULLS FIRST
$$;

COMMENT ON FUNCTION cdviz.metric_buckets(timestamptz, timestamptz, text) IS
'The days, weeks (from Monday) or months of a window in UTC, cut at its ends, after the whole window, whose bucket is null. Without p_bucket only the whole.';

REVOKE ALL ON FUNCTION cdviz.metric_buckets(timestamptz, timestamptz, text) FROM public;
