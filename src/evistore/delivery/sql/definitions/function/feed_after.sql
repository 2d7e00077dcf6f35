-- cdviz.feed_after: the events that follow a place of the feed and pass the filters (null: all do), with the place each leaves its reader at.
-- A place is transaction and position: positions are given before their transaction commits, so read alone they would skip what commits late; both
-- together, read only below the oldest transaction still running, never do. At most p_scan events are looked at; where the last of them does not pass it
-- is returned as well, without anything but its place, so that a reader with a rare filter gets on.
CREATE OR REPLACE FUNCTION cdviz.feed_after(
    p_xid xid8, p_position bigint,
    p_subjects text [] DEFAULT NULL, p_subject_ids text [] DEFAULT NULL, p_predicates text [] DEFAULT NULL, p_sources text [] DEFAULT NULL,
    p_environments text [] DEFAULT NULL, p_services text [] DEFAULT NULL,
    p_limit integer DEFAULT 200, p_scan integer DEFAULT 1000, p_bytes bigint DEFAULT 1048576
)
RETURNS TABLE (
    xid xid8, "position" bigint, passes boolean, "timestamp" timestamptz, imported_at timestamptz, subject text, predicate text, version integer [], context_id text, source text, subject_id text, verdict text, verdict_reasons jsonb, payload jsonb
)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH scanned AS MATERIALIZED (
        SELECT n.xid AS at_xid, n.position AS at_position, e.*,
               coalesce(
                   (p_subjects IS NULL OR e.subject = ANY (p_subjects))
                   AND (p_subject_ids IS NULL OR e.subject_id = ANY (p_subject_ids))
                   AND (p_predicates IS NULL OR e.predicate = ANY (p_predicates))
                   AND (p_sources IS NULL OR e.source = ANY (p_sources))
                   AND (p_environments IS NULL OR CASE WHEN e.subject = 'environment' THEN e.subject_id ELSE e.payload #>> '{subject,content,environment,id}' END = ANY (p_environments))
                   AND (p_services IS NULL OR CASE WHEN e.subject = 'service' THEN e.subject_id ELSE e.payload #>> '{subject,content,service,id}' END = ANY (p_services))
                   AND e.position IS NOT NULL, -- retention may have taken the event out of the lake
                   false
               ) AS passes
          FROM (
            SELECT i.xid, i.position, i."timestamp"
              FROM cdviz.event_identity AS i
             WHERE i.xid < pg_snapshot_xmin(pg_current_snapshot()) AND (i.xid, i.position) > (p_xid, p_position)
             ORDER BY i.xid, i.position
             LIMIT p_scan
          ) AS n
          LEFT JOIN LATERAL (
            SELECT l.* FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = n."timestamp" AND l.position = n.position LIMIT 1
          ) AS e ON true
    ), sized AS (
        SELECT s.*, row_number() OVER w AS place, sum(pg_column_size(s.payload)) OVER w - pg_column_size(s.payload) AS before
          FROM scanned AS s
         WHERE s.passes
        WINDOW w AS (ORDER BY s.at_xid, s.at_position)
    ), chosen AS (
        SELECT z.* FROM sized AS z WHERE z.place <= p_limit AND z.before < p_bytes
    ), ending AS (
        SELECT s.at_xid, s.at_position
          FROM scanned AS s
         WHERE (SELECT count(*) FROM chosen AS c) = (SELECT count(*) FROM sized AS z)
         ORDER BY s.at_xid DESC, s.at_position DESC
         LIMIT 1
    )
    SELECT c.at_xid, c.at_position, true, c."timestamp", c.imported_at, c.subject, c.predicate, c.version, c.context_id, c.source, c.subject_id, c.verdict, c.verdict_reasons, c.payload
      FROM chosen AS c
    UNION ALL
    SELECT d.at_xid, d.at_position, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
      FROM ending AS d
     WHERE NOT EXISTS (SELECT FROM chosen AS c WHERE c.at_xid = d.at_xid AND c.at_position = d.at_position)
     ORDER BY 1, 2
$$;

COMMENT ON FUNCTION cdviz.feed_after(xid8, bigint, text [], text [], text [], text [], text [], text [], integer, integer, bigint) IS
'The next events after a place of the feed (transaction, position) that pass the filters, in commit-safe order: at most p_limit, of at most p_scan that are looked at, and none that begins after p_bytes of payloads. A last row with passes = false has only the place up to which there was nothing else. No row: nothing follows yet.';

REVOKE ALL ON FUNCTION cdviz.feed_after(xid8, bigint, text [], text [], text [], text [], text [], text [], integer, integer, bigint) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.feed_after(xid8, bigint, text [], text [], text [], text [], text [], text [], integer, integer, bigint) TO cdviz_reader;
