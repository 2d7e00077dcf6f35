-- cdviz.later_of: two maps of times by predicate (epoch microseconds) as one, the later time of each.
CREATE OR REPLACE FUNCTION cdviz.later_of(p_one jsonb, p_other jsonb) RETURNS jsonb
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN p_one IS NULL OR p_other IS NULL THEN coalesce(p_one, p_other)
        ELSE (
            SELECT jsonb_object_agg(b.key, b.at)
              FROM (
                SELECT e.key, max(e.value::bigint) AS at
                  FROM (SELECT o.key, o.value FROM jsonb_each_text(p_one) AS o UNION ALL SELECT t.key, t.value FROM jsonb_each_text(p_other) AS t) AS e
                 GROUP BY e.key
              ) AS b
        )
    END
$$;

COMMENT ON FUNCTION cdviz.later_of(jsonb, jsonb) IS 'Two maps of times by predicate, in epoch microseconds, as one map with the later time of each.';
