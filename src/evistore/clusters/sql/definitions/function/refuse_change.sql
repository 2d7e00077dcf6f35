-- clusters.refuse_change: the trigger that keeps a table from being anything but appended to.
CREATE OR REPLACE FUNCTION clusters.refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '%.% is appended to and never changed', tg_table_schema, tg_table_name USING ERRCODE = 'insufficient_privilege';
END
$$;

COMMENT ON FUNCTION clusters.refuse_change() IS 'Trigger: refuses whatever statement fires it.';

REVOKE ALL ON FUNCTION clusters.refuse_change() FROM public;
