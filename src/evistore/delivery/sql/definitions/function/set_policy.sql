-- cdviz.set_policy: change a setting of the storage, now and for all later migrations.
CREATE OR REPLACE FUNCTION cdviz.set_policy(p_name text, p_value interval) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE cdviz.storage_policy SET value = p_value WHERE name = p_name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no storage policy %', p_name
            USING ERRCODE = '22023', HINT = (SELECT string_agg(p.name, ', ' ORDER BY p.name) FROM cdviz.storage_policy AS p);
    END IF;
    PERFORM cdviz.apply_storage_policies();
END
$$;

COMMENT ON FUNCTION cdviz.set_policy(text, interval) IS
'Changes a setting of the storage (see cdviz.storage_policy; null: never) and sets the engine''s jobs accordingly.';

REVOKE ALL ON FUNCTION cdviz.set_policy(text, interval) FROM public;
