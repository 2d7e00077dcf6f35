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
            SELECT t.message::integer AS message, p_last_checked[t.message] > k.last_checked_at AS newer, p_last_checked[t.message] = k.last_checked_at AS same
              FROM unnest(v_turn) WITH ORDINALITY AS t (turn, message)
              JOIN clusters.workload_check AS k ON k.cluster_id = p_cluster[t.message]
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

        DELETE FROM dvo.dvo_report AS d
         USING unnest(v_won) AS w (message)
         WHERE d.cluster_id = p_cluster[w.message]
           AND d.namespace_id <> ALL (p_namespace[coalesce(p_last_namespace[w.message - 1], 0) + 1 : p_last_namespace[w.message]]);
        UPDATE dvo.dvo_report AS d
           SET org_id = p_org[w.message], namespace_name = p_name[n.place], report = p_report[w.message], recommendations = p_recommendations[n.place],
               objects = p_objects[n.place], last_checked_at = p_last_checked[w.message], rule_hits_count = p_hits[n.place]
          FROM unnest(v_won) AS w (message)
         CROSS JOIN LATERAL generate_series(coalesce(p_last_namespace[w.message - 1], 0) + 1, p_last_namespace[w.message]) AS n (place)
         WHERE d.cluster_id = p_cluster[w.message] AND d.namespace_id = p_namespace[n.place];
        INSERT INTO dvo.dvo_report (
            org_id, cluster_id, namespace_id, namespace_name, report, recommendations, objects, reported_at, last_checked_at, rule_hits_count
        )
        SELECT p_org[w.message], p_cluster[w.message], p_namespace[n.place], p_name[n.place], p_report[w.message], p_recommendations[n.place],
            p_objects[n.place], p_last_checked[w.message], p_last_checked[w.message], p_hits[n.place]
          FROM unnest(v_won) AS w (message)
         CROSS JOIN LATERAL generate_series(coalesce(p_last_namespace[w.message - 1], 0) + 1, p_last_namespace[w.message]) AS n (place)
         WHERE NOT EXISTS (SELECT FROM dvo.dvo_report AS d WHERE d.cluster_id = p_cluster[w.message] AND d.namespace_id = p_namespace[n.place]);
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
