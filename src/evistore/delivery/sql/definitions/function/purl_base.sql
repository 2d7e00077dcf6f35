-- cdviz.purl_base: the package without version, qualifiers and subpath; null when the text is no package URL or is the base already.
-- requires: cdviz.purl_canonical
CREATE OR REPLACE FUNCTION cdviz.purl_base(p_text text) RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT CASE
        -- The usual spelling, without a regular expression: this runs on the write path.
        WHEN p_text LIKE 'pkg:%/%' AND p_text NOT LIKE 'pkg:/%' AND p_text NOT LIKE '%/@%' AND p_text NOT LIKE '%@%@%'
             AND split_part(p_text, '/', 1) = lower(split_part(p_text, '/', 1)) AND p_text NOT LIKE '%//%@%' THEN
            nullif(split_part(split_part(split_part(p_text, '#', 1), '?', 1), '@', 1), p_text)
        WHEN lower(left(p_text, 4)) = 'pkg:' AND position('/' IN p_text) > 0 THEN
            nullif(regexp_replace(split_part(split_part(cdviz.purl_canonical(p_text), '#', 1), '?', 1), '([^/])@[^@/]*$', '\1'), p_text)
    END
$$;

COMMENT ON FUNCTION cdviz.purl_base(text) IS
'The package that a package URL is a version of: type, namespace and name. Null when the text is no package URL or names no version.';
