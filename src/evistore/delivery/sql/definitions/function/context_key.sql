-- cdviz.context_key: the hash under which links find an event by its context.id, whatever its letter case.
CREATE OR REPLACE FUNCTION cdviz.context_key(p_context_id text) RETURNS bigint
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$ SELECT hashtextextended(lower(p_context_id), 0) $$;

COMMENT ON FUNCTION cdviz.context_key(text) IS 'Hash of a context.id in lower case, by which a link finds the events of that id.';
