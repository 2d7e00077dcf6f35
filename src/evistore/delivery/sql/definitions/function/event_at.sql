-- cdviz.event_at: the event at a position; no row where there is none, or where retention took it.
CREATE OR REPLACE FUNCTION cdviz.event_at(p_position bigint)
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
     WHERE i.position = p_position
$$;

COMMENT ON FUNCTION cdviz.event_at(bigint) IS
'The event at a position of the lake.';

REVOKE ALL ON FUNCTION cdviz.event_at(bigint) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.event_at(bigint) TO cdviz_reader;
