-- cdviz.store_cdevents: the one way in. Stores a batch of CDEvents and says, in order, what became of each.
-- Nothing that a sender can write makes it fail: what cannot be stored goes to quarantine, and costs no other event.
-- requires: cdviz.event_type cdviz.event_time cdviz.settle_known cdviz.days_of cdviz.envelope_notes
CREATE OR REPLACE FUNCTION cdviz.store_cdevents(
    p_events jsonb [], p_verdicts text [] DEFAULT NULL, p_reasons jsonb [] DEFAULT NULL, p_origin text DEFAULT 'sql'
)
RETURNS TABLE (n integer, outcome text, reason text, context_id text, "position" bigint, quarantine_id bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
#variable_conflict use_column
DECLARE
    v_tolerance interval := coalesce(nullif(current_setting('cdviz.future_tolerance', true), ''), '1 day')::interval;
    v_stored bigint[];
    v_position bigint[];
BEGIN
    -- Lake partitions are made before the INSERT: a trigger cannot, and rows of the default partition would block them.
    PERFORM cdviz.ensure_lake(cdviz.days_of(p_events));

    WITH incoming AS MATERIALIZED (
        SELECT e.n, e.payload, e.payload -> 'context' AS context, e.payload #> '{subject,id}' AS subject_id
          FROM unnest(p_events) WITH ORDINALITY AS e (payload, n)
    ), type AS MATERIALIZED (
        SELECT d.type, t.subject, t.predicate, t.version
          FROM (SELECT DISTINCT i.context ->> 'type' AS type FROM incoming AS i) AS d
         CROSS JOIN LATERAL cdviz.event_type(d.type) AS t
    ), parsed AS MATERIALIZED (
        SELECT i.n, i.payload, i.context ->> 'id' AS id, i.context ->> 'source' AS source,
               cdviz.event_time(i.context ->> 'timestamp') AS at,
               CASE jsonb_typeof(i.subject_id) WHEN 'string' THEN nullif(i.subject_id #>> '{}', '') END AS subject_id,
               type.subject, type.predicate, type.version,
               sha256(convert_to(i.payload::text, 'UTF8')) AS digest,
               jsonb_typeof(i.context -> 'id') = 'string' AND jsonb_typeof(i.context -> 'source') = 'string' AS named,
               i.context
          FROM incoming AS i
          LEFT JOIN type ON type.type = i.context ->> 'type'
    ), judged AS MATERIALIZED (
        SELECT p.*,
               CASE WHEN p.named AND p.id <> '' AND p.source <> '' AND p.subject IS NOT NULL
                     AND p.at <= current_timestamp + v_tolerance AND coalesce(octet_length(p.subject_id), 0) <= 2000
                    THEN nextval('cdviz.event_position') END AS position
          FROM parsed AS p
    ), identified AS (
        INSERT INTO cdviz.event_identity (context_key, key, content, position, "timestamp", xid)
        SELECT k.context_key, k.key, encode(substring(j.digest FROM 1 FOR 16), 'hex')::uuid, j.position, j.at, pg_current_xact_id()
          FROM judged AS j
         CROSS JOIN LATERAL (
            SELECT hashtextextended(lower(j.id), 0) AS context_key,
                   encode(substring(sha256(convert_to(j.source || E'\n' || j.id, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid AS key
         ) AS k
         WHERE j.position IS NOT NULL
         ORDER BY k.context_key, k.key, j.position -- two writers that meet take the rows in one order
        ON CONFLICT DO NOTHING
        RETURNING position
    ), stored AS (
        INSERT INTO cdviz.cdevents_lake (
            "timestamp", payload, subject, predicate, version, context_id, position, digest, source, subject_id, verdict, verdict_reasons
        )
        SELECT j.at, j.payload, j.subject, j.predicate, j.version, j.id, j.position, j.digest, j.source, j.subject_id,
               CASE WHEN p_verdicts IS NOT NULL THEN p_verdicts[j.n] WHEN j.subject_id IS NULL THEN 'invalid' END,
               coalesce(p_reasons[j.n], cdviz.envelope_notes(j.payload))
          FROM judged AS j
         WHERE j.position IN (SELECT i.position FROM identified AS i)
         ORDER BY j.position
        RETURNING position
    )
    SELECT array_agg(j.position ORDER BY j.n), (SELECT array_agg(s.position) FROM stored AS s)
      INTO v_position, v_stored
      FROM judged AS j;

    IF cardinality(v_stored) = cardinality(p_events) THEN
        RETURN QUERY
        SELECT e.n::integer, 'stored', NULL::text, e.payload #>> '{context,id}', v_position[e.n], NULL::bigint
          FROM unnest(p_events) WITH ORDINALITY AS e (payload, n);
        RETURN;
    END IF;

    -- Some are known already or no CDEvents. A second statement: the loser of a race cannot see the winner's row before.
    RETURN QUERY
    SELECT e.n::integer, s.outcome, s.reason, e.payload #>> '{context,id}', s.position, s.quarantine_id
      FROM unnest(p_events) WITH ORDINALITY AS e (payload, n)
     CROSS JOIN LATERAL (
        SELECT 'stored' AS outcome, NULL::text AS reason, v_position[e.n] AS position, NULL::bigint AS quarantine_id
         WHERE v_position[e.n] = ANY (v_stored)
        UNION ALL
        SELECT k.outcome, k.reason, k.position, k.quarantine_id
          FROM cdviz.settle_known(e.payload, v_position[e.n] IS NOT NULL, p_origin) AS k
         WHERE v_position[e.n] IS NULL OR v_position[e.n] <> ALL (coalesce(v_stored, '{}'))
     ) AS s
     ORDER BY e.n;
END
$$;

COMMENT ON FUNCTION cdviz.store_cdevents(jsonb [], text [], jsonb [], text) IS
'Stores a batch of CDEvents and returns, in order, what became of each: stored, duplicate (known already, nothing changed), conflict (known with other content) or rejected (no CDEvent); the last two stand in quarantine. Optional: the verdict and reasons of a validator per event, and where the batch came from.';

REVOKE ALL ON FUNCTION cdviz.store_cdevents(jsonb [], text [], jsonb [], text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.store_cdevents(jsonb [], text [], jsonb [], text) TO cdviz_collector;
