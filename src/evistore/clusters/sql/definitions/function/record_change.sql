-- clusters.record_change: the trigger behind the audit trail. A row that gets another name counts as one that went and one that came.
-- requires: clusters.append_change
CREATE OR REPLACE FUNCTION clusters.record_change() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_kind text := tg_argv[0];
    v_before jsonb;
    v_after jsonb;
BEGIN
    IF tg_op = 'TRUNCATE' THEN
        EXECUTE format('SELECT clusters.append_change($1, to_jsonb(t), NULL) FROM %I.%I AS t', tg_table_schema, tg_table_name) USING v_kind;
        RETURN NULL;
    END IF;
    v_before := CASE WHEN tg_op <> 'INSERT' THEN to_jsonb(old) END;
    v_after := CASE WHEN tg_op <> 'DELETE' THEN to_jsonb(new) END;
    IF (v_before ->> 'cluster_id', v_before ->> 'user_id', v_before ->> 'rule_id', v_before ->> 'error_key')
        IS DISTINCT FROM (v_after ->> 'cluster_id', v_after ->> 'user_id', v_after ->> 'rule_id', v_after ->> 'error_key') AND tg_op = 'UPDATE' THEN
        PERFORM clusters.append_change(v_kind, v_before, NULL);
        v_before := NULL;
    END IF;
    PERFORM clusters.append_change(v_kind, v_before, v_after);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION clusters.record_change() IS
'Trigger: puts every change of the table into clusters.change, under the kind that is its argument.';

REVOKE ALL ON FUNCTION clusters.record_change() FROM public;
