-- cdviz.purl_base: the package without version, qualifiers and subpath; null when the text is no package URL or is the base already.
CREATE OR REPLACE FUNCTION cdviz.purl_base(p_text text) RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
-- requires: cdviz.purl_canonical
AS $$
    SELECT nullif(regexp_replace(split_part(split_part(cdviz.purl_canonical(p_text), '#', 1), '?', 1), '([^/])@[^@/]*$', '\1'), p_text)
     WHERE lower(left(p_text, 4)) = 'pkg:' AND position('/' IN p_text) > 0
$$;

COMMENT ON FUNCTION cdviz.purl_base(text) IS
'The package that a package URL is a version of: type, namespace and name. Null when the text is no package URL or names no version.';
