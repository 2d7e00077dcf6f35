-- cdviz.events_page: events, newest first, below a key ("timestamp", position): one page.
-- A filter that hardly anything passes must not read the whole history for one page: at most p_scan events are looked at.
-- (Without SECURITY DEFINER or SET, so that PostgreSQL inlines it.)
CREATE OR REPLACE FUNCTION cdviz.events_page(
    p_subject text DEFAULT NULL, p_predicate text DEFAULT NULL, p_source text DEFAULT NULL, p_verdict text DEFAULT NULL,
    p_from timestamptz DEFAULT NULL, p_until timestamptz DEFAULT NULL,
    p_before_timestamp timestamptz DEFAULT NULL, p_before_position bigint DEFAULT NULL,
    p_limit integer DEFAULT 50, p_scan integer DEFAULT 20000
)
RETURNS TABLE (
    "position" bigint, "timestamp" timestamptz, imported_at timestamptz, subject text, predicate text, version integer [], context_id text, source text, subject_id text, verdict text, verdict_reasons jsonb, payload jsonb
)
LANGUAGE sql
STABLE
AS $$
    SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict, e.verdict_reasons, e.payload
      FROM (
        SELECT l.*
          FROM cdviz.cdevents_lake AS l
         WHERE l."timestamp" >= coalesce(p_from, '-infinity') AND l."timestamp" < coalesce(p_until, 'infinity')
           AND l."timestamp" <= coalesce(p_before_timestamp, 'infinity')
           AND (l."timestamp", l.position) < (coalesce(p_before_timestamp, 'infinity'), coalesce(p_before_position, 9223372036854775807))
         ORDER BY l."timestamp" DESC, l.position DESC
         LIMIT p_scan
      ) AS e
     WHERE (p_subject IS NULL OR e.subject = p_subject) AND (p_predicate IS NULL OR e.predicate = p_predicate)
       AND (p_source IS NULL OR e.source = p_source) AND (p_verdict IS NULL OR coalesce(e.verdict, 'none') = p_verdict)
     ORDER BY e."timestamp" DESC, e.position DESC
     LIMIT p_limit
$$;

COMMENT ON FUNCTION cdviz.events_page(text, text, text, text, timestamptz, timestamptz, timestamptz, bigint, integer, integer) IS
'Events, newest first, below the key (p_before_timestamp, p_before_position), in the window [p_from, p_until); verdict none is an event that nobody judged. At most p_scan events are looked at for one page.';

REVOKE ALL ON FUNCTION cdviz.events_page(text, text, text, text, timestamptz, timestamptz, timestamptz, bigint, integer, integer) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.events_page(text, text, text, text, timestamptz, timestamptz, timestamptz, bigint, integer, integer) TO cdviz_reader;
