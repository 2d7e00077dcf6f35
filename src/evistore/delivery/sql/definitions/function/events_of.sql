-- cdviz.events_of: the events about one subject, newest first, below a key ("timestamp", position): one page.
-- (Without SECURITY DEFINER or SET, so that PostgreSQL inlines it.)
CREATE OR REPLACE FUNCTION cdviz.events_of(
    p_subject text, p_subject_id text, p_from timestamptz DEFAULT NULL, p_until timestamptz DEFAULT NULL,
    p_before_timestamp timestamptz DEFAULT NULL, p_before_position bigint DEFAULT NULL, p_limit integer DEFAULT 50
)
RETURNS TABLE (
    "position" bigint, "timestamp" timestamptz, imported_at timestamptz, subject text, predicate text, version integer [], context_id text, source text, subject_id text, verdict text, verdict_reasons jsonb, payload jsonb
)
LANGUAGE sql
STABLE
AS $$
    SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict, e.verdict_reasons, e.payload
      FROM cdviz.cdevents_lake AS e
     WHERE hashtextextended(e.subject_id, 0) = hashtextextended(p_subject_id, 0) AND e.subject_id = p_subject_id
       AND (p_subject IS NULL OR e.subject = p_subject)
       AND e."timestamp" >= coalesce(p_from, '-infinity') AND e."timestamp" < coalesce(p_until, 'infinity')
       AND e."timestamp" <= coalesce(p_before_timestamp, 'infinity')
       AND (e."timestamp", e.position) < (coalesce(p_before_timestamp, 'infinity'), coalesce(p_before_position, 9223372036854775807))
     ORDER BY e."timestamp" DESC, e.position DESC
     LIMIT p_limit
$$;

COMMENT ON FUNCTION cdviz.events_of(text, text, timestamptz, timestamptz, timestamptz, bigint, integer) IS
'Events about one subject, newest first, below the key (p_before_timestamp, p_before_position), in the window [p_from, p_until). p_subject null: whatever the type.';

REVOKE ALL ON FUNCTION cdviz.events_of(text, text, timestamptz, timestamptz, timestamptz, bigint, integer) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.events_of(text, text, timestamptz, timestamptz, timestamptz, bigint, integer) TO cdviz_reader;
