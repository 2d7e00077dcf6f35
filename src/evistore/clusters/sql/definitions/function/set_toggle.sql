-- clusters.set_toggle: disable a rule for one cluster, or enable it again. The rule need not hit the cluster.
-- The report is held meanwhile, so that the cluster neither goes nor changes its organisation in between.
CREATE OR REPLACE FUNCTION clusters.set_toggle(
    p_cluster text, p_rule text, p_error_key text, p_org bigint, p_disabled boolean, p_caller bigint DEFAULT NULL, p_actor text DEFAULT NULL,
    OUT outcome text, OUT owner integer
)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM set_config('clusters.actor', coalesce(p_actor, ''), true);
    WITH held AS MATERIALIZED (
        SELECT r.org_id FROM public.report AS r WHERE r.cluster = p_cluster FOR KEY SHARE
    ), written AS (
        INSERT INTO public.cluster_rule_toggle (cluster_id, rule_id, error_key, org_id, disabled, disabled_at, enabled_at, updated_at)
        SELECT p_cluster, p_rule, p_error_key, p_org::text, p_disabled::integer, CASE WHEN p_disabled THEN t.at END, CASE WHEN NOT p_disabled THEN t.at END, t.at
          FROM held AS h
         CROSS JOIN (SELECT timezone('utc', statement_timestamp()) AS at) AS t
         WHERE p_caller IS NULL OR p_caller = h.org_id
        ON CONFLICT (cluster_id, rule_id, error_key) DO UPDATE
           SET disabled = excluded.disabled, disabled_at = excluded.disabled_at, enabled_at = excluded.enabled_at,
               updated_at = excluded.updated_at, org_id = excluded.org_id
        RETURNING 1
    )
    SELECT CASE
            WHEN h.org_id IS NULL THEN 'cluster-unknown'
            WHEN EXISTS (SELECT FROM written) THEN 'stored'
            ELSE 'organisation-differs'
        END, h.org_id
      INTO outcome, owner
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN held AS h ON true;
    PERFORM set_config('clusters.actor', '', true);
END
$$;

COMMENT ON FUNCTION clusters.set_toggle(text, text, text, bigint, boolean, bigint, text) IS
'Disables a rule for one cluster or enables it again. p_caller is the organisation on whose behalf this is asked, p_actor the user; null where they are not known. Outcome: stored, cluster-unknown, organisation-differs (the cluster is of the organisation owner, not p_caller).';

REVOKE ALL ON FUNCTION clusters.set_toggle(text, text, text, bigint, boolean, bigint, text) FROM public;
GRANT EXECUTE ON FUNCTION clusters.set_toggle(text, text, text, bigint, boolean, bigint, text) TO clusters_writer;
