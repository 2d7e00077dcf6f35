-- clusters.update_acknowledgement: another justification for what an organisation has acknowledged.
CREATE OR REPLACE FUNCTION clusters.update_acknowledgement(
    p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text DEFAULT NULL
) RETURNS text
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_outcome text;
BEGIN
    PERFORM set_config('clusters.actor', coalesce(p_actor, ''), true);
    UPDATE public.rule_disable
       SET justification = p_justification, updated_at = timezone('utc', statement_timestamp())
     WHERE org_id = p_org::text AND rule_id = p_rule AND error_key = p_error_key;
    v_outcome := CASE WHEN found THEN 'updated' ELSE 'not-acknowledged' END;
    PERFORM set_config('clusters.actor', '', true);
    RETURN v_outcome;
END
$$;

COMMENT ON FUNCTION clusters.update_acknowledgement(bigint, text, text, text, text) IS
'Gives an acknowledgement another justification. p_actor is the user, null where that is not known. Outcome: updated, not-acknowledged (nothing changed).';

REVOKE ALL ON FUNCTION clusters.update_acknowledgement(bigint, text, text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION clusters.update_acknowledgement(bigint, text, text, text, text) TO clusters_writer;
