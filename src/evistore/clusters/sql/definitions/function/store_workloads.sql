-- clusters.store_workloads: the one way in for workloads; a later LastChecked wins, everything else changes nothing.
-- The rows of a cluster become those of its newest message; a namespace that stays keeps the time at which it came up.
CREATE OR REPLACE FUNCTION clusters.store_workloads(
    p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamptz[],
    p_last_namespace integer[], p_namespace text[], p_name text[], p_recommendations integer[], p_objects integer[], p_hits jsonb[]
) RETURNS text[]
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET plan_cache_mode = force_generic_plan -- a plan of its own copies each array into a form that is searched from its start for every element
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
    v_outcome text[] := array_fill('older'::text, ARRAY[cardinality(p_cluster)]);
    v_turn integer[]; -- each message's turn within its cluster
    v_turns integer;
    v_won integer[]; -- the messages of one turn that are the newest of their cluster now
    v_same integer[];
    v_message integer;
    v_whose integer[]; -- the namespaces of the messages that won: whose
    v_place integer[]; -- and where in the arrays of namespaces
    v_first integer[]; -- and where the first of the same message
    v_is_first boolean;
BEGIN
    SELECT array_agg(t.turn ORDER BY t.message), coalesce(max(t.turn), 0) INTO v_turn, v_turns
      FROM (
        SELECT c.message, row_number() OVER (PARTITION BY c.cluster ORDER BY c.message)::integer AS turn
          FROM unnest(p_cluster) WITH ORDINALITY AS c (cluster, message)
      ) AS t;

    INSERT INTO clusters.workload_check (cluster_id, org_id, last_checked_at)
    SELECT p_cluster[t.message], p_org[t.message], '-infinity'
      FROM unnest(v_turn) WITH ORDINALITY AS t (turn, message)
     WHERE t.turn = 1 AND NOT EXISTS (SELECT FROM clusters.workload_check AS k WHERE k.cluster_id = p_cluster[t.message])
     ORDER BY p_cluster[t.message]
    ON CONFLICT DO NOTHING;
    PERFORM FROM clusters.workload_check AS k WHERE k.cluster_id = ANY (p_cluster) ORDER BY k.cluster_id FOR UPDATE;

    FOR v_now_turn IN 1 .. v_turns LOOP
        WITH known AS MATERIALIZED (
            SELECT t.message::integer AS message, p_last_checked[t.message] > s.last_checked_at AS newer, p_last_checked[t.message] = s.last_checked_at AS same
              FROM unnest(v_turn) WITH ORDINALITY AS t (turn, message)
              JOIN clusters.workload_check AS k ON k.cluster_id = p_cluster[t.message]
             CROSS JOIN LATERAL (
                -- Other systems write rows without telling.
                SELECT greatest(k.last_checked_at, max(d.last_checked_at)) AS last_checked_at FROM dvo.dvo_report AS d WHERE d.cluster_id = k.cluster_id
             ) AS s
             WHERE t.turn = v_now_turn
        ), replaced AS (
            UPDATE clusters.workload_check AS k
               SET org_id = p_org[n.message], last_checked_at = p_last_checked[n.message]
              FROM known AS n
             WHERE n.newer AND k.cluster_id = p_cluster[n.message]
        )
        SELECT coalesce(array_agg(n.message) FILTER (WHERE n.newer), '{}'), coalesce(array_agg(n.message) FILTER (WHERE n.same), '{}')
          INTO v_won, v_same
          FROM known AS n;
        FOREACH v_message IN ARRAY v_won LOOP
            v_outcome[v_message] := 'stored';
        END LOOP;
        FOREACH v_message IN ARRAY v_same LOOP
            v_outcome[v_message] := 'repeated';
        END LOOP;
        CONTINUE WHEN v_won = '{}';

        SELECT coalesce(array_agg(w.message), '{}'), array_agg(n.place), array_agg(f.place)
          INTO v_whose, v_place, v_first
          FROM unnest(v_won) AS w (message)
         CROSS JOIN LATERAL (SELECT coalesce(p_last_namespace[w.message - 1], 0) + 1 AS place) AS f
         CROSS JOIN LATERAL generate_series(f.place, p_last_namespace[w.message]) AS n (place);

        -- NOT IN over a list that does not depend on the row is looked up in a hash table. Of rows that stand under several organisations, as other
        -- systems leave them behind, one stays.
        DELETE FROM dvo.dvo_report AS d
         USING unnest(v_won) AS w (message)
         WHERE d.cluster_id = p_cluster[w.message]
           AND ((d.cluster_id, d.namespace_id) NOT IN (SELECT p_cluster[n.message], p_namespace[n.place] FROM unnest(v_whose, v_place) AS n (message, place))
                OR d.org_id <> p_org[w.message] AND EXISTS (
                    SELECT FROM dvo.dvo_report AS o
                     WHERE o.cluster_id = d.cluster_id AND o.namespace_id = d.namespace_id AND (o.org_id = p_org[w.message] OR o.org_id < d.org_id)
                ));
        UPDATE dvo.dvo_report AS d
           SET org_id = p_org[w.message]
          FROM unnest(v_won) AS w (message)
         WHERE d.cluster_id = p_cluster[w.message] AND d.org_id <> p_org[w.message];
        -- Each row of a cluster holds the whole report. That of its first namespace is written first: the others take the text from there as it is
        -- stored, which is compressed once and not once per row.
        FOREACH v_is_first IN ARRAY ARRAY[true, false] LOOP
            INSERT INTO dvo.dvo_report AS d (
                org_id, cluster_id, namespace_id, namespace_name, report, recommendations, objects, reported_at, last_checked_at, rule_hits_count
            )
            SELECT p_org[n.message], p_cluster[n.message], p_namespace[n.place], p_name[n.place],
                CASE WHEN v_is_first THEN p_report[n.message] ELSE (
                    SELECT f.report FROM dvo.dvo_report AS f
                     WHERE f.org_id = p_org[n.message] AND f.cluster_id = p_cluster[n.message] AND f.namespace_id = p_namespace[n.first]
                ) END,
                p_recommendations[n.place], p_objects[n.place], p_last_checked[n.message], p_last_checked[n.message], p_hits[n.place]
              FROM unnest(v_whose, v_place, v_first) AS n (message, place, first)
             WHERE (n.place = n.first) = v_is_first
            ON CONFLICT (org_id, cluster_id, namespace_id) DO UPDATE
               SET namespace_name = excluded.namespace_name, report = excluded.report, recommendations = excluded.recommendations,
                   objects = excluded.objects, last_checked_at = excluded.last_checked_at, rule_hits_count = excluded.rule_hits_count;
        END LOOP;
    END LOOP;
    RETURN v_outcome;
END
$$;

COMMENT ON FUNCTION clusters.store_workloads(
    integer[], text[], text[], timestamptz[], integer[], text[], text[], integer[], integer[], jsonb[]
) IS
'Stores the workloads of clusters. One array element per message, in the order of the stream: organisation, cluster, Metrics object as a JSON string, LastChecked. Namespaces of all messages, in that order, are further arrays: uid, name, recommendations, objects, workloads by recommendation; p_last_namespace tells, for each message, where its last one stands. Returns one outcome per message: stored, repeated (the LastChecked that stands) or older.';

REVOKE ALL ON FUNCTION clusters.store_workloads(
    integer[], text[], text[], timestamptz[], integer[], text[], text[], integer[], integer[], jsonb[]
) FROM public;
GRANT EXECUTE ON FUNCTION clusters.store_workloads(
    integer[], text[], text[], timestamptz[], integer[], text[], text[], integer[], integer[], jsonb[]
) TO clusters_writer;
