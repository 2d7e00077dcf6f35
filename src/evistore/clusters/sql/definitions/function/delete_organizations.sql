-- clusters.delete_organizations: organisations go, with their clusters, acknowledgements and ratings; the audit trail stays. For trying out.
-- requires: clusters.delete_clusters
CREATE OR REPLACE FUNCTION clusters.delete_organizations(p_orgs bigint []) RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_names text[] := p_orgs::text[];
    v_deleted bigint;
BEGIN
    SELECT d.deleted INTO v_deleted
      FROM clusters.delete_clusters(ARRAY(SELECT r.cluster FROM public.report AS r WHERE r.org_id = ANY (p_orgs))) AS d;
    -- What is theirs without a report of theirs.
    PERFORM FROM clusters.workload_check AS w WHERE w.org_id = ANY (p_orgs) ORDER BY w.cluster_id FOR UPDATE;
    DELETE FROM clusters.workload_check WHERE org_id = ANY (p_orgs);
    DELETE FROM dvo.dvo_report WHERE org_id = ANY (p_orgs);
    DELETE FROM public.rule_hit WHERE org_id = ANY (p_orgs);
    DELETE FROM public.recommendation WHERE org_id = ANY (p_orgs);
    DELETE FROM public.report_info WHERE org_id = ANY (p_orgs);
    DELETE FROM public.cluster_rule_toggle WHERE org_id = ANY (v_names);
    DELETE FROM public.cluster_rule_user_feedback WHERE org_id = ANY (v_names);
    DELETE FROM public.cluster_user_rule_disable_feedback WHERE org_id = ANY (v_names);
    DELETE FROM public.rule_disable WHERE org_id = ANY (v_names);
    DELETE FROM public.advisor_ratings WHERE org_id = ANY (v_names);
    RETURN v_deleted;
END
$$;

COMMENT ON FUNCTION clusters.delete_organizations(bigint []) IS
'Deletes organisations with all that is known of them and of their clusters, and returns how many clusters had a report; unknown ones cost nothing.';

REVOKE ALL ON FUNCTION clusters.delete_organizations(bigint []) FROM public;
GRANT EXECUTE ON FUNCTION clusters.delete_organizations(bigint []) TO evistore_service;
