-- cdviz.event_time: text to a moment, null where the text is none. Without a zone it is taken as UTC.
-- The usual spelling is recognised here, in an expression that is inlined; all others go to cdviz.event_time_unusual.
-- requires: cdviz.event_time_unusual
CREATE OR REPLACE FUNCTION cdviz.event_time(p_text text) RETURNS timestamptz
LANGUAGE sql
STABLE -- the cast of text to timestamptz is; anything stricter would not be inlined
AS $$
    SELECT CASE
        WHEN translate(p_text, '012345678', '999999999') IN (
                '9999-99-99T99:99:99Z', '9999-99-99T99:99:99.999Z', '9999-99-99T99:99:99.999999Z', '9999-99-99T99:99:99.999999999Z',
                '9999-99-99T99:99:99.9Z', '9999-99-99T99:99:99.99Z'
             )
             AND substr(p_text, 1, 4) > '1900' AND substr(p_text, 6, 2) BETWEEN '01' AND '12' AND substr(p_text, 9, 2) BETWEEN '01' AND '30'
             AND (substr(p_text, 6, 2) <> '02' OR substr(p_text, 9, 2) <= '28')
             AND substr(p_text, 12, 2) <= '23' AND substr(p_text, 15, 2) <= '59' AND substr(p_text, 18, 2) <= '59'
        THEN p_text::timestamptz
        ELSE cdviz.event_time_unusual(p_text)
    END
$$;

COMMENT ON FUNCTION cdviz.event_time(text) IS
'The moment that an RFC 3339 text names, or null. A text without a zone is taken as UTC; words such as now or infinity are none.';
