-- clusters.store_reports: the one way in for reports; a later LastChecked wins, everything else changes nothing.
-- requires: clusters.move_cluster clusters.settle_hits
-- A few statements over all messages, whatever their number. Messages of one cluster take turns, in the order given, so that the history of its hits
-- is that of the stream. Rows are made and locked in the order of the clusters' names: two writers never wait for each other in a circle.
CREATE OR REPLACE FUNCTION clusters.store_reports(
    p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamptz[], p_gathered timestamptz[], p_offset bigint[], p_version text[],
    p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]
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
    v_now timestamp := timezone('utc', clock_timestamp());
    v_turn integer[]; -- each message's turn within its cluster
    v_turns integer;
    v_first integer[]; -- the messages that make the report of their cluster
    v_made text[];
    v_won integer[]; -- the messages of one turn that are the newest of their cluster now
    v_moved integer[];
    v_same integer[];
    v_message integer;
BEGIN
    SELECT array_agg(t.turn ORDER BY t.message), coalesce(max(t.turn), 0) INTO v_turn, v_turns
      FROM (
        SELECT c.message, row_number() OVER (PARTITION BY c.cluster ORDER BY c.message)::integer AS turn
          FROM unnest(p_cluster) WITH ORDINALITY AS c (cluster, message)
      ) AS t;

    SELECT coalesce(array_agg(t.message::integer ORDER BY p_cluster[t.message]), '{}') INTO v_first
      FROM unnest(v_turn) WITH ORDINALITY AS t (turn, message)
     WHERE t.turn = 1 AND NOT EXISTS (SELECT FROM public.report AS r WHERE r.cluster = p_cluster[t.message]);
    IF v_first <> '{}' THEN
        -- Without a target, ON CONFLICT waits at whichever unique index another writer is just filling.
        WITH made AS (
            INSERT INTO public.report (org_id, cluster, report, reported_at, last_checked_at, kafka_offset, gathered_at)
            SELECT p_org[f.message], p_cluster[f.message], p_report[f.message], v_now, p_last_checked[f.message], p_offset[f.message],
                p_gathered[f.message]
              FROM unnest(v_first) WITH ORDINALITY AS f (message, place)
             ORDER BY f.place
            ON CONFLICT DO NOTHING
            RETURNING cluster
        )
        SELECT coalesce(array_agg(made.cluster::text), '{}') INTO v_made FROM made;
        IF cardinality(v_made) < cardinality(v_first) THEN
            SELECT coalesce(array_agg(f.message), '{}') INTO v_first FROM unnest(v_first) AS f (message) WHERE p_cluster[f.message] = ANY (v_made);
        END IF;
        FOREACH v_message IN ARRAY v_first LOOP
            v_outcome[v_message] := 'stored';
        END LOOP;
    END IF;

    PERFORM FROM public.report AS r WHERE r.cluster = ANY (p_cluster) ORDER BY r.cluster FOR UPDATE;

    FOR v_now_turn IN 1 .. v_turns LOOP
        WITH known AS MATERIALIZED (
            SELECT t.message::integer AS message, (p_last_checked[t.message] > r.last_checked_at) IS NOT FALSE AS newer,
                p_last_checked[t.message] = r.last_checked_at AS same, p_org[t.message] <> r.org_id AS moves
              FROM unnest(v_turn) WITH ORDINALITY AS t (turn, message)
              JOIN public.report AS r ON r.cluster = p_cluster[t.message]
             WHERE t.turn = v_now_turn AND v_outcome[t.message] <> 'stored'
        ), replaced AS (
            UPDATE public.report AS r
               SET org_id = p_org[k.message], report = p_report[k.message], reported_at = v_now, last_checked_at = p_last_checked[k.message],
                   kafka_offset = p_offset[k.message], gathered_at = p_gathered[k.message]
              FROM known AS k
             WHERE k.newer AND r.cluster = p_cluster[k.message]
        )
        SELECT coalesce(array_agg(k.message) FILTER (WHERE k.newer), '{}'), coalesce(array_agg(k.message) FILTER (WHERE k.newer AND k.moves), '{}'),
            coalesce(array_agg(k.message) FILTER (WHERE k.same), '{}')
          INTO v_won, v_moved, v_same
          FROM known AS k;
        IF v_now_turn = 1 AND v_first <> '{}' THEN
            v_won := v_won || v_first;
            -- What users said outlives a report that was cleaned away.
            v_moved := v_moved || ARRAY(
                SELECT f.message FROM unnest(v_first) AS f (message)
                 WHERE EXISTS (SELECT FROM public.cluster_rule_toggle AS t WHERE t.cluster_id = p_cluster[f.message])
                    OR EXISTS (SELECT FROM public.cluster_user_rule_disable_feedback AS d WHERE d.cluster_id = p_cluster[f.message])
            );
        END IF;
        FOREACH v_message IN ARRAY v_won LOOP
            v_outcome[v_message] := 'stored';
        END LOOP;
        FOREACH v_message IN ARRAY v_same LOOP
            v_outcome[v_message] := 'repeated';
        END LOOP;
        FOREACH v_message IN ARRAY v_moved LOOP
            PERFORM clusters.move_cluster(p_cluster[v_message], p_org[v_message]);
        END LOOP;
        IF v_won <> '{}' THEN
            PERFORM clusters.settle_hits(v_won, v_now, p_org, p_cluster, p_last_checked, p_version, p_last_hit, p_component, p_error_key, p_template);
        END IF;
    END LOOP;
    RETURN v_outcome;
END
$$;

COMMENT ON FUNCTION clusters.store_reports(
    integer[], text[], text[], timestamptz[], timestamptz[], bigint[], text[], integer[], text[], text[], text[]
) IS
'Stores reports with all that hangs on them: hits, recommendations, version, history. One array element per message, in the order of the stream: organisation, cluster, Report object, LastChecked, time of gathering (or null), Kafka offset (or 0), cluster version (or null). Hits of all messages, in that order, are further arrays: component, error key, details; p_last_hit tells, for each message, where its last one stands (for a message without hits: the one before). Returns one outcome per message: stored, repeated (the LastChecked that stands) or older.';

REVOKE ALL ON FUNCTION clusters.store_reports(
    integer[], text[], text[], timestamptz[], timestamptz[], bigint[], text[], integer[], text[], text[], text[]
) FROM public;
GRANT EXECUTE ON FUNCTION clusters.store_reports(
    integer[], text[], text[], timestamptz[], timestamptz[], bigint[], text[], integer[], text[], text[], text[]
) TO clusters_writer;
