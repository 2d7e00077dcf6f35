-- clusters.delete_clusters: clusters go, with all that hangs on them; the audit trail stays. For trying out: what is old is not deleted this way.
CREATE OR REPLACE FUNCTION clusters.delete_clusters(p_clusters text []) RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_deleted bigint;
BEGIN
    -- In the order in which everybody locks reports.
    PERFORM FROM public.report AS r WHERE r.cluster = ANY (p_clusters) ORDER BY r.cluster FOR UPDATE;
    DELETE FROM public.report WHERE cluster = ANY (p_clusters); -- the votes follow
    GET DIAGNOSTICS v_deleted = ROW_COUNT;
    DELETE FROM public.rule_hit WHERE cluster_id = ANY (p_clusters);
    DELETE FROM public.recommendation WHERE cluster_id = ANY (p_clusters);
    DELETE FROM public.report_info WHERE cluster_id = ANY (p_clusters);
    DELETE FROM public.cluster_rule_toggle WHERE cluster_id = ANY (p_clusters);
    DELETE FROM public.cluster_user_rule_disable_feedback WHERE cluster_id = ANY (p_clusters);
    DELETE FROM clusters.hit_episode WHERE cluster_id = ANY (p_clusters);
    PERFORM FROM clusters.workload_check AS w WHERE w.cluster_id = ANY (p_clusters) ORDER BY w.cluster_id FOR UPDATE;
    DELETE FROM clusters.workload_check WHERE cluster_id = ANY (p_clusters);
    DELETE FROM dvo.dvo_report WHERE cluster_id = ANY (p_clusters);
    RETURN v_deleted;
END
$$;

COMMENT ON FUNCTION clusters.delete_clusters(text []) IS
'Deletes clusters with their hits, history, votes, toggles and workloads, and returns how many had a report; unknown ones cost nothing. An older report may come in again afterwards.';

REVOKE ALL ON FUNCTION clusters.delete_clusters(text []) FROM public;
GRANT EXECUTE ON FUNCTION clusters.delete_clusters(text []) TO evistore_service;
