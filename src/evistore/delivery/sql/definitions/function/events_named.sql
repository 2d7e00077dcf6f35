-- cdviz.events_named: the events with this context.id in any letter case, one per source that used it.
-- requires: cdviz.context_key
CREATE OR REPLACE FUNCTION cdviz.events_named(p_context_id text)
RETURNS TABLE (
    "position" bigint, "timestamp" timestamptz, imported_at timestamptz, subject text, predicate text, version integer [], context_id text, source text, subject_id text, verdict text, verdict_reasons jsonb, payload jsonb
)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict, e.verdict_reasons, e.payload
      FROM cdviz.event_identity AS i
     CROSS JOIN LATERAL (
        SELECT l.* FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = i."timestamp" AND l.position = i.position LIMIT 1
     ) AS e
     WHERE i.context_key = cdviz.context_key(p_context_id) AND lower(e.context_id) = lower(p_context_id)
     ORDER BY e.context_id = p_context_id DESC, i.position
     LIMIT 100
$$;

COMMENT ON FUNCTION cdviz.events_named(text) IS
'Events with this context.id in any letter case, the exact one first: one per source that used it.';

REVOKE ALL ON FUNCTION cdviz.events_named(text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.events_named(text) TO cdviz_reader;
