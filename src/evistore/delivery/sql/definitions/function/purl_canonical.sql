-- cdviz.purl_canonical: one spelling for all spellings of a package URL; other texts come back as they are.
-- Scheme and type in lower case, no slashes after the scheme, the version percent-decoded where that is harmless, qualifiers sorted.
CREATE OR REPLACE FUNCTION cdviz.purl_canonical(p_text text) RETURNS text
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
AS $$
DECLARE
    rest text;
    subpath text;
    qualifiers text;
    version text;
    canonical text;
BEGIN
    IF p_text !~* '^pkg:/*[a-z][a-z0-9.+-]*/.' THEN
        RETURN p_text;
    END IF;
    rest := regexp_replace(p_text, '^[Pp][Kk][Gg]:/*', '');
    subpath := substring(rest FROM '#(.*)$');
    rest := split_part(rest, '#', 1);
    qualifiers := substring(rest FROM '\?(.*)$');
    rest := split_part(rest, '?', 1);
    version := substring(rest FROM '[^/]@([^@]*)$');
    IF version IS NOT NULL THEN
        rest := left(rest, -(length(version) + 1));
        version := replace(replace(replace(version, '%3A', ':'), '%3a', ':'), '%2B', '+');
    END IF;
    SELECT string_agg(lower(split_part(q, '=', 1)) || '=' || replace(replace(replace(replace(
               substring(q FROM position('=' IN q) + 1), '%3A', ':'), '%3a', ':'), '%2F', '/'), '%2f', '/'), '&'
               ORDER BY lower(split_part(q, '=', 1)) COLLATE "C", q COLLATE "C")
      INTO qualifiers
      FROM unnest(string_to_array(qualifiers, '&')) AS q
     WHERE q LIKE '_%=_%';
    rest := regexp_replace(trim(BOTH '/' FROM rest), '/+', '/', 'g');
    canonical := 'pkg:' || lower(split_part(rest, '/', 1)) || replace(substring(rest FROM position('/' IN rest)), '/@', '/%40')
        || coalesce('@' || nullif(version, ''), '') || coalesce('?' || qualifiers, '')
        || coalesce('#' || nullif(trim(BOTH '/' FROM subpath), ''), '');
    RETURN CASE WHEN octet_length(canonical) <= 2000 THEN canonical ELSE p_text END; -- what an index can hold
END
$$;

COMMENT ON FUNCTION cdviz.purl_canonical(text) IS
'Canonical spelling of a package URL (scheme and type lower case, version decoded, qualifiers sorted, npm scope encoded); any other text as it is.';
