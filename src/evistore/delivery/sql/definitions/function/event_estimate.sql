-- cdviz.event_estimate: how many events were ever stored: exact while they are few, then as PostgreSQL's statistics have it.
CREATE OR REPLACE FUNCTION cdviz.event_estimate(OUT events bigint, OUT is_exact boolean)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN few.events <= 20000 THEN few.events ELSE greatest(few.events, estimate.events) END, few.events <= 20000
      FROM (SELECT count(*) AS events FROM (SELECT FROM cdviz.event_identity LIMIT 20001) AS i) AS few
     CROSS JOIN (
        SELECT (d.rows_per_page * (pg_relation_size(c.oid) / current_setting('block_size')::integer))::bigint AS events
          FROM pg_class AS c
         CROSS JOIN LATERAL (
            SELECT CASE
                WHEN c.reltuples > 0 THEN c.reltuples / greatest(c.relpages, 1)
                ELSE (SELECT count(*) / 100.0 FROM cdviz.event_identity AS i WHERE i.ctid < '(100,0)'::tid) -- never analysed: as its first pages are
            END AS rows_per_page
         ) AS d
         WHERE c.oid = 'cdviz.event_identity'::regclass
     ) AS estimate
$$;

COMMENT ON FUNCTION cdviz.event_estimate() IS 'How many events were ever stored, and whether that is exact: it is up to 20,000, beyond them the statistics of the last ANALYZE, or the first pages where there was none, are scaled by the size of today.';

REVOKE ALL ON FUNCTION cdviz.event_estimate() FROM public;
GRANT EXECUTE ON FUNCTION cdviz.event_estimate() TO cdviz_reader;
