-- cdviz.is_past: whether retention no longer wants what happened to a subject of this kind at this time.
CREATE OR REPLACE FUNCTION cdviz.is_past(p_floors jsonb, p_subject text, p_at timestamptz) RETURNS boolean
LANGUAGE sql
STABLE
AS $$ SELECT p_at < coalesce(p_floors ->> p_subject, p_floors ->> '*', '-infinity')::timestamptz $$;

COMMENT ON FUNCTION cdviz.is_past(jsonb, text, timestamptz) IS 'Whether a moment lies before the time from which cdviz.retention_floors keeps this kind of subject. Legal holds are not looked at.';

REVOKE ALL ON FUNCTION cdviz.is_past(jsonb, text, timestamptz) FROM public;
