-- cdviz.settle_links: tie the links whose event is there after all.
-- Two transactions that store an event and a link to it at the same moment do not see each other: the link would wait for ever.
-- requires: cdviz.event_named
CREATE OR REPLACE FUNCTION cdviz.settle_links() RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_settled bigint;
BEGIN
    WITH found AS MATERIALIZED (
        SELECT p.context_key, p.position, p.relation, p.subject, p.subject_id, p."timestamp" AS at, t.subject AS to_subject, t.subject_id AS to_id
          FROM cdviz.pending_link AS p
         CROSS JOIN LATERAL (
            SELECT o.source FROM cdviz.cdevents_lake AS o WHERE o."timestamp" = p."timestamp" AND o.position = p.position
         ) AS s
         CROSS JOIN LATERAL cdviz.event_named(p.context_id, s.source) AS t
         WHERE EXISTS (SELECT FROM cdviz.event_identity AS i WHERE i.context_key = p.context_key)
         ORDER BY p.context_key, p.position, p.relation
    ), settled AS (
        DELETE FROM cdviz.pending_link AS p
         USING found AS f
         WHERE p.context_key = f.context_key AND p.position = f.position AND p.relation = f.relation
        RETURNING f.subject, f.subject_id, f.to_subject, f.to_id, f.relation, f.at, f.position, p.seen
    ), tied AS (
        INSERT INTO cdviz.edge AS g (from_node, to_node, relation, first_at, last_at, last_position, seen)
        SELECT DISTINCT ON (f.node, t.node, s.relation)
               f.node, t.node, s.relation, min(s.at) OVER same, s.at, s.position, sum(s.seen) OVER same
          FROM settled AS s
          JOIN cdviz.subject_state AS f ON f.subject_id = s.subject_id AND f.subject = s.subject
          JOIN cdviz.subject_state AS t ON t.subject_id = s.to_id AND t.subject = s.to_subject
         WHERE f.node <> t.node
        WINDOW same AS (PARTITION BY f.node, t.node, s.relation)
         ORDER BY f.node, t.node, s.relation, s.at DESC, s.position DESC
        ON CONFLICT (from_node, to_node, relation) DO UPDATE SET
            first_at = least(g.first_at, excluded.first_at),
            last_position = greatest(g.last_position, excluded.last_position),
            last_at = greatest(g.last_at, excluded.last_at),
            seen = g.seen + excluded.seen
    )
    SELECT count(*) INTO v_settled FROM settled;
    RETURN v_settled;
END
$$;

COMMENT ON FUNCTION cdviz.settle_links() IS 'Makes the edges of waiting links whose event has come meanwhile, and tells how many; only links stored at the same moment as their event are ever found here.';

REVOKE ALL ON FUNCTION cdviz.settle_links() FROM public;
