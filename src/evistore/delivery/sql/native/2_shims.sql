-- Functions that clients know from TimescaleDB, under the same names, so that their SQL runs on plain PostgreSQL too.
-- They stand in cdviz, never in public, where they would keep the extension from being created. The conversion drops them.

CREATE OR REPLACE FUNCTION cdviz.time_bucket(bucket_width interval, ts timestamptz) RETURNS timestamptz
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
STRICT
AS $$
    SELECT CASE
        WHEN extract(year FROM bucket_width) * 12 + extract(month FROM bucket_width) = 0 THEN
            date_bin(bucket_width, ts, timestamptz '2000-01-03 00:00:00+00') -- a Monday
        WHEN bucket_width = date_trunc('month', bucket_width) THEN (
            SELECT timestamptz '2000-01-01 00:00:00+00' AT TIME ZONE 'UTC'
                   + floor((extract(year FROM u.at) * 12 + extract(month FROM u.at) - 24001) / m.months) * m.months * interval '1 month'
              FROM (SELECT ts AT TIME ZONE 'UTC' AS at) AS u
             CROSS JOIN (SELECT extract(year FROM bucket_width) * 12 + extract(month FROM bucket_width) AS months) AS m
        ) AT TIME ZONE 'UTC'
        ELSE date_bin(bucket_width, ts, timestamptz '2000-01-03 00:00:00+00') -- months with days: it says so itself
    END
$$;
COMMENT ON FUNCTION cdviz.time_bucket(interval, timestamptz) IS
'First moment of the bucket that a time falls in, as in TimescaleDB: weeks start on Monday, months and years on their first day, all in UTC.';

DO $$
BEGIN
    IF to_regtype('cdviz.value_at') IS NULL THEN
        CREATE TYPE cdviz.value_at AS (at timestamptz, value text);
        COMMENT ON TYPE cdviz.value_at IS 'State of the aggregates first and last: the time found so far and its value as text.';
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION cdviz.keep_last(p_state cdviz.value_at, p_value anyelement, p_at timestamptz) RETURNS cdviz.value_at
LANGUAGE plpgsql
STABLE
PARALLEL SAFE
AS $$
BEGIN
    IF p_at > p_state.at OR (p_state.at IS NULL AND p_at IS NOT NULL) THEN
        RETURN ROW(p_at, p_value::text)::cdviz.value_at;
    END IF;
    RETURN p_state;
END
$$;
COMMENT ON FUNCTION cdviz.keep_last(cdviz.value_at, anyelement, timestamptz) IS 'Step of the aggregate last.';

CREATE OR REPLACE FUNCTION cdviz.keep_first(p_state cdviz.value_at, p_value anyelement, p_at timestamptz) RETURNS cdviz.value_at
LANGUAGE plpgsql
STABLE
PARALLEL SAFE
AS $$
BEGIN
    IF p_at < p_state.at OR (p_state.at IS NULL AND p_at IS NOT NULL) THEN
        RETURN ROW(p_at, p_value::text)::cdviz.value_at;
    END IF;
    RETURN p_state;
END
$$;
COMMENT ON FUNCTION cdviz.keep_first(cdviz.value_at, anyelement, timestamptz) IS 'Step of the aggregate first.';

CREATE OR REPLACE FUNCTION cdviz.value_kept(p_state cdviz.value_at, p_type anyelement, p_at timestamptz) RETURNS anyelement
LANGUAGE plpgsql
STABLE
PARALLEL SAFE
AS $$
DECLARE
    kept p_type%TYPE;
BEGIN
    kept := p_state.value; -- read back from its text
    RETURN kept;
END
$$;
COMMENT ON FUNCTION cdviz.value_kept(cdviz.value_at, anyelement, timestamptz) IS 'Result of the aggregates first and last.';

CREATE OR REPLACE AGGREGATE cdviz.last(value anyelement, "time" timestamptz) (
    SFUNC = cdviz.keep_last, STYPE = cdviz.value_at, FINALFUNC = cdviz.value_kept, FINALFUNC_EXTRA
);
COMMENT ON AGGREGATE cdviz.last(anyelement, timestamptz) IS 'The value at the latest time, as in TimescaleDB.';

CREATE OR REPLACE AGGREGATE cdviz.first(value anyelement, "time" timestamptz) (
    SFUNC = cdviz.keep_first, STYPE = cdviz.value_at, FINALFUNC = cdviz.value_kept, FINALFUNC_EXTRA
);
COMMENT ON AGGREGATE cdviz.first(anyelement, timestamptz) IS 'The value at the earliest time, as in TimescaleDB.';

GRANT USAGE ON TYPE cdviz.value_at TO cdviz_reader;
GRANT EXECUTE ON FUNCTION cdviz.time_bucket(interval, timestamptz), cdviz.last(anyelement, timestamptz), cdviz.first(anyelement, timestamptz) TO cdviz_reader;
GRANT EXECUTE ON FUNCTION cdviz.keep_last(cdviz.value_at, anyelement, timestamptz), cdviz.keep_first(cdviz.value_at, anyelement, timestamptz) TO cdviz_reader;
GRANT EXECUTE ON FUNCTION cdviz.value_kept(cdviz.value_at, anyelement, timestamptz) TO cdviz_reader;
