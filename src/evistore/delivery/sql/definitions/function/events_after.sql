-- cdviz.events_after: the events that follow the one at p_position, in the order a follower can rely on; null: from the first.
-- A position is given before its transaction commits, so a smaller one may become visible later. Transaction and position together are an
-- order that never does that, read only below the oldest transaction still running.
CREATE OR REPLACE FUNCTION cdviz.events_after(p_position bigint, p_limit integer DEFAULT 1000)
RETURNS TABLE (
    "position" bigint, "timestamp" timestamptz, imported_at timestamptz, subject text, predicate text, version integer [], context_id text, source text, subject_id text, verdict text, verdict_reasons jsonb, payload jsonb
)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict, e.verdict_reasons, e.payload
      FROM (
        SELECT i.xid, i.position, i."timestamp"
          FROM cdviz.event_identity AS i
         WHERE i.xid < pg_snapshot_xmin(pg_current_snapshot())
           AND (i.xid, i.position) > (
               coalesce((
                   SELECT k.xid FROM cdviz.event_identity AS k WHERE k.position >= p_position ORDER BY k.position LIMIT 1
               ), CASE WHEN p_position IS NULL THEN '0' ELSE '18446744073709551615' END::xid8),
               coalesce(p_position, 0)
           )
         ORDER BY i.xid, i.position
         LIMIT p_limit
      ) AS n
     CROSS JOIN LATERAL (
        SELECT l.* FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = n."timestamp" AND l.position = n.position LIMIT 1
     ) AS e
     ORDER BY n.xid, n.position
$$;

COMMENT ON FUNCTION cdviz.events_after(bigint, integer) IS
'The next p_limit events after the one at p_position, in commit-safe order: whoever goes on from the last position received misses none, even one whose transaction committed late. Null: from the first event.';

REVOKE ALL ON FUNCTION cdviz.events_after(bigint, integer) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.events_after(bigint, integer) TO cdviz_reader;
