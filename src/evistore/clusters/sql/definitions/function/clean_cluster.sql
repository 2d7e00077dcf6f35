-- clusters.clean_cluster: what goes with the report or the workloads of one cluster is counted or, if told so, deleted.
-- What users settled (toggles, reasons, acknowledgements, ratings) stays, except under kind everything; votes go with the report they hang on. The audit
-- trail stays always. Before it deletes, it takes the lock that writers take, and looks again: a cluster that reported meanwhile is left alone.
CREATE OR REPLACE FUNCTION clusters.clean_cluster(
    p_kind text, p_cluster text, p_org bigint DEFAULT NULL, p_before timestamptz DEFAULT NULL, p_apply boolean DEFAULT FALSE
) RETURNS TABLE (table_name text, number bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before timestamp := p_before AT TIME ZONE 'UTC';
    v_placed text[] := '{}'; -- tables with a row of ours
    v_org integer; -- of the report that stands
    v_old boolean; -- whether what stands is as old as the caller thinks
    v_part record;
    v_where text;
BEGIN
    IF p_kind NOT IN ('report', 'orphan', 'history', 'workloads', 'everything') THEN
        RAISE invalid_parameter_value USING MESSAGE = format('%s is no kind of clusters.clean_cluster', p_kind);
    END IF;
    IF p_apply AND p_kind <> 'workloads' THEN
        -- Where there is no report, a row of ours keeps its place until we are done: a writer waits, and then does not take what we delete for its own.
        INSERT INTO public.report (org_id, cluster, report) VALUES (0, p_cluster, '{}') ON CONFLICT DO NOTHING;
        IF FOUND THEN
            v_placed := v_placed || 'public.report'::text;
        ELSE
            SELECT r.org_id, coalesce(r.reported_at, r.last_checked_at) < v_before INTO v_org, v_old
              FROM public.report AS r
             WHERE r.cluster = p_cluster
               FOR UPDATE;
        END IF;
    END IF;
    IF p_apply AND p_kind IN ('workloads', 'everything') THEN
        INSERT INTO clusters.workload_check (cluster_id, org_id, last_checked_at) VALUES (p_cluster, 0, '-infinity') ON CONFLICT DO NOTHING;
        IF FOUND THEN
            v_placed := v_placed || 'clusters.workload_check'::text;
        ELSE
            SELECT k.last_checked_at < v_before INTO v_old FROM clusters.workload_check AS k WHERE k.cluster_id = p_cluster FOR UPDATE;
        END IF;
    END IF;

    FOR v_part IN
        SELECT p.*
          FROM (VALUES
            ('public.rule_hit', 'cluster_id', TRUE, '{report,orphan,everything}'::text[]),
            ('public.recommendation', 'cluster_id', TRUE, '{report,orphan,everything}'),
            ('public.report_info', 'cluster_id', TRUE, '{report,orphan,everything}'),
            ('clusters.hit_episode', 'cluster_id', FALSE, '{report,history,everything}'),
            ('public.cluster_rule_user_feedback', 'cluster_id', FALSE, '{report,everything}'),
            ('public.cluster_rule_toggle', 'cluster_id', FALSE, '{everything}'),
            ('public.cluster_user_rule_disable_feedback', 'cluster_id', FALSE, '{everything}'),
            ('public.report', 'cluster', FALSE, '{report,everything}'),
            ('dvo.dvo_report', 'cluster_id', FALSE, '{workloads,everything}'),
            ('clusters.workload_check', 'cluster_id', FALSE, '{workloads,everything}')
          ) AS p (name, cluster, by_org, kinds)
         WHERE p_kind = ANY (p.kinds)
           AND (NOT p_apply OR CASE p_kind
                WHEN 'report' THEN v_placed = '{}' AND v_old
                WHEN 'orphan' THEN v_placed <> '{}' OR v_org <> p_org
                WHEN 'history' THEN v_placed <> '{}'
                WHEN 'workloads' THEN v_placed <> '{}' OR v_old
                ELSE TRUE
           END)
    LOOP
        table_name := v_part.name;
        v_where := format('%I = $1', v_part.cluster) || CASE WHEN v_part.by_org AND p_org IS NOT NULL THEN ' AND org_id = $2' ELSE '' END;
        IF p_apply THEN
            EXECUTE format('DELETE FROM %s WHERE %s', v_part.name, v_where) USING p_cluster, p_org::integer;
            GET DIAGNOSTICS number = ROW_COUNT;
            number := number - (v_part.name = ANY (v_placed))::integer;
        ELSE
            EXECUTE format('SELECT count(*) FROM %s WHERE %s', v_part.name, v_where) INTO number USING p_cluster, p_org::integer;
        END IF;
        RETURN NEXT;
    END LOOP;
    IF 'public.report' = ANY (v_placed) THEN
        DELETE FROM public.report WHERE cluster = p_cluster;
    END IF;
END
$$;

COMMENT ON FUNCTION clusters.clean_cluster(text, text, bigint, timestamptz, boolean) IS
'What goes with a cluster, by table: counted, or deleted where p_apply says so. Kind, cluster and organisation as clusters.due tells them, for the same moment; kind everything takes whatever is known of the cluster, however new, with toggles and reasons. No row comes back when the cluster reported meanwhile.';

REVOKE ALL ON FUNCTION clusters.clean_cluster(text, text, bigint, timestamptz, boolean) FROM public;
GRANT EXECUTE ON FUNCTION clusters.clean_cluster(text, text, bigint, timestamptz, boolean) TO evistore_service;
