-- clusters.delete_clusters: clusters go, with all that hangs on them; the audit trail stays. For trying out: what is old is not deleted this way.
CREATE OR REPLACE FUNCTION clusters.delete_clusters(
    p_clusters text [], p_caller bigint DEFAULT NULL, OUT outcome text, OUT owner integer, OUT deleted bigint
)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- In the order in which everybody locks them.
    PERFORM FROM public.report AS r WHERE r.cluster = ANY (p_clusters) ORDER BY r.cluster FOR UPDATE;
    PERFORM FROM clusters.workload_check AS w WHERE w.cluster_id = ANY (p_clusters) ORDER BY w.cluster_id FOR UPDATE;
    SELECT k.org_id INTO owner
      FROM (
        SELECT r.cluster, r.org_id FROM public.report AS r WHERE r.cluster = ANY (p_clusters)
         UNION ALL
        SELECT w.cluster_id, w.org_id FROM clusters.workload_check AS w WHERE w.cluster_id = ANY (p_clusters)
      ) AS k
     WHERE k.org_id <> p_caller
     ORDER BY k.cluster
     LIMIT 1;
    IF found THEN
        outcome := 'organisation-differs';
        RETURN;
    END IF;
    DELETE FROM public.report WHERE cluster = ANY (p_clusters); -- the votes follow
    GET DIAGNOSTICS deleted = ROW_COUNT;
    DELETE FROM public.rule_hit WHERE cluster_id = ANY (p_clusters);
    DELETE FROM public.recommendation WHERE cluster_id = ANY (p_clusters);
    DELETE FROM public.report_info WHERE cluster_id = ANY (p_clusters);
    DELETE FROM public.cluster_rule_toggle WHERE cluster_id = ANY (p_clusters);
    DELETE FROM public.cluster_user_rule_disable_feedback WHERE cluster_id = ANY (p_clusters);
    DELETE FROM clusters.hit_episode WHERE cluster_id = ANY (p_clusters);
    DELETE FROM clusters.workload_check WHERE cluster_id = ANY (p_clusters);
    DELETE FROM dvo.dvo_report WHERE cluster_id = ANY (p_clusters);
    outcome := 'deleted';
END
$$;

COMMENT ON FUNCTION clusters.delete_clusters(text [], bigint) IS
'Deletes clusters with their hits, history, votes, toggles and workloads; unknown ones cost nothing, and an older report may come in again afterwards. p_caller is the organisation on whose behalf this is asked, null where that is not known. Outcome: deleted (deleted: how many had a report), organisation-differs (one is of the organisation owner, not p_caller; nothing is deleted).';

REVOKE ALL ON FUNCTION clusters.delete_clusters(text [], bigint) FROM public;
GRANT EXECUTE ON FUNCTION clusters.delete_clusters(text [], bigint) TO evistore_service;
