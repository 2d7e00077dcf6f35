-- cdviz.link_relation: the graph's name for a link kind.
CREATE OR REPLACE FUNCTION cdviz.link_relation(p_kind text) RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT CASE lower(p_kind)
        WHEN 'trigger' THEN 'triggeredBy'
        WHEN 'cause' THEN 'causedBy'
        WHEN 'effect' THEN 'causedBy'
        ELSE coalesce(nullif(left(p_kind, 200), ''), 'dependsOn')
    END
$$;

COMMENT ON FUNCTION cdviz.link_relation(text) IS 'Relation of the graph for a link kind: trigger, cause and effect have names of their own, none is dependsOn, others stay as they are.';
