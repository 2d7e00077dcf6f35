-- clusters.explain_toggle: why a user disabled a rule for one cluster. The newest words stand; when the user wrote first is kept.
-- The report is held meanwhile, so that the cluster neither goes nor changes its organisation in between.
CREATE OR REPLACE FUNCTION clusters.explain_toggle(
    p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_message text, p_caller bigint DEFAULT NULL,
    OUT outcome text, OUT owner integer
)
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH held AS MATERIALIZED (
        SELECT r.org_id FROM public.report AS r WHERE r.cluster = p_cluster FOR KEY SHARE
    ), written AS (
        INSERT INTO public.cluster_user_rule_disable_feedback (cluster_id, user_id, rule_id, error_key, org_id, message, added_at, updated_at)
        SELECT p_cluster, p_user, p_rule, p_error_key, p_org::text, p_message, t.at, t.at
          FROM held AS h
         CROSS JOIN (SELECT timezone('utc', statement_timestamp()) AS at) AS t
         WHERE p_caller IS NULL OR p_caller = h.org_id
        ON CONFLICT (cluster_id, user_id, rule_id, error_key) DO UPDATE
           SET message = excluded.message, updated_at = excluded.updated_at, org_id = excluded.org_id
        RETURNING 1
    )
    SELECT CASE
            WHEN h.org_id IS NULL THEN 'cluster-unknown'
            WHEN EXISTS (SELECT FROM written) THEN 'stored'
            ELSE 'organisation-differs'
        END, h.org_id
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN held AS h ON true
$$;

COMMENT ON FUNCTION clusters.explain_toggle(text, text, text, bigint, text, text, bigint) IS
'Stores why a user disabled a rule for one cluster, whether it is disabled or not. p_caller is the organisation on whose behalf this is asked, null where that is not known. Outcome: stored, cluster-unknown, organisation-differs (the cluster is of the organisation owner, not p_caller).';

REVOKE ALL ON FUNCTION clusters.explain_toggle(text, text, text, bigint, text, text, bigint) FROM public;
GRANT EXECUTE ON FUNCTION clusters.explain_toggle(text, text, text, bigint, text, text, bigint) TO clusters_writer;
