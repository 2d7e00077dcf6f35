-- cdviz.content_key: what makes the content of an event the same content.
CREATE OR REPLACE FUNCTION cdviz.content_key(p_digest bytea) RETURNS uuid
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$ SELECT encode(substring(p_digest FROM 1 FOR 16), 'hex')::uuid $$;

COMMENT ON FUNCTION cdviz.content_key(bytea) IS 'First half of an event''s digest: tells a duplicate from a conflict.';
