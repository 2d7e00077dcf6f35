-- clusters.vote: what a user thinks of a hit: 1 like, -1 dislike, 0 taken back. The newest vote and its message stand; when the user voted first is kept.
-- The report is held meanwhile, so that the cluster neither goes nor changes its organisation in between.
CREATE OR REPLACE FUNCTION clusters.vote(
    p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_vote integer, p_message text, p_caller bigint DEFAULT NULL,
    OUT outcome text, OUT owner integer
)
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH held AS MATERIALIZED (
        SELECT r.org_id FROM public.report AS r WHERE r.cluster = p_cluster FOR KEY SHARE
    ), written AS (
        INSERT INTO public.cluster_rule_user_feedback AS f (cluster_id, rule_id, error_key, org_id, user_id, user_vote, message, added_at, updated_at)
        SELECT p_cluster, p_rule, p_error_key, p_org::text, p_user, p_vote, p_message, t.at, t.at
          FROM held AS h
         CROSS JOIN (SELECT timezone('utc', statement_timestamp()) AS at) AS t
         WHERE (p_caller IS NULL OR p_caller = h.org_id) AND p_vote BETWEEN -1 AND 1
        ON CONFLICT (cluster_id, rule_id, user_id, error_key) DO UPDATE
           SET user_vote = excluded.user_vote, message = excluded.message, updated_at = excluded.updated_at, org_id = excluded.org_id
        RETURNING 1
    )
    SELECT CASE
            WHEN h.org_id IS NULL THEN 'cluster-unknown'
            WHEN EXISTS (SELECT FROM written) THEN 'stored'
            WHEN p_caller <> h.org_id THEN 'organisation-differs'
            ELSE 'vote-unknown'
        END, h.org_id
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN held AS h ON true
$$;

COMMENT ON FUNCTION clusters.vote(text, text, text, bigint, text, integer, text, bigint) IS
'Stores the vote (1, 0, -1) of a user on a hit, with a message that may be empty. p_caller is the organisation on whose behalf this is asked, null where that is not known. Outcome: stored, cluster-unknown, organisation-differs (the cluster is of the organisation owner, not p_caller), vote-unknown.';

REVOKE ALL ON FUNCTION clusters.vote(text, text, text, bigint, text, integer, text, bigint) FROM public;
GRANT EXECUTE ON FUNCTION clusters.vote(text, text, text, bigint, text, integer, text, bigint) TO clusters_writer;
