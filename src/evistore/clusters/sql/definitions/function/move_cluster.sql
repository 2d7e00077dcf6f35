-- clusters.move_cluster: everything that hangs on a cluster goes with it to another organisation.
CREATE OR REPLACE FUNCTION clusters.move_cluster(p_cluster text, p_org integer) RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE public.rule_hit SET org_id = p_org WHERE cluster_id = p_cluster AND org_id <> p_org;
    UPDATE public.recommendation AS r SET org_id = p_org
      FROM (SELECT DISTINCT h.org_id FROM public.recommendation AS h WHERE h.cluster_id = p_cluster AND h.org_id <> p_org) AS old
     WHERE r.org_id = old.org_id AND r.cluster_id = p_cluster;
    UPDATE public.report_info SET org_id = p_org WHERE cluster_id = p_cluster AND org_id <> p_org;
    UPDATE public.cluster_rule_toggle SET org_id = p_org::text WHERE cluster_id = p_cluster AND org_id <> p_org::text;
    UPDATE public.cluster_rule_user_feedback SET org_id = p_org::text WHERE cluster_id = p_cluster AND org_id <> p_org::text;
    UPDATE public.cluster_user_rule_disable_feedback SET org_id = p_org::text WHERE cluster_id = p_cluster AND org_id <> p_org::text;
$$;

COMMENT ON FUNCTION clusters.move_cluster(text, integer) IS
'Moves hits, recommendations, version, toggles and feedback of a cluster to the organisation p_org. The caller holds the lock on its report and moves that.';

REVOKE ALL ON FUNCTION clusters.move_cluster(text, integer) FROM public;
