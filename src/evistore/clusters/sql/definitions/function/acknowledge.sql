-- clusters.acknowledge: an organisation knows about a rule, which disables it for all its clusters. Acknowledged again, it starts anew.
CREATE OR REPLACE FUNCTION clusters.acknowledge(
    p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text DEFAULT NULL
) RETURNS text
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM set_config('clusters.actor', coalesce(p_actor, ''), true);
    INSERT INTO public.rule_disable (org_id, rule_id, error_key, justification, created_at)
    VALUES (p_org::text, p_rule, p_error_key, p_justification, timezone('utc', statement_timestamp()))
    ON CONFLICT (org_id, rule_id, error_key) DO UPDATE
       SET justification = excluded.justification, created_at = excluded.created_at;
    PERFORM set_config('clusters.actor', '', true);
    RETURN 'acknowledged';
END
$$;

COMMENT ON FUNCTION clusters.acknowledge(bigint, text, text, text, text) IS
'Stores that an organisation acknowledges a rule, and why. Said again: justification and created_at are the new ones, updated_at stays. p_actor is the user, null where that is not known. Outcome: acknowledged.';

REVOKE ALL ON FUNCTION clusters.acknowledge(bigint, text, text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION clusters.acknowledge(bigint, text, text, text, text) TO clusters_writer;
