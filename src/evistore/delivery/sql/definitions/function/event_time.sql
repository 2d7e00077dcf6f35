-- cdviz.event_time: text to a moment, null where the text is none. Without a zone it is taken as UTC.
-- Only calendar forms count: PostgreSQL itself would also take 'now', 'tomorrow' and 'infinity'.
CREATE OR REPLACE FUNCTION cdviz.event_time(p_text text) RETURNS timestamptz
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET timezone = 'UTC'
SET datestyle = 'ISO, YMD'
AS $$
BEGIN
    IF translate(p_text, '012345678t ', '999999999TT') LIKE '9999-99-99T99:99%' THEN
        RETURN p_text::timestamptz;
    END IF;
    RETURN NULL;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION cdviz.event_time(text) IS
'The moment that an RFC 3339 text names, or null. A text without a zone is taken as UTC; words such as now or infinity are none.';
