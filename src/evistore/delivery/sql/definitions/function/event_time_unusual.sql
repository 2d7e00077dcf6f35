-- cdviz.event_time_unusual: text to a moment where the spelling needs a closer look: another zone, a late day of a month, no seconds.
-- Only calendar forms count: PostgreSQL itself would also take 'now', 'tomorrow' and 'infinity'.
-- (Not PARALLEL SAFE: the exception block is a subtransaction, which parallel workers may not start.)
CREATE OR REPLACE FUNCTION cdviz.event_time_unusual(p_text text) RETURNS timestamptz
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
    v_at timestamptz;
BEGIN
    IF translate(p_text, '012345678t ', '999999999TT') NOT LIKE '9999-99-99T99:99%' OR length(p_text) > 60 THEN
        RETURN NULL;
    END IF;
    v_at := (p_text || CASE WHEN substr(p_text, 17) ~ '[Zz+-]' THEN '' ELSE 'Z' END)::timestamptz;
    RETURN CASE WHEN v_at >= '0001-01-01T00:00:00Z' THEN v_at END; -- other programs cannot read what lies before
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION cdviz.event_time_unusual(text) IS
'The moment that a text names where its spelling is not the usual one, or null where it names none. Called by cdviz.event_time.';
