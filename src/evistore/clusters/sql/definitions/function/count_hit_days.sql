-- clusters.count_hit_days: whatever happens to the history of hits is counted by day.
-- requires: clusters.fold_hit_days
CREATE OR REPLACE FUNCTION clusters.count_hit_days() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_due boolean := FALSE; -- every few thousand rows
BEGIN
    IF tg_op = 'TRUNCATE' THEN
        DELETE FROM clusters.hit_day;
    ELSIF tg_op = 'INSERT' THEN
        WITH made AS (
            INSERT INTO clusters.hit_day (day, rule_fqdn, error_key, appeared, resolved)
            SELECT (c.at AT TIME ZONE 'UTC')::date, e.rule_fqdn, e.error_key, sum(c.appeared), sum(c.resolved)
              FROM came AS e
             CROSS JOIN LATERAL (VALUES (e.appeared_at, 1, 0), (e.resolved_at, 0, 1)) AS c (at, appeared, resolved)
             WHERE c.at IS NOT NULL
             GROUP BY 1, 2, 3
            RETURNING id
        )
        SELECT max(m.id) / 4096 > (min(m.id) - 1) / 4096 INTO v_due FROM made AS m;
    ELSIF tg_op = 'DELETE' THEN
        WITH made AS (
            INSERT INTO clusters.hit_day (day, rule_fqdn, error_key, appeared, resolved)
            SELECT (c.at AT TIME ZONE 'UTC')::date, e.rule_fqdn, e.error_key, -sum(c.appeared), -sum(c.resolved)
              FROM gone AS e
             CROSS JOIN LATERAL (VALUES (e.appeared_at, 1, 0), (e.resolved_at, 0, 1)) AS c (at, appeared, resolved)
             WHERE c.at IS NOT NULL
             GROUP BY 1, 2, 3
            RETURNING id
        )
        SELECT max(m.id) / 4096 > (min(m.id) - 1) / 4096 INTO v_due FROM made AS m;
    ELSE
        WITH made AS (
            INSERT INTO clusters.hit_day (day, rule_fqdn, error_key, appeared, resolved)
            SELECT (c.at AT TIME ZONE 'UTC')::date, e.rule_fqdn, e.error_key, sum(e.sign * c.appeared), sum(e.sign * c.resolved)
              FROM (
                SELECT g.rule_fqdn, g.error_key, g.appeared_at, g.resolved_at, -1 AS sign FROM gone AS g
                 UNION ALL
                SELECT n.rule_fqdn, n.error_key, n.appeared_at, n.resolved_at, 1 FROM came AS n
              ) AS e
             CROSS JOIN LATERAL (VALUES (e.appeared_at, 1, 0), (e.resolved_at, 0, 1)) AS c (at, appeared, resolved)
             WHERE c.at IS NOT NULL
             GROUP BY 1, 2, 3
            HAVING sum(e.sign * c.appeared) <> 0 OR sum(e.sign * c.resolved) <> 0
            RETURNING id
        )
        SELECT max(m.id) / 4096 > (min(m.id) - 1) / 4096 INTO v_due FROM made AS m;
    END IF;
    IF v_due THEN
        PERFORM clusters.fold_hit_days();
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION clusters.count_hit_days() IS 'Counts every change of clusters.hit_episode by day in clusters.hit_day, whoever makes it.';

REVOKE ALL ON FUNCTION clusters.count_hit_days() FROM public;
