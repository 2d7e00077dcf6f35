-- cdviz.store_cdevents: the one way in. Stores a batch of CDEvents and says, in order, what became of each.
-- Nothing that a sender can write makes it fail: what cannot be stored goes to quarantine, and costs no other event.
-- requires: cdviz.event_type cdviz.event_time cdviz.context_key cdviz.event_key cdviz.content_key cdviz.settle_known cdviz.days_of cdviz.envelope_notes
CREATE OR REPLACE FUNCTION cdviz.store_cdevents(
    p_events jsonb [], p_verdicts text [] DEFAULT NULL, p_reasons jsonb [] DEFAULT NULL, p_origin text DEFAULT 'sql'
)
RETURNS TABLE (n integer, outcome text, reason text, context_id text, "position" bigint, quarantine_id bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET plan_cache_mode = force_generic_plan -- planning costs more than running
SET work_mem = '32MB' -- a batch of 5,000 events is sorted and hashed in memory
AS $$
#variable_conflict use_column
DECLARE
    v_tolerance interval := coalesce(nullif(current_setting('cdviz.future_tolerance', true), ''), '1 day')::interval;
    v_stored bigint[];
    v_position bigint[];
    v_id text[];
BEGIN
    PERFORM set_config('cdviz.projection', '', true); -- whatever the session says: a batch is projected
    -- Lake partitions are made before the INSERT: a trigger cannot, and rows of the default partition would block them.
    PERFORM cdviz.ensure_lake(cdviz.days_of(p_events));

    WITH type AS MATERIALIZED (
        SELECT d.type, t.subject, t.predicate, t.version
          FROM (SELECT DISTINCT e.payload -> 'context' ->> 'type' AS type FROM (SELECT unnest(p_events) AS payload) AS e) AS d
         CROSS JOIN LATERAL cdviz.event_type(d.type) AS t
    ), judged AS MATERIALIZED (
        SELECT p.*,
               CASE WHEN p.id <> '' AND p.source <> '' AND p.subject IS NOT NULL
                     AND p.at <= current_timestamp + v_tolerance AND coalesce(octet_length(p.subject_id), 0) <= 2000
                    THEN nextval('cdviz.event_position') END AS position
          FROM (
            SELECT i.n, i.payload, type.subject, type.predicate, type.version,
                   CASE WHEN jsonb_typeof(i.context -> 'id') = 'string' THEN i.context ->> 'id' END AS id,
                   CASE WHEN jsonb_typeof(i.context -> 'source') = 'string' THEN i.context ->> 'source' END AS source,
                   cdviz.event_time(i.context ->> 'timestamp') AS at,
                   CASE WHEN jsonb_typeof(i.subject -> 'id') = 'string' THEN nullif(i.subject ->> 'id', '') END AS subject_id,
                   sha256(convert_to(i.payload::text, 'UTF8')) AS digest
              FROM (
                SELECT e.n, e.payload, e.payload -> 'context' AS context, e.payload -> 'subject' AS subject
                  FROM (SELECT generate_subscripts(p_events, 1) AS n, unnest(p_events) AS payload) AS e
                OFFSET 0 -- a fence: taken out of the payload once
              ) AS i
              LEFT JOIN type ON type.type = i.context ->> 'type'
            OFFSET 0
          ) AS p
    ), identified AS (
        INSERT INTO cdviz.event_identity (context_key, key, content, position, "timestamp", xid)
        SELECT cdviz.context_key(j.id), cdviz.event_key(j.source, j.id), cdviz.content_key(j.digest), j.position, j.at, pg_current_xact_id()
          FROM judged AS j
         WHERE j.position IS NOT NULL
         ORDER BY 1, 2, 4 -- two writers that meet take the rows in one order
        ON CONFLICT DO NOTHING
        RETURNING position
    ), stored AS (
        INSERT INTO cdviz.cdevents_lake (
            "timestamp", payload, subject, predicate, version, context_id, position, digest, source, subject_id, verdict, verdict_reasons
        )
        SELECT j.at, j.payload, j.subject, j.predicate, j.version, j.id, j.position, j.digest, j.source, j.subject_id,
               coalesce(p_verdicts[j.n], CASE WHEN j.subject_id IS NULL THEN 'invalid' END),
               coalesce(p_reasons[j.n], cdviz.envelope_notes(j.payload))
          FROM judged AS j
         WHERE j.position IN (SELECT i.position FROM identified AS i)
        RETURNING position
    )
    SELECT array_agg(j.position ORDER BY j.n), array_agg(j.id ORDER BY j.n), (SELECT array_agg(s.position) FROM stored AS s)
      INTO v_position, v_id, v_stored
      FROM judged AS j;

    IF cardinality(v_stored) = cardinality(p_events) THEN
        RETURN QUERY
        SELECT generate_subscripts(v_id, 1), 'stored', NULL::text, unnest(v_id), unnest(v_position), NULL::bigint;
        RETURN;
    END IF;

    -- Some are known already or no CDEvents. A second statement: the loser of a race cannot see the winner's row before.
    -- They are settled in order of their content: writers that meet at the same rows of the quarantine wait, and never lock each other out.
    RETURN QUERY
    SELECT e.n::integer, coalesce(k.outcome, 'stored'), k.reason, e.payload -> 'context' ->> 'id',
           CASE WHEN k.outcome IS NULL THEN e.position ELSE k.position END, k.quarantine_id
      FROM (
        SELECT u.n, u.payload, u.position, s.position IS NOT NULL AS is_stored
          FROM unnest(p_events, v_position) WITH ORDINALITY AS u (payload, position, n)
          LEFT JOIN unnest(v_stored) AS s (position) ON s.position = u.position
         ORDER BY s.position IS NOT NULL, CASE WHEN s.position IS NULL THEN sha256(convert_to(u.payload::text, 'UTF8')) END, u.n
        OFFSET 0
      ) AS e
      LEFT JOIN LATERAL (
        SELECT s.* FROM cdviz.settle_known(e.payload, e.position IS NOT NULL, p_origin) AS s WHERE NOT e.is_stored
        OFFSET 0 -- a fence: as a condition of the join it would be asked after the function has run
      ) AS k ON true
     ORDER BY e.n;
END
$$;

COMMENT ON FUNCTION cdviz.store_cdevents(jsonb [], text [], jsonb [], text) IS
'Stores a batch of CDEvents and returns, in order, what became of each: stored, duplicate (known already, nothing changed), conflict (known with other content) or rejected (no CDEvent); the last two stand in quarantine. Optional: the verdict and reasons of a validator per event, and where the batch came from.';

REVOKE ALL ON FUNCTION cdviz.store_cdevents(jsonb [], text [], jsonb [], text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.store_cdevents(jsonb [], text [], jsonb [], text) TO cdviz_collector;
