-- cdviz.is_node_id: whether a text can name a subject: not empty, and short enough for an index.
CREATE OR REPLACE FUNCTION cdviz.is_node_id(p_text text) RETURNS boolean
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$ SELECT octet_length(p_text) BETWEEN 1 AND 2000 $$;

COMMENT ON FUNCTION cdviz.is_node_id(text) IS 'Whether a text can name a subject: not empty, and at most 2000 bytes, so that an index can hold it.';
