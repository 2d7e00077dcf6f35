-- clusters.fold_hit_days: rows of clusters.hit_day that are about the same day and recommendation become one; their sums stay.
-- One transaction does it at a time, another passes by. Only this takes rows away, so nobody waits for it; a transaction that does not see what others
-- have folded since it began leaves it to the next.
CREATE OR REPLACE FUNCTION clusters.fold_hit_days() RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = on
SET enable_hashjoin = on
AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' OR NOT pg_try_advisory_xact_lock(hashtextextended('clusters.hit_day', 0)) THEN
        RETURN;
    END IF;
    WITH gone AS (
        DELETE FROM clusters.hit_day AS d
         USING (SELECT s.day, s.rule_fqdn, s.error_key FROM clusters.hit_day AS s GROUP BY s.day, s.rule_fqdn, s.error_key HAVING count(*) > 1) AS several
         WHERE d.day = several.day AND d.rule_fqdn = several.rule_fqdn AND d.error_key = several.error_key
        RETURNING d.day, d.rule_fqdn, d.error_key, d.appeared, d.resolved
    )
    INSERT INTO clusters.hit_day (day, rule_fqdn, error_key, appeared, resolved)
    SELECT g.day, g.rule_fqdn, g.error_key, sum(g.appeared), sum(g.resolved)
      FROM gone AS g
     GROUP BY g.day, g.rule_fqdn, g.error_key
    HAVING sum(g.appeared) <> 0 OR sum(g.resolved) <> 0;
END
$$;

COMMENT ON FUNCTION clusters.fold_hit_days() IS
'Makes one row of each day and recommendation in clusters.hit_day; does nothing where another transaction is at it. clusters.count_hit_days calls it now and then.';

REVOKE ALL ON FUNCTION clusters.fold_hit_days() FROM public;
