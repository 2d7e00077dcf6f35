-- cdviz.retention_floors: from when on the events of each kind are kept, by kind of subject; * for all others.
-- Whole weeks of storage go, never parts of one: a floor is the first moment of one.
CREATE OR REPLACE FUNCTION cdviz.retention_floors(p_now timestamptz) RETURNS jsonb
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
    SELECT coalesce(jsonb_object_agg(p.subject, coalesce(cdviz.storage_floor(p_now - p.keep), '-infinity')), '{}') FROM cdviz.retention_policy AS p
$$;

COMMENT ON FUNCTION cdviz.retention_floors(timestamptz) IS 'From when on the events of each kind of subject are kept, as of a moment: {"*": time, "incident": time}.';

REVOKE ALL ON FUNCTION cdviz.retention_floors(timestamptz) FROM public;
