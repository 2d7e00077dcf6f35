-- clusters.withdraw_acknowledgement: an organisation wants to hear of a rule again.
CREATE OR REPLACE FUNCTION clusters.withdraw_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_actor text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_outcome text;
BEGIN
    PERFORM set_config('clusters.actor', coalesce(p_actor, ''), true);
    DELETE FROM public.rule_disable WHERE org_id = p_org::text AND rule_id = p_rule AND error_key = p_error_key;
    v_outcome := CASE WHEN found THEN 'withdrawn' ELSE 'not-acknowledged' END;
    PERFORM set_config('clusters.actor', '', true);
    RETURN v_outcome;
END
$$;

COMMENT ON FUNCTION clusters.withdraw_acknowledgement(bigint, text, text, text) IS
'Takes an acknowledgement away. p_actor is the user, null where that is not known. Outcome: withdrawn, not-acknowledged (nothing changed).';

REVOKE ALL ON FUNCTION clusters.withdraw_acknowledgement(bigint, text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION clusters.withdraw_acknowledgement(bigint, text, text, text) TO clusters_writer;
