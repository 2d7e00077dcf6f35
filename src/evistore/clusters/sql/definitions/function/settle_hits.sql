-- clusters.settle_hits: make hits, recommendations, versions and history those of the messages p_won, one per cluster, whose reports the caller has locked.
-- What is as it was is not written again: a report that repeats itself leaves no dead rows.
CREATE OR REPLACE FUNCTION clusters.settle_hits(
    p_won integer[], p_now timestamp, p_org integer[], p_cluster text[], p_last_checked timestamptz[], p_version text[],
    p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]
) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
    v_message integer[]; -- the hits of those messages: whose
    v_place integer[]; -- and where in the arrays of hits
    v_rule text[]; -- and the rule without .report
    v_changed integer[]; -- the recommendations that go: whose
    v_changed_cluster text[]; -- and those that come
    v_changed_rule text[];
    v_changed_key text[];
BEGIN
    SELECT coalesce(array_agg(w.message), '{}'), coalesce(array_agg(h.place), '{}'), coalesce(array_agg(regexp_replace(p_component[h.place], '\.report$', '')), '{}')
      INTO v_message, v_place, v_rule
      FROM unnest(p_won) AS w (message)
     CROSS JOIN LATERAL generate_series(coalesce(p_last_hit[w.message - 1], 0) + 1, p_last_hit[w.message]) AS h (place);

    -- NOT IN over a list that does not depend on the row is looked up in a hash table: the time grows with the hits, not with their square.
    DELETE FROM public.rule_hit AS h
     USING unnest(p_won) AS w (message)
     WHERE h.cluster_id = p_cluster[w.message]
       AND (h.org_id <> p_org[w.message] OR (h.cluster_id, h.rule_fqdn, h.error_key) NOT IN (
            SELECT p_cluster[n.message], p_component[n.place], p_error_key[n.place]
              FROM unnest(v_message, v_place) AS n (message, place)
       ));

    UPDATE public.rule_hit AS h
       SET template_data = p_template[n.place]
      FROM unnest(v_message, v_place) AS n (message, place)
     WHERE h.cluster_id = p_cluster[n.message] AND h.org_id = p_org[n.message]
       AND h.rule_fqdn = p_component[n.place] AND h.error_key = p_error_key[n.place] AND h.template_data <> p_template[n.place];

    INSERT INTO public.rule_hit (org_id, cluster_id, rule_fqdn, error_key, template_data, created_at)
    SELECT p_org[n.message], p_cluster[n.message], p_component[n.place], p_error_key[n.place], p_template[n.place], p_now
      FROM unnest(v_message, v_place) AS n (message, place)
     WHERE NOT EXISTS (
        SELECT FROM public.rule_hit AS h
         WHERE h.cluster_id = p_cluster[n.message] AND h.org_id = p_org[n.message]
           AND h.rule_fqdn = p_component[n.place] AND h.error_key = p_error_key[n.place]
     );

    WITH gone AS (
        DELETE FROM public.recommendation AS r
         USING unnest(p_won) AS w (message)
         WHERE r.org_id = p_org[w.message] AND r.cluster_id = p_cluster[w.message]
           AND (r.cluster_id, r.rule_fqdn, r.error_key) NOT IN (
                SELECT p_cluster[n.message], n.rule, p_error_key[n.place]
                  FROM unnest(v_message, v_place, v_rule) AS n (message, place, rule)
           )
        RETURNING w.message, r.rule_fqdn, r.error_key
    )
    SELECT coalesce(array_agg(gone.message), '{}'), array_agg(gone.rule_fqdn), array_agg(gone.error_key)
      INTO v_changed, v_changed_rule, v_changed_key
      FROM gone;
    IF v_changed <> '{}' THEN -- most reports bring nothing new, and then history is not even looked at
        UPDATE clusters.hit_episode AS e
           SET resolved_at = greatest(p_last_checked[c.message], e.appeared_at)
          FROM unnest(v_changed, v_changed_rule, v_changed_key) AS c (message, rule_fqdn, error_key)
         WHERE e.cluster_id = p_cluster[c.message] AND e.rule_fqdn = c.rule_fqdn AND e.error_key = c.error_key
           AND coalesce(e.resolved_at, '-infinity') = '-infinity'; -- so spelled, only the primary key can serve, never an index on all clusters with the rule
    END IF;

    WITH came AS (
        INSERT INTO public.recommendation (org_id, cluster_id, rule_fqdn, error_key, rule_id, created_at, impacted_since)
        SELECT p_org[n.message], p_cluster[n.message], n.rule, p_error_key[n.place], n.rule || '|' || p_error_key[n.place],
            date_trunc('second', p_now), date_trunc('second', p_now)
          FROM unnest(v_message, v_place, v_rule) AS n (message, place, rule)
         WHERE NOT EXISTS (
            SELECT FROM public.recommendation AS r
             WHERE r.org_id = p_org[n.message] AND r.cluster_id = p_cluster[n.message] AND r.rule_fqdn = n.rule AND r.error_key = p_error_key[n.place]
         )
        RETURNING cluster_id, rule_fqdn, error_key
    )
    SELECT array_agg(came.cluster_id::text), coalesce(array_agg(came.rule_fqdn), '{}'), array_agg(came.error_key)
      INTO v_changed_cluster, v_changed_rule, v_changed_key
      FROM came;
    IF v_changed_rule <> '{}' THEN
        INSERT INTO clusters.hit_episode (cluster_id, rule_fqdn, error_key, appeared_at)
        SELECT c.cluster_id, c.rule_fqdn, c.error_key, r.last_checked_at AT TIME ZONE 'UTC'
          FROM unnest(v_changed_cluster, v_changed_rule, v_changed_key) AS c (cluster_id, rule_fqdn, error_key)
          JOIN public.report AS r ON r.cluster = c.cluster_id
        ON CONFLICT DO NOTHING; -- an adopted row may tell the same moment
    END IF;

    DELETE FROM public.report_info AS i
     USING unnest(p_won) AS w (message)
     WHERE i.cluster_id = p_cluster[w.message] AND p_version[w.message] IS NULL;
    UPDATE public.report_info AS i
       SET org_id = p_org[w.message], version_info = p_version[w.message]
      FROM unnest(p_won) AS w (message)
     WHERE i.cluster_id = p_cluster[w.message] AND (i.org_id, i.version_info) <> (p_org[w.message], p_version[w.message]);
    INSERT INTO public.report_info (org_id, cluster_id, version_info)
    SELECT p_org[w.message], p_cluster[w.message], p_version[w.message]
      FROM unnest(p_won) AS w (message)
     WHERE p_version[w.message] IS NOT NULL AND NOT EXISTS (SELECT FROM public.report_info AS i WHERE i.cluster_id = p_cluster[w.message]);
END
$$;

COMMENT ON FUNCTION clusters.settle_hits(
    integer[], timestamp, integer[], text[], timestamptz[], text[], integer[], text[], text[], text[]
) IS
'Makes hits, recommendations, version and history of clusters those of the messages whose numbers are p_won; arrays as in clusters.store_reports, which calls it. Writes only what differs.';

REVOKE ALL ON FUNCTION clusters.settle_hits(
    integer[], timestamp, integer[], text[], timestamptz[], text[], integer[], text[], text[], text[]
) FROM public;
