-- clusters.move_cluster: everything that hangs on a cluster goes with it to another organisation.
-- Other systems leave rows of a cluster behind under organisations that had it before; of those that would become the same row one stays.
CREATE OR REPLACE FUNCTION clusters.move_cluster(p_cluster text, p_org integer) RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_orgs integer[] := ARRAY(SELECT DISTINCT r.org_id FROM public.recommendation AS r WHERE r.cluster_id = p_cluster);
BEGIN
    DELETE FROM public.rule_hit AS h
     WHERE h.cluster_id = p_cluster AND h.org_id <> p_org
       AND EXISTS (
            SELECT FROM public.rule_hit AS o
             WHERE o.cluster_id = p_cluster AND o.rule_fqdn = h.rule_fqdn AND o.error_key = h.error_key AND (o.org_id = p_org OR o.org_id < h.org_id)
       );
    UPDATE public.rule_hit SET org_id = p_org WHERE cluster_id = p_cluster AND org_id <> p_org;
    IF cardinality(v_orgs) > 1 THEN
        DELETE FROM public.recommendation AS r
         WHERE r.org_id = ANY (v_orgs) AND r.org_id <> p_org AND r.cluster_id = p_cluster
           AND EXISTS (
                SELECT FROM public.recommendation AS o
                 WHERE o.org_id = ANY (v_orgs) AND (o.org_id = p_org OR o.org_id < r.org_id)
                   AND o.cluster_id = p_cluster AND o.rule_fqdn = r.rule_fqdn AND o.error_key = r.error_key
           );
    END IF;
    UPDATE public.recommendation SET org_id = p_org WHERE org_id = ANY (v_orgs) AND org_id <> p_org AND cluster_id = p_cluster;
    UPDATE public.report_info SET org_id = p_org WHERE cluster_id = p_cluster AND org_id <> p_org;
    UPDATE public.cluster_rule_toggle SET org_id = p_org::text WHERE cluster_id = p_cluster AND org_id <> p_org::text;
    UPDATE public.cluster_rule_user_feedback SET org_id = p_org::text WHERE cluster_id = p_cluster AND org_id <> p_org::text;
    UPDATE public.cluster_user_rule_disable_feedback SET org_id = p_org::text WHERE cluster_id = p_cluster AND org_id <> p_org::text;
END
$$;

COMMENT ON FUNCTION clusters.move_cluster(text, integer) IS
'Moves hits, recommendations, version, toggles and feedback of a cluster to the organisation p_org. The caller holds the lock on its report and moves that.';

REVOKE ALL ON FUNCTION clusters.move_cluster(text, integer) FROM public;
