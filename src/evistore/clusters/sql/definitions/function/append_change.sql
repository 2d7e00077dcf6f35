-- clusters.append_change: put one change into the audit trail. An update that changes nothing is none.
-- Who acts is what clusters.actor says, which the functions set around their write; somebody who gives a reason is named by its row.
CREATE OR REPLACE FUNCTION clusters.append_change(p_kind text, p_before jsonb, p_after jsonb) RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO clusters.change (kind, action, org_id, cluster_id, rule_id, error_key, user_id, before, after)
    SELECT p_kind, a.action, r.content ->> 'org_id', r.content ->> 'cluster_id', r.content ->> 'rule_id', r.content ->> 'error_key',
        coalesce(nullif(current_setting('clusters.actor', true), ''), CASE WHEN a.action = 'explained' THEN p_after ->> 'user_id' END),
        p_before, p_after
      FROM (SELECT coalesce(p_after, p_before) AS content) AS r
     CROSS JOIN LATERAL (
        SELECT CASE
            WHEN p_after IS NULL AND p_kind = 'acknowledgement' THEN 'withdrawn'
            WHEN p_after IS NULL THEN 'deleted'
            WHEN p_after - 'org_id' = p_before - 'org_id' THEN 'moved'
            WHEN p_kind = 'reason' THEN 'explained'
            WHEN p_kind = 'toggle' AND p_after ->> 'disabled' = '0' THEN 'enabled'
            WHEN p_kind = 'toggle' THEN 'disabled'
            WHEN p_after ->> 'created_at' = p_before ->> 'created_at' THEN 'updated'
            ELSE 'acknowledged'
        END AS action
     ) AS a
     WHERE p_before IS DISTINCT FROM p_after
$$;

COMMENT ON FUNCTION clusters.append_change(text, jsonb, jsonb) IS
'Puts one change of a row into the audit trail: its kind, and the row before and after. For clusters.record_change; nobody else may call it.';

REVOKE ALL ON FUNCTION clusters.append_change(text, jsonb, jsonb) FROM public;
