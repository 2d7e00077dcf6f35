-- cdviz.predicate_rank: the place of a predicate in a life cycle, null outside the vocabulary.
-- It decides which of two events of one subject and one instant is the later one: many senders stamp whole seconds.
CREATE OR REPLACE FUNCTION cdviz.predicate_rank(p_predicate text) RETURNS smallint
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT CASE p_predicate
        WHEN 'queued' THEN 1 WHEN 'created' THEN 1 WHEN 'detected' THEN 1 WHEN 'packaged' THEN 1
        WHEN 'started' THEN 2 WHEN 'reported' THEN 2 WHEN 'reviewed' THEN 2 WHEN 'updated' THEN 2
        WHEN 'modified' THEN 2 WHEN 'signed' THEN 2 WHEN 'deployed' THEN 2
        WHEN 'published' THEN 3 WHEN 'upgraded' THEN 3
        WHEN 'downloaded' THEN 4 WHEN 'rolledback' THEN 4
        WHEN 'finished' THEN 5 WHEN 'skipped' THEN 5 WHEN 'resolved' THEN 5 WHEN 'closed' THEN 5
        WHEN 'merged' THEN 5 WHEN 'abandoned' THEN 5
        WHEN 'deleted' THEN 6 WHEN 'removed' THEN 6
    END::smallint
$$;

COMMENT ON FUNCTION cdviz.predicate_rank(text) IS
'Place of a predicate in a life cycle (1 first, 6 last), to order events of one instant; null for predicates outside the CDEvents vocabulary.';
