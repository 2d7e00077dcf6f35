-- The dump of a fresh database on plain PostgreSQL. Written by `make reference`; a test compares.

-- Name: cdviz; Type: SCHEMA; Schema: -; Owner: cdviz
CREATE SCHEMA cdviz;

ALTER SCHEMA cdviz OWNER TO cdviz;

-- Name: SCHEMA cdviz; Type: COMMENT; Schema: -; Owner: cdviz
COMMENT ON SCHEMA cdviz IS 'Delivery evidence: the lake of CDEvents, its projections, views, graph and metrics.';

-- Name: clusters; Type: SCHEMA; Schema: -; Owner: cdviz
CREATE SCHEMA clusters;

ALTER SCHEMA clusters OWNER TO cdviz;

-- Name: SCHEMA clusters; Type: COMMENT; Schema: -; Owner: cdviz
COMMENT ON SCHEMA clusters IS 'Cluster evidence: functions that store and settle it, its history, and views over it.';

-- Name: dvo; Type: SCHEMA; Schema: -; Owner: cdviz
CREATE SCHEMA dvo;

ALTER SCHEMA dvo OWNER TO cdviz;

-- Name: SCHEMA dvo; Type: COMMENT; Schema: -; Owner: cdviz
COMMENT ON SCHEMA dvo IS 'Cluster evidence: workloads that the Deployment Validation Operator recommends to change.';

-- Name: evistore; Type: SCHEMA; Schema: -; Owner: cdviz
CREATE SCHEMA evistore;

ALTER SCHEMA evistore OWNER TO cdviz;

-- Name: SCHEMA evistore; Type: COMMENT; Schema: -; Owner: cdviz
COMMENT ON SCHEMA evistore IS 'The kernel of Evistore: ledger of migrations, quarantine, consumer positions.';

-- Name: public; Type: SCHEMA; Schema: -; Owner: pg_database_owner
CREATE SCHEMA public;

ALTER SCHEMA public OWNER TO pg_database_owner;

-- Name: SCHEMA public; Type: COMMENT; Schema: -; Owner: pg_database_owner
COMMENT ON SCHEMA public IS 'standard public schema';

-- Name: value_at; Type: TYPE; Schema: cdviz; Owner: cdviz
CREATE TYPE cdviz.value_at AS (
	at timestamp with time zone,
	value text
);

ALTER TYPE cdviz.value_at OWNER TO cdviz;

-- Name: TYPE value_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TYPE cdviz.value_at IS 'State of the aggregates first and last: the time found so far and its value as text.';

-- Name: activity_counts(date, date, text, text, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.activity_counts(p_from date, p_until date, p_bucket text DEFAULT 'day'::text, p_subject text DEFAULT NULL::text, p_predicate text DEFAULT NULL::text, p_source text DEFAULT NULL::text) RETURNS TABLE(bucket date, subject text, predicate text, events bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT date_trunc(p_bucket, a.day::timestamp)::date, a.subject, a.predicate, sum(a.events)::bigint
      FROM cdviz.activity_daily AS a
     WHERE a.day >= p_from AND a.day < p_until
       AND (p_subject IS NULL OR a.subject = p_subject) AND (p_predicate IS NULL OR a.predicate = p_predicate)
       AND (p_source IS NULL OR a.source = left(p_source, 300))
     GROUP BY 1, 2, 3
     ORDER BY 1, 2, 3;
END
$$;

ALTER FUNCTION cdviz.activity_counts(p_from date, p_until date, p_bucket text, p_subject text, p_predicate text, p_source text) OWNER TO cdviz;

-- Name: FUNCTION activity_counts(p_from date, p_until date, p_bucket text, p_subject text, p_predicate text, p_source text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.activity_counts(p_from date, p_until date, p_bucket text, p_subject text, p_predicate text, p_source text) IS 'How many events of each kind there were per day, week (from Monday) or month in UTC, on the days from p_from on and before p_until: from the roll-up and what it does not hold yet, so exact at any moment and also for what retention took.';

-- Name: activity_uncounted(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.activity_uncounted() RETURNS TABLE(day date, subject text, predicate text, source text, events bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
    SELECT (i."timestamp" AT TIME ZONE 'UTC')::date, l.subject, l.predicate, left(coalesce(l.source, ''), 300), count(*)
      FROM (
        SELECT f."timestamp", f.position
          FROM cdviz.event_identity AS f
         WHERE f.xid >= (SELECT p.xid FROM cdviz.activity_progress AS p) OR f.position > (SELECT p.position FROM cdviz.activity_progress AS p)
        OFFSET 0 -- a fence
      ) AS i
     CROSS JOIN LATERAL (
        SELECT e.subject, e.predicate, e.source FROM cdviz.cdevents_lake AS e WHERE e."timestamp" = i."timestamp" AND e.position = i.position LIMIT 1
     ) AS l
     GROUP BY 1, 2, 3, 4
$$;

ALTER FUNCTION cdviz.activity_uncounted() OWNER TO cdviz;

-- Name: FUNCTION activity_uncounted(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.activity_uncounted() IS 'Events that cdviz.activity_rollup does not hold yet, by day in UTC, kind and source; cdviz.activity_daily adds them.';

-- Name: add_subjects(text[], text[], timestamp with time zone[]); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.add_subjects(p_subject text[], p_id text[], p_at timestamp with time zone[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO cdviz.subject_state AS s (subject, subject_id, first_seen_at, canonical_id)
    SELECT n.subject, n.id, min(n.at),
           CASE WHEN n.subject = 'artifact' AND n.id LIKE 'pkg:%' THEN nullif(cdviz.purl_canonical(n.id), n.id) END
      FROM unnest(p_subject, p_id, p_at) AS n (subject, id, at)
     WHERE (n.id, n.subject) = (p_id[cardinality(p_id)], p_subject[cardinality(p_subject)])
        OR NOT EXISTS (
            SELECT FROM (SELECT k.first_seen_at FROM cdviz.subject_state AS k WHERE k.subject_id = n.id AND k.subject = n.subject LIMIT 1) AS k
             WHERE k.first_seen_at <= n.at
        )
     GROUP BY n.id, n.subject
     ORDER BY n.id, n.subject
    ON CONFLICT (subject_id, subject) DO UPDATE SET first_seen_at = least(s.first_seen_at, excluded.first_seen_at);
END
$$;

ALTER FUNCTION cdviz.add_subjects(p_subject text[], p_id text[], p_at timestamp with time zone[]) OWNER TO cdviz;

-- Name: FUNCTION add_subjects(p_subject text[], p_id text[], p_at timestamp with time zone[]); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.add_subjects(p_subject text[], p_id text[], p_at timestamp with time zone[]) IS 'Makes sure that these subjects stand and were first seen at these times or earlier; called before edges are drawn between them. The last subject is that of the event itself.';

-- Name: add_webhook(text, text, text, bigint, integer, text[], text[], text[], text[], text[]); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.add_webhook(p_name text, p_url text, p_secret text, p_position bigint DEFAULT NULL::bigint, p_batch integer DEFAULT 1, p_subjects text[] DEFAULT NULL::text[], p_predicates text[] DEFAULT NULL::text[], p_sources text[] DEFAULT NULL::text[], p_environments text[] DEFAULT NULL::text[], p_services text[] DEFAULT NULL::text[]) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH added AS (
        INSERT INTO cdviz.webhook AS w (name, url, secret, batch, subjects, predicates, sources, environments, services, after_xid, after_position)
        SELECT p_name, p_url, p_secret, p_batch, p_subjects, p_predicates, p_sources, p_environments, p_services,
               CASE WHEN p_position = 0 THEN '0'::xid8 ELSE f.xid END, CASE WHEN p_position = 0 THEN 0 ELSE f.position END
          FROM cdviz.feed_place(p_position) AS f
        ON CONFLICT ON CONSTRAINT webhook_pkey DO NOTHING
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM added)
$$;

ALTER FUNCTION cdviz.add_webhook(p_name text, p_url text, p_secret text, p_position bigint, p_batch integer, p_subjects text[], p_predicates text[], p_sources text[], p_environments text[], p_services text[]) OWNER TO cdviz;

-- Name: FUNCTION add_webhook(p_name text, p_url text, p_secret text, p_position bigint, p_batch integer, p_subjects text[], p_predicates text[], p_sources text[], p_environments text[], p_services text[]); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.add_webhook(p_name text, p_url text, p_secret text, p_position bigint, p_batch integer, p_subjects text[], p_predicates text[], p_sources text[], p_environments text[], p_services text[]) IS 'Adds a webhook that is told of the events after the one at p_position (null: from now on, 0: from the first) that pass the filters (null: all), at most p_batch in one request. The secret is whsec_ and base64. False when the name is taken.';

-- Name: advance_webhook(text, uuid, xid8, bigint, integer, integer, interval); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.advance_webhook(p_name text, p_claim uuid, p_xid xid8, p_position bigint, p_events integer, p_status integer, p_lease interval) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH advanced AS (
        UPDATE cdviz.webhook AS w
           SET after_xid = p_xid, after_position = p_position, claimed_until = clock_timestamp() + p_lease,
               delivered = w.delivered + p_events,
               delivered_at = CASE WHEN p_events > 0 THEN clock_timestamp() ELSE w.delivered_at END,
               last_status = CASE WHEN p_events > 0 THEN p_status ELSE w.last_status END,
               last_answer = CASE WHEN p_events > 0 THEN NULL ELSE w.last_answer END,
               failures = CASE WHEN p_events > 0 THEN 0 ELSE w.failures END,
               failing_since = CASE WHEN p_events > 0 THEN NULL ELSE w.failing_since END
         WHERE w.name = p_name AND w.claim = p_claim
        RETURNING w.state
    )
    SELECT EXISTS (SELECT FROM advanced AS a WHERE a.state = 'active')
$$;

ALTER FUNCTION cdviz.advance_webhook(p_name text, p_claim uuid, p_xid xid8, p_position bigint, p_events integer, p_status integer, p_lease interval) OWNER TO cdviz;

-- Name: FUNCTION advance_webhook(p_name text, p_claim uuid, p_xid xid8, p_position bigint, p_events integer, p_status integer, p_lease interval); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.advance_webhook(p_name text, p_claim uuid, p_xid xid8, p_position bigint, p_events integer, p_status integer, p_lease interval) IS 'Notes that a webhook stands at a place of the feed: p_events were delivered with p_status, the others passed over. The claim lasts p_lease from now. False when the worker is to stop: the webhook is gone, paused, or somebody else''s.';

-- Name: apply_retention(timestamp with time zone); Type: PROCEDURE; Schema: cdviz; Owner: cdviz
CREATE PROCEDURE cdviz.apply_retention(IN p_now timestamp with time zone DEFAULT NULL::timestamp with time zone)
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_now timestamptz := coalesce(p_now, pg_catalog.now());
    v_floors jsonb := cdviz.retention_floors(v_now);
    v_range record;
BEGIN
    FOR v_range IN SELECT r.name, r.from_at, r.to_at FROM cdviz.lake_ranges(v_floors) AS r LOOP
        PERFORM cdviz.retire_range(v_range.name, v_range.from_at, v_range.to_at, v_floors);
        COMMIT;
    END LOOP;
    PERFORM cdviz.prune_projections(v_floors);
    COMMIT;
    PERFORM cdviz.prune_identity(v_now);
    PERFORM evistore.prune_quarantine(v_now);
END
$$;

ALTER PROCEDURE cdviz.apply_retention(IN p_now timestamp with time zone) OWNER TO cdviz;

-- Name: PROCEDURE apply_retention(IN p_now timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON PROCEDURE cdviz.apply_retention(IN p_now timestamp with time zone) IS 'Takes from the lake what retention no longer wants as of a moment (default: now), then what was read off it and is not current, then identities past their own age and quarantined messages settled long ago. Commits after each range; cdviz.retention_preview tells beforehand.';

-- Name: apply_storage_policies(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.apply_storage_policies() RETURNS void
    LANGUAGE sql
    AS $$ SELECT NULL::void WHERE false $$;

ALTER FUNCTION cdviz.apply_storage_policies() OWNER TO cdviz;

-- Name: FUNCTION apply_storage_policies(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.apply_storage_policies() IS 'Sets the engine''s jobs by cdviz.storage_policy: on the native engine, which has none, nothing; evistore maintain reads the table.';

-- Name: artifact_history(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.artifact_history(p_artifact_id text) RETURNS TABLE(at timestamp with time zone, stage text, subject text, subject_id text, service_id text, environment_id text, outcome text, until_at timestamp with time zone, "position" bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
    WITH RECURSIVE own AS MATERIALIZED (
        SELECT s.*
          FROM cdviz.artifact_spellings(p_artifact_id) AS k
         CROSS JOIN LATERAL (SELECT a.* FROM cdviz.subject_state AS a WHERE a.subject_id = k.artifact_id AND a.subject = 'artifact' LIMIT 1) AS s
    ), came AS (
        SELECT o.node, o.subject, 0 AS depth FROM own AS o
        UNION
        SELECT t.node, t.subject, c.depth + 1
          FROM came AS c
         CROSS JOIN LATERAL (
            SELECT e.to_node AS node FROM cdviz.edge AS e WHERE e.from_node = c.node AND e.relation <> 'derivedFrom'
            UNION
            SELECT e.from_node FROM cdviz.edge AS e WHERE c.subject = 'artifact' AND e.to_node = c.node AND e.relation = 'produced'
         ) AS e
         CROSS JOIN LATERAL (SELECT s.node, s.subject FROM cdviz.subject_state AS s WHERE s.node = e.node LIMIT 1) AS t
         WHERE c.depth < 6 AND c.subject <> 'change' AND t.subject IN ('build', 'taskrun', 'pipelinerun', 'change')
    ), chained AS MATERIALIZED (
        SELECT DISTINCT o.chain_id FROM own AS o WHERE o.chain_id IS NOT NULL
    ), related AS (
        SELECT c.node FROM came AS c WHERE c.subject IN ('build', 'change')
        UNION
        SELECT s.node
          FROM chained AS c
         CROSS JOIN LATERAL (
            SELECT a.node, a.subject FROM cdviz.subject_state AS a WHERE a.chain_id = c.chain_id AND a.subject IN ('change', 'testsuiterun') OFFSET 0
         ) AS s
         WHERE s.subject = 'testsuiterun' OR NOT EXISTS (SELECT FROM came AS o WHERE o.subject = 'change')
    )
    SELECT h.at, h.stage, h.subject, h.subject_id, h.service_id, h.environment_id, h.outcome, h.until_at, h.position
      FROM (
        SELECT t.at, t.stage, s.subject, s.subject_id, NULL AS service_id, s.environment_id, s.outcome, NULL::timestamptz AS until_at, NULL::bigint AS position
          FROM (SELECT DISTINCT r.node FROM related AS r) AS r
         CROSS JOIN LATERAL (SELECT a.* FROM cdviz.subject_state AS a WHERE a.node = r.node LIMIT 1) AS s
         CROSS JOIN LATERAL (VALUES
            ('merged', CASE WHEN s.subject = 'change' THEN s.merged_at END),
            ('built', CASE WHEN s.subject = 'build' THEN s.finished_at END),
            ('tested', CASE WHEN s.subject = 'testsuiterun' THEN s.finished_at END)
         ) AS t (stage, at)
        UNION ALL
        SELECT t.at, t.stage, 'artifact', o.subject_id, NULL, NULL, NULL, NULL, NULL
          FROM own AS o
         CROSS JOIN LATERAL (VALUES
            ('packaged', o.packaged_at), ('signed', o.signed_at), ('published', o.published_at), ('downloaded', o.downloaded_at), ('deleted', o.deleted_at)
         ) AS t (stage, at)
        UNION ALL
        SELECT d."timestamp", d.predicate, 'service', d.service_id, d.service_id, nullif(d.environment_id, ''), NULL, n.at, d.position
          FROM cdviz.artifact_spellings(p_artifact_id) AS k
         CROSS JOIN LATERAL (
            SELECT v.* FROM cdviz.service_event AS v
             WHERE hashtextextended(v.artifact_id, 0) = hashtextextended(k.artifact_id, 0) AND v.artifact_id = k.artifact_id
            OFFSET 0
         ) AS d
          LEFT JOIN LATERAL (
            SELECT v."timestamp" AS at
              FROM cdviz.service_event AS v
             WHERE v.service_id = d.service_id AND v.environment_id = d.environment_id AND v."timestamp" > d."timestamp"
             ORDER BY v."timestamp"
             LIMIT 1
          ) AS n ON d.environment_id <> ''
      ) AS h
     WHERE h.at IS NOT NULL
     ORDER BY h.at, h.stage, h.environment_id COLLATE "C", h.subject_id COLLATE "C"
$$;

ALTER FUNCTION cdviz.artifact_history(p_artifact_id text) OWNER TO cdviz;

-- Name: FUNCTION artifact_history(p_artifact_id text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.artifact_history(p_artifact_id text) IS 'History of an artifact in any spelling of its package URL, oldest first: its changes were merged, its builds finished, the suites of its chain tested it, it was packaged, signed, published, downloaded, deleted, and deployed, upgraded or rolled back to, where, and until when it ran there (null: it does still).';

-- Name: artifact_spellings(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.artifact_spellings(p_artifact_id text) RETURNS TABLE(artifact_id text)
    LANGUAGE sql STABLE
    AS $$
    SELECT p_artifact_id WHERE p_artifact_id IS NOT NULL
    UNION
    SELECT k.subject_id
      FROM (
        SELECT coalesce(a.canonical_id, a.subject_id) AS id
          FROM cdviz.subject_state AS a
         WHERE a.subject_id = p_artifact_id AND a.subject = 'artifact'
      ) AS c
     CROSS JOIN LATERAL (
        SELECT s.subject_id FROM cdviz.subject_state AS s WHERE s.subject_id = c.id AND s.subject = 'artifact'
        UNION ALL
        SELECT s.subject_id FROM cdviz.subject_state AS s WHERE s.canonical_id = c.id AND s.subject = 'artifact'
     ) AS k
$$;

ALTER FUNCTION cdviz.artifact_spellings(p_artifact_id text) OWNER TO cdviz;

-- Name: FUNCTION artifact_spellings(p_artifact_id text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.artifact_spellings(p_artifact_id text) IS 'The ids under which one artifact is known, the given one among them: package URLs that differ only in spelling are one artifact.';

-- Name: attributes_of(jsonb); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.attributes_of(p_payload jsonb) RETURNS TABLE(outcome text, name text, environment_id text, artifact_id text, service_id text, chain_id text, definition_id text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT nullif(c.content ->> 'outcome', ''),
           nullif(coalesce(c.content ->> 'pipelineName', c.content ->> 'taskName', c.content -> 'testCase' ->> 'name',
                           c.content -> 'testSuite' ->> 'name', c.content ->> 'name', c.content ->> 'summary'), ''),
           nullif(c.content -> 'environment' ->> 'id', ''),
           nullif(c.content ->> 'artifactId', ''),
           nullif(c.content -> 'service' ->> 'id', ''),
           CASE WHEN octet_length(c.chain_id) BETWEEN 1 AND 2000 THEN c.chain_id END,
           nullif(coalesce(c.content -> 'testCase' ->> 'id', c.content -> 'testSuite' ->> 'id'), '')
      FROM (
        SELECT p_payload -> 'subject' -> 'content' AS content,
               coalesce(p_payload -> 'context' ->> 'chainId', p_payload -> 'context' ->> 'chain_id') AS chain_id
        OFFSET 0 -- a fence: taken out once
      ) AS c
$$;

ALTER FUNCTION cdviz.attributes_of(p_payload jsonb) OWNER TO cdviz;

-- Name: FUNCTION attributes_of(p_payload jsonb); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.attributes_of(p_payload jsonb) IS 'What an event says about its subject: outcome, name, environment, artifact, service, chain, the test it is a run of; null for what it does not say.';

-- Name: change_failure_rate(timestamp with time zone, timestamp with time zone, text, text, text, text, interval); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.change_failure_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_bucket text DEFAULT NULL::text, p_within interval DEFAULT '1 day'::interval) RETURNS TABLE(bucket timestamp with time zone, rate double precision, failed bigint, ways jsonb, items bigint, unexplained bigint, reasons jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT f.bucket, f.failure_rate, f.failed, f.failure_ways, f.items, f.causeless, f.causeless_reasons
      FROM cdviz.deployment_figures(p_from, p_until, p_service, p_environment, p_source, p_bucket, p_within) AS f
$$;

ALTER FUNCTION cdviz.change_failure_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) OWNER TO cdviz;

-- Name: FUNCTION change_failure_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.change_failure_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) IS 'Change failure rate (DORA: the ratio of deployments that need immediate intervention after them): deployments that failed (cdviz.deployment_outcomes) divided by all deployments of the window, null without any. ways: how many of them by which sign, one deployment may have several. unexplained: incidents that began in the window and have no deployment behind them.';

-- Name: claim_webhooks(uuid, interval, integer, boolean); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.claim_webhooks(p_claim uuid, p_lease interval, p_most integer, p_failing boolean DEFAULT true) RETURNS TABLE(name text, url text, secret text, subjects text[], predicates text[], sources text[], environments text[], services text[], batch integer, xid xid8, "position" bigint, failures integer)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH due AS (
        SELECT w.name
          FROM cdviz.webhook AS w
         CROSS JOIN cdviz.feed_place() AS f
         WHERE w.state = 'active' AND w.next_try_at <= clock_timestamp()
           AND (w.claimed_until IS NULL OR w.claimed_until <= clock_timestamp())
           AND (p_failing OR w.failures = 0)
           AND (w.after_xid, w.after_position) < (f.xid, f.position)
         ORDER BY w.failures > 0, w.next_try_at
         LIMIT p_most
           FOR UPDATE OF w SKIP LOCKED
    )
    UPDATE cdviz.webhook AS w
       SET claim = p_claim, claimed_until = clock_timestamp() + p_lease
      FROM due AS d
     WHERE w.name = d.name
    RETURNING w.name, w.url, w.secret, w.subjects, w.predicates, w.sources, w.environments, w.services, w.batch, w.after_xid, w.after_position, w.failures
$$;

ALTER FUNCTION cdviz.claim_webhooks(p_claim uuid, p_lease interval, p_most integer, p_failing boolean) OWNER TO cdviz;

-- Name: FUNCTION claim_webhooks(p_claim uuid, p_lease interval, p_most integer, p_failing boolean); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.claim_webhooks(p_claim uuid, p_lease interval, p_most integer, p_failing boolean) IS 'Gives a worker at most p_most webhooks that are due and have something to send, for p_lease; those that fail come last, or without p_failing not at all. Nobody else gets them before, but when the worker says that it is done.';

-- Name: clear_projections(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.clear_projections() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM cdviz.subject_state AS s WHERE s.last_payload IS NOT NULL) THEN
        -- Not TRUNCATE: readers go on, and a caller of cdviz.store_cdevent who has read a state and waits for the lake is not in the way.
        DELETE FROM cdviz.pending_link;
        DELETE FROM cdviz.service_event;
        DELETE FROM cdviz.service_placement;
        DELETE FROM cdviz.edge;
        DELETE FROM cdviz.subject_state;
        RETURN;
    END IF;
    DELETE FROM cdviz.pending_link;
    DELETE FROM cdviz.service_event AS s
     WHERE EXISTS (SELECT FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s."timestamp" AND l.position = s.position);
    DELETE FROM cdviz.service_placement AS s
     WHERE EXISTS (SELECT FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = s."timestamp" AND l.position = s.position);
    DELETE FROM cdviz.edge AS e
     WHERE EXISTS (SELECT FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = e.last_at AND l.position = e.last_position);
    DELETE FROM cdviz.subject_state AS s
     WHERE s.last_payload IS NULL
       AND NOT EXISTS (SELECT FROM cdviz.edge AS e WHERE e.from_node = s.node)
       AND NOT EXISTS (SELECT FROM cdviz.edge AS e WHERE e.to_node = s.node);
END
$$;

ALTER FUNCTION cdviz.clear_projections() OWNER TO cdviz;

-- Name: FUNCTION clear_projections(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.clear_projections() IS 'Forgets states, placements, edges and waiting links that can be read off the lake again, and keeps those whose events retention has taken.';

-- Name: content_key(bytea); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.content_key(p_digest bytea) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT encode(substring(p_digest FROM 1 FOR 16), 'hex')::uuid $$;

ALTER FUNCTION cdviz.content_key(p_digest bytea) OWNER TO cdviz;

-- Name: FUNCTION content_key(p_digest bytea); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.content_key(p_digest bytea) IS 'First half of an event''s digest: tells a duplicate from a conflict.';

-- Name: context_key(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.context_key(p_context_id text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT hashtextextended(lower(p_context_id), 0) $$;

ALTER FUNCTION cdviz.context_key(p_context_id text) OWNER TO cdviz;

-- Name: FUNCTION context_key(p_context_id text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.context_key(p_context_id text) IS 'Hash of a context.id in lower case, by which a link finds the events of that id.';

-- Name: current_subjects(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.current_subjects() RETURNS TABLE(subject text, subject_id text)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT v.subject, v.subject_id
      FROM cdviz.service_placement AS p
     CROSS JOIN LATERAL (
        VALUES ('service', p.service_id), ('environment', p.environment_id), ('artifact', p.artifact_id)
     ) AS v (subject, subject_id)
     WHERE p.predicate <> 'removed' AND v.subject_id IS NOT NULL
    UNION
    SELECT s.subject, s.subject_id
      FROM cdviz.subject_state AS s
     WHERE s.last_at IS NOT NULL
       AND CASE
            WHEN s.subject IN ('environment', 'repository') THEN coalesce(s.deleted_at < greatest(s.created_at, s.modified_at), s.deleted_at IS NULL)
            WHEN s.subject = 'incident' THEN coalesce(s.resolved_at < greatest(s.detected_at, s.reported_at), s.resolved_at IS NULL)
            WHEN s.subject = 'ticket' THEN coalesce(s.closed_at < greatest(s.created_at, s.updated_at), s.closed_at IS NULL)
           END
$$;

ALTER FUNCTION cdviz.current_subjects() OWNER TO cdviz;

-- Name: FUNCTION current_subjects(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.current_subjects() IS 'The subjects whose state outlives its evidence: services that run somewhere with their environments and artifacts, environments and repositories that were not deleted, incidents and tickets that are open.';

-- Name: days_of(jsonb[]); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.days_of(p_events jsonb[]) RETURNS timestamp with time zone[]
    LANGUAGE sql STABLE
    AS $$
    SELECT array_agg(t.at + s.shift)
      FROM (
        SELECT DISTINCT left(e.payload -> 'context' ->> 'timestamp', 10) AS day
          FROM (SELECT unnest(p_events) AS payload) AS e
        OFFSET 0 -- a fence: the condition below is for the days, not for every event
      ) AS d
     CROSS JOIN LATERAL (SELECT cdviz.event_time(d.day || 'T00:00:00Z') AS at) AS t
     CROSS JOIN (VALUES (interval '-1 day'), (interval '0'), (interval '1 day')) AS s (shift)
     WHERE t.at IS NOT NULL
$$;

ALTER FUNCTION cdviz.days_of(p_events jsonb[]) OWNER TO cdviz;

-- Name: FUNCTION days_of(p_events jsonb[]); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.days_of(p_events jsonb[]) IS 'The days that a batch''s timestamps fall on, with the days around them, since the day in the text is the sender''s.';

-- Name: deployment_figures(timestamp with time zone, timestamp with time zone, text, text, text, text, interval); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.deployment_figures(p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_bucket text DEFAULT NULL::text, p_within interval DEFAULT '1 day'::interval) RETURNS TABLE(bucket timestamp with time zone, items bigint, failure_rate double precision, failed bigint, failure_ways jsonb, causeless bigint, causeless_reasons jsonb, recovery_p50_seconds double precision, recovery_p80_seconds double precision, recovery_p95_seconds double precision, recovered bigint, rework_rate double precision, reworked bigint, rework_ways jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET plan_cache_mode TO 'force_generic_plan'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    v_environments text[] := cdviz.metric_environments(p_environment);
BEGIN
    RETURN QUERY
    WITH outcome AS MATERIALIZED (
        SELECT date_trunc(p_bucket, d.at) AS bucket, d.failed, d.ways, d.rework, d.rework_ways,
               CASE WHEN d.failed THEN extract(epoch FROM d.recovered_at - d.at)::double precision END AS seconds
          FROM cdviz.deployment_outcomes(p_from, p_until, p_service, p_environment, p_source, p_within) AS d
    ), counted AS MATERIALIZED (
        SELECT o.bucket, count(*) AS items, count(*) FILTER (WHERE o.failed) AS failed, count(*) FILTER (WHERE o.rework) AS reworked,
               percentile_cont(ARRAY[0.5, 0.8, 0.95]) WITHIN GROUP (ORDER BY o.seconds) AS p, count(o.seconds) AS recovered
          FROM outcome AS o
         GROUP BY GROUPING SETS ((), (o.bucket))
        HAVING p_bucket IS NOT NULL OR grouping(o.bucket) = 1
    ), told AS MATERIALIZED (
        SELECT o.bucket, 'failure' AS what, w.way, count(*) AS items
          FROM outcome AS o
         CROSS JOIN LATERAL unnest(o.ways) AS w (way)
         WHERE o.failed
         GROUP BY 1, 3
        UNION ALL
        SELECT o.bucket, 'rework', w.way, count(*)
          FROM outcome AS o
         CROSS JOIN LATERAL unnest(o.rework_ways) AS w (way)
         WHERE o.rework
         GROUP BY 1, 3
        UNION ALL
        SELECT date_trunc(p_bucket, i.began_at), 'causeless', i.reason, count(*)
          FROM cdviz.incident_causes(p_from, p_within) AS i
         WHERE i.way IS NULL AND i.began_at >= p_from AND i.began_at < p_until AND (p_service IS NULL OR i.service_id = p_service)
           AND (v_environments IS NULL OR i.environment_id IS NULL OR i.environment_id = ANY (v_environments))
         GROUP BY 1, 3
    )
    SELECT b.bucket, coalesce(c.items, 0), c.failed::double precision / nullif(c.items, 0), coalesce(c.failed, 0), coalesce(t.failure, '{}'),
           coalesce(t.lost, 0)::bigint, coalesce(t.causeless, '{}'), c.p[1], c.p[2], c.p[3], coalesce(c.recovered, 0),
           c.reworked::double precision / nullif(c.items, 0), coalesce(c.reworked, 0), coalesce(t.rework, '{}')
      FROM cdviz.metric_buckets(p_from, p_until, p_bucket) AS b
      LEFT JOIN counted AS c ON c.bucket IS NOT DISTINCT FROM b.bucket
     CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(s.way, s.items) FILTER (WHERE s.what = 'failure') AS failure,
               jsonb_object_agg(s.way, s.items) FILTER (WHERE s.what = 'rework') AS rework,
               jsonb_object_agg(s.way, s.items) FILTER (WHERE s.what = 'causeless') AS causeless,
               sum(s.items) FILTER (WHERE s.what = 'causeless') AS lost
          FROM (SELECT t.what, t.way, sum(t.items) AS items FROM told AS t WHERE b.bucket IS NULL OR t.bucket = b.bucket GROUP BY t.what, t.way) AS s
     ) AS t
     ORDER BY b.bucket NULLS FIRST;
END
$$;

ALTER FUNCTION cdviz.deployment_figures(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) OWNER TO cdviz;

-- Name: FUNCTION deployment_figures(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.deployment_figures(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) IS 'Of the deployments of a window (cdviz.deployment_outcomes), for the whole of it (the row without bucket) and each of its days, weeks or months: how many failed and by which signs, how long recovery from them took, how many were rework; and the incidents without a deployment behind them (causeless). The parts have functions of their own, which say what they mean.';

-- Name: deployment_frequency(timestamp with time zone, timestamp with time zone, text, text, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.deployment_frequency(p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_bucket text DEFAULT NULL::text) RETURNS TABLE(bucket timestamp with time zone, per_day double precision, active_days bigint, items bigint, unexplained bigint, reasons jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    v_environments text[] := cdviz.metric_environments(p_environment);
    v_known_before boolean := EXISTS (
        SELECT FROM cdviz.service_event AS v
         WHERE v."timestamp" < p_from AND v.predicate IN ('deployed', 'upgraded') AND v.environment_id <> ''
           AND (p_service IS NULL OR v.service_id = p_service) AND (p_source IS NULL OR v.source = p_source)
           AND (v_environments IS NULL OR v.environment_id = ANY (v_environments))
    );
BEGIN
    RETURN QUERY
    WITH counted AS MATERIALIZED (
        SELECT g.bucket, count(*) AS items, count(DISTINCT g.day) AS active_days, min(g.at) AS first_at
          FROM (
            SELECT d.at, date_trunc(p_bucket, d.at) AS bucket, date_trunc('day', d.at) AS day
              FROM cdviz.placement_changes(p_from, p_until, p_service, v_environments) AS d
             WHERE d.predicate IN ('deployed', 'upgraded') AND (p_source IS NULL OR d.source = p_source) -- as in cdviz.deployments
          ) AS g
         GROUP BY GROUPING SETS ((), (g.bucket))
        HAVING p_bucket IS NOT NULL OR grouping(g.bucket) = 1
    ), unplaced AS MATERIALIZED (
        SELECT date_trunc(p_bucket, v."timestamp") AS bucket, count(*) AS items
          FROM cdviz.service_event AS v
         WHERE v."timestamp" >= p_from AND v."timestamp" < p_until AND v.environment_id = '' AND v.predicate IN ('deployed', 'upgraded')
           AND (p_service IS NULL OR v.service_id = p_service) AND (p_source IS NULL OR v.source = p_source)
         GROUP BY 1
    )
    SELECT b.bucket,
           CASE WHEN v_known_before OR b.until_at > (SELECT min(c.first_at) FROM counted AS c) THEN coalesce(c.items, 0) / b.days END,
           coalesce(c.active_days, 0), coalesce(c.items, 0), coalesce(u.items, 0)::bigint,
           CASE WHEN u.items > 0 THEN jsonb_build_object('no-environment', u.items) ELSE '{}' END
      FROM cdviz.metric_buckets(p_from, p_until, p_bucket) AS b
      LEFT JOIN counted AS c ON c.bucket IS NOT DISTINCT FROM b.bucket
     CROSS JOIN LATERAL (
        SELECT sum(u.items) AS items FROM unplaced AS u WHERE b.bucket IS NULL OR u.bucket = b.bucket
     ) AS u
     ORDER BY b.bucket NULLS FIRST;
END
$$;

ALTER FUNCTION cdviz.deployment_frequency(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text) OWNER TO cdviz;

-- Name: FUNCTION deployment_frequency(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.deployment_frequency(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text) IS 'Deployment frequency (DORA: how often an application is deployed to production): deployments (cdviz.deployments) per day of the window. The row without bucket is the whole window; p_bucket day, week or month adds one row for each. per_day is null until a first deployment is known, 0 afterwards. unexplained: deployments that name no environment.';

-- Name: deployment_outcomes(timestamp with time zone, timestamp with time zone, text, text, text, interval); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.deployment_outcomes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_within interval DEFAULT '1 day'::interval) RETURNS TABLE(service_id text, environment_id text, at timestamp with time zone, "position" bigint, predicate text, artifact_id text, source text, failed boolean, ways text[], incident_ids text[], recovered_at timestamp with time zone, recovery_reason text, rework boolean, rework_ways text[], rework_incident_ids text[])
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH incident AS MATERIALIZED (
        SELECT c.* FROM cdviz.incident_causes(p_from - p_within, p_within) AS c
    ), deployment AS MATERIALIZED (
        SELECT d.* FROM cdviz.deployments(p_from, p_until, p_service, p_environment, p_source) AS d
    ), blamed AS (
        SELECT i.cause_service_id, i.cause_environment_id, i.cause_at, array_agg(DISTINCT i.way) AS ways,
               array_agg(i.incident_id ORDER BY i.began_at, i.incident_id COLLATE "C") AS incident_ids,
               bool_and(i.resolved_at IS NOT NULL) AS is_over, max(i.resolved_at) AS over_at
          FROM incident AS i
         WHERE i.way IS NOT NULL
         GROUP BY i.cause_service_id, i.cause_environment_id, i.cause_at
    ), hurt AS (
        -- the services that an incident is about, and until when work on them answers it
        SELECT s.service_id, i.environment_id, i.incident_id, i.began_at, coalesce(i.resolved_at, i.began_at + p_within) AS until_at
          FROM incident AS i
         CROSS JOIN LATERAL (SELECT i.service_id UNION SELECT i.cause_service_id) AS s (service_id)
         WHERE s.service_id IS NOT NULL
    ), answering AS (
        SELECT d.service_id, d.environment_id, d.at, array_agg(h.incident_id ORDER BY h.began_at, h.incident_id COLLATE "C") AS incident_ids
          FROM deployment AS d
          JOIN hurt AS h ON h.service_id = d.service_id
         WHERE h.began_at < d.at AND d.at <= h.until_at AND (h.environment_id IS NULL OR h.environment_id = d.environment_id)
         GROUP BY d.service_id, d.environment_id, d.at
    )
    SELECT d.service_id, d.environment_id, d.at, d.position, d.predicate, d.artifact_id, d.source,
           f.failed, CASE WHEN r.back THEN ARRAY['rollback'] || coalesce(b.ways, '{}') ELSE coalesce(b.ways, '{}') END, coalesce(b.incident_ids, '{}'),
           CASE WHEN b.cause_at IS NULL AND r.back THEN d.next_at WHEN b.is_over THEN b.over_at END,
           CASE WHEN NOT b.is_over THEN 'incident-open' END,
           d.before_predicate IS NOT DISTINCT FROM 'rolledback' OR a.at IS NOT NULL,
           CASE WHEN d.before_predicate = 'rolledback' THEN ARRAY['rollback'] ELSE '{}' END || CASE WHEN a.at IS NOT NULL THEN ARRAY['incident'] ELSE '{}' END,
           coalesce(a.incident_ids, '{}')
      FROM deployment AS d
     CROSS JOIN LATERAL (SELECT d.next_predicate IS NOT DISTINCT FROM 'rolledback' AS back) AS r
      LEFT JOIN blamed AS b ON b.cause_service_id = d.service_id AND b.cause_environment_id = d.environment_id AND b.cause_at = d.at
      LEFT JOIN answering AS a ON a.service_id = d.service_id AND a.environment_id = d.environment_id AND a.at = d.at
     CROSS JOIN LATERAL (SELECT r.back OR b.cause_at IS NOT NULL AS failed) AS f;
END
$$;

ALTER FUNCTION cdviz.deployment_outcomes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_within interval) OWNER TO cdviz;

-- Name: FUNCTION deployment_outcomes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_within interval); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.deployment_outcomes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_within interval) IS 'Deployments of a window (cdviz.deployments), each with what came of it. failed: the next event in its place is a rollback, or an incident is its doing (cdviz.incident_causes); ways says which. recovered_at: when the last of its incidents was resolved, without incidents the rollback; recovery_reason says why that is not known. rework: it came while an incident of its service there was open (unresolved ones count for p_within), or right after a rollback.';

-- Name: deployment_rework_rate(timestamp with time zone, timestamp with time zone, text, text, text, text, interval); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.deployment_rework_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_bucket text DEFAULT NULL::text, p_within interval DEFAULT '1 day'::interval) RETURNS TABLE(bucket timestamp with time zone, rate double precision, reworked bigint, ways jsonb, items bigint, unexplained bigint, reasons jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT f.bucket, f.rework_rate, f.reworked, f.rework_ways, f.items, 0::bigint, '{}'::jsonb
      FROM cdviz.deployment_figures(p_from, p_until, p_service, p_environment, p_source, p_bucket, p_within) AS f
$$;

ALTER FUNCTION cdviz.deployment_rework_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) OWNER TO cdviz;

-- Name: FUNCTION deployment_rework_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.deployment_rework_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) IS 'Deployment rework rate (DORA: the ratio of deployments that were not planned and happened because of an incident in production): deployments of the window that were rework (cdviz.deployment_outcomes) divided by all, null without any. ways: incident (one of its service was open there), rollback (the event before it there was one); a deployment may be both.';

-- Name: deployments(timestamp with time zone, timestamp with time zone, text, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.deployments(p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text) RETURNS TABLE(service_id text, environment_id text, at timestamp with time zone, "position" bigint, predicate text, artifact_id text, source text, before_predicate text, next_at timestamp with time zone, next_predicate text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    v_environments text[] := cdviz.metric_environments(p_environment);
BEGIN
    RETURN QUERY
    WITH ordered AS (
        SELECT m.*, lag(m.predicate) OVER w AS lag_predicate, lead(m.at) OVER w AS lead_at, lead(m.predicate) OVER w AS lead_predicate
          FROM cdviz.placement_changes(p_from, p_until, p_service, v_environments) AS m
        WINDOW w AS (PARTITION BY m.service_id COLLATE "C", m.environment_id COLLATE "C" ORDER BY m.at)
    )
    -- the neighbours of the first and the last one of each place lie outside the window
    SELECT o.service_id, o.environment_id, o.at, o.position, o.predicate, o.artifact_id, o.source,
           CASE WHEN o.lag_predicate IS NOT NULL THEN o.lag_predicate ELSE (
               SELECT v.predicate FROM cdviz.service_event AS v
                WHERE v.service_id = o.service_id AND v.environment_id = o.environment_id AND v."timestamp" < o.at
                ORDER BY v."timestamp" DESC, cdviz.predicate_rank(v.predicate) DESC LIMIT 1
           ) END,
           CASE WHEN o.lead_at IS NOT NULL THEN o.lead_at ELSE (
               SELECT v."timestamp" FROM cdviz.service_event AS v
                WHERE v.service_id = o.service_id AND v.environment_id = o.environment_id AND v."timestamp" > o.at
                ORDER BY v."timestamp" LIMIT 1
           ) END,
           CASE WHEN o.lead_at IS NOT NULL THEN o.lead_predicate ELSE (
               SELECT v.predicate FROM cdviz.service_event AS v
                WHERE v.service_id = o.service_id AND v.environment_id = o.environment_id AND v."timestamp" > o.at
                ORDER BY v."timestamp", cdviz.predicate_rank(v.predicate) DESC LIMIT 1
           ) END
      FROM ordered AS o
     WHERE o.predicate IN ('deployed', 'upgraded') AND (p_source IS NULL OR o.source = p_source);
END
$$;

ALTER FUNCTION cdviz.deployments(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text) OWNER TO cdviz;

-- Name: FUNCTION deployments(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.deployments(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text) IS 'Deployments at or after p_from and before p_until: one row per moment at which a service was deployed or upgraded in an environment, with what happened there before and next. p_service, p_source: null is any. p_environment: null is production (cdviz.production), * any.';

-- Name: drop_range(text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.drop_range(p_name text, p_from timestamp with time zone, p_to timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET lock_timeout TO '3s'
    AS $$
BEGIN
    -- Dropping a partition locks out the readers of the lake for a moment. Whoever waits for that lock holds up all who come later, so it does not wait long.
    LOCK TABLE ONLY cdviz.cdevents_lake IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('DROP TABLE cdviz.%I', p_name);
    DELETE FROM cdviz.lake_partition AS p WHERE p.name = p_name;
END
$$;

ALTER FUNCTION cdviz.drop_range(p_name text, p_from timestamp with time zone, p_to timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION drop_range(p_name text, p_from timestamp with time zone, p_to timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.drop_range(p_name text, p_from timestamp with time zone, p_to timestamp with time zone) IS 'Drops one range of storage with everything in it: a partition, or a chunk.';

-- Name: drop_storage_policies(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.drop_storage_policies() RETURNS void
    LANGUAGE sql
    AS $$ SELECT NULL::void WHERE false $$;

ALTER FUNCTION cdviz.drop_storage_policies() OWNER TO cdviz;

-- Name: FUNCTION drop_storage_policies(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.drop_storage_policies() IS 'Ends the engine''s jobs: the native engine has none.';

-- Name: ensure_ahead(timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.ensure_ahead(p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    v_week timestamptz;
    v_made integer := 0;
BEGIN
    FOR v_week IN
        SELECT w.week
          FROM generate_series(
                date_trunc('week', p_now - interval '7 days'),
                date_trunc('week', p_now + (SELECT p.value FROM cdviz.storage_policy AS p WHERE p.name = 'partitions_ahead')), interval '7 days'
               ) AS w (week)
         WHERE NOT EXISTS (SELECT FROM cdviz.lake_partition AS p WHERE p.week = w.week)
         ORDER BY w.week
    LOOP
        v_made := v_made + cdviz.ensure_week(v_week)::integer;
    END LOOP;
    RETURN v_made;
END
$$;

ALTER FUNCTION cdviz.ensure_ahead(p_now timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION ensure_ahead(p_now timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.ensure_ahead(p_now timestamp with time zone) IS 'Makes the partitions of the weeks around and after a moment, as far ahead as the storage policy partitions_ahead says, and tells how many.';

-- Name: ensure_lake(timestamp with time zone[]); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.ensure_lake(p_days timestamp with time zone[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    v_week timestamptz;
BEGIN
    FOR v_week IN
        SELECT DISTINCT date_trunc('week', d.day) AS week
          FROM unnest(p_days) AS d (day)
         WHERE d.day > current_timestamp - interval '10 years' AND d.day < current_timestamp + interval '3 months'
           AND NOT EXISTS (SELECT FROM cdviz.lake_partition AS p WHERE p.week = date_trunc('week', d.day))
         ORDER BY week
    LOOP
        -- Whoever is making partitions is waited for, however long it takes: rows put into the default partition instead would stay in its way.
        PERFORM pg_advisory_xact_lock(hashtextextended('cdviz.lake_partition', 0));
        PERFORM cdviz.ensure_week(v_week);
    END LOOP;
END
$$;

ALTER FUNCTION cdviz.ensure_lake(p_days timestamp with time zone[]) OWNER TO cdviz;

-- Name: FUNCTION ensure_lake(p_days timestamp with time zone[]); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.ensure_lake(p_days timestamp with time zone[]) IS 'Makes the lake ready for events of these days: on the native engine the weekly partitions, on TimescaleDB nothing.';

-- Name: ensure_week(timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.ensure_week(p_week timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET lock_timeout TO '500ms'
    AS $$
DECLARE
    v_name text := 'cdevents_lake_' || to_char(p_week, 'YYYYMMDD');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('cdviz.lake_partition', 0));
    IF EXISTS (SELECT FROM cdviz.lake_partition AS p WHERE p.week = p_week) THEN
        RETURN true;
    END IF;
    -- Writers wait at the lake: one that has chosen the default partition already would be refused by what that may hold afterwards.
    LOCK TABLE ONLY cdviz.cdevents_lake IN SHARE ROW EXCLUSIVE MODE;
    -- Made aside and attached: CREATE TABLE … PARTITION OF would stop all readers.
    EXECUTE format('CREATE TABLE cdviz.%I (LIKE cdviz.cdevents_lake INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', v_name);
    EXECUTE format(
        'ALTER TABLE cdviz.cdevents_lake ATTACH PARTITION cdviz.%I FOR VALUES FROM (%L) TO (%L)', v_name, p_week, p_week + interval '7 days'
    );
    INSERT INTO cdviz.lake_partition (week, name) VALUES (p_week, v_name);
    RETURN true;
EXCEPTION WHEN lock_not_available OR deadlock_detected OR check_violation THEN
    -- A long reader holds the default partition, or it holds rows of this week: they stay there until evistore maintain moves them.
    RETURN false;
END
$$;

ALTER FUNCTION cdviz.ensure_week(p_week timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION ensure_week(p_week timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.ensure_week(p_week timestamp with time zone) IS 'Makes the partition of the week that begins at this Monday 00:00 UTC, unless it stands. False where it cannot be made now: its rows go to the default partition.';

-- Name: envelope_fault(jsonb); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.envelope_fault(p_payload jsonb, OUT code text, OUT detail text) RETURNS record
    LANGUAGE sql STABLE
    AS $$
    SELECT f.code, f.detail
      FROM (VALUES
        (1, jsonb_typeof(p_payload) = 'object', 'not-an-object', 'a CDEvent is a JSON object'),
        (2, jsonb_typeof(p_payload -> 'context') = 'object', 'context-missing', 'context is missing or no object'),
        (3, jsonb_typeof(p_payload #> '{context,type}') = 'string' AND p_payload #>> '{context,type}' <> '', 'type-missing', 'context.type is missing or no text'),
        (4, (SELECT t.subject FROM cdviz.event_type(p_payload #>> '{context,type}') AS t) IS NOT NULL, 'type-malformed',
         'context.type is no dev.cdevents.<subject>.<predicate>.<version>: ' || left(p_payload #>> '{context,type}', 200)),
        (5, jsonb_typeof(p_payload #> '{context,id}') = 'string' AND p_payload #>> '{context,id}' <> '', 'id-missing', 'context.id is missing or no text'),
        (6, jsonb_typeof(p_payload #> '{context,source}') = 'string' AND p_payload #>> '{context,source}' <> '', 'source-missing', 'context.source is missing or no text'),
        (7, coalesce(p_payload #>> '{context,timestamp}', '') <> '', 'timestamp-missing', 'context.timestamp is missing'),
        (8, cdviz.event_time(p_payload #>> '{context,timestamp}') IS NOT NULL, 'timestamp-malformed',
         'context.timestamp is no RFC 3339 moment: ' || left(p_payload #>> '{context,timestamp}', 100)),
        (9, octet_length(coalesce(p_payload #>> '{subject,id}', '')) <= 2000, 'subject-id-too-long', 'subject.id is longer than 2000 bytes'),
        (10, false, 'timestamp-in-future', 'context.timestamp lies further in the future than cdviz.future_tolerance allows')
      ) AS f (place, holds, code, detail)
     WHERE f.holds IS NOT TRUE
     ORDER BY f.place
     LIMIT 1
$$;

ALTER FUNCTION cdviz.envelope_fault(p_payload jsonb, OUT code text, OUT detail text) OWNER TO cdviz;

-- Name: FUNCTION envelope_fault(p_payload jsonb, OUT code text, OUT detail text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.envelope_fault(p_payload jsonb, OUT code text, OUT detail text) IS 'Why something is no CDEvent that can be stored: the first reason, as a stable code and in words.';

-- Name: envelope_notes(jsonb); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.envelope_notes(p_payload jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE
        WHEN coalesce(p_payload -> 'subject' ->> 'id', '') = '' OR jsonb_typeof(p_payload -> 'subject' -> 'id') <> 'string' THEN
            '[{"path": "/subject/id", "message": "missing: the event has no state and no place in the graph"}]'::jsonb
        WHEN right(p_payload -> 'context' ->> 'timestamp', 1) <> 'Z' AND substr(p_payload -> 'context' ->> 'timestamp', 17) !~ '[Zz+-]' THEN
            '[{"path": "/context/timestamp", "message": "no time zone: taken as UTC"}]'::jsonb
    END
$$;

ALTER FUNCTION cdviz.envelope_notes(p_payload jsonb) OWNER TO cdviz;

-- Name: FUNCTION envelope_notes(p_payload jsonb); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.envelope_notes(p_payload jsonb) IS 'What the database itself notes about an event that it stores: no subject.id, or a timestamp without zone that was taken as UTC. Null for all others.';

-- Name: event_at(bigint); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.event_at(p_position bigint) RETURNS TABLE("position" bigint, "timestamp" timestamp with time zone, imported_at timestamp with time zone, subject text, predicate text, version integer[], context_id text, source text, subject_id text, verdict text, verdict_reasons jsonb, payload jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict, e.verdict_reasons, e.payload
      FROM cdviz.event_identity AS i
     CROSS JOIN LATERAL (
        SELECT l.* FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = i."timestamp" AND l.position = i.position LIMIT 1
     ) AS e
     WHERE i.position = p_position
$$;

ALTER FUNCTION cdviz.event_at(p_position bigint) OWNER TO cdviz;

-- Name: FUNCTION event_at(p_position bigint); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.event_at(p_position bigint) IS 'The event at a position of the lake.';

-- Name: event_estimate(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.event_estimate(OUT events bigint, OUT is_exact boolean) RETURNS record
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT CASE WHEN few.events <= 20000 THEN few.events ELSE greatest(few.events, estimate.events) END, few.events <= 20000
      FROM (SELECT count(*) AS events FROM (SELECT FROM cdviz.event_identity LIMIT 20001) AS i) AS few
     CROSS JOIN (
        SELECT (d.rows_per_page * (pg_relation_size(c.oid) / current_setting('block_size')::integer))::bigint AS events
          FROM pg_class AS c
         CROSS JOIN LATERAL (
            SELECT CASE
                WHEN c.reltuples > 0 THEN c.reltuples / greatest(c.relpages, 1)
                ELSE (SELECT count(*) / 100.0 FROM cdviz.event_identity AS i WHERE i.ctid < '(100,0)'::tid) -- never analysed: as its first pages are
            END AS rows_per_page
         ) AS d
         WHERE c.oid = 'cdviz.event_identity'::regclass
     ) AS estimate
$$;

ALTER FUNCTION cdviz.event_estimate(OUT events bigint, OUT is_exact boolean) OWNER TO cdviz;

-- Name: FUNCTION event_estimate(OUT events bigint, OUT is_exact boolean); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.event_estimate(OUT events bigint, OUT is_exact boolean) IS 'How many events were ever stored, and whether that is exact: it is up to 20,000, beyond them the statistics of the last ANALYZE, or the first pages where there was none, are scaled by the size of today.';

-- Name: event_key(text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.event_key(p_source text, p_id text) RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT encode(substring(sha256(convert_to(p_source || E'\n' || p_id, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid $$;

ALTER FUNCTION cdviz.event_key(p_source text, p_id text) OWNER TO cdviz;

-- Name: FUNCTION event_key(p_source text, p_id text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.event_key(p_source text, p_id text) IS 'First half of the SHA-256 of context.source and context.id: the identity of an event.';

-- Name: event_links_of(jsonb); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.event_links_of(p_links jsonb) RETURNS TABLE(relation text, context_id text)
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE WHEN k.kind = 'RELATION' THEN cdviz.link_relation(coalesce(l.value ->> 'linkKind', l.value ->> 'link_kind')) ELSE 'causedBy' END,
           r.context_id
      FROM jsonb_array_elements(
           CASE WHEN jsonb_typeof(p_links) = 'array' THEN p_links END) AS l
     CROSS JOIN LATERAL (SELECT upper(coalesce(l.value ->> 'linkType', l.value ->> 'link_type')) AS kind) AS k
     CROSS JOIN LATERAL (
        SELECT coalesce(e.value ->> 'contextId', e.value ->> 'context_id') AS context_id
          FROM (SELECT CASE WHEN k.kind = 'RELATION' THEN l.value -> 'target' ELSE l.value -> 'from' END AS value) AS e
     ) AS r
     WHERE k.kind IN ('PATH', 'END', 'RELATION') AND r.context_id <> ''
$$;

ALTER FUNCTION cdviz.event_links_of(p_links jsonb) OWNER TO cdviz;

-- Name: FUNCTION event_links_of(p_links jsonb); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.event_links_of(p_links jsonb) IS 'The links of an event (its context.links) that name other events by context.id, with the relation each makes in the graph: causedBy for PATH and END, by its kind for RELATION.';

-- Name: event_named(text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.event_named(p_context_id text, p_source text, OUT subject text, OUT subject_id text) RETURNS SETOF record
    LANGUAGE sql STABLE
    AS $$
    SELECT l.subject, l.subject_id
      FROM (
        -- Limits are fences: the planner must not begin with the lake, whatever its statistics say. That once took hours.
        SELECT i."timestamp", i.position FROM cdviz.event_identity AS i
         WHERE i.context_key = cdviz.context_key(p_context_id) ORDER BY i.key LIMIT 100
      ) AS i
     CROSS JOIN LATERAL (
        SELECT e.subject, e.subject_id, e.context_id, e.source, e.position FROM cdviz.cdevents_lake AS e
         WHERE e."timestamp" = i."timestamp" AND e.position = i.position LIMIT 1
     ) AS l
     WHERE lower(l.context_id) = lower(p_context_id) AND l.subject_id IS NOT NULL
     ORDER BY l.context_id = p_context_id DESC, l.source = p_source DESC, l.position
     LIMIT 1
$$;

ALTER FUNCTION cdviz.event_named(p_context_id text, p_source text, OUT subject text, OUT subject_id text) OWNER TO cdviz;

-- Name: FUNCTION event_named(p_context_id text, p_source text, OUT subject text, OUT subject_id text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.event_named(p_context_id text, p_source text, OUT subject text, OUT subject_id text) IS 'Subject of the event with this context.id, which is unique per source only: an exact match wins over another letter case, then the given source.';

-- Name: event_time(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.event_time(p_text text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
    SELECT CASE
        WHEN translate(p_text, '012345678', '999999999') IN (
                '9999-99-99T99:99:99Z', '9999-99-99T99:99:99.999Z', '9999-99-99T99:99:99.999999Z', '9999-99-99T99:99:99.999999999Z',
                '9999-99-99T99:99:99.9Z', '9999-99-99T99:99:99.99Z'
             )
             AND substr(p_text, 1, 4) > '1900' AND substr(p_text, 6, 2) BETWEEN '01' AND '12' AND substr(p_text, 9, 2) BETWEEN '01' AND '30'
             AND (substr(p_text, 6, 2) <> '02' OR substr(p_text, 9, 2) <= '28')
             AND substr(p_text, 12, 2) <= '23' AND substr(p_text, 15, 2) <= '59' AND substr(p_text, 18, 2) <= '59'
        THEN p_text::timestamptz
        ELSE cdviz.event_time_unusual(p_text)
    END
$$;

ALTER FUNCTION cdviz.event_time(p_text text) OWNER TO cdviz;

-- Name: FUNCTION event_time(p_text text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.event_time(p_text text) IS 'The moment that an RFC 3339 text names, or null. A text without a zone is taken as UTC; words such as now or infinity are none.';

-- Name: event_time_unusual(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.event_time_unusual(p_text text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_at timestamptz;
BEGIN
    IF translate(p_text, '012345678t ', '999999999TT') NOT LIKE '9999-99-99T99:99%' OR length(p_text) > 60 THEN
        RETURN NULL;
    END IF;
    v_at := (p_text || CASE WHEN substr(p_text, 17) ~ '[Zz+-]' THEN '' ELSE 'Z' END)::timestamptz;
    RETURN CASE WHEN v_at >= '0001-01-01T00:00:00Z' THEN v_at END; -- other programs cannot read what lies before
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END
$$;

ALTER FUNCTION cdviz.event_time_unusual(p_text text) OWNER TO cdviz;

-- Name: FUNCTION event_time_unusual(p_text text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.event_time_unusual(p_text text) IS 'The moment that a text names where its spelling is not the usual one, or null where it names none. Called by cdviz.event_time.';

-- Name: event_type(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.event_type(p_type text, OUT subject text, OUT predicate text, OUT version integer[]) RETURNS record
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $_$
DECLARE
    part text[] := string_to_array(lower(p_type), '.');
    patch text := split_part(coalesce(part[7], '0'), '-', 1);
    minor text := split_part(part[6], '-', 1);
BEGIN
    IF part[1] = 'dev' AND part[2] IN ('cdevents', 'cdeventsx') AND part[3] <> '' AND part[4] <> ''
        AND octet_length(part[3]) <= 600 AND octet_length(part[4]) <= 300 -- an index holds them, beside an id of 2000
        AND length(part[5]) < 9 AND length(minor) < 9 AND length(patch) < 9
        AND part[5] || minor || patch ~ '^[0-9]+$' AND part[5] <> '' AND minor <> '' AND patch <> ''
    THEN
        subject := part[3];
        predicate := part[4];
        version := ('[0:2]={' || part[5] || ',' || minor || ',' || patch || '}')::integer[];
    END IF;
END
$_$;

ALTER FUNCTION cdviz.event_type(p_type text, OUT subject text, OUT predicate text, OUT version integer[]) OWNER TO cdviz;

-- Name: FUNCTION event_type(p_type text, OUT subject text, OUT predicate text, OUT version integer[]); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.event_type(p_type text, OUT subject text, OUT predicate text, OUT version integer[]) IS 'The parts of a CDEvents type, lower case; version counts from subscript 0, and what follows a dash is cut. All null when the text is no CDEvents type with a version, or a name in it is longer than an index can hold (600 bytes; 300 for the predicate).';

-- Name: events_after(bigint, integer); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.events_after(p_position bigint, p_limit integer DEFAULT 1000) RETURNS TABLE("position" bigint, "timestamp" timestamp with time zone, imported_at timestamp with time zone, subject text, predicate text, version integer[], context_id text, source text, subject_id text, verdict text, verdict_reasons jsonb, payload jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict, e.verdict_reasons, e.payload
      FROM (
        SELECT i.xid, i.position, i."timestamp"
          FROM cdviz.event_identity AS i
         WHERE i.xid < pg_snapshot_xmin(pg_current_snapshot())
           AND (i.xid, i.position) > (
               coalesce((
                   SELECT k.xid FROM cdviz.event_identity AS k WHERE k.position >= p_position ORDER BY k.position LIMIT 1
               ), CASE WHEN p_position IS NULL THEN '0' ELSE '18446744073709551615' END::xid8),
               coalesce(p_position, 0)
           )
         ORDER BY i.xid, i.position
         LIMIT p_limit
      ) AS n
     CROSS JOIN LATERAL (
        SELECT l.* FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = n."timestamp" AND l.position = n.position LIMIT 1
     ) AS e
     ORDER BY n.xid, n.position
$$;

ALTER FUNCTION cdviz.events_after(p_position bigint, p_limit integer) OWNER TO cdviz;

-- Name: FUNCTION events_after(p_position bigint, p_limit integer); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.events_after(p_position bigint, p_limit integer) IS 'The next p_limit events after the one at p_position, in commit-safe order: whoever goes on from the last position received misses none, even one whose transaction committed late. Null: from the first event.';

-- Name: events_named(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.events_named(p_context_id text) RETURNS TABLE("position" bigint, "timestamp" timestamp with time zone, imported_at timestamp with time zone, subject text, predicate text, version integer[], context_id text, source text, subject_id text, verdict text, verdict_reasons jsonb, payload jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict, e.verdict_reasons, e.payload
      FROM cdviz.event_identity AS i
     CROSS JOIN LATERAL (
        SELECT l.* FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = i."timestamp" AND l.position = i.position LIMIT 1
     ) AS e
     WHERE i.context_key = cdviz.context_key(p_context_id) AND lower(e.context_id) = lower(p_context_id)
     ORDER BY e.context_id = p_context_id DESC, i.position
     LIMIT 100
$$;

ALTER FUNCTION cdviz.events_named(p_context_id text) OWNER TO cdviz;

-- Name: FUNCTION events_named(p_context_id text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.events_named(p_context_id text) IS 'Events with this context.id in any letter case, the exact one first: one per source that used it.';

-- Name: events_newest(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.events_newest() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT i.position
      FROM cdviz.event_identity AS i
     WHERE i.xid < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY i.xid DESC, i.position DESC
     LIMIT 1
$$;

ALTER FUNCTION cdviz.events_newest() OWNER TO cdviz;

-- Name: FUNCTION events_newest(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.events_newest() IS 'Position of the last event in the order of cdviz.events_after; null while there is none.';

-- Name: events_of(text, text, timestamp with time zone, timestamp with time zone, timestamp with time zone, bigint, integer); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.events_of(p_subject text, p_subject_id text, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone, p_before_timestamp timestamp with time zone DEFAULT NULL::timestamp with time zone, p_before_position bigint DEFAULT NULL::bigint, p_limit integer DEFAULT 50) RETURNS TABLE("position" bigint, "timestamp" timestamp with time zone, imported_at timestamp with time zone, subject text, predicate text, version integer[], context_id text, source text, subject_id text, verdict text, verdict_reasons jsonb, payload jsonb)
    LANGUAGE sql STABLE
    AS $$
    SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict, e.verdict_reasons, e.payload
      FROM cdviz.cdevents_lake AS e
     WHERE hashtextextended(e.subject_id, 0) = hashtextextended(p_subject_id, 0) AND e.subject_id = p_subject_id
       AND (p_subject IS NULL OR e.subject = p_subject)
       AND e."timestamp" >= coalesce(p_from, '-infinity') AND e."timestamp" < coalesce(p_until, 'infinity')
       AND e."timestamp" <= coalesce(p_before_timestamp, 'infinity')
       AND (e."timestamp", e.position) < (coalesce(p_before_timestamp, 'infinity'), coalesce(p_before_position, 9223372036854775807))
     ORDER BY e."timestamp" DESC, e.position DESC
     LIMIT p_limit
$$;

ALTER FUNCTION cdviz.events_of(p_subject text, p_subject_id text, p_from timestamp with time zone, p_until timestamp with time zone, p_before_timestamp timestamp with time zone, p_before_position bigint, p_limit integer) OWNER TO cdviz;

-- Name: FUNCTION events_of(p_subject text, p_subject_id text, p_from timestamp with time zone, p_until timestamp with time zone, p_before_timestamp timestamp with time zone, p_before_position bigint, p_limit integer); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.events_of(p_subject text, p_subject_id text, p_from timestamp with time zone, p_until timestamp with time zone, p_before_timestamp timestamp with time zone, p_before_position bigint, p_limit integer) IS 'Events about one subject, newest first, below the key (p_before_timestamp, p_before_position), in the window [p_from, p_until). p_subject null: whatever the type.';

-- Name: events_page(text, text, text, text, timestamp with time zone, timestamp with time zone, timestamp with time zone, bigint, integer, integer); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.events_page(p_subject text DEFAULT NULL::text, p_predicate text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_verdict text DEFAULT NULL::text, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone, p_before_timestamp timestamp with time zone DEFAULT NULL::timestamp with time zone, p_before_position bigint DEFAULT NULL::bigint, p_limit integer DEFAULT 50, p_scan integer DEFAULT 20000) RETURNS TABLE("position" bigint, "timestamp" timestamp with time zone, imported_at timestamp with time zone, subject text, predicate text, version integer[], context_id text, source text, subject_id text, verdict text, verdict_reasons jsonb, payload jsonb)
    LANGUAGE sql STABLE
    AS $$
    SELECT e.position, e."timestamp", e.imported_at, e.subject, e.predicate, e.version, e.context_id, e.source, e.subject_id, e.verdict, e.verdict_reasons, e.payload
      FROM (
        SELECT l.*
          FROM cdviz.cdevents_lake AS l
         WHERE l."timestamp" >= coalesce(p_from, '-infinity') AND l."timestamp" < coalesce(p_until, 'infinity')
           AND l."timestamp" <= coalesce(p_before_timestamp, 'infinity')
           AND (l."timestamp", l.position) < (coalesce(p_before_timestamp, 'infinity'), coalesce(p_before_position, 9223372036854775807))
         ORDER BY l."timestamp" DESC, l.position DESC
         LIMIT p_scan
      ) AS e
     WHERE (p_subject IS NULL OR e.subject = p_subject) AND (p_predicate IS NULL OR e.predicate = p_predicate)
       AND (p_source IS NULL OR e.source = p_source) AND (p_verdict IS NULL OR coalesce(e.verdict, 'none') = p_verdict)
     ORDER BY e."timestamp" DESC, e.position DESC
     LIMIT p_limit
$$;

ALTER FUNCTION cdviz.events_page(p_subject text, p_predicate text, p_source text, p_verdict text, p_from timestamp with time zone, p_until timestamp with time zone, p_before_timestamp timestamp with time zone, p_before_position bigint, p_limit integer, p_scan integer) OWNER TO cdviz;

-- Name: FUNCTION events_page(p_subject text, p_predicate text, p_source text, p_verdict text, p_from timestamp with time zone, p_until timestamp with time zone, p_before_timestamp timestamp with time zone, p_before_position bigint, p_limit integer, p_scan integer); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.events_page(p_subject text, p_predicate text, p_source text, p_verdict text, p_from timestamp with time zone, p_until timestamp with time zone, p_before_timestamp timestamp with time zone, p_before_position bigint, p_limit integer, p_scan integer) IS 'Events, newest first, below the key (p_before_timestamp, p_before_position), in the window [p_from, p_until); verdict none is an event that nobody judged. At most p_scan events are looked at for one page.';

-- Name: failed_deployment_recovery_time(timestamp with time zone, timestamp with time zone, text, text, text, text, interval); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.failed_deployment_recovery_time(p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_bucket text DEFAULT NULL::text, p_within interval DEFAULT '1 day'::interval) RETURNS TABLE(bucket timestamp with time zone, p50_seconds double precision, p80_seconds double precision, p95_seconds double precision, items bigint, unexplained bigint, reasons jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT f.bucket, f.recovery_p50_seconds, f.recovery_p80_seconds, f.recovery_p95_seconds, f.recovered, f.failed - f.recovered,
           CASE WHEN f.failed > f.recovered THEN jsonb_build_object('incident-open', f.failed - f.recovered) ELSE '{}' END
      FROM cdviz.deployment_figures(p_from, p_until, p_service, p_environment, p_source, p_bucket, p_within) AS f
$$;

ALTER FUNCTION cdviz.failed_deployment_recovery_time(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) OWNER TO cdviz;

-- Name: FUNCTION failed_deployment_recovery_time(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.failed_deployment_recovery_time(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) IS 'Failed deployment recovery time (DORA: the time to recover from a deployment that fails and needs immediate intervention): from a failed deployment of the window to the resolution of the last of its incidents, without incidents to the rollback; percentiles in seconds, null without any. items: recovered ones; unexplained: failed ones that have an open incident. Buckets go by the time of the deployment.';

-- Name: feed_after(xid8, bigint, text[], text[], text[], text[], text[], text[], integer, integer, bigint); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.feed_after(p_xid xid8, p_position bigint, p_subjects text[] DEFAULT NULL::text[], p_subject_ids text[] DEFAULT NULL::text[], p_predicates text[] DEFAULT NULL::text[], p_sources text[] DEFAULT NULL::text[], p_environments text[] DEFAULT NULL::text[], p_services text[] DEFAULT NULL::text[], p_limit integer DEFAULT 200, p_scan integer DEFAULT 1000, p_bytes bigint DEFAULT 1048576) RETURNS TABLE(xid xid8, "position" bigint, passes boolean, "timestamp" timestamp with time zone, imported_at timestamp with time zone, subject text, predicate text, version integer[], context_id text, source text, subject_id text, verdict text, verdict_reasons jsonb, payload jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH scanned AS MATERIALIZED (
        SELECT n.xid AS at_xid, n.position AS at_position, e.*,
               coalesce(
                   (p_subjects IS NULL OR e.subject = ANY (p_subjects))
                   AND (p_subject_ids IS NULL OR e.subject_id = ANY (p_subject_ids))
                   AND (p_predicates IS NULL OR e.predicate = ANY (p_predicates))
                   AND (p_sources IS NULL OR e.source = ANY (p_sources))
                   AND (p_environments IS NULL OR CASE WHEN e.subject = 'environment' THEN e.subject_id ELSE e.payload #>> '{subject,content,environment,id}' END = ANY (p_environments))
                   AND (p_services IS NULL OR CASE WHEN e.subject = 'service' THEN e.subject_id ELSE e.payload #>> '{subject,content,service,id}' END = ANY (p_services))
                   AND e.position IS NOT NULL, -- retention may have taken the event out of the lake
                   false
               ) AS passes
          FROM (
            SELECT i.xid, i.position, i."timestamp"
              FROM cdviz.event_identity AS i
             WHERE i.xid < pg_snapshot_xmin(pg_current_snapshot()) AND (i.xid, i.position) > (p_xid, p_position)
             ORDER BY i.xid, i.position
             LIMIT p_scan
          ) AS n
          LEFT JOIN LATERAL (
            SELECT l.* FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = n."timestamp" AND l.position = n.position LIMIT 1
          ) AS e ON true
    ), sized AS (
        SELECT s.*, row_number() OVER w AS place, sum(pg_column_size(s.payload)) OVER w - pg_column_size(s.payload) AS before
          FROM scanned AS s
         WHERE s.passes
        WINDOW w AS (ORDER BY s.at_xid, s.at_position)
    ), chosen AS (
        SELECT z.* FROM sized AS z WHERE z.place <= p_limit AND z.before < p_bytes
    ), ending AS (
        SELECT s.at_xid, s.at_position
          FROM scanned AS s
         WHERE (SELECT count(*) FROM chosen AS c) = (SELECT count(*) FROM sized AS z)
         ORDER BY s.at_xid DESC, s.at_position DESC
         LIMIT 1
    )
    SELECT c.at_xid, c.at_position, true, c."timestamp", c.imported_at, c.subject, c.predicate, c.version, c.context_id, c.source, c.subject_id, c.verdict, c.verdict_reasons, c.payload
      FROM chosen AS c
    UNION ALL
    SELECT d.at_xid, d.at_position, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
      FROM ending AS d
     WHERE NOT EXISTS (SELECT FROM chosen AS c WHERE c.at_xid = d.at_xid AND c.at_position = d.at_position)
     ORDER BY 1, 2
$$;

ALTER FUNCTION cdviz.feed_after(p_xid xid8, p_position bigint, p_subjects text[], p_subject_ids text[], p_predicates text[], p_sources text[], p_environments text[], p_services text[], p_limit integer, p_scan integer, p_bytes bigint) OWNER TO cdviz;

-- Name: FUNCTION feed_after(p_xid xid8, p_position bigint, p_subjects text[], p_subject_ids text[], p_predicates text[], p_sources text[], p_environments text[], p_services text[], p_limit integer, p_scan integer, p_bytes bigint); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.feed_after(p_xid xid8, p_position bigint, p_subjects text[], p_subject_ids text[], p_predicates text[], p_sources text[], p_environments text[], p_services text[], p_limit integer, p_scan integer, p_bytes bigint) IS 'The next events after a place of the feed (transaction, position) that pass the filters, in commit-safe order: at most p_limit, of at most p_scan that are looked at, and none that begins after p_bytes of payloads. A last row with passes = false has only the place up to which there was nothing else. No row: nothing follows yet.';

-- Name: feed_place(bigint); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.feed_place(p_position bigint DEFAULT NULL::bigint) RETURNS TABLE(xid xid8, "position" bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH known AS (
        SELECT i.xid, i.position FROM cdviz.event_identity AS i WHERE i.position = p_position LIMIT 1
    ), near AS (
        SELECT min(n.xid) AS xid, p_position AS position
          FROM (SELECT i.xid FROM cdviz.event_identity AS i WHERE i.position > p_position ORDER BY i.position LIMIT 10000) AS n
         WHERE NOT EXISTS (SELECT FROM known AS k)
        HAVING count(*) > 0
    ), newest AS (
        SELECT i.xid, i.position
          FROM cdviz.event_identity AS i
         WHERE i.xid < pg_snapshot_xmin(pg_current_snapshot())
           AND NOT EXISTS (SELECT FROM known AS k) AND NOT EXISTS (SELECT FROM near AS r)
         ORDER BY i.xid DESC, i.position DESC
         LIMIT 1
    )
    SELECT f.xid, f.position
      FROM (
        SELECT k.xid, k.position, 1 AS rank FROM known AS k
        UNION ALL
        SELECT r.xid, r.position, 2 FROM near AS r
        UNION ALL
        SELECT w.xid, w.position, 3 FROM newest AS w
        UNION ALL
        SELECT '0'::xid8, 0, 4
      ) AS f
     ORDER BY f.rank
     LIMIT 1
$$;

ALTER FUNCTION cdviz.feed_place(p_position bigint) OWNER TO cdviz;

-- Name: FUNCTION feed_place(p_position bigint); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.feed_place(p_position bigint) IS 'The place in the feed (transaction, position) of the event at a position, for cdviz.feed_after; null, or a position that was never given: of the last event. Always one row; before the first event the place is 0, 0.';

-- Name: findings(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.findings() RETURNS TABLE(name text, state text, found text, meaning text, advice text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT s.name, s.state, s.found, s.meaning, s.advice FROM cdviz.storage_findings() AS s
    UNION ALL
    SELECT 'counts', CASE WHEN p.xid > pg_snapshot_xmax(pg_current_snapshot()) THEN 'bad' WHEN p.refreshed_at < current_timestamp - interval '3 hours' THEN 'warn' ELSE 'ok' END,
           format(
               'brought forward %s UTC%s', to_char(p.refreshed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
               CASE WHEN p.xid > pg_snapshot_xmax(pg_current_snapshot()) THEN ', by a server whose transactions had higher numbers' ELSE '' END
           ),
           'Nobody maintains this database: counts by day stay right and become slow, and after a restore feed and webhooks wait.',
           'Run evistore maintain, and then every hour.'
      FROM cdviz.activity_progress AS p
    UNION ALL
    SELECT 'followers', CASE WHEN w.since < current_timestamp - interval '5 minutes' THEN 'warn' ELSE 'ok' END,
           coalesce('events from ' || to_char(w.since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC on wait for an open transaction', 'nothing holds them up'),
           'A transaction that stays open, in whatever database of the server, holds up the feed and all webhooks.',
           'End it: SELECT pid, xact_start, query FROM pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY xact_start.'
      FROM (
        SELECT min(e.imported_at) AS since
          FROM (
            SELECT i."timestamp", i.position
              FROM cdviz.event_identity AS i
             WHERE i.xid >= pg_snapshot_xmin(pg_current_snapshot()) AND i.xid < pg_snapshot_xmax(pg_current_snapshot())
             ORDER BY i.xid, i.position
             LIMIT 1
          ) AS n
         CROSS JOIN LATERAL (
            SELECT l.imported_at FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = n."timestamp" AND l.position = n.position LIMIT 1
         ) AS e
      ) AS w
    UNION ALL
    SELECT 'webhook ' || h.name,
           CASE WHEN h.state = 'disabled' OR h.failing_since < current_timestamp - interval '1 day' THEN 'bad' WHEN h.failures > 0 THEN 'warn' ELSE 'ok' END,
           CASE WHEN h.failures > 0 THEN format('%s to %s, %s attempts have failed: %s', h.state, h.host, h.failures, coalesce(h.last_status::text, left(h.last_answer, 80), 'no answer')) ELSE format('%s to %s', h.state, h.host) END
           || format(', %s%s events behind', h.behind, CASE WHEN h.behind >= 10000 THEN ' or more' ELSE '' END),
           'The receiver does not take what it is sent; nothing is lost, and nothing else is sent to it before.',
           format('Mend the receiver, then evistore webhooks resume %s; or evistore webhooks remove %s.', h.name, h.name)
      FROM cdviz.webhooks AS h
$$;

ALTER FUNCTION cdviz.findings() OWNER TO cdviz;

-- Name: FUNCTION findings(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.findings() IS 'What an operator should know about delivery evidence, one row per check: its name, ok, warn or bad, what was found, what that means where it is not ok, and what to do.';

-- Name: flaky_tests(timestamp with time zone, timestamp with time zone, text, text, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.flaky_tests(p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_subject text DEFAULT 'testcaserun'::text) RETURNS TABLE(key text, name text, flaky_rate double precision, flaky bigint, failed bigint, runs bigint, last_failed_at timestamp with time zone, sample_ids text[], items bigint, unexplained bigint, reasons jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    v_nodes bigint[] := CASE WHEN p_service IS NOT NULL THEN cdviz.service_runs(p_service, p_subject, p_from, p_until) END;
BEGIN
    RETURN QUERY
    WITH every AS MATERIALIZED (
        SELECT r.node, r.subject_id, r.key, r.name, r.class, r.finished_at, r.environment_id, r.chain_id
          FROM cdviz.run_rows(p_subject, p_from, p_until, v_nodes, p_environment, p_source, NULL) AS r
         WHERE r.class IN ('passed', 'failed') AND r.key IS NOT NULL
    ), run AS MATERIALIZED (
        -- a test that never failed is not looked at any further
        SELECT e.node, e.subject_id, e.key, e.name, e.class, e.finished_at, coalesce(e.environment_id, '') AS environment_id,
               coalesce(e.chain_id, (
                   SELECT g.to_node::text FROM cdviz.edge AS g
                    WHERE e.chain_id IS NULL AND g.from_node = e.node AND g.relation = 'partOf' ORDER BY g.to_node LIMIT 1
               )) AS state
          FROM every AS e
         WHERE e.key IN (SELECT f.key FROM every AS f WHERE f.class = 'failed')
    ), state AS MATERIALIZED (
        SELECT r.key AS key, count(*) AS runs, count(*) FILTER (WHERE r.class = 'failed') AS failed
          FROM run AS r
         WHERE r.state IS NOT NULL
         GROUP BY r.key, r.environment_id COLLATE "C", r.state COLLATE "C"
        HAVING count(*) > 1
    ), flaky AS MATERIALIZED (
        SELECT s.key, count(*) AS states, count(*) FILTER (WHERE s.failed BETWEEN 1 AND s.runs - 1) AS flaky
          FROM state AS s
         GROUP BY s.key
        HAVING bool_or(s.failed BETWEEN 1 AND s.runs - 1)
    )
    SELECT f.key, max(r.name), f.flaky::double precision / f.states, f.flaky, count(*) FILTER (WHERE r.class = 'failed'), count(*),
           max(r.finished_at) FILTER (WHERE r.class = 'failed'),
           (array_agg(r.subject_id ORDER BY r.finished_at DESC, r.subject_id COLLATE "C") FILTER (WHERE r.class = 'failed'))[1:5],
           f.states, count(*) FILTER (WHERE r.state IS NULL),
           CASE WHEN bool_or(r.state IS NULL) THEN jsonb_build_object('no-state', count(*) FILTER (WHERE r.state IS NULL)) ELSE '{}' END
      FROM flaky AS f
      JOIN run AS r ON r.key = f.key
     GROUP BY f.key, f.flaky, f.states
     ORDER BY f.flaky DESC, 3 DESC, f.key;
END
$$;

ALTER FUNCTION cdviz.flaky_tests(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_subject text) OWNER TO cdviz;

-- Name: FUNCTION flaky_tests(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_subject text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.flaky_tests(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_subject text) IS 'Flaky tests: those that both passed and failed on the same state of the code in the window. Runs are of one state when they share environment and chain (context.chainId) or, without a chain, the run they are part of. items: states with more than one run; flaky: those with both outcomes; flaky_rate: their ratio; sample_ids: the newest failed runs; unexplained: runs of the test that belong to no state.';

-- Name: graph_ancestors(text, integer); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.graph_ancestors(p_node_id text, p_max_depth integer DEFAULT 10) RETURNS TABLE(node_id text, node_type text, depth integer, path text[])
    LANGUAGE sql STABLE
    AS $$
    SELECT w.node_id, w.node_type, w.depth, w.path FROM cdviz.graph_walk(p_node_id, true, p_max_depth) AS w
$$;

ALTER FUNCTION cdviz.graph_ancestors(p_node_id text, p_max_depth integer) OWNER TO cdviz;

-- Name: FUNCTION graph_ancestors(p_node_id text, p_max_depth integer); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.graph_ancestors(p_node_id text, p_max_depth integer) IS 'What a node depends on or came from, directly and indirectly: one row per node, ordered by depth and id, with the shortest way to it. The node itself has depth 0.';

-- Name: graph_ancestors_now(text, integer); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.graph_ancestors_now(p_node_id text, p_max_depth integer DEFAULT 10) RETURNS TABLE(node_id text, node_type text, depth integer, path text[])
    LANGUAGE sql STABLE
    AS $$
    SELECT w.node_id, w.node_type, w.depth, w.path FROM cdviz.graph_walk(p_node_id, true, p_max_depth, NULL, true) AS w
$$;

ALTER FUNCTION cdviz.graph_ancestors_now(p_node_id text, p_max_depth integer) OWNER TO cdviz;

-- Name: FUNCTION graph_ancestors_now(p_node_id text, p_max_depth integer); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.graph_ancestors_now(p_node_id text, p_max_depth integer) IS 'What a node depends on or came from as things stand now: like graph_ancestors, but a service leads only to the artifacts it runs now and where, not to all it ever ran.';

-- Name: graph_descendants(text, integer); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.graph_descendants(p_node_id text, p_max_depth integer DEFAULT 10) RETURNS TABLE(node_id text, node_type text, depth integer, path text[])
    LANGUAGE sql STABLE
    AS $$
    SELECT w.node_id, w.node_type, w.depth, w.path FROM cdviz.graph_walk(p_node_id, false, p_max_depth) AS w
$$;

ALTER FUNCTION cdviz.graph_descendants(p_node_id text, p_max_depth integer) OWNER TO cdviz;

-- Name: FUNCTION graph_descendants(p_node_id text, p_max_depth integer); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.graph_descendants(p_node_id text, p_max_depth integer) IS 'What depends on a node or came from it, directly and indirectly: one row per node, ordered by depth and id, with the shortest way to it. The node itself has depth 0.';

-- Name: graph_walk(text, boolean, integer, integer, boolean); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.graph_walk(p_node_id text, p_forward boolean, p_max_depth integer DEFAULT 10, p_max_nodes integer DEFAULT NULL::integer, p_now boolean DEFAULT false) RETURNS TABLE(node_id text, node_type text, depth integer, path text[])
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
DECLARE
    v_depth integer := 0;
    v_count bigint := 0;
    v_visited bigint[] := '{}';
    v_frontier bigint[]; -- the nodes of this depth, with type, id and the way to them (an array literal)
    v_type text[];
    v_id text[];
    v_path text[];
BEGIN
    -- The node itself, in every spelling and type.
    SELECT array_agg(n.node), array_agg(n.subject), array_agg(n.subject_id), array_agg(ARRAY[n.subject_id]::text)
      INTO v_frontier, v_type, v_id, v_path
      FROM (
        SELECT s.node, s.subject, s.subject_id FROM cdviz.subject_state AS s WHERE s.subject_id = p_node_id
        UNION
        SELECT m.node, m.subject, m.subject_id
          FROM (SELECT cdviz.purl_canonical(p_node_id) AS id WHERE lower(left(p_node_id, 4)) = 'pkg:') AS c
         CROSS JOIN LATERAL cdviz.same_node('artifact', c.id, c.id) AS m
      ) AS n;

    WHILE v_frontier IS NOT NULL LOOP
        v_visited := v_visited || v_frontier;
        RETURN QUERY
        SELECT f.subject_id, f.subject, v_depth, f.path::text[]
          FROM unnest(v_type, v_id, v_path) AS f (subject, subject_id, path)
         WHERE f.subject <> 'unknown'
            OR NOT EXISTS (SELECT FROM cdviz.subject_state AS t WHERE t.subject_id = f.subject_id AND t.subject <> 'unknown')
         ORDER BY f.subject_id, f.subject
         LIMIT p_max_nodes - v_count;
        v_count := v_count + cardinality(v_frontier);
        EXIT WHEN v_depth >= p_max_depth OR v_count >= p_max_nodes;

        -- One step, then the same nodes under other names; what was visited comes with parent 0 and drops out.
        SELECT array_agg(r.node ORDER BY r.subject_id, r.node), array_agg(r.subject ORDER BY r.subject_id, r.node),
               array_agg(r.subject_id ORDER BY r.subject_id, r.node), array_agg((r.path::text[] || r.subject_id)::text ORDER BY r.subject_id, r.node)
          INTO v_frontier, v_type, v_id, v_path
          FROM (
            SELECT DISTINCT ON (k.node) k.node, k.subject, k.subject_id, k.parent, k.path
              FROM (
                SELECT m.node, m.subject, m.subject_id, d.parent, d.path
                  FROM (
                    SELECT DISTINCT ON (e.node) e.node, f.n AS parent, f.path
                      FROM unnest(v_frontier, v_path, v_type, v_id) WITH ORDINALITY AS f (node, path, subject, subject_id, n)
                     CROSS JOIN LATERAL (
                        SELECT g.to_node AS node FROM cdviz.edge AS g
                         WHERE p_forward AND g.from_node = f.node AND (
                                   NOT p_now OR f.subject <> 'service' OR g.last_position IN (
                                       SELECT p.position FROM cdviz.service_placement AS p WHERE p.service_id = f.subject_id AND p.predicate <> 'removed'
                                   )
                               )
                        UNION ALL
                        -- of all that was ever said of a service, what the events say that put there what runs now: that does not grow with its history
                        SELECT a.node
                          FROM cdviz.service_placement AS p
                         CROSS JOIN LATERAL (VALUES ('artifact', p.artifact_id), ('environment', p.environment_id)) AS w (subject, id)
                          JOIN cdviz.subject_state AS a ON a.subject_id = w.id AND a.subject = w.subject
                         WHERE p_now AND p_forward AND f.subject = 'service' AND p.service_id = f.subject_id AND p.predicate <> 'removed'
                        UNION ALL
                        SELECT g.from_node FROM cdviz.edge AS g WHERE NOT p_forward AND g.to_node = f.node
                        UNION ALL
                        SELECT c.node
                          FROM cdviz.subject_state AS a
                          JOIN cdviz.subject_state AS c ON c.subject_id = a.chain_id AND c.subject = 'chain'
                         WHERE p_forward AND a.node = f.node
                        UNION ALL
                        SELECT m.node
                          FROM cdviz.subject_state AS c
                          JOIN cdviz.subject_state AS m ON m.chain_id = c.subject_id
                         WHERE NOT p_forward AND c.node = f.node AND c.subject = 'chain'
                     ) AS e
                     ORDER BY e.node, f.n
                  ) AS d
                 CROSS JOIN LATERAL (SELECT a.subject, a.subject_id, a.canonical_id FROM cdviz.subject_state AS a WHERE a.node = d.node LIMIT 1) AS a
                 CROSS JOIN LATERAL cdviz.same_node(a.subject, a.subject_id, a.canonical_id) AS m
                UNION ALL
                SELECT v.node, NULL, NULL, 0, NULL FROM unnest(v_visited) AS v (node)
              ) AS k
             ORDER BY k.node, k.parent
          ) AS r
         WHERE r.parent > 0;
        v_depth := v_depth + 1;
    END LOOP;
END
$$;

ALTER FUNCTION cdviz.graph_walk(p_node_id text, p_forward boolean, p_max_depth integer, p_max_nodes integer, p_now boolean) OWNER TO cdviz;

-- Name: FUNCTION graph_walk(p_node_id text, p_forward boolean, p_max_depth integer, p_max_nodes integer, p_now boolean); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.graph_walk(p_node_id text, p_forward boolean, p_max_depth integer, p_max_nodes integer, p_now boolean) IS 'Every node within p_max_depth steps of a node, breadth first, with the shortest way to it: forward along the edges to what it depends on, or backward to what depends on it. Each node is visited once. p_max_nodes ends the walk early. With p_now a service leads only to what it runs now.';

-- Name: identify_event(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.identify_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NEW.payload IS NULL OR NEW."timestamp" IS NULL OR NEW.context_id IS NULL OR NEW.subject IS NULL OR NEW.predicate IS NULL THEN
        RETURN NEW; -- the constraints say what is missing
    END IF;
    NEW.subject := lower(left(NEW.subject, 160));
    NEW.predicate := lower(left(NEW.predicate, 160));
    NEW.source := coalesce(NEW.source, NEW.payload #>> '{context,source}', '');
    IF NEW.subject_id IS NULL AND jsonb_typeof(NEW.payload #> '{subject,id}') = 'string' THEN
        NEW.subject_id := NEW.payload #>> '{subject,id}';
    END IF;
    IF NOT coalesce(cdviz.is_node_id(NEW.subject_id), false) THEN
        NEW.subject_id := NULL;
    END IF;
    NEW.verdict := coalesce(NEW.verdict, CASE WHEN NEW.subject_id IS NULL THEN 'invalid' END);
    NEW.verdict_reasons := coalesce(NEW.verdict_reasons, cdviz.envelope_notes(NEW.payload));
    NEW.position := nextval('cdviz.event_position');
    NEW.digest := sha256(convert_to(NEW.payload::text, 'UTF8'));

    INSERT INTO cdviz.event_identity (context_key, key, content, position, "timestamp", xid)
    VALUES (
        cdviz.context_key(NEW.context_id), cdviz.event_key(NEW.source, NEW.context_id), cdviz.content_key(NEW.digest),
        NEW.position, NEW."timestamp", pg_current_xact_id()
    )
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        RETURN NEW;
    END IF;
    PERFORM cdviz.settle_repeat(NEW.source, NEW.context_id, NEW.payload, 'insert');
    RETURN NULL;
END
$$;

ALTER FUNCTION cdviz.identify_event() OWNER TO cdviz;

-- Name: FUNCTION identify_event(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.identify_event() IS 'Trigger: gives a row that was inserted into the lake directly its position, digest, source and identity. A row whose source and id are stored already is left out; with other content it goes to quarantine.';

-- Name: incident_causes(timestamp with time zone, interval); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.incident_causes(p_since timestamp with time zone, p_within interval DEFAULT '1 day'::interval) RETURNS TABLE(incident_id text, name text, source text, began_at timestamp with time zone, resolved_at timestamp with time zone, service_id text, environment_id text, artifact_id text, way text, reason text, cause_service_id text, cause_environment_id text, cause_at timestamp with time zone, cause_position bigint, cause_artifact_id text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    v_production text[] := cdviz.metric_environments(NULL);
BEGIN
    RETURN QUERY
    WITH incident AS MATERIALIZED (
        SELECT s.node, s.subject_id, s.name, s.source, coalesce(s.detected_at, s.reported_at) AS began_at, s.first_seen_at, s.last_at,
               CASE WHEN s.resolved_at >= coalesce(s.detected_at, s.reported_at) THEN s.resolved_at END AS resolved_at,
               s.service_id, s.environment_id, s.artifact_id
          FROM cdviz.subject_state AS s
         WHERE s.subject = 'incident' AND (s.detected_at >= p_since OR s.reported_at >= p_since OR s.resolved_at >= p_since)
           AND coalesce(s.detected_at, s.reported_at) IS NOT NULL
    ), blamed AS MATERIALIZED (
        -- what it names as its cause; a service that it only affects is not
        SELECT i.node,
               array_agg(t.subject_id) FILTER (WHERE t.subject = 'service' AND e.relation IN ('causedBy', 'triggeredBy')) AS services,
               array_agg(t.subject_id) FILTER (WHERE t.subject = 'artifact') AS artifacts
          FROM incident AS i
         CROSS JOIN LATERAL (
            SELECT g.to_node, g.relation FROM cdviz.edge AS g
             WHERE g.from_node = i.node AND g.relation IN ('causedBy', 'triggeredBy', 'deployedWith')
            OFFSET 0
         ) AS e
         CROSS JOIN LATERAL (SELECT s.subject, s.subject_id FROM cdviz.subject_state AS s WHERE s.node = e.to_node LIMIT 1) AS t
         WHERE t.subject IN ('service', 'artifact')
         GROUP BY i.node
    ), told AS MATERIALIZED (
        -- with the latest deployment of the artifact it names
        SELECT i.*, b.services, b.node IS NOT NULL AS is_blaming, d.service_id AS cause_service_id, d.environment_id AS cause_environment_id,
               d.at AS cause_at, d.position AS cause_position, d.artifact_id AS cause_artifact_id
          FROM incident AS i
          LEFT JOIN blamed AS b ON b.node = i.node
          LEFT JOIN LATERAL (
            SELECT d.service_id, d.environment_id, d."timestamp" AS at, d.position, d.artifact_id
              FROM unnest(b.artifacts) AS a (id)
             CROSS JOIN LATERAL cdviz.artifact_spellings(a.id) AS n (id)
             CROSS JOIN LATERAL (
                SELECT v.* FROM cdviz.service_event AS v
                 WHERE hashtextextended(v.artifact_id, 0) = hashtextextended(n.id, 0) AND v.artifact_id = n.id
                OFFSET 0
             ) AS d
             WHERE d.predicate IN ('deployed', 'upgraded') AND d."timestamp" <= i.began_at AND d.environment_id <> ''
               AND (i.service_id IS NULL OR d.service_id = i.service_id) AND (i.environment_id IS NULL OR d.environment_id = i.environment_id)
             ORDER BY d."timestamp" DESC, d.service_id COLLATE "C", d.environment_id COLLATE "C"
             LIMIT 1
          ) AS d ON true
    ), named AS MATERIALIZED (
        -- else the deployment event that its events name; apart from the rest, since to begin with the lake costs something for each partition
        SELECT DISTINCT ON (t.node) t.node, d.service_id, d.environment_id, d."timestamp" AS at, d.position, d.artifact_id
          FROM (SELECT o.* FROM told AS o WHERE o.cause_position IS NULL AND o.services IS NOT NULL OFFSET 0) AS t
         CROSS JOIN LATERAL (
            SELECT l.payload -> 'context' -> 'links' AS links
              FROM cdviz.cdevents_lake AS l
             WHERE l."timestamp" BETWEEN t.first_seen_at AND t.last_at AND l.subject = 'incident'
               AND hashtextextended(l.subject_id, 0) = hashtextextended(t.subject_id, 0) AND l.subject_id = t.subject_id
            OFFSET 0
         ) AS l
         CROSS JOIN LATERAL cdviz.event_links_of(l.links) AS k
         CROSS JOIN LATERAL (
            SELECT e."timestamp", e.position FROM cdviz.event_identity AS e WHERE e.context_key = cdviz.context_key(k.context_id) LIMIT 100
         ) AS n
         CROSS JOIN LATERAL (
            SELECT v.* FROM cdviz.service_event AS v WHERE v."timestamp" = n."timestamp" AND v.position = n.position LIMIT 1
         ) AS d
         WHERE d.predicate IN ('deployed', 'upgraded') AND d."timestamp" <= t.began_at AND d.environment_id <> ''
           AND d.service_id = ANY (t.services) AND k.relation IN ('causedBy', 'triggeredBy')
         ORDER BY t.node, d."timestamp" DESC, d.service_id COLLATE "C", d.environment_id COLLATE "C"
    )
    SELECT t.subject_id, t.name, t.source, t.began_at, t.resolved_at, t.service_id, t.environment_id, t.artifact_id, w.way,
           CASE WHEN w.way IS NULL AND t.service_id IS NULL AND NOT t.is_blaming THEN 'no-service' WHEN w.way IS NULL THEN 'no-deployment' END,
           coalesce(t.cause_service_id, n.service_id, c.service_id), coalesce(t.cause_environment_id, n.environment_id, c.environment_id),
           coalesce(t.cause_at, n.at, c.at), coalesce(t.cause_position, n.position, c.position),
           CASE w.way WHEN 'artifact' THEN t.cause_artifact_id WHEN 'event' THEN n.artifact_id ELSE c.artifact_id END
      FROM told AS t
      LEFT JOIN named AS n ON n.node = t.node
      LEFT JOIN LATERAL (
        -- else the latest deployment of the service it blames, or shortly before of the one it affects
        SELECT s.is_blamed, d.service_id, d.environment_id, d.at, d.position, d.artifact_id
          FROM (
            SELECT u.id, true AS is_blamed FROM unnest(t.services) AS u (id)
            UNION
            SELECT t.service_id, false WHERE t.service_id IS NOT NULL
          ) AS s
         CROSS JOIN LATERAL (
            SELECT o.service_id, o.environment_id FROM cdviz.service_placement AS o WHERE o.service_id = s.id OFFSET 0
         ) AS p
         CROSS JOIN LATERAL (
            SELECT v.service_id, v.environment_id, v."timestamp" AS at, v.position, v.artifact_id
              FROM cdviz.service_event AS v
             WHERE v.service_id = p.service_id AND v.environment_id = p.environment_id AND v."timestamp" <= t.began_at
               AND v."timestamp" > CASE WHEN s.is_blamed THEN '-infinity' ELSE t.began_at - p_within END -- a bound of the index
               AND v.predicate IN ('deployed', 'upgraded')
             ORDER BY v."timestamp" DESC
             LIMIT 1
         ) AS d
         WHERE t.cause_position IS NULL AND n.position IS NULL
           AND (p.environment_id = t.environment_id OR (t.environment_id IS NULL AND p.environment_id = ANY (v_production)))
         ORDER BY s.is_blamed DESC, d.at DESC, d.service_id COLLATE "C", d.environment_id COLLATE "C"
         LIMIT 1
      ) AS c ON true
     CROSS JOIN LATERAL (
        SELECT CASE
            WHEN t.cause_position IS NOT NULL THEN 'artifact'
            WHEN n.position IS NOT NULL THEN 'event'
            WHEN c.is_blamed THEN 'service'
            WHEN NOT c.is_blamed THEN 'time'
        END AS way
     ) AS w;
END
$$;

ALTER FUNCTION cdviz.incident_causes(p_since timestamp with time zone, p_within interval) OWNER TO cdviz;

-- Name: FUNCTION incident_causes(p_since timestamp with time zone, p_within interval); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.incident_causes(p_since timestamp with time zone, p_within interval) IS 'Incidents that began or were resolved at or after p_since, each with the deployment behind it. way: artifact (its events name the artifact; the latest deployment of it before), event (they name the deployment''s event as cause), service (they name the service as cause; its latest deployment before), time (they name the service as affected; its latest deployment at most p_within before); null with a reason: no-service, no-deployment. An incident begins when it was last detected, else reported.';

-- Name: incidents(timestamp with time zone, timestamp with time zone, text, text, text, interval); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.incidents(p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_within interval DEFAULT '1 day'::interval) RETURNS TABLE(incident_id text, name text, source text, began_at timestamp with time zone, resolved_at timestamp with time zone, seconds double precision, service_id text, environment_id text, artifact_id text, way text, reason text, cause_service_id text, cause_environment_id text, cause_at timestamp with time zone, cause_position bigint, cause_artifact_id text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $$
    SELECT i.incident_id, i.name, i.source, i.began_at, i.resolved_at, extract(epoch FROM i.resolved_at - i.began_at)::double precision,
           i.service_id, i.environment_id, i.artifact_id, i.way, i.reason, i.cause_service_id, i.cause_environment_id,
           i.cause_at, i.cause_position, i.cause_artifact_id
      FROM cdviz.incident_causes(p_from, p_within) AS i
     CROSS JOIN (SELECT cdviz.metric_environments(p_environment) AS ids) AS e
     WHERE i.began_at >= p_from AND i.began_at < p_until
       AND (p_service IS NULL OR i.service_id = p_service OR i.cause_service_id = p_service)
       AND (e.ids IS NULL OR coalesce(i.environment_id, i.cause_environment_id) IS NULL OR coalesce(i.environment_id, i.cause_environment_id) = ANY (e.ids))
       AND (p_source IS NULL OR i.source = p_source)
     ORDER BY i.began_at DESC, i.incident_id COLLATE "C"
$$;

ALTER FUNCTION cdviz.incidents(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_within interval) OWNER TO cdviz;

-- Name: FUNCTION incidents(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_within interval); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.incidents(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_within interval) IS 'Incidents that began at or after p_from and before p_until, newest first, each with the deployment behind it, the way that is known, or the reason why not (cdviz.incident_causes). seconds: from its beginning to its resolution, null while it is open. p_environment null is production, and every incident that names no environment.';

-- Name: is_node_id(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.is_node_id(p_text text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT octet_length(p_text) BETWEEN 1 AND 2000 $$;

ALTER FUNCTION cdviz.is_node_id(p_text text) OWNER TO cdviz;

-- Name: FUNCTION is_node_id(p_text text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.is_node_id(p_text text) IS 'Whether a text can name a subject: not empty, and at most 2000 bytes, so that an index can hold it.';

-- Name: is_past(jsonb, text, timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.is_past(p_floors jsonb, p_subject text, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$ SELECT p_at < coalesce(p_floors ->> p_subject, p_floors ->> '*', '-infinity')::timestamptz $$;

ALTER FUNCTION cdviz.is_past(p_floors jsonb, p_subject text, p_at timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION is_past(p_floors jsonb, p_subject text, p_at timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.is_past(p_floors jsonb, p_subject text, p_at timestamp with time zone) IS 'Whether a moment lies before the time from which cdviz.retention_floors keeps this kind of subject. Legal holds are not looked at.';

-- Name: keep_first(cdviz.value_at, anyelement, timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.keep_first(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone) RETURNS cdviz.value_at
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    IF p_at < p_state.at OR (p_state.at IS NULL AND p_at IS NOT NULL) THEN
        RETURN ROW(p_at, p_value::text)::cdviz.value_at;
    END IF;
    RETURN p_state;
END
$$;

ALTER FUNCTION cdviz.keep_first(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION keep_first(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.keep_first(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone) IS 'Step of the aggregate first.';

-- Name: keep_last(cdviz.value_at, anyelement, timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.keep_last(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone) RETURNS cdviz.value_at
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    IF p_at > p_state.at OR (p_state.at IS NULL AND p_at IS NOT NULL) THEN
        RETURN ROW(p_at, p_value::text)::cdviz.value_at;
    END IF;
    RETURN p_state;
END
$$;

ALTER FUNCTION cdviz.keep_last(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION keep_last(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.keep_last(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone) IS 'Step of the aggregate last.';

-- Name: lake_ranges(jsonb); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.lake_ranges(p_floors jsonb) RETURNS TABLE(name text, from_at timestamp with time zone, to_at timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
    WITH highest AS MATERIALIZED (SELECT max(e.value::timestamptz) AS at FROM jsonb_each_text(p_floors) AS e)
    SELECT p.name, p.week, p.week + interval '7 days'
      FROM cdviz.lake_partition AS p
     WHERE p.week + interval '7 days' <= (SELECT h.at FROM highest AS h)
    UNION ALL
    -- The default partition is no range of its own: what is left outside the weeks.
    SELECT NULL, '-infinity', (SELECT h.at FROM highest AS h)
     WHERE EXISTS (SELECT FROM cdviz.cdevents_lake_default AS d WHERE d."timestamp" < (SELECT h.at FROM highest AS h))
     ORDER BY 2 DESC, 1
$$;

ALTER FUNCTION cdviz.lake_ranges(p_floors jsonb) OWNER TO cdviz;

-- Name: FUNCTION lake_ranges(p_floors jsonb); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.lake_ranges(p_floors jsonb) IS 'The ranges of storage that lie wholly before the newest of these retention floors; without a name: what stands outside them.';

-- Name: lake_ready(timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.lake_ready(p_at timestamp with time zone) RETURNS TABLE(is_ready boolean)
    LANGUAGE sql STABLE
    AS $$
    SELECT EXISTS (
        SELECT FROM cdviz.lake_partition AS p WHERE p.week = date_trunc('week', p_at, 'UTC')
    )
$$;

ALTER FUNCTION cdviz.lake_ready(p_at timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION lake_ready(p_at timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.lake_ready(p_at timestamp with time zone) IS 'Whether the lake has a place for an event of this moment: on the native engine its weekly partition; on TimescaleDB always.';

-- Name: later_of(jsonb, jsonb); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.later_of(p_one jsonb, p_other jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE
        WHEN p_one IS NULL OR p_other IS NULL THEN coalesce(p_one, p_other)
        ELSE (
            SELECT jsonb_object_agg(b.key, b.at)
              FROM (
                SELECT e.key, max(e.value::bigint) AS at
                  FROM (SELECT o.key, o.value FROM jsonb_each_text(p_one) AS o UNION ALL SELECT t.key, t.value FROM jsonb_each_text(p_other) AS t) AS e
                 GROUP BY e.key
              ) AS b
        )
    END
$$;

ALTER FUNCTION cdviz.later_of(p_one jsonb, p_other jsonb) OWNER TO cdviz;

-- Name: FUNCTION later_of(p_one jsonb, p_other jsonb); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.later_of(p_one jsonb, p_other jsonb) IS 'Two maps of times by predicate, in epoch microseconds, as one map with the later time of each.';

-- Name: lead_time_for_changes(timestamp with time zone, timestamp with time zone, text, text, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.lead_time_for_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_bucket text DEFAULT NULL::text) RETURNS TABLE(bucket timestamp with time zone, p50_seconds double precision, p80_seconds double precision, p95_seconds double precision, merge_to_build_seconds double precision, build_to_artifact_seconds double precision, artifact_to_production_seconds double precision, releases bigint, items bigint, unexplained bigint, reasons jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET plan_cache_mode TO 'force_generic_plan'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH measured AS MATERIALIZED (
        SELECT l.position, l.reason, l.deployed_at, l.merged_at, l.built_at, l.published_at, l.seconds, date_trunc(p_bucket, l.deployed_at) AS bucket
          FROM cdviz.lead_times(p_from, p_until, p_service, p_environment, p_source) AS l
    ), counted AS MATERIALIZED (
        SELECT m.bucket, percentile_cont(ARRAY[0.5, 0.8, 0.95]) WITHIN GROUP (ORDER BY m.seconds) AS p,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', m.built_at - m.merged_at))
                   FILTER (WHERE m.seconds IS NOT NULL AND m.built_at >= m.merged_at) AS to_build,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', m.published_at - m.built_at))
                   FILTER (WHERE m.seconds IS NOT NULL AND m.published_at >= m.built_at) AS to_artifact,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', m.deployed_at - m.published_at))
                   FILTER (WHERE m.seconds IS NOT NULL AND m.deployed_at >= m.published_at) AS to_production,
               count(m.seconds) AS items, count(DISTINCT m.position) FILTER (WHERE m.seconds IS NOT NULL) AS releases
          FROM measured AS m
         GROUP BY GROUPING SETS ((), (m.bucket))
        HAVING p_bucket IS NOT NULL OR grouping(m.bucket) = 1
    ), lost AS MATERIALIZED (
        SELECT l.bucket, l.reason, count(*) AS items
          FROM (
            -- a release none of whose changes has a lead time, by the first of its reasons
            SELECT m.position, m.bucket, min(m.reason) AS reason FROM measured AS m GROUP BY m.position, m.bucket HAVING count(m.seconds) = 0
          ) AS l
         WHERE l.reason <> 'repeated'
         GROUP BY l.bucket, l.reason
    )
    SELECT b.bucket, c.p[1], c.p[2], c.p[3], c.to_build, c.to_artifact, c.to_production, coalesce(c.releases, 0), coalesce(c.items, 0),
           coalesce(l.items, 0)::bigint, coalesce(l.reasons, '{}')
      FROM cdviz.metric_buckets(p_from, p_until, p_bucket) AS b
      LEFT JOIN counted AS c ON c.bucket IS NOT DISTINCT FROM b.bucket
     CROSS JOIN LATERAL (
        SELECT sum(l.items) AS items, jsonb_object_agg(l.reason, l.items) AS reasons
          FROM (SELECT l.reason, sum(l.items) AS items FROM lost AS l WHERE b.bucket IS NULL OR l.bucket = b.bucket GROUP BY l.reason) AS l
     ) AS l
     ORDER BY b.bucket NULLS FIRST;
END
$$;

ALTER FUNCTION cdviz.lead_time_for_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text) OWNER TO cdviz;

-- Name: FUNCTION lead_time_for_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.lead_time_for_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text) IS 'Lead time for changes (DORA: the time from a change committed to it running in production; here from its merge): over the changes of the releases of the window (cdviz.lead_times), from the merge to the first deployment, percentiles in seconds, null without any. Between them, at the median: merge to the end of the build, to the published (else packaged) artifact, to production. items: changes; releases: those they were in; unexplained: releases without a change whose merge is known.';

-- Name: lead_times(timestamp with time zone, timestamp with time zone, text, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.lead_times(p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text) RETURNS TABLE(service_id text, environment_id text, deployed_at timestamp with time zone, "position" bigint, artifact_id text, change_id text, way text, reason text, merged_at timestamp with time zone, built_at timestamp with time zone, published_at timestamp with time zone, seconds double precision)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_memoize TO 'off'
    SET enable_nestloop TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    v_environments text[] := cdviz.metric_environments(p_environment);
BEGIN
    RETURN QUERY
    WITH RECURSIVE release AS NOT MATERIALIZED (
        SELECT DISTINCT ON (d.service_id COLLATE "C", coalesce(d.artifact_id, d.position::text) COLLATE "C")
               d.service_id, d.environment_id, d.at, d.position, d.artifact_id
          FROM cdviz.placement_changes(p_from, p_until, p_service, v_environments) AS d
         WHERE d.predicate IN ('deployed', 'upgraded') AND (p_source IS NULL OR d.source = p_source)
         ORDER BY d.service_id COLLATE "C", coalesce(d.artifact_id, d.position::text) COLLATE "C", d.at, d.environment_id COLLATE "C"
    ), made AS MATERIALIZED (
        SELECT r.service_id, r.environment_id, r.at, r.position, r.artifact_id, a.node, a.chain_id, coalesce(a.published_at, a.packaged_at) AS published_at,
               -- an artifact that no event named before the window was not deployed before it either
               v.is_earlier IS NOT NULL AS is_repeated
          FROM release AS r
          LEFT JOIN LATERAL (
            SELECT s.node, s.chain_id, s.published_at, s.packaged_at, s.first_seen_at
              FROM cdviz.subject_state AS s
             WHERE s.subject_id = r.artifact_id AND s.subject = 'artifact'
             LIMIT 1
          ) AS a ON true
          LEFT JOIN LATERAL (
            SELECT true AS is_earlier
              FROM cdviz.service_event AS v
             WHERE a.first_seen_at < p_from AND hashtextextended(v.artifact_id, 0) = hashtextextended(r.artifact_id, 0) AND v.artifact_id = r.artifact_id
               AND v."timestamp" < p_from AND v.service_id = r.service_id AND v.predicate IN ('deployed', 'upgraded')
               AND (v_environments IS NULL OR v.environment_id = ANY (v_environments)) AND v.environment_id <> ''
             LIMIT 1 -- a fence: else all of the history could be read to hash it
          ) AS v ON true
    ), near AS MATERIALIZED (
        -- what the artifact itself names: changes and builds
        SELECT m.node, t.subject, t.subject_id, t.merged_at, t.finished_at
          FROM (SELECT DISTINCT m.node FROM made AS m WHERE NOT m.is_repeated) AS m
         CROSS JOIN LATERAL (
            SELECT DISTINCT e.to_node AS node FROM cdviz.edge AS e WHERE e.from_node = m.node AND e.relation <> 'derivedFrom'
         ) AS e
         CROSS JOIN LATERAL (
            SELECT s.subject, s.subject_id, s.merged_at, s.finished_at FROM cdviz.subject_state AS s WHERE s.node = e.node LIMIT 1
         ) AS t
         WHERE t.subject IN ('change', 'build')
    ), far AS (
        -- else: its other spellings and the builds that made it, what these came of, and on until changes are met
        SELECT f.node, s.node AS at_node, s.subject, 0 AS depth
          FROM (
            SELECT DISTINCT m.node, m.artifact_id FROM made AS m
             WHERE NOT m.is_repeated AND NOT EXISTS (SELECT FROM near AS n WHERE n.node = m.node AND n.subject = 'change')
          ) AS f
         CROSS JOIN LATERAL cdviz.artifact_spellings(f.artifact_id) AS k (id)
         CROSS JOIN LATERAL (SELECT a.node, a.subject FROM cdviz.subject_state AS a WHERE a.subject_id = k.id AND a.subject = 'artifact' LIMIT 1) AS s
        UNION
        SELECT f.node, t.node, t.subject, f.depth + 1
          FROM far AS f
         CROSS JOIN LATERAL (
            SELECT e.to_node AS node FROM cdviz.edge AS e WHERE e.from_node = f.at_node AND e.relation <> 'derivedFrom'
            UNION
            SELECT e.from_node FROM cdviz.edge AS e WHERE f.subject = 'artifact' AND e.to_node = f.at_node AND e.relation = 'produced'
         ) AS e
         CROSS JOIN LATERAL (SELECT s.node, s.subject FROM cdviz.subject_state AS s WHERE s.node = e.node LIMIT 1) AS t
         WHERE f.depth < 6 AND f.subject <> 'change' AND t.subject IN ('artifact', 'build', 'taskrun', 'pipelinerun', 'change')
    ), nearest AS MATERIALIZED (
        SELECT f.node, f.at_node, f.subject, min(f.depth) AS depth FROM far AS f WHERE f.subject IN ('change', 'build') GROUP BY 1, 2, 3
    ), origin AS NOT MATERIALIZED (
        SELECT n.node, n.subject_id AS change_id, 'artifact' AS way, n.merged_at FROM near AS n WHERE n.subject = 'change'
        UNION ALL
        SELECT n.node, s.subject_id, CASE WHEN n.depth = 1 THEN 'artifact' ELSE 'run' END, s.merged_at
          FROM nearest AS n
         CROSS JOIN LATERAL (SELECT a.subject_id, a.merged_at FROM cdviz.subject_state AS a WHERE a.node = n.at_node LIMIT 1) AS s
         WHERE n.subject = 'change' AND n.depth = (SELECT min(o.depth) FROM nearest AS o WHERE o.node = n.node AND o.subject = 'change')
        UNION ALL
        SELECT m.node, s.subject_id, 'chain', s.merged_at
          FROM (
            SELECT DISTINCT m.node, m.chain_id
              FROM made AS m
             WHERE NOT m.is_repeated AND m.chain_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM near AS n WHERE n.node = m.node AND n.subject = 'change')
               AND NOT EXISTS (SELECT FROM nearest AS n WHERE n.node = m.node AND n.subject = 'change')
            OFFSET 0 -- a fence: only of these is the chain looked up
          ) AS m
         CROSS JOIN LATERAL (
            SELECT a.subject_id, a.merged_at FROM cdviz.subject_state AS a WHERE a.chain_id = m.chain_id AND a.subject = 'change' OFFSET 0
         ) AS s
    ), built AS NOT MATERIALIZED (
        SELECT b.node, max(b.finished_at) AS built_at
          FROM (
            SELECT n.node, n.finished_at FROM near AS n WHERE n.subject = 'build'
            UNION ALL
            -- it need not name the build that names it
            SELECT n.node, s.finished_at
              FROM (
                SELECT c.node FROM near AS c WHERE c.subject = 'change'
                EXCEPT
                SELECT c.node FROM near AS c WHERE c.subject = 'build'
              ) AS n
             CROSS JOIN LATERAL (SELECT e.from_node FROM cdviz.edge AS e WHERE e.to_node = n.node AND e.relation = 'produced' OFFSET 0) AS e
             CROSS JOIN LATERAL (SELECT a.finished_at FROM cdviz.subject_state AS a WHERE a.node = e.from_node LIMIT 1) AS s
            UNION ALL
            SELECT n.node, s.finished_at
              FROM nearest AS n
             CROSS JOIN LATERAL (SELECT a.finished_at FROM cdviz.subject_state AS a WHERE a.node = n.at_node LIMIT 1) AS s
             WHERE n.subject = 'build' AND n.depth = 1
          ) AS b
         GROUP BY b.node
    )
    SELECT m.service_id, m.environment_id, m.at, m.position, m.artifact_id, o.change_id, o.way, r.reason, o.merged_at, b.built_at, m.published_at,
           CASE WHEN r.reason IS NULL THEN date_part('epoch', m.at - o.merged_at) END
      FROM made AS m
      LEFT JOIN origin AS o ON o.node = m.node AND NOT m.is_repeated
      LEFT JOIN built AS b ON b.node = m.node
     CROSS JOIN LATERAL (
        SELECT CASE
            WHEN m.artifact_id IS NULL THEN 'no-artifact'
            WHEN m.is_repeated THEN 'repeated'
            WHEN o.change_id IS NULL THEN 'no-change'
            WHEN o.merged_at IS NULL THEN 'not-merged'
            WHEN o.merged_at > m.at THEN 'merged-later'
        END AS reason
     ) AS r;
END
$$;

ALTER FUNCTION cdviz.lead_times(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text) OWNER TO cdviz;

-- Name: FUNCTION lead_times(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.lead_times(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text) IS 'Releases of a window, one row per change in each: a release is an artifact that a service runs for the first time in the environments asked about. way: artifact (it names the change), run (the builds and runs it came of do), chain (both are part of one chain). reason, where there is no lead time: no-artifact (the deployment names none), repeated (it ran there before the window: no release), no-change, not-merged (no merge was told), merged-later (after the deployment).';

-- Name: leave_webhook(text, uuid); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.leave_webhook(p_name text, p_claim uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    UPDATE cdviz.webhook AS w SET claim = NULL, claimed_until = NULL, next_try_at = greatest(w.next_try_at, clock_timestamp()) WHERE w.name = p_name AND w.claim = p_claim
$$;

ALTER FUNCTION cdviz.leave_webhook(p_name text, p_claim uuid) OWNER TO cdviz;

-- Name: FUNCTION leave_webhook(p_name text, p_claim uuid); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.leave_webhook(p_name text, p_claim uuid) IS 'Gives the claim of a webhook up: any worker may take it at once, after the others that are due.';

-- Name: link_relation(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.link_relation(p_kind text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE lower(p_kind)
        WHEN 'trigger' THEN 'triggeredBy'
        WHEN 'cause' THEN 'causedBy'
        WHEN 'effect' THEN 'causedBy'
        ELSE coalesce(nullif(left(p_kind, 200), ''), 'dependsOn')
    END
$$;

ALTER FUNCTION cdviz.link_relation(p_kind text) OWNER TO cdviz;

-- Name: FUNCTION link_relation(p_kind text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.link_relation(p_kind text) IS 'Relation of the graph for a link kind: trigger, cause and effect have names of their own, none is dependsOn, others stay as they are.';

-- Name: metric_buckets(timestamp with time zone, timestamp with time zone, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.metric_buckets(p_from timestamp with time zone, p_until timestamp with time zone, p_bucket text) RETURNS TABLE(bucket timestamp with time zone, from_at timestamp with time zone, until_at timestamp with time zone, days double precision)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
    SELECT w.bucket, w.from_at, w.until_at, extract(epoch FROM w.until_at - w.from_at)::double precision / 86400
      FROM (
        SELECT NULL::timestamptz AS bucket, p_from AS from_at, p_until AS until_at
        UNION ALL
        SELECT g.bucket, greatest(g.bucket, p_from), least(g.bucket + ('1 ' || p_bucket)::interval, p_until)
          FROM generate_series(date_trunc(p_bucket, p_from), p_until - interval '1 microsecond', ('1 ' || p_bucket)::interval) AS g (bucket)
      ) AS w
     WHERE w.until_at > w.from_at
     ORDER BY w.bucket NULLS FIRST
$$;

ALTER FUNCTION cdviz.metric_buckets(p_from timestamp with time zone, p_until timestamp with time zone, p_bucket text) OWNER TO cdviz;

-- Name: FUNCTION metric_buckets(p_from timestamp with time zone, p_until timestamp with time zone, p_bucket text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.metric_buckets(p_from timestamp with time zone, p_until timestamp with time zone, p_bucket text) IS 'The days, weeks (from Monday) or months of a window in UTC, cut at its ends, after the whole window, whose bucket is null. Without p_bucket only the whole.';

-- Name: metric_environments(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.metric_environments(p_environment text) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT CASE
        WHEN p_environment = '*' THEN NULL
        WHEN p_environment IS NOT NULL THEN ARRAY[p_environment]
        ELSE ARRAY(SELECT p.environment_id FROM cdviz.production AS p WHERE p.is_production ORDER BY p.environment_id COLLATE "C")
    END
$$;

ALTER FUNCTION cdviz.metric_environments(p_environment text) OWNER TO cdviz;

-- Name: FUNCTION metric_environments(p_environment text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.metric_environments(p_environment text) IS 'The environments that a filter of a metric means: null is production (cdviz.production), * is every environment (returned as null), anything else is the environment of that id.';

-- Name: outcome_class(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.outcome_class(p_outcome text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE
        WHEN lower(p_outcome) IN ('success', 'pass', 'succeeded', 'passed') THEN 'passed'
        WHEN lower(p_outcome) IN ('failure', 'fail', 'error', 'failed', 'errored') THEN 'failed'
        WHEN lower(p_outcome) IN ('cancel', 'cancelled', 'canceled', 'aborted') THEN 'cancelled'
    END
$$;

ALTER FUNCTION cdviz.outcome_class(p_outcome text) OWNER TO cdviz;

-- Name: FUNCTION outcome_class(p_outcome text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.outcome_class(p_outcome text) IS 'What an outcome means: passed (success, pass, …), failed (failure, fail, error, …), cancelled (cancel, aborted, …); null for anything else.';

-- Name: pause_webhook(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.pause_webhook(p_name text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH paused AS (
        UPDATE cdviz.webhook AS w SET state = 'paused' WHERE w.name = p_name RETURNING 1
    )
    SELECT EXISTS (SELECT FROM paused)
$$;

ALTER FUNCTION cdviz.pause_webhook(p_name text) OWNER TO cdviz;

-- Name: FUNCTION pause_webhook(p_name text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.pause_webhook(p_name text) IS 'Lets a webhook wait where it stands; what comes meanwhile is sent once it goes on. A request that is on its way still ends. False when there is none of that name.';

-- Name: placement_changes(timestamp with time zone, timestamp with time zone, text, text[]); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.placement_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environments text[]) RETURNS TABLE(service_id text, environment_id text, at timestamp with time zone, "position" bigint, predicate text, artifact_id text, source text)
    LANGUAGE sql STABLE
    AS $$
    SELECT c.service_id, c.environment_id, c."timestamp", c.position, c.predicate, c.artifact_id, c.source
      FROM cdviz.service_placement AS p -- a probe for each place: what happened elsewhere is not read
     CROSS JOIN LATERAL (
        SELECT DISTINCT ON (v."timestamp") v.*
          FROM cdviz.service_event AS v
         WHERE v.service_id = p.service_id AND v.environment_id = p.environment_id AND v."timestamp" >= p_from AND v."timestamp" < p_until
         ORDER BY v."timestamp", cdviz.predicate_rank(v.predicate) DESC, coalesce(v.artifact_id, '') COLLATE "C" DESC,
                  coalesce(v.source, '') COLLATE "C", v.position
      ) AS c
     WHERE (p_service IS NULL OR p.service_id = p_service) AND (p_environments IS NULL OR p.environment_id = ANY (p_environments))
$$;

ALTER FUNCTION cdviz.placement_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environments text[]) OWNER TO cdviz;

-- Name: FUNCTION placement_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environments text[]); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.placement_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environments text[]) IS 'Moments of a window at which a service was deployed, upgraded, rolled back or removed in an environment, one event for each; null environments are all.';

-- Name: postpone_webhook(text, uuid, integer, text, interval, boolean); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.postpone_webhook(p_name text, p_claim uuid, p_status integer, p_answer text, p_wait interval, p_disable boolean) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH postponed AS (
        UPDATE cdviz.webhook AS w
           SET failures = w.failures + 1, failing_since = coalesce(w.failing_since, clock_timestamp()), next_try_at = clock_timestamp() + p_wait,
               last_status = p_status, last_answer = p_answer, claim = NULL, claimed_until = NULL,
               state = CASE WHEN p_disable AND w.state = 'active' THEN 'disabled' ELSE w.state END
         WHERE w.name = p_name AND w.claim = p_claim
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM postponed)
$$;

ALTER FUNCTION cdviz.postpone_webhook(p_name text, p_claim uuid, p_status integer, p_answer text, p_wait interval, p_disable boolean) OWNER TO cdviz;

-- Name: FUNCTION postpone_webhook(p_name text, p_claim uuid, p_status integer, p_answer text, p_wait interval, p_disable boolean); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.postpone_webhook(p_name text, p_claim uuid, p_status integer, p_answer text, p_wait interval, p_disable boolean) IS 'Notes that an attempt has failed, with the status and the beginning of the answer, gives the claim up, and tries again after p_wait; with p_disable not before somebody resumes the webhook.';

-- Name: predicate_rank(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.predicate_rank(p_predicate text) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE p_predicate
        WHEN 'queued' THEN 1 WHEN 'created' THEN 1 WHEN 'detected' THEN 1 WHEN 'packaged' THEN 1
        WHEN 'started' THEN 2 WHEN 'reported' THEN 2 WHEN 'reviewed' THEN 2 WHEN 'updated' THEN 2
        WHEN 'modified' THEN 2 WHEN 'signed' THEN 2 WHEN 'deployed' THEN 2
        WHEN 'published' THEN 3 WHEN 'upgraded' THEN 3
        WHEN 'downloaded' THEN 4 WHEN 'rolledback' THEN 4
        WHEN 'finished' THEN 5 WHEN 'skipped' THEN 5 WHEN 'resolved' THEN 5 WHEN 'closed' THEN 5
        WHEN 'merged' THEN 5 WHEN 'abandoned' THEN 5
        WHEN 'deleted' THEN 6 WHEN 'removed' THEN 6
    END::smallint
$$;

ALTER FUNCTION cdviz.predicate_rank(p_predicate text) OWNER TO cdviz;

-- Name: FUNCTION predicate_rank(p_predicate text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.predicate_rank(p_predicate text) IS 'Place of a predicate in a life cycle (1 first, 6 last), to order events of one instant; null for predicates outside the CDEvents vocabulary.';

-- Name: project_events(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.project_events() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_nestloop TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_sort TO 'off'
    SET work_mem TO '32MB'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM new_events) THEN
        RETURN NULL;
    END IF;

    -- What the events say about others; links that name events not seen yet wait in cdviz.pending_link.
    WITH said AS MATERIALIZED (
        SELECT e.subject, e.subject_id, e.predicate, e."timestamp" AS at, e.position, e.source, e.context_id, cdviz.context_key(e.context_id) AS context_key,
               e.payload -> 'subject' -> 'content' AS content, e.payload -> 'customData' AS custom_data, e.payload -> 'context' -> 'links' AS links,
               x.outcome, x.name, x.environment_id, x.artifact_id, x.service_id, x.chain_id, x.definition_id
          FROM new_events AS e
         CROSS JOIN LATERAL cdviz.attributes_of(e.payload) AS x
         WHERE e.subject_id IS NOT NULL
    ), spoken AS (
        -- members of subject.content that name another subject: its type, and what the relation to it is called
        SELECT s.subject AS from_subject, s.subject_id AS from_id, rule.to_subject, s.content -> rule.member ->> 'id' AS to_id,
               CASE WHEN rule.member = 'environment' AND s.subject IN ('testcaserun', 'testsuiterun') THEN 'runsIn' ELSE rule.relation END AS relation,
               s.at, s.position
          FROM said AS s
         CROSS JOIN (VALUES
            ('environment', 'environment', 'deployedTo'), ('pipelineRun', 'pipelinerun', 'partOf'), ('testSuiteRun', 'testsuiterun', 'partOf'),
            ('testCaseRun', 'testcaserun', 'partOf'), ('testCase', 'testcase', 'instanceOf'), ('testSuite', 'testsuite', 'instanceOf'),
            ('service', 'service', 'affects'), ('repository', 'repository', 'storedAt'), ('change', 'change', 'includes')
         ) AS rule (member, to_subject, relation)
         WHERE cdviz.is_node_id(s.content -> rule.member ->> 'id')
        UNION ALL
        -- the artifact it deploys, blames or made
        SELECT s.subject, s.subject_id, 'artifact', s.artifact_id,
               CASE WHEN s.subject = 'build' THEN 'produced' ELSE 'deployedWith' END, s.at, s.position
          FROM said AS s
         WHERE cdviz.is_node_id(s.artifact_id)
        UNION ALL
        -- a version of a package derives from the package
        SELECT 'artifact', b.id, 'artifact', b.base, 'derivedFrom', b.at, b.position
          FROM (
            SELECT a.id, cdviz.purl_base(a.id) AS base, a.at, a.position
              FROM (
                SELECT CASE WHEN s.subject = 'artifact' THEN s.subject_id ELSE s.artifact_id END AS id, s.at, s.position FROM said AS s
                OFFSET 0
              ) AS a
             WHERE lower(left(a.id, 4)) = 'pkg:' AND cdviz.is_node_id(a.id)
            OFFSET 0
          ) AS b
         WHERE b.base IS NOT NULL
        UNION ALL
        -- links that name a subject
        SELECT s.subject, s.subject_id, l.to_subject, l.to_id, l.relation, s.at, s.position
          FROM said AS s
         CROSS JOIN LATERAL cdviz.subject_links_of(s.custom_data) AS l
         WHERE s.custom_data IS NOT NULL
    ), meant AS MATERIALIZED (
        -- most links name an event of the same batch
        SELECT m.subject, m.subject_id, m.relation, m.context_id, m.at, m.position, m.source, n.subject AS to_subject, n.subject_id AS to_id
          FROM (
            SELECT s.subject, s.subject_id, l.relation, l.context_id, s.at, s.position, s.source
              FROM said AS s
             CROSS JOIN LATERAL cdviz.event_links_of(s.links) AS l
             WHERE s.links IS NOT NULL
          ) AS m
          LEFT JOIN said AS n ON n.context_id = m.context_id AND n.source = m.source
    ), linked AS MATERIALIZED (
        SELECT m.subject, m.subject_id, m.relation, m.context_id, m.at, m.position, m.to_subject, m.to_id FROM meant AS m WHERE m.to_id IS NOT NULL
        UNION ALL
        SELECT m.subject, m.subject_id, m.relation, m.context_id, m.at, m.position, t.subject, t.subject_id
          FROM meant AS m
          LEFT JOIN LATERAL cdviz.event_named(m.context_id, m.source) AS t ON true
         WHERE m.to_id IS NULL
    ), arrived AS (
        -- By row, found by index: statistics of a table that is empty today must not make this a scan of all for all tomorrow.
        DELETE FROM cdviz.pending_link AS p
         WHERE p.ctid = ANY (ARRAY(
            SELECT k.ctid
              FROM (
                SELECT w.ctid, w.context_id
                  FROM cdviz.pending_link AS w
                 WHERE w.context_key = ANY (ARRAY(SELECT s.context_key FROM said AS s))
                OFFSET 0
              ) AS k
             WHERE lower(k.context_id) IN (SELECT lower(s.context_id) FROM said AS s)
         ))
        RETURNING p.context_key, p.subject, p.subject_id, p.relation, p."timestamp" AS at, p.position, p.seen
    ), awaited AS (
        SELECT a.subject, a.subject_id, a.relation, a.at, a.position, a.seen, s.subject AS to_subject, s.subject_id AS to_id
          FROM arrived AS a
          JOIN (
            SELECT DISTINCT ON (o.context_key) o.context_key, o.subject, o.subject_id
              FROM said AS o
             WHERE o.context_key IN (SELECT k.context_key FROM arrived AS k)
             ORDER BY o.context_key, o.position
          ) AS s ON s.context_key = a.context_key
    ), waiting AS (
        INSERT INTO cdviz.pending_link (context_key, context_id, subject, subject_id, "timestamp", position, relation, seen)
        SELECT cdviz.context_key(l.context_id), min(l.context_id), min(l.subject), min(l.subject_id), min(l.at), l.position, l.relation, count(*)
          FROM linked AS l
         WHERE l.to_id IS NULL
         GROUP BY 1, l.position, l.relation
         ORDER BY 1, l.position, l.relation
    ), drawn AS MATERIALIZED (
        SELECT r.from_subject, r.from_id, r.to_subject, r.to_id, r.relation,
               min(r.at) AS first_at, max(r.at) AS last_at, max(r.position) AS last_position, sum(r.seen) AS seen, bool_or(r.is_told) AS is_told
          FROM (
            SELECT s.from_subject, s.from_id, s.to_subject, s.to_id, s.relation, s.at, s.position, 1 AS seen, s.relation <> 'derivedFrom' AS is_told FROM spoken AS s
            UNION ALL
            SELECT l.subject, l.subject_id, l.to_subject, l.to_id, l.relation, l.at, l.position, 1, true FROM linked AS l
             WHERE l.to_id IS NOT NULL AND (l.to_id, l.to_subject) <> (l.subject_id, l.subject)
            UNION ALL
            SELECT a.subject, a.subject_id, a.to_subject, a.to_id, a.relation, a.at, a.position, a.seen, false FROM awaited AS a
          ) AS r
         GROUP BY r.from_id, r.to_id, r.relation, r.from_subject, r.to_subject

    -- The subjects: those the events are about with all they tell, those only named where they are new or seen earlier than known.
    ), told AS MATERIALIZED (
        SELECT s.subject, s.subject_id, s.at, s.predicate, s.position, s.source,
               coalesce(cdviz.predicate_rank(s.predicate), 2::smallint) AS rank, s.context_key & 9223372036854775807 AS tie,
               s.outcome, s.name, s.environment_id, s.artifact_id, s.service_id, s.chain_id, s.definition_id,
               -- sixteen digits in front make "the newest value" a max(): equal moments have equal digits, so the greater value wins
               -- (microseconds since 2000, of a moment moved by as many years so that none is negative)
               encode(timestamptz_send(s.at + interval '2000 years'), 'hex') COLLATE "C" AS moment
          FROM said AS s
    ), others AS (
        SELECT t.subject, t.subject_id, jsonb_object_agg(t.predicate, t.at) AS other_at
          FROM (
            SELECT o.subject, o.subject_id, o.predicate, max((extract(epoch FROM o.at) * 1000000)::bigint) AS at
              FROM told AS o
             WHERE cdviz.predicate_rank(o.predicate) IS NULL
             GROUP BY o.subject, o.subject_id, o.predicate
          ) AS t
         GROUP BY t.subject, t.subject_id
    ), observed AS (
        SELECT e.subject, e.subject_id, min(e.at) AS first_seen_at, max(e.at) AS last_at,
               max(e.moment || e.rank || lpad(to_hex(e.tie), 16, '0') || lpad(e.position::text, 19, '0') || coalesce(e.source, '')) AS last,
               max(e.at) FILTER (WHERE e.predicate = 'queued') AS queued_at,
               max(e.at) FILTER (WHERE e.predicate = 'started') AS started_at,
               max(e.at) FILTER (WHERE e.predicate = 'finished') AS finished_at,
               max(e.at) FILTER (WHERE e.predicate = 'skipped') AS skipped_at,
               max(e.at) FILTER (WHERE e.predicate = 'packaged') AS packaged_at,
               max(e.at) FILTER (WHERE e.predicate = 'signed') AS signed_at,
               max(e.at) FILTER (WHERE e.predicate = 'published') AS published_at,
               max(e.at) FILTER (WHERE e.predicate = 'downloaded') AS downloaded_at,
               max(e.at) FILTER (WHERE e.predicate = 'deleted') AS deleted_at,
               max(e.at) FILTER (WHERE e.predicate = 'deployed') AS deployed_at,
               max(e.at) FILTER (WHERE e.predicate = 'upgraded') AS upgraded_at,
               max(e.at) FILTER (WHERE e.predicate = 'rolledback') AS rolledback_at,
               max(e.at) FILTER (WHERE e.predicate = 'removed') AS removed_at,
               max(e.at) FILTER (WHERE e.predicate = 'detected') AS detected_at,
               max(e.at) FILTER (WHERE e.predicate = 'reported') AS reported_at,
               max(e.at) FILTER (WHERE e.predicate = 'resolved') AS resolved_at,
               max(e.at) FILTER (WHERE e.predicate = 'created') AS created_at,
               max(e.at) FILTER (WHERE e.predicate = 'updated') AS updated_at,
               max(e.at) FILTER (WHERE e.predicate = 'closed') AS closed_at,
               max(e.at) FILTER (WHERE e.predicate = 'reviewed') AS reviewed_at,
               max(e.at) FILTER (WHERE e.predicate = 'merged') AS merged_at,
               max(e.at) FILTER (WHERE e.predicate = 'abandoned') AS abandoned_at,
               max(e.at) FILTER (WHERE e.predicate = 'modified') AS modified_at,
               substring(max(e.moment || coalesce(e.outcome, '')) FILTER (WHERE e.predicate = 'finished') FROM 17) AS outcome,
               substring(max(e.moment || e.name) FROM 17) AS name, max(e.at) FILTER (WHERE e.name IS NOT NULL) AS name_at,
               substring(max(e.moment || e.environment_id) FROM 17) AS environment_id, max(e.at) FILTER (WHERE e.environment_id IS NOT NULL) AS environment_at,
               substring(max(e.moment || e.artifact_id) FROM 17) AS artifact_id, max(e.at) FILTER (WHERE e.artifact_id IS NOT NULL) AS artifact_at,
               substring(max(e.moment || e.service_id) FROM 17) AS service_id, max(e.at) FILTER (WHERE e.service_id IS NOT NULL) AS service_at,
               substring(max(e.moment || e.chain_id) FROM 17) AS chain_id, max(e.at) FILTER (WHERE e.chain_id IS NOT NULL) AS chain_at,
               max(e.definition_id) FILTER (WHERE e.subject IN ('testcaserun', 'testsuiterun')) AS definition_id
          FROM told AS e
         GROUP BY e.subject_id, e.subject
    ), named AS (
        SELECT r.subject, r.subject_id, min(r.at) AS first_seen_at
          FROM (
            SELECT d.to_subject AS subject, d.to_id AS subject_id, d.first_at AS at FROM drawn AS d
            UNION ALL
            SELECT d.from_subject, d.from_id, d.first_at FROM drawn AS d WHERE NOT d.is_told -- all others are subjects of events
            UNION ALL
            SELECT 'chain', t.chain_id, t.at FROM told AS t WHERE cdviz.is_node_id(t.chain_id)
          ) AS r
         GROUP BY r.subject_id, r.subject
    ), wanted AS MATERIALIZED (
        SELECT coalesce(o.subject, n.subject) AS subject, coalesce(o.subject_id, n.subject_id) AS subject_id,
               least(o.first_seen_at, n.first_seen_at) AS first_seen_at, o.subject IS NOT NULL AS is_observed, o.last_at,
               substr(o.last, 34, 19)::bigint AS last_position, substr(o.last, 17, 1)::smallint AS last_rank,
               ('x' || substr(o.last, 18, 16))::bit(64)::bigint AS last_tie, substr(o.last, 53) AS source,
               o.queued_at, o.started_at, o.finished_at, o.skipped_at, o.packaged_at, o.signed_at, o.published_at, o.downloaded_at,
               o.deleted_at, o.deployed_at, o.upgraded_at, o.rolledback_at, o.removed_at, o.detected_at, o.reported_at, o.resolved_at,
               o.created_at, o.updated_at, o.closed_at, o.reviewed_at, o.merged_at, o.abandoned_at, o.modified_at,
               nullif(o.outcome, '') AS outcome, o.name, o.name_at, o.environment_id, o.environment_at, o.artifact_id, o.artifact_at,
               o.service_id, o.service_at, o.chain_id, o.chain_at, o.definition_id, k.node AS known_node
          FROM observed AS o
          FULL JOIN named AS n ON n.subject = o.subject AND n.subject_id = o.subject_id
          LEFT JOIN LATERAL (
            SELECT s.node FROM (
                SELECT c.node, c.first_seen_at FROM cdviz.subject_state AS c
                 WHERE o.subject IS NULL AND c.subject_id = n.subject_id AND c.subject = n.subject LIMIT 1
              ) AS s
             WHERE s.first_seen_at <= n.first_seen_at
             LIMIT 1
          ) AS k ON true
    ), written AS (
        INSERT INTO cdviz.subject_state AS s (
            subject, subject_id, first_seen_at, last_at, last_position, last_rank, last_tie, source,
            queued_at, started_at, finished_at, skipped_at, packaged_at, signed_at, published_at, downloaded_at, deleted_at, deployed_at,
            upgraded_at, rolledback_at, removed_at, detected_at, reported_at, resolved_at, created_at, updated_at, closed_at, reviewed_at,
            merged_at, abandoned_at, modified_at,
            other_at, outcome, name, name_at, environment_id, environment_at, artifact_id, artifact_at, service_id, service_at, chain_id, chain_at, definition_id, canonical_id
        )
        SELECT o.subject, o.subject_id, o.first_seen_at, o.last_at, o.last_position, o.last_rank, o.last_tie, o.source,
               o.queued_at, o.started_at, o.finished_at, o.skipped_at, o.packaged_at, o.signed_at, o.published_at, o.downloaded_at,
               o.deleted_at, o.deployed_at, o.upgraded_at, o.rolledback_at, o.removed_at, o.detected_at, o.reported_at, o.resolved_at,
               o.created_at, o.updated_at, o.closed_at, o.reviewed_at, o.merged_at, o.abandoned_at, o.modified_at,
               h.other_at, o.outcome, o.name, o.name_at, o.environment_id, o.environment_at, o.artifact_id, o.artifact_at, o.service_id, o.service_at, o.chain_id, o.chain_at,
               o.definition_id,
               CASE WHEN o.subject = 'artifact' AND o.subject_id LIKE 'pkg:%' THEN nullif(cdviz.purl_canonical(o.subject_id), o.subject_id) END
          FROM wanted AS o
          LEFT JOIN others AS h ON h.subject = o.subject AND h.subject_id = o.subject_id
         WHERE o.known_node IS NULL
         ORDER BY o.subject_id, o.subject
        ON CONFLICT (subject_id, subject) DO UPDATE SET
            first_seen_at = least(s.first_seen_at, excluded.first_seen_at),
            last_at = greatest(s.last_at, excluded.last_at),
            last_position = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.last_position ELSE s.last_position END,
            last_rank = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.last_rank ELSE s.last_rank END,
            last_tie = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.last_tie ELSE s.last_tie END,
            source = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.source ELSE s.source END,
            last_payload = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.last_payload ELSE s.last_payload END,
            queued_at = greatest(s.queued_at, excluded.queued_at), started_at = greatest(s.started_at, excluded.started_at),
            finished_at = greatest(s.finished_at, excluded.finished_at), skipped_at = greatest(s.skipped_at, excluded.skipped_at),
            packaged_at = greatest(s.packaged_at, excluded.packaged_at), signed_at = greatest(s.signed_at, excluded.signed_at),
            published_at = greatest(s.published_at, excluded.published_at),
            downloaded_at = greatest(s.downloaded_at, excluded.downloaded_at), deleted_at = greatest(s.deleted_at, excluded.deleted_at),
            deployed_at = greatest(s.deployed_at, excluded.deployed_at), upgraded_at = greatest(s.upgraded_at, excluded.upgraded_at),
            rolledback_at = greatest(s.rolledback_at, excluded.rolledback_at), removed_at = greatest(s.removed_at, excluded.removed_at),
            detected_at = greatest(s.detected_at, excluded.detected_at), reported_at = greatest(s.reported_at, excluded.reported_at),
            resolved_at = greatest(s.resolved_at, excluded.resolved_at), created_at = greatest(s.created_at, excluded.created_at),
            updated_at = greatest(s.updated_at, excluded.updated_at), closed_at = greatest(s.closed_at, excluded.closed_at),
            reviewed_at = greatest(s.reviewed_at, excluded.reviewed_at), merged_at = greatest(s.merged_at, excluded.merged_at),
            abandoned_at = greatest(s.abandoned_at, excluded.abandoned_at), modified_at = greatest(s.modified_at, excluded.modified_at),
            -- only where there is one: a function with a subquery is not inlined, and its call costs more than all else here
            other_at = CASE WHEN excluded.other_at IS NULL THEN s.other_at ELSE cdviz.later_of(s.other_at, excluded.other_at) END,
            outcome = CASE WHEN excluded.finished_at > s.finished_at OR s.finished_at IS NULL THEN CASE WHEN excluded.finished_at IS NULL THEN s.outcome ELSE excluded.outcome END
                           WHEN excluded.finished_at = s.finished_at THEN greatest(s.outcome, excluded.outcome) ELSE s.outcome END,
            name_at = greatest(s.name_at, excluded.name_at),
            name = CASE WHEN excluded.name_at > s.name_at OR s.name_at IS NULL THEN excluded.name
                         WHEN excluded.name_at = s.name_at THEN greatest(s.name, excluded.name) ELSE s.name END,
            environment_at = greatest(s.environment_at, excluded.environment_at),
            environment_id = CASE WHEN excluded.environment_at > s.environment_at OR s.environment_at IS NULL THEN excluded.environment_id
                         WHEN excluded.environment_at = s.environment_at THEN greatest(s.environment_id, excluded.environment_id) ELSE s.environment_id END,
            artifact_at = greatest(s.artifact_at, excluded.artifact_at),
            artifact_id = CASE WHEN excluded.artifact_at > s.artifact_at OR s.artifact_at IS NULL THEN excluded.artifact_id
                         WHEN excluded.artifact_at = s.artifact_at THEN greatest(s.artifact_id, excluded.artifact_id) ELSE s.artifact_id END,
            service_at = greatest(s.service_at, excluded.service_at),
            service_id = CASE WHEN excluded.service_at > s.service_at OR s.service_at IS NULL THEN excluded.service_id
                         WHEN excluded.service_at = s.service_at THEN greatest(s.service_id, excluded.service_id) ELSE s.service_id END,
            chain_at = greatest(s.chain_at, excluded.chain_at),
            chain_id = CASE WHEN excluded.chain_at > s.chain_at OR s.chain_at IS NULL THEN excluded.chain_id
                         WHEN excluded.chain_at = s.chain_at THEN greatest(s.chain_id, excluded.chain_id) ELSE s.chain_id END,
            definition_id = greatest(s.definition_id, excluded.definition_id)
        RETURNING s.node, s.subject, s.subject_id, s.xmax = 0 AS is_new
    ), node AS MATERIALIZED (
        SELECT w.node, w.subject, w.subject_id, w.is_new FROM written AS w
        UNION ALL
        SELECT o.known_node, o.subject, o.subject_id, false FROM wanted AS o WHERE o.known_node IS NOT NULL

    -- The edges, once all subjects are written. That of a new subject cannot stand yet, nor can anybody else write it: it needs no look.
    ), tie AS MATERIALIZED (
        SELECT f.node AS from_node, t.node AS to_node, d.relation, d.first_at, d.last_at, d.last_position, d.seen, f.is_new OR t.is_new AS is_new
          FROM drawn AS d
          JOIN node AS f ON f.subject_id = d.from_id AND f.subject = d.from_subject
          JOIN node AS t ON t.subject_id = d.to_id AND t.subject = d.to_subject
         WHERE f.node <> t.node
         ORDER BY f.node, t.node, d.relation
    ), tied AS (
        INSERT INTO cdviz.edge (from_node, to_node, relation, first_at, last_at, last_position, seen)
        SELECT t.from_node, t.to_node, t.relation, t.first_at, t.last_at, t.last_position, t.seen FROM tie AS t WHERE t.is_new
    )
    INSERT INTO cdviz.edge AS g (from_node, to_node, relation, first_at, last_at, last_position, seen)
    SELECT t.from_node, t.to_node, t.relation, t.first_at, t.last_at, t.last_position, t.seen
      FROM tie AS t
     WHERE NOT t.is_new
     ORDER BY t.from_node, t.to_node, t.relation
    ON CONFLICT (from_node, to_node, relation) DO UPDATE SET
        first_at = least(g.first_at, excluded.first_at),
        last_position = greatest(g.last_position, excluded.last_position),
        last_at = greatest(g.last_at, excluded.last_at),
        seen = g.seen + excluded.seen;

    -- Those that name no environment as well, under an empty one: metrics count what they cannot place.
    INSERT INTO cdviz.service_event (service_id, environment_id, "timestamp", position, predicate, artifact_id, source)
    SELECT e.subject_id, coalesce(x.environment_id, ''), e."timestamp", e.position, e.predicate,
           CASE WHEN e.predicate <> 'removed' THEN x.artifact_id END, e.source
      FROM new_events AS e
     CROSS JOIN LATERAL cdviz.attributes_of(e.payload) AS x
     WHERE e.subject = 'service' AND e.predicate IN ('deployed', 'upgraded', 'rolledback', 'removed')
       AND octet_length(coalesce(x.environment_id, '')) + octet_length(e.subject_id) <= 2600 -- what an index can hold
     ORDER BY e.subject_id, 2, e."timestamp", e.position
    ON CONFLICT DO NOTHING;

    IF FOUND THEN
        INSERT INTO cdviz.service_placement AS s (service_id, environment_id, "timestamp", position, predicate, artifact_id)
        SELECT DISTINCT ON (e.subject_id, x.environment_id)
               e.subject_id, x.environment_id, e."timestamp", e.position, e.predicate, CASE WHEN e.predicate <> 'removed' THEN x.artifact_id END AS artifact_id
          FROM new_events AS e
         CROSS JOIN LATERAL cdviz.attributes_of(e.payload) AS x
         WHERE e.subject = 'service' AND e.predicate IN ('deployed', 'upgraded', 'rolledback', 'removed')
           AND octet_length(x.environment_id) + octet_length(e.subject_id) <= 2600 -- what an index can hold
         ORDER BY e.subject_id, x.environment_id, e."timestamp" DESC, cdviz.predicate_rank(e.predicate) DESC,
                  coalesce(CASE WHEN e.predicate <> 'removed' THEN x.artifact_id END, '') COLLATE "C" DESC
        ON CONFLICT (service_id, environment_id) DO UPDATE SET
            "timestamp" = excluded."timestamp", position = excluded.position, predicate = excluded.predicate, artifact_id = excluded.artifact_id
         WHERE (excluded."timestamp", cdviz.predicate_rank(excluded.predicate), coalesce(excluded.artifact_id, '') COLLATE "C")
             > (s."timestamp", cdviz.predicate_rank(s.predicate), coalesce(s.artifact_id, '') COLLATE "C");
    END IF;

    RETURN NULL;
END
$$;

ALTER FUNCTION cdviz.project_events() OWNER TO cdviz;

-- Name: FUNCTION project_events(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.project_events() IS 'Trigger: brings the state of subjects, the placement of services and the graph up to date with the events that one statement put into the lake.';

-- Name: prune_identity(timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.prune_identity(p_now timestamp with time zone DEFAULT CURRENT_TIMESTAMP) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    v_before timestamptz := p_now - (SELECT p.value FROM cdviz.storage_policy AS p WHERE p.name = 'identity_keep');
    v_pruned bigint;
BEGIN
    DELETE FROM cdviz.event_identity AS i
     WHERE i."timestamp" < v_before
       AND i.xid < (SELECT p.xid FROM cdviz.activity_progress AS p)
       AND NOT EXISTS (SELECT FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = i."timestamp" AND l.position = i.position);
    GET DIAGNOSTICS v_pruned = ROW_COUNT;
    RETURN v_pruned;
END
$$;

ALTER FUNCTION cdviz.prune_identity(p_now timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION prune_identity(p_now timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.prune_identity(p_now timestamp with time zone) IS 'Forgets the identity of events that are older than the storage policy identity_keep and not in the lake any more, and tells how many.';

-- Name: prune_projections(jsonb); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.prune_projections(p_floors jsonb) RETURNS TABLE(what text, rows bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET lock_timeout TO '3s'
    AS $$
DECLARE
    v_highest timestamptz := (SELECT max(e.value::timestamptz) FROM jsonb_each_text(p_floors) AS e);
    v_nodes bigint[];
BEGIN
    DELETE FROM cdviz.service_event AS s
     WHERE cdviz.is_past(p_floors, 'service', s."timestamp")
       AND NOT EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = 'service' AND h.subject_id = s.service_id)
       AND NOT EXISTS (
            SELECT FROM cdviz.service_placement AS p
             WHERE p.service_id = s.service_id AND p.environment_id = s.environment_id AND p.position = s.position AND p.predicate <> 'removed'
       );
    GET DIAGNOSTICS rows = ROW_COUNT;
    what := 'service_event';
    RETURN NEXT;

    DELETE FROM cdviz.service_placement AS p
     WHERE p.predicate = 'removed' AND cdviz.is_past(p_floors, 'service', p."timestamp")
       AND NOT EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = 'service' AND h.subject_id = p.service_id);
    GET DIAGNOSTICS rows = ROW_COUNT;
    what := 'service_placement';
    RETURN NEXT;

    DELETE FROM cdviz.pending_link AS l
     WHERE cdviz.is_past(p_floors, l.subject, l."timestamp")
       AND NOT EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = l.subject AND h.subject_id = l.subject_id);
    GET DIAGNOSTICS rows = ROW_COUNT;
    what := 'pending_link';
    RETURN NEXT;

    -- A relation between two subjects that are current is part of what is current.
    WITH current AS MATERIALIZED (
        SELECT s.node
          FROM cdviz.current_subjects() AS c
          JOIN cdviz.subject_state AS s ON s.subject_id = c.subject_id AND s.subject = c.subject
    )
    DELETE FROM cdviz.edge AS e
     WHERE e.last_at < v_highest
       AND NOT EXISTS (SELECT FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = e.last_at AND l.position = e.last_position)
       AND NOT (e.from_node IN (SELECT c.node FROM current AS c) AND e.to_node IN (SELECT c.node FROM current AS c));
    GET DIAGNOSTICS rows = ROW_COUNT;
    what := 'edge';
    RETURN NEXT;

    SELECT array_agg(s.node) INTO v_nodes
      FROM cdviz.subject_state AS s
     WHERE cdviz.is_past(p_floors, s.subject, coalesce(s.last_at, s.first_seen_at))
       AND NOT EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = s.subject AND h.subject_id = s.subject_id)
       AND NOT EXISTS (SELECT FROM cdviz.edge AS e WHERE e.from_node = s.node)
       AND NOT EXISTS (SELECT FROM cdviz.edge AS e WHERE e.to_node = s.node)
       AND (s.subject, s.subject_id) NOT IN (SELECT c.subject, c.subject_id FROM cdviz.current_subjects() AS c);
    -- Writers wait for a moment: one of them may be about to tie an edge to a subject that goes.
    LOCK TABLE cdviz.subject_state IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM cdviz.subject_state AS s
     WHERE s.node = ANY (v_nodes)
       AND cdviz.is_past(p_floors, s.subject, coalesce(s.last_at, s.first_seen_at))
       AND NOT EXISTS (SELECT FROM cdviz.edge AS e WHERE e.from_node = s.node)
       AND NOT EXISTS (SELECT FROM cdviz.edge AS e WHERE e.to_node = s.node);
    GET DIAGNOSTICS rows = ROW_COUNT;
    what := 'subject_state';
    RETURN NEXT;
END
$$;

ALTER FUNCTION cdviz.prune_projections(p_floors jsonb) OWNER TO cdviz;

-- Name: FUNCTION prune_projections(p_floors jsonb); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.prune_projections(p_floors jsonb) IS 'Takes away states, placements, edges and waiting links whose events have left the lake, unless they are current (cdviz.current_subjects) or held, and tells how many of each.';

-- Name: purl_base(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.purl_base(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    SELECT CASE
        -- The usual spelling, without a regular expression: this runs on the write path.
        WHEN p_text LIKE 'pkg:%/%' AND p_text NOT LIKE 'pkg:/%' AND p_text NOT LIKE '%/@%' AND p_text NOT LIKE '%@%@%'
             AND split_part(p_text, '/', 1) = lower(split_part(p_text, '/', 1)) AND p_text NOT LIKE '%//%@%' THEN
            nullif(split_part(split_part(split_part(p_text, '#', 1), '?', 1), '@', 1), p_text)
        WHEN lower(left(p_text, 4)) = 'pkg:' AND position('/' IN p_text) > 0 THEN
            nullif(regexp_replace(split_part(split_part(cdviz.purl_canonical(p_text), '#', 1), '?', 1), '([^/])@[^@/]*$', '\1'), p_text)
    END
$_$;

ALTER FUNCTION cdviz.purl_base(p_text text) OWNER TO cdviz;

-- Name: FUNCTION purl_base(p_text text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.purl_base(p_text text) IS 'The package that a package URL is a version of: type, namespace and name. Null when the text is no package URL or names no version.';

-- Name: purl_canonical(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.purl_canonical(p_text text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $_$
DECLARE
    rest text;
    subpath text;
    qualifiers text;
    version text;
    canonical text;
BEGIN
    IF p_text !~* '^pkg:/*[a-z][a-z0-9.+-]*/.' THEN
        RETURN p_text;
    END IF;
    rest := regexp_replace(p_text, '^[Pp][Kk][Gg]:/*', '');
    subpath := substring(rest FROM '#(.*)$');
    rest := split_part(rest, '#', 1);
    qualifiers := substring(rest FROM '\?(.*)$');
    rest := split_part(rest, '?', 1);
    version := substring(rest FROM '[^/]@([^@]*)$');
    IF version IS NOT NULL THEN
        rest := left(rest, -(length(version) + 1));
        version := replace(replace(replace(version, '%3A', ':'), '%3a', ':'), '%2B', '+');
    END IF;
    SELECT string_agg(lower(split_part(q, '=', 1)) || '=' || replace(replace(replace(replace(
               substring(q FROM position('=' IN q) + 1), '%3A', ':'), '%3a', ':'), '%2F', '/'), '%2f', '/'), '&'
               ORDER BY lower(split_part(q, '=', 1)) COLLATE "C", q COLLATE "C")
      INTO qualifiers
      FROM unnest(string_to_array(qualifiers, '&')) AS q
     WHERE q LIKE '_%=_%';
    rest := regexp_replace(trim(BOTH '/' FROM rest), '/+', '/', 'g');
    canonical := 'pkg:' || lower(split_part(rest, '/', 1)) || replace(substring(rest FROM position('/' IN rest)), '/@', '/%40')
        || coalesce('@' || nullif(version, ''), '') || coalesce('?' || qualifiers, '')
        || coalesce('#' || nullif(trim(BOTH '/' FROM subpath), ''), '');
    RETURN CASE WHEN octet_length(canonical) <= 2000 THEN canonical ELSE p_text END; -- what an index can hold
END
$_$;

ALTER FUNCTION cdviz.purl_canonical(p_text text) OWNER TO cdviz;

-- Name: FUNCTION purl_canonical(p_text text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.purl_canonical(p_text text) IS 'Canonical spelling of a package URL (scheme and type lower case, version decoded, qualifiers sorted, npm scope encoded); any other text as it is.';

-- Name: refresh_activity(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.refresh_activity() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    v_done cdviz.activity_progress;
    v_counted bigint;
BEGIN
    SELECT * INTO v_done FROM cdviz.activity_progress FOR UPDATE;
    IF v_done.xid > pg_snapshot_xmax(pg_current_snapshot()) THEN
        -- Restored into a cluster whose transactions have lower numbers: what it brought along gets the lowest there are, 3 counted, 4 not.
        UPDATE cdviz.event_identity
           SET xid = CASE WHEN xid >= v_done.xid THEN xid8 '4' ELSE xid8 '3' END
         WHERE position <= v_done.position OR xid >= v_done.xid;
        v_done.xid := '4';
    END IF;

    -- One snapshot for both: it shows every row of the transactions before its oldest running one.
    WITH bound AS MATERIALIZED (
        SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xid
    ), fresh AS MATERIALIZED (
        SELECT i."timestamp", i.position
          FROM cdviz.event_identity AS i
         WHERE (i.xid >= v_done.xid OR i.position > v_done.position) AND i.xid < (SELECT b.xid FROM bound AS b)
    ), counted AS MATERIALIZED (
        SELECT (l."timestamp" AT TIME ZONE 'UTC')::date AS day, l.subject, l.predicate, left(coalesce(l.source, ''), 300) AS source, count(*) AS events
          FROM fresh AS f
          JOIN cdviz.cdevents_lake AS l ON l."timestamp" = f."timestamp" AND l.position = f.position
         GROUP BY 1, 2, 3, 4
    ), added AS (
        INSERT INTO cdviz.activity_rollup AS r (day, subject, predicate, source, events)
        SELECT c.day, c.subject, c.predicate, c.source, c.events FROM counted AS c
        ON CONFLICT (day, subject, predicate, source) DO UPDATE SET events = r.events + excluded.events
    ), moved AS (
        UPDATE cdviz.activity_progress
           SET xid = b.xid, position = greatest(v_done.position, (SELECT max(f.position) FROM fresh AS f)), refreshed_at = clock_timestamp()
          FROM bound AS b
    )
    SELECT coalesce(sum(c.events), 0) INTO v_counted FROM counted AS c;
    RETURN v_counted;
END
$$;

ALTER FUNCTION cdviz.refresh_activity() OWNER TO cdviz;

-- Name: FUNCTION refresh_activity(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.refresh_activity() IS 'Brings the counts behind cdviz.activity_daily forward to the oldest transaction still running, and returns how many events that added. The view is exact with or without it, and faster after it.';

-- Name: remove_webhook(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.remove_webhook(p_name text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH removed AS (
        DELETE FROM cdviz.webhook AS w WHERE w.name = p_name RETURNING 1
    )
    SELECT EXISTS (SELECT FROM removed)
$$;

ALTER FUNCTION cdviz.remove_webhook(p_name text) OWNER TO cdviz;

-- Name: FUNCTION remove_webhook(p_name text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.remove_webhook(p_name text) IS 'Forgets a webhook, with its place and its secret. False when there is none of that name.';

-- Name: resume_webhook(text, boolean); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.resume_webhook(p_name text, p_skip boolean DEFAULT false) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH resumed AS (
        UPDATE cdviz.webhook AS w
           SET state = 'active', failures = 0, failing_since = NULL, next_try_at = clock_timestamp(),
               claim = CASE WHEN NOT p_skip THEN w.claim END, claimed_until = CASE WHEN NOT p_skip THEN w.claimed_until END,
               after_xid = CASE WHEN p_skip THEN f.xid ELSE w.after_xid END,
               after_position = CASE WHEN p_skip THEN f.position ELSE w.after_position END
          FROM cdviz.feed_place() AS f
         WHERE w.name = p_name
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM resumed)
$$;

ALTER FUNCTION cdviz.resume_webhook(p_name text, p_skip boolean) OWNER TO cdviz;

-- Name: FUNCTION resume_webhook(p_name text, p_skip boolean); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.resume_webhook(p_name text, p_skip boolean) IS 'Lets a webhook go on at once that was paused, disabled or waits for its next attempt; with p_skip only with what comes from now on. False when there is none of that name.';

-- Name: retention_floors(timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.retention_floors(p_now timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
    SELECT coalesce(jsonb_object_agg(p.subject, coalesce(cdviz.storage_floor(p_now - p.keep), '-infinity')), '{}') FROM cdviz.retention_policy AS p
$$;

ALTER FUNCTION cdviz.retention_floors(p_now timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION retention_floors(p_now timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.retention_floors(p_now timestamp with time zone) IS 'From when on the events of each kind of subject are kept, as of a moment: {"*": time, "incident": time}.';

-- Name: retention_preview(timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.retention_preview(p_now timestamp with time zone DEFAULT CURRENT_TIMESTAMP) RETURNS TABLE(subject text, kept_from timestamp with time zone, events bigint, held bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
    WITH told AS MATERIALIZED (
        SELECT f.floors, (SELECT max(e.value::timestamptz) FROM jsonb_each_text(f.floors) AS e) AS before
          FROM (SELECT cdviz.retention_floors(p_now) AS floors) AS f
    )
    SELECT l.subject, coalesce(max(t.floors ->> l.subject), max(t.floors ->> '*'))::timestamptz,
           count(*) FILTER (WHERE h.subject IS NULL), count(h.subject)
      FROM cdviz.cdevents_lake AS l
     CROSS JOIN told AS t
      LEFT JOIN cdviz.legal_hold AS h ON h.subject = l.subject AND h.subject_id = l.subject_id
     WHERE l."timestamp" < (SELECT b.before FROM told AS b) AND cdviz.is_past(t.floors, l.subject, l."timestamp")
     GROUP BY l.subject
     ORDER BY l.subject
$$;

ALTER FUNCTION cdviz.retention_preview(p_now timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION retention_preview(p_now timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.retention_preview(p_now timestamp with time zone) IS 'What retention would take from the lake as of a moment, by kind of subject: from when on it is kept, how many events go, how many a legal hold keeps. Changes nothing.';

-- Name: retire_range(text, timestamp with time zone, timestamp with time zone, jsonb); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.retire_range(p_name text, p_from timestamp with time zone, p_to timestamp with time zone, p_floors jsonb) RETURNS TABLE(subject text, events bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET lock_timeout TO '3s'
    AS $$
#variable_conflict use_column
DECLARE
    v_counted xid8;
    v_highest timestamptz := (SELECT max(e.value::timestamptz) FROM jsonb_each_text(p_floors) AS e);
    v_lowest timestamptz := (SELECT min(e.value::timestamptz) FROM jsonb_each_text(p_floors) AS e);
    v_whole boolean;
BEGIN
    PERFORM cdviz.refresh_activity();
    v_counted := (SELECT p.xid FROM cdviz.activity_progress AS p);
    -- Nothing goes that is not counted: what a transaction newer than v_counted stored here waits for the next time.
    v_whole := p_name IS NOT NULL
        AND NOT EXISTS (SELECT FROM cdviz.event_identity AS i WHERE i.xid >= v_counted AND i."timestamp" >= p_from AND i."timestamp" < p_to)
        AND NOT EXISTS (
            SELECT FROM cdviz.cdevents_lake AS l
             WHERE l."timestamp" >= p_from AND l."timestamp" < p_to
               AND (
                    NOT cdviz.is_past(p_floors, l.subject, l."timestamp")
                    OR EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = l.subject AND h.subject_id = l.subject_id)
               )
        );

    UPDATE cdviz.subject_state AS s
       SET last_payload = l.payload
      FROM cdviz.cdevents_lake AS l
     WHERE l."timestamp" >= p_from AND l."timestamp" < p_to AND l."timestamp" < v_highest
       AND cdviz.is_past(p_floors, l.subject, l."timestamp")
       AND s.subject_id = l.subject_id AND s.subject = l.subject AND s.last_at = l."timestamp" AND s.last_position = l.position
       AND s.last_payload IS NULL
       AND (
            (s.subject, s.subject_id) IN (SELECT c.subject, c.subject_id FROM cdviz.current_subjects() AS c)
            OR EXISTS (
                SELECT FROM (
                    SELECT f.last_at, f.last_position FROM cdviz.edge AS f WHERE f.from_node = s.node
                    UNION ALL
                    SELECT t.last_at, t.last_position FROM cdviz.edge AS t WHERE t.to_node = s.node
                ) AS e
                 WHERE e.last_at >= v_highest
                    OR (e.last_at >= v_lowest OR EXISTS (SELECT FROM cdviz.legal_hold)) AND EXISTS (
                        SELECT FROM cdviz.cdevents_lake AS o
                         WHERE o."timestamp" = e.last_at AND o.position = e.last_position
                           AND (
                                NOT cdviz.is_past(p_floors, o.subject, o."timestamp")
                                OR EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = o.subject AND h.subject_id = o.subject_id)
                           )
                    )
            )
       );

    IF v_whole THEN
        RETURN QUERY
        SELECT l.subject, count(*) FROM cdviz.cdevents_lake AS l WHERE l."timestamp" >= p_from AND l."timestamp" < p_to GROUP BY l.subject;
        PERFORM cdviz.drop_range(p_name, p_from, p_to);
        -- It is locked now; whoever stored something here since the counting makes the whole step be undone.
        IF EXISTS (SELECT FROM cdviz.event_identity AS i WHERE i.xid >= v_counted AND i."timestamp" >= p_from AND i."timestamp" < p_to) THEN
            RAISE EXCEPTION 'events came into % while it was being dropped', p_name USING ERRCODE = 'serialization_failure';
        END IF;
    ELSE
        RETURN QUERY
        WITH gone AS (
            DELETE FROM cdviz.cdevents_lake AS l
             WHERE l."timestamp" >= p_from AND l."timestamp" < p_to AND l."timestamp" < v_highest
               AND cdviz.is_past(p_floors, l.subject, l."timestamp")
               AND NOT EXISTS (SELECT FROM cdviz.legal_hold AS h WHERE h.subject = l.subject AND h.subject_id = l.subject_id)
               AND l.position NOT IN (SELECT i.position FROM cdviz.event_identity AS i WHERE i.xid >= v_counted)
            RETURNING l.subject
        )
        SELECT g.subject, count(*) FROM gone AS g GROUP BY g.subject;
    END IF;
END
$$;

ALTER FUNCTION cdviz.retire_range(p_name text, p_from timestamp with time zone, p_to timestamp with time zone, p_floors jsonb) OWNER TO cdviz;

-- Name: FUNCTION retire_range(p_name text, p_from timestamp with time zone, p_to timestamp with time zone, p_floors jsonb); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.retire_range(p_name text, p_from timestamp with time zone, p_to timestamp with time zone, p_floors jsonb) IS 'Takes what retention no longer wants from one range of the lake and tells how many events of each kind: drops the partition or chunk where everything in it may go, deletes rows elsewhere.';

-- Name: run_attempts(text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.run_attempts(p_subject text, p_subject_id text) RETURNS TABLE(attempt integer, queued_at timestamp with time zone, started_at timestamp with time zone, finished_at timestamp with time zone, skipped_at timestamp with time zone, outcome text, events integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT n.attempt::integer,
           max(n."timestamp") FILTER (WHERE n.predicate = 'queued'),
           max(n."timestamp") FILTER (WHERE n.predicate = 'started'),
           max(n."timestamp") FILTER (WHERE n.predicate = 'finished'),
           max(n."timestamp") FILTER (WHERE n.predicate = 'skipped'),
           max(nullif(n.outcome, '')) FILTER (WHERE n.predicate = 'finished'),
           count(*)::integer
      FROM (
        SELECT o."timestamp", o.predicate, o.outcome,
               1 + count(*) FILTER (WHERE o.rank <= o.rank_before) OVER (ORDER BY o."timestamp", o.rank, o.position) AS attempt
          FROM (
            SELECT l."timestamp", l.position, l.predicate, l.payload #>> '{subject,content,outcome}' AS outcome, cdviz.predicate_rank(l.predicate) AS rank,
                   lag(cdviz.predicate_rank(l.predicate)) OVER (ORDER BY l."timestamp", cdviz.predicate_rank(l.predicate), l.position) AS rank_before
              FROM cdviz.cdevents_lake AS l
             WHERE hashtextextended(l.subject_id, 0) = hashtextextended(p_subject_id, 0) AND l.subject_id = p_subject_id
               AND l.subject = p_subject AND l.predicate IN ('queued', 'started', 'finished', 'skipped')
          ) AS o
      ) AS n
     GROUP BY n.attempt
     ORDER BY n.attempt
$$;

ALTER FUNCTION cdviz.run_attempts(p_subject text, p_subject_id text) OWNER TO cdviz;

-- Name: FUNCTION run_attempts(p_subject text, p_subject_id text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.run_attempts(p_subject text, p_subject_id text) IS 'Attempts of one run, oldest first: when each was queued, started and finished, and how it ended. A new attempt begins where an event comes that cannot follow the one before it: queued after started, started after started or finished.';

-- Name: run_rows(text, timestamp with time zone, timestamp with time zone, bigint[], text, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.run_rows(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_nodes bigint[], p_environment text, p_source text, p_name text) RETURNS TABLE(node bigint, subject_id text, key text, name text, environment_id text, source text, chain_id text, queued_at timestamp with time zone, started_at timestamp with time zone, finished_at timestamp with time zone, outcome text, class text, seconds double precision, queue_seconds double precision, reason text)
    LANGUAGE sql STABLE
    AS $$
    SELECT s.node, s.subject_id, s.key, s.name, s.environment_id, s.source, s.chain_id, s.queued_at, s.started_at, s.finished_at, s.outcome, s.class,
           CASE WHEN s.started_at <= s.finished_at THEN date_part('epoch', s.finished_at - s.started_at) END,
           CASE WHEN s.queued_at <= s.started_at THEN date_part('epoch', s.started_at - s.queued_at) END,
           CASE
               WHEN s.started_at IS NULL THEN 'no-start'
               WHEN s.started_at > s.finished_at THEN 'ends-before-start'
               WHEN p_subject = 'build' THEN NULL -- builds have no outcome
               WHEN s.outcome IS NULL THEN 'no-outcome'
               WHEN s.class IS NULL THEN 'outcome-unknown'
           END
      FROM (
        SELECT t.node, t.subject_id, coalesce(t.definition_id, t.name) COLLATE "C" AS key, t.name, t.environment_id, t.source, t.chain_id,
               t.queued_at, t.started_at, t.finished_at, t.outcome, cdviz.outcome_class(t.outcome) AS class
          FROM cdviz.subject_state AS t
         WHERE t.subject = p_subject AND t.subject IN ('pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun', 'testcase', 'testsuite')
           AND t.finished_at >= p_from AND t.finished_at < p_until
           AND (p_nodes IS NULL OR t.node = ANY (p_nodes))
           AND (p_environment IS NULL OR p_environment = '*' OR t.environment_id = p_environment)
           AND (p_source IS NULL OR t.source = p_source)
           AND (p_name IS NULL OR coalesce(t.definition_id, t.name) = p_name OR t.name = p_name)
        OFFSET 0 -- a fence: the class is found once
      ) AS s
$$;

ALTER FUNCTION cdviz.run_rows(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_nodes bigint[], p_environment text, p_source text, p_name text) OWNER TO cdviz;

-- Name: FUNCTION run_rows(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_nodes bigint[], p_environment text, p_source text, p_name text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.run_rows(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_nodes bigint[], p_environment text, p_source text, p_name text) IS 'Runs of a kind that finished in a window: duration and time in the queue in seconds, class of the outcome, and the reason where one of them is not known.';

-- Name: run_statistics(text, timestamp with time zone, timestamp with time zone, text, text, text, text, integer); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.run_statistics(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_name text DEFAULT NULL::text, p_limit integer DEFAULT NULL::integer) RETURNS TABLE(key text, name text, p50_seconds double precision, p80_seconds double precision, p95_seconds double precision, queue_p50_seconds double precision, queue_p80_seconds double precision, queue_p95_seconds double precision, queued bigint, failure_rate double precision, passed bigint, failed bigint, cancelled bigint, last_finished_at timestamp with time zone, items bigint, unexplained bigint, reasons jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    v_nodes bigint[] := CASE WHEN p_service IS NOT NULL THEN cdviz.service_runs(p_service, p_subject, p_from, p_until) END;
BEGIN
    RETURN QUERY
    WITH run AS MATERIALIZED (
        SELECT r.key, r.name, r.class, r.seconds, r.queue_seconds, r.reason, r.finished_at
          FROM cdviz.run_rows(p_subject, p_from, p_until, v_nodes, p_environment, p_source, p_name) AS r
    ), shown AS MATERIALIZED (
        SELECT r.key, count(*) AS items FROM run AS r GROUP BY r.key ORDER BY count(*) DESC, r.key LIMIT p_limit
    )
    SELECT c.key, c.name, c.p[1], c.p[2], c.p[3], c.q[1], c.q[2], c.q[3], c.queued,
           c.failed::double precision / nullif(c.passed + c.failed, 0), c.passed, c.failed, c.cancelled, c.last_finished_at, c.items, c.unexplained,
           CASE WHEN c.unexplained = 0 THEN '{}' ELSE jsonb_strip_nulls(jsonb_build_object(
               'no-start', nullif(c.no_start, 0), 'ends-before-start', nullif(c.backward, 0),
               'no-outcome', nullif(c.no_outcome, 0), 'outcome-unknown', nullif(c.strange, 0)
           )) END
      FROM (
        SELECT r.key, max(r.name) AS name,
               percentile_cont(ARRAY[0.5, 0.8, 0.95]) WITHIN GROUP (ORDER BY r.seconds) AS p,
               percentile_cont(ARRAY[0.5, 0.8, 0.95]) WITHIN GROUP (ORDER BY r.queue_seconds) AS q,
               count(r.queue_seconds) AS queued,
               count(*) FILTER (WHERE r.class = 'passed') AS passed, count(*) FILTER (WHERE r.class = 'failed') AS failed,
               count(*) FILTER (WHERE r.class = 'cancelled') AS cancelled, max(r.finished_at) AS last_finished_at,
               count(*) AS items, count(r.reason) AS unexplained,
               count(*) FILTER (WHERE r.reason = 'no-start') AS no_start, count(*) FILTER (WHERE r.reason = 'ends-before-start') AS backward,
               count(*) FILTER (WHERE r.reason = 'no-outcome') AS no_outcome, count(*) FILTER (WHERE r.reason = 'outcome-unknown') AS strange
          FROM shown AS h
          JOIN run AS r ON coalesce(r.key, '') = coalesce(h.key, '') -- no key is empty
         GROUP BY r.key
      ) AS c
     ORDER BY c.items DESC, c.key;
END
$$;

ALTER FUNCTION cdviz.run_statistics(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text, p_limit integer) OWNER TO cdviz;

-- Name: FUNCTION run_statistics(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text, p_limit integer); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.run_statistics(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text, p_limit integer) IS 'Runs of a window (cdviz.runs) by pipeline, task, test suite or test case, the p_limit ones with the most runs: duration (start to finish) and time in the queue (queued to start) at the percentiles 50, 80 and 95 in seconds, null without any; failure_rate: failed divided by passed and failed (cancelled ones are neither). unexplained: runs whose start, or outcome, is not known.';

-- Name: run_trend(text, timestamp with time zone, timestamp with time zone, text, text, text, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.run_trend(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_name text DEFAULT NULL::text, p_bucket text DEFAULT NULL::text) RETURNS TABLE(bucket timestamp with time zone, p50_seconds double precision, p80_seconds double precision, p95_seconds double precision, queue_p50_seconds double precision, failure_rate double precision, passed bigint, failed bigint, cancelled bigint, items bigint, unexplained bigint, reasons jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    v_nodes bigint[] := CASE WHEN p_service IS NOT NULL THEN cdviz.service_runs(p_service, p_subject, p_from, p_until) END;
BEGIN
    RETURN QUERY
    WITH counted AS MATERIALIZED (
        SELECT g.bucket, percentile_cont(ARRAY[0.5, 0.8, 0.95]) WITHIN GROUP (ORDER BY g.seconds) AS p,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY g.queue_seconds) AS q,
               count(*) FILTER (WHERE g.class = 'passed') AS passed, count(*) FILTER (WHERE g.class = 'failed') AS failed,
               count(*) FILTER (WHERE g.class = 'cancelled') AS cancelled, count(*) AS items, count(g.reason) AS unexplained,
               count(*) FILTER (WHERE g.reason = 'no-start') AS no_start, count(*) FILTER (WHERE g.reason = 'ends-before-start') AS backward,
               count(*) FILTER (WHERE g.reason = 'no-outcome') AS no_outcome, count(*) FILTER (WHERE g.reason = 'outcome-unknown') AS strange
          FROM (
            SELECT date_trunc(p_bucket, r.finished_at) AS bucket, r.seconds, r.queue_seconds, r.class, r.reason
              FROM cdviz.run_rows(p_subject, p_from, p_until, v_nodes, p_environment, p_source, p_name) AS r
          ) AS g
         GROUP BY GROUPING SETS ((), (g.bucket))
        HAVING p_bucket IS NOT NULL OR grouping(g.bucket) = 1
    )
    SELECT b.bucket, c.p[1], c.p[2], c.p[3], c.q, c.failed::double precision / nullif(c.passed + c.failed, 0),
           coalesce(c.passed, 0), coalesce(c.failed, 0), coalesce(c.cancelled, 0), coalesce(c.items, 0), coalesce(c.unexplained, 0),
           CASE WHEN c.unexplained > 0 THEN jsonb_strip_nulls(jsonb_build_object(
               'no-start', nullif(c.no_start, 0), 'ends-before-start', nullif(c.backward, 0),
               'no-outcome', nullif(c.no_outcome, 0), 'outcome-unknown', nullif(c.strange, 0)
           )) ELSE '{}' END
      FROM cdviz.metric_buckets(p_from, p_until, p_bucket) AS b
      LEFT JOIN counted AS c ON c.bucket IS NOT DISTINCT FROM b.bucket
     ORDER BY b.bucket NULLS FIRST;
END
$$;

ALTER FUNCTION cdviz.run_trend(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text, p_bucket text) OWNER TO cdviz;

-- Name: FUNCTION run_trend(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text, p_bucket text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.run_trend(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text, p_bucket text) IS 'What cdviz.run_statistics tells, of all runs of a kind together: the row without bucket for the whole window, one for each day, week or month where p_bucket asks for them.';

-- Name: runs(text, timestamp with time zone, timestamp with time zone, text, text, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.runs(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_name text DEFAULT NULL::text) RETURNS TABLE(subject_id text, key text, name text, environment_id text, source text, queued_at timestamp with time zone, started_at timestamp with time zone, finished_at timestamp with time zone, outcome text, class text, seconds double precision, queue_seconds double precision, reason text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    v_nodes bigint[] := CASE WHEN p_service IS NOT NULL THEN cdviz.service_runs(p_service, p_subject, p_from, p_until) END;
BEGIN
    RETURN QUERY
    SELECT r.subject_id, r.key, r.name, r.environment_id, r.source, r.queued_at, r.started_at, r.finished_at, r.outcome, r.class,
           r.seconds, r.queue_seconds, r.reason
      FROM cdviz.run_rows(p_subject, p_from, p_until, v_nodes, p_environment, p_source, p_name) AS r
     ORDER BY r.finished_at DESC, r.subject_id COLLATE "C";
END
$$;

ALTER FUNCTION cdviz.runs(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text) OWNER TO cdviz;

-- Name: FUNCTION runs(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.runs(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text) IS 'Runs of a kind (pipelinerun, taskrun, testsuiterun, testcaserun, build) that finished at or after p_from and before p_until, newest first: what cdviz.run_statistics counts. key: the test case or suite it is of, else its name. A run whose id was used again is one run, the last. p_environment null or * is any.';

-- Name: same_node(text, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.same_node(p_subject text, p_subject_id text, p_canonical_id text) RETURNS TABLE(node bigint, subject text, subject_id text)
    LANGUAGE sql STABLE
    AS $$
    SELECT s.node, s.subject, s.subject_id
      FROM cdviz.subject_state AS s
     WHERE s.subject_id = p_subject_id AND (s.subject IN (p_subject, 'unknown') OR p_subject = 'unknown')
    UNION
    SELECT s.node, s.subject, s.subject_id
      FROM (
        SELECT CASE WHEN p_canonical_id IS NULL AND p_subject = 'unknown' THEN cdviz.purl_canonical(p_subject_id)
                    ELSE coalesce(p_canonical_id, p_subject_id) END AS id
         WHERE p_subject IN ('artifact', 'unknown') AND lower(left(p_subject_id, 4)) = 'pkg:'
      ) AS c
     CROSS JOIN LATERAL (
        SELECT k.node, k.subject, k.subject_id FROM cdviz.subject_state AS k WHERE k.subject_id = c.id AND k.subject IN ('artifact', 'unknown')
        UNION ALL
        SELECT k.node, k.subject, k.subject_id FROM cdviz.subject_state AS k WHERE k.canonical_id = c.id
     ) AS s
$$;

ALTER FUNCTION cdviz.same_node(p_subject text, p_subject_id text, p_canonical_id text) OWNER TO cdviz;

-- Name: FUNCTION same_node(p_subject text, p_subject_id text, p_canonical_id text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.same_node(p_subject text, p_subject_id text, p_canonical_id text) IS 'All subjects that are one node of the graph with this one: the same id of unknown type, other spellings of the same package URL.';

-- Name: service_history(text, timestamp with time zone, timestamp with time zone, text, text, integer); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.service_history(p_service text, p_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone, p_until timestamp with time zone DEFAULT 'infinity'::timestamp with time zone, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_limit integer DEFAULT NULL::integer) RETURNS TABLE(environment_id text, at timestamp with time zone, "position" bigint, predicate text, artifact_id text, source text, before_artifact_id text, until_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $$
    SELECT h.environment_id, h.at, h.position, h.predicate, h.artifact_id, h.source, b.artifact_id, n.at
      FROM (
        SELECT v.environment_id, v."timestamp" AS at, v.position, v.predicate, v.artifact_id, v.source
          FROM (
            SELECT p.environment_id FROM cdviz.service_placement AS p WHERE p.service_id = p_service
            UNION ALL
            SELECT '' -- events that name no environment
          ) AS w -- a probe for each environment: else all that ever happened to the service is read
          JOIN cdviz.service_event AS v
            ON v.service_id = p_service AND v.environment_id = w.environment_id AND v."timestamp" >= p_from AND v."timestamp" < p_until
         WHERE (p_environment IS NULL OR p_environment = '*' OR w.environment_id = p_environment)
           AND (p_source IS NULL OR v.source = p_source)
         ORDER BY v."timestamp" DESC, cdviz.predicate_rank(v.predicate) DESC, v.environment_id COLLATE "C", v.position DESC
         LIMIT p_limit
      ) AS h
      LEFT JOIN LATERAL (
        SELECT v.artifact_id
          FROM cdviz.service_event AS v
         WHERE v.service_id = p_service AND v.environment_id = h.environment_id AND v."timestamp" < h.at
         ORDER BY v."timestamp" DESC, cdviz.predicate_rank(v.predicate) DESC, coalesce(v.artifact_id, '') COLLATE "C" DESC
         LIMIT 1
      ) AS b ON h.environment_id <> ''
      LEFT JOIN LATERAL (
        SELECT v."timestamp" AS at
          FROM cdviz.service_event AS v
         WHERE v.service_id = p_service AND v.environment_id = h.environment_id AND v."timestamp" > h.at
         ORDER BY v."timestamp"
         LIMIT 1
      ) AS n ON h.environment_id <> ''
     ORDER BY h.at DESC, cdviz.predicate_rank(h.predicate) DESC, h.environment_id COLLATE "C", h.position DESC
$$;

ALTER FUNCTION cdviz.service_history(p_service text, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text, p_limit integer) OWNER TO cdviz;

-- Name: FUNCTION service_history(p_service text, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text, p_limit integer); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.service_history(p_service text, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text, p_limit integer) IS 'History of a service, newest first: when it was deployed, upgraded, rolled back or removed, where (empty: no environment was told), with which artifact, what ran there before, and until when this ran (null: it does still). p_environment null or * is any.';

-- Name: service_run_ended(text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.service_run_ended(p_service_id text, p_artifact_id text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT CASE WHEN bool_and(x.ended_at IS NOT NULL) THEN max(x.ended_at) END
      FROM cdviz.service_placement AS p
     CROSS JOIN LATERAL (
        SELECT max(r."timestamp") AS ran_at
          FROM cdviz.service_event AS r
         WHERE r.service_id = p.service_id AND r.environment_id = p.environment_id AND r.artifact_id = p_artifact_id
     ) AS r
     CROSS JOIN LATERAL (
        SELECT CASE
            WHEN p.artifact_id = p_artifact_id THEN NULL
            ELSE coalesce((
                SELECT min(n."timestamp")
                  FROM cdviz.service_event AS n
                 WHERE n.service_id = p.service_id AND n.environment_id = p.environment_id
                   AND n."timestamp" >= r.ran_at AND n.artifact_id IS DISTINCT FROM p_artifact_id
            ), p."timestamp")
        END AS ended_at
     ) AS x
     WHERE p.service_id = p_service_id AND (r.ran_at IS NOT NULL OR p.artifact_id = p_artifact_id)
$$;

ALTER FUNCTION cdviz.service_run_ended(p_service_id text, p_artifact_id text) OWNER TO cdviz;

-- Name: FUNCTION service_run_ended(p_service_id text, p_artifact_id text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.service_run_ended(p_service_id text, p_artifact_id text) IS 'When a service stopped running an artifact in the last of the environments where it ran it: it was removed there, or runs another one. Null while it runs somewhere, or where no event names an environment.';

-- Name: service_runs(text, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.service_runs(p_service text, p_subject text, p_from timestamp with time zone, p_until timestamp with time zone) RETURNS bigint[]
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH artifact AS MATERIALIZED (
        SELECT s.node, s.chain_id
          FROM (
            SELECT v.artifact_id, max(v."timestamp") AS at
              FROM cdviz.service_event AS v
             WHERE v.service_id = p_service AND v.artifact_id IS NOT NULL
             GROUP BY v.artifact_id
             ORDER BY 2 DESC
             LIMIT 20
          ) AS v
          JOIN cdviz.subject_state AS s ON s.subject_id = v.artifact_id AND s.subject = 'artifact'
    ), kind AS MATERIALIZED (
        SELECT CASE p_subject WHEN 'taskrun' THEN 'pipelinerun' WHEN 'testcaserun' THEN 'testsuiterun' ELSE p_subject END AS subject
    ), definition AS MATERIALIZED (
        SELECT m.key
          FROM (
            SELECT DISTINCT a.node, coalesce(s.definition_id, s.name) AS key
              FROM artifact AS a
              JOIN cdviz.subject_state AS s ON s.chain_id = a.chain_id
             WHERE s.subject = (SELECT k.subject FROM kind AS k)
          ) AS m
         WHERE m.key IS NOT NULL
         GROUP BY m.key
        HAVING 2 * count(*) > (SELECT count(*) FROM artifact)
    ), run AS MATERIALIZED (
        SELECT s.node
          FROM cdviz.subject_state AS s
         WHERE s.subject = (SELECT k.subject FROM kind AS k) AND coalesce(s.definition_id, s.name) IN (SELECT d.key FROM definition AS d)
           -- a part may end long before the whole does
           AND s.subject IN ('pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun', 'testcase', 'testsuite')
           AND s.finished_at >= p_from AND s.finished_at < p_until + CASE WHEN p_subject = s.subject THEN interval '0' ELSE interval '1 day' END
    )
    SELECT CASE
        WHEN (SELECT k.subject FROM kind AS k) = p_subject THEN ARRAY(SELECT r.node FROM run AS r)
        ELSE ARRAY(SELECT e.from_node FROM run AS r JOIN cdviz.edge AS e ON e.to_node = r.node AND e.relation = 'partOf')
    END
$$;

ALTER FUNCTION cdviz.service_runs(p_service text, p_subject text, p_from timestamp with time zone, p_until timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION service_runs(p_service text, p_subject text, p_from timestamp with time zone, p_until timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.service_runs(p_service text, p_subject text, p_from timestamp with time zone, p_until timestamp with time zone) IS 'Nodes of the runs of a kind in a window that belong to a service: of the pipelines and suites that more than half of its newest 20 artifacts share a chain with, and of what is part of their runs.';

-- Name: service_versions(text, timestamp with time zone, timestamp with time zone, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.service_versions(p_service text, p_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone, p_until timestamp with time zone DEFAULT 'infinity'::timestamp with time zone, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text) RETURNS TABLE(artifact_id text, environment_id text, first_at timestamp with time zone, last_at timestamp with time zone, times bigint, is_running boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $$
    SELECT v.artifact_id, v.environment_id, min(v."timestamp"), max(v."timestamp"), count(*),
           EXISTS (
               SELECT FROM cdviz.service_placement AS p
                WHERE p.service_id = p_service AND p.environment_id = v.environment_id AND p.artifact_id = v.artifact_id
           )
      FROM cdviz.service_placement AS w -- a probe for each environment: else all that ever happened to the service is read
      JOIN cdviz.service_event AS v
        ON v.service_id = w.service_id AND v.environment_id = w.environment_id AND v."timestamp" >= p_from AND v."timestamp" < p_until
     WHERE w.service_id = p_service AND v.predicate <> 'removed' AND v.artifact_id IS NOT NULL
       AND (p_environment IS NULL OR p_environment = '*' OR w.environment_id = p_environment)
       AND (p_source IS NULL OR v.source = p_source)
     GROUP BY v.artifact_id, v.environment_id
     ORDER BY min(min(v."timestamp")) OVER (PARTITION BY v.artifact_id) DESC, v.artifact_id COLLATE "C", min(v."timestamp")
$$;

ALTER FUNCTION cdviz.service_versions(p_service text, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text) OWNER TO cdviz;

-- Name: FUNCTION service_versions(p_service text, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.service_versions(p_service text, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text) IS 'Which version of a service reached which stage when: for each artifact and environment the first and last time it was put there, how often, and whether it runs there now. The newest version comes first.';

-- Name: set_policy(text, interval); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.set_policy(p_name text, p_value interval) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    UPDATE cdviz.storage_policy SET value = p_value WHERE name = p_name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no storage policy %', p_name
            USING ERRCODE = '22023', HINT = (SELECT string_agg(p.name, ', ' ORDER BY p.name) FROM cdviz.storage_policy AS p);
    END IF;
    PERFORM cdviz.apply_storage_policies();
END
$$;

ALTER FUNCTION cdviz.set_policy(p_name text, p_value interval) OWNER TO cdviz;

-- Name: FUNCTION set_policy(p_name text, p_value interval); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.set_policy(p_name text, p_value interval) IS 'Changes a setting of the storage (see cdviz.storage_policy; null: never) and sets the engine''s jobs accordingly.';

-- Name: set_production(text, boolean); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.set_production(p_environment text, p_is_production boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF p_is_production IS NULL THEN
        DELETE FROM cdviz.environment_kind AS k WHERE k.environment_id = p_environment;
        RETURN;
    END IF;
    INSERT INTO cdviz.environment_kind AS k (environment_id, is_production) VALUES (p_environment, p_is_production)
    ON CONFLICT (environment_id) DO UPDATE SET is_production = excluded.is_production;
END
$$;

ALTER FUNCTION cdviz.set_production(p_environment text, p_is_production boolean) OWNER TO cdviz;

-- Name: FUNCTION set_production(p_environment text, p_is_production boolean); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.set_production(p_environment text, p_is_production boolean) IS 'Says whether an environment is production, for all metrics from now on; null leaves it to its name again. See cdviz.production.';

-- Name: settle_known(jsonb, boolean, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.settle_known(p_payload jsonb, p_is_event boolean, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    v_strict boolean := coalesce(current_setting('cdviz.strict', true), '') IN ('on', 'true', '1', 'yes');
    v_id text := p_payload #>> '{context,id}';
    v_source text := p_payload #>> '{context,source}';
    v_detail text;
BEGIN
    IF NOT p_is_event THEN
        SELECT f.code, f.detail INTO reason, v_detail FROM cdviz.envelope_fault(p_payload) AS f;
        IF v_strict THEN
            RAISE EXCEPTION '%', v_detail USING ERRCODE = '22023', DETAIL = reason;
        END IF;
        outcome := 'rejected';
        quarantine_id := evistore.set_aside('delivery', reason, v_detail, p_origin, coalesce(p_payload, 'null'), NULL);
        RETURN;
    END IF;

    SELECT r.outcome, r.reason, r.position, r.quarantine_id
      INTO outcome, reason, position, quarantine_id
      FROM cdviz.settle_repeat(v_source, v_id, p_payload, p_origin) AS r;
END
$$;

ALTER FUNCTION cdviz.settle_known(p_payload jsonb, p_is_event boolean, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint) OWNER TO cdviz;

-- Name: FUNCTION settle_known(p_payload jsonb, p_is_event boolean, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.settle_known(p_payload jsonb, p_is_event boolean, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint) IS 'What becomes of an event that was not stored: duplicate, conflict or rejected; the last two are set aside. With cdviz.strict = on it raises 23505 or 22023 instead.';

-- Name: settle_links(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.settle_links() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    v_settled bigint;
BEGIN
    WITH found AS MATERIALIZED (
        SELECT p.context_key, p.position, p.relation, p.subject, p.subject_id, p."timestamp" AS at, t.subject AS to_subject, t.subject_id AS to_id
          FROM cdviz.pending_link AS p
         CROSS JOIN LATERAL (
            SELECT o.source FROM cdviz.cdevents_lake AS o WHERE o."timestamp" = p."timestamp" AND o.position = p.position
         ) AS s
         CROSS JOIN LATERAL cdviz.event_named(p.context_id, s.source) AS t
         WHERE EXISTS (SELECT FROM cdviz.event_identity AS i WHERE i.context_key = p.context_key)
         ORDER BY p.context_key, p.position, p.relation
    ), settled AS (
        DELETE FROM cdviz.pending_link AS p
         USING found AS f
         WHERE p.context_key = f.context_key AND p.position = f.position AND p.relation = f.relation
        RETURNING f.subject, f.subject_id, f.to_subject, f.to_id, f.relation, f.at, f.position, p.seen
    ), tied AS (
        INSERT INTO cdviz.edge AS g (from_node, to_node, relation, first_at, last_at, last_position, seen)
        SELECT DISTINCT ON (f.node, t.node, s.relation)
               f.node, t.node, s.relation, min(s.at) OVER same, s.at, s.position, sum(s.seen) OVER same
          FROM settled AS s
          JOIN cdviz.subject_state AS f ON f.subject_id = s.subject_id AND f.subject = s.subject
          JOIN cdviz.subject_state AS t ON t.subject_id = s.to_id AND t.subject = s.to_subject
         WHERE f.node <> t.node
        WINDOW same AS (PARTITION BY f.node, t.node, s.relation)
         ORDER BY f.node, t.node, s.relation, s.at DESC, s.position DESC
        ON CONFLICT (from_node, to_node, relation) DO UPDATE SET
            first_at = least(g.first_at, excluded.first_at),
            last_position = greatest(g.last_position, excluded.last_position),
            last_at = greatest(g.last_at, excluded.last_at),
            seen = g.seen + excluded.seen
    )
    SELECT count(*) INTO v_settled FROM settled;
    RETURN v_settled;
END
$$;

ALTER FUNCTION cdviz.settle_links() OWNER TO cdviz;

-- Name: FUNCTION settle_links(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.settle_links() IS 'Makes the edges of waiting links whose event has come meanwhile, and tells how many; only links stored at the same moment as their event are ever found here.';

-- Name: settle_repeat(text, text, jsonb, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.settle_repeat(p_source text, p_id text, p_payload jsonb, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    v_known cdviz.event_identity;
    v_stored jsonb;
BEGIN
    SELECT i.* INTO v_known
      FROM cdviz.event_identity AS i
     WHERE i.context_key = cdviz.context_key(p_id)
       AND i.key = cdviz.event_key(p_source, p_id);
    position := v_known.position;
    IF v_known.content = cdviz.content_key(sha256(convert_to(p_payload::text, 'UTF8'))) THEN
        outcome := 'duplicate';
    ELSE
        SELECT l.payload INTO v_stored FROM cdviz.cdevents_lake AS l WHERE l."timestamp" = v_known."timestamp" AND l.position = v_known.position;
        -- A redelivery that stamped its own time is the same event, not a second one.
        outcome := CASE WHEN v_stored #- '{context,timestamp}' = p_payload #- '{context,timestamp}' THEN 'duplicate' ELSE 'conflict' END;
    END IF;
    IF coalesce(current_setting('cdviz.strict', true), '') IN ('on', 'true', '1', 'yes') THEN
        RAISE EXCEPTION 'event % of % is stored already', p_id, p_source USING ERRCODE = '23505', DETAIL = outcome;
    END IF;
    IF outcome = 'conflict' THEN
        reason := 'conflict';
        quarantine_id := evistore.set_aside(
            'delivery', reason, 'the same source and id are stored with other content, at position ' || position, p_origin, p_payload, NULL
        );
    END IF;
END
$$;

ALTER FUNCTION cdviz.settle_repeat(p_source text, p_id text, p_payload jsonb, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint) OWNER TO cdviz;

-- Name: FUNCTION settle_repeat(p_source text, p_id text, p_payload jsonb, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.settle_repeat(p_source text, p_id text, p_payload jsonb, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint) IS 'What becomes of an event whose source and id are stored already: duplicate, or conflict, which is set aside. With cdviz.strict = on it raises 23505 instead.';

-- Name: settle_webhooks(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.settle_webhooks() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH settled AS (
        UPDATE cdviz.webhook AS w
           SET after_xid = '3', after_position = greatest(w.after_position - 10000, 0), claim = NULL, claimed_until = NULL
         WHERE w.after_xid > pg_snapshot_xmax(pg_current_snapshot())
           AND NOT EXISTS (SELECT FROM cdviz.event_identity AS i WHERE i.xid > pg_snapshot_xmax(pg_current_snapshot()))
        RETURNING 1
    )
    SELECT count(*) FROM settled
$$;

ALTER FUNCTION cdviz.settle_webhooks() OWNER TO cdviz;

-- Name: FUNCTION settle_webhooks(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.settle_webhooks() IS 'After a restore into another cluster, and the first evistore maintain there: puts webhooks 10,000 positions before where they stood, and tells how many. Otherwise it does nothing.';

-- Name: settle_week(timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.settle_week(p_week timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET lock_timeout TO '3s'
    AS $_$
DECLARE
    v_name text := 'cdevents_lake_' || to_char(p_week, 'YYYYMMDD');
    v_end timestamptz := p_week + interval '7 days';
    v_moved bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('cdviz.lake_partition', 0));
    -- Writers and readers of the lake wait until this week has moved. Writers must wait at the lake itself: one that waits at the default
    -- partition has chosen it already, and would be refused by what that partition may hold afterwards.
    LOCK TABLE ONLY cdviz.cdevents_lake IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE cdviz.cdevents_lake_default IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM cdviz.lake_partition AS p WHERE p.week = p_week) THEN
        RETURN 0;
    END IF;
    EXECUTE format('CREATE TABLE cdviz.%I (LIKE cdviz.cdevents_lake INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', v_name);
    EXECUTE format(
        'WITH moved AS (DELETE FROM cdviz.cdevents_lake_default AS d WHERE d."timestamp" >= $1 AND d."timestamp" < $2 RETURNING d.*)
         INSERT INTO cdviz.%I SELECT m.* FROM moved AS m', v_name
    ) USING p_week, v_end;
    GET DIAGNOSTICS v_moved = ROW_COUNT;
    EXECUTE format('ALTER TABLE cdviz.cdevents_lake ATTACH PARTITION cdviz.%I FOR VALUES FROM (%L) TO (%L)', v_name, p_week, v_end);
    INSERT INTO cdviz.lake_partition (week, name) VALUES (p_week, v_name);
    RETURN v_moved;
END
$_$;

ALTER FUNCTION cdviz.settle_week(p_week timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION settle_week(p_week timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.settle_week(p_week timestamp with time zone) IS 'Makes the partition of the week that begins at this Monday 00:00 UTC and moves the events of that week from the default partition into it; tells how many.';

-- Name: silent_sources(timestamp with time zone, interval); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.silent_sources(p_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_look_back interval DEFAULT '90 days'::interval) RETURNS TABLE(source text, silent boolean, reason text, last_day date, quiet_days integer, longest_pause_days integer, active_days bigint, events bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET jit TO 'off'
    AS $$
    SELECT s.source,
           CASE WHEN s.active_days >= 5 THEN s.quiet > greatest(2 * s.longest_pause, 2) END,
           CASE WHEN s.active_days < 5 THEN 'no-rhythm' END,
           s.last_day, s.quiet, s.longest_pause, s.active_days, s.events
      FROM (
        SELECT d.source, max(d.day) AS last_day, t.today - max(d.day) AS quiet, max(d.day - d.day_before) AS longest_pause,
               count(*) AS active_days, sum(d.events)::bigint AS events
          FROM (SELECT coalesce(p_at, current_timestamp)::date AS today) AS t
         CROSS JOIN LATERAL (
            SELECT a.source, a.day, sum(a.events) AS events, lag(a.day) OVER (PARTITION BY a.source ORDER BY a.day) AS day_before
              FROM cdviz.activity_daily AS a
             WHERE a.day > (coalesce(p_at, current_timestamp) - p_look_back)::date AND a.day <= coalesce(p_at, current_timestamp)::date AND a.source <> ''
             GROUP BY a.source, a.day
         ) AS d
         GROUP BY d.source, t.today
      ) AS s
     ORDER BY 2 DESC NULLS LAST, s.quiet DESC, s.source COLLATE "C"
$$;

ALTER FUNCTION cdviz.silent_sources(p_at timestamp with time zone, p_look_back interval) OWNER TO cdviz;

-- Name: FUNCTION silent_sources(p_at timestamp with time zone, p_look_back interval); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.silent_sources(p_at timestamp with time zone, p_look_back interval) IS 'Sources that sent events in p_look_back before p_at (null: now), with their rhythm by days in UTC. silent: no event for more than twice the longest pause between two days with events, and for more than two days; null where fewer than five days with events tell no rhythm.';

-- Name: storage_findings(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.storage_findings() RETURNS TABLE(name text, state text, found text, meaning text, advice text)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
    SELECT 'partitions', CASE WHEN NOT a.begun THEN 'warn' WHEN a.until < a.now + interval '7 days' THEN 'bad' WHEN a.until < a.now + 0.5 * a.wanted THEN 'warn' ELSE 'ok' END,
           CASE WHEN a.begun THEN 'made until ' || to_char(a.until, 'YYYY-MM-DD') ELSE 'none is made yet' END,
           'Partitions are not made ahead: writers make them, and wait for each other while they do.',
           'Run evistore maintain, and then every hour.'
      FROM (
        SELECT current_timestamp AS now, EXISTS (SELECT FROM cdviz.lake_partition) AS begun, (SELECT p.value FROM cdviz.storage_policy AS p WHERE p.name = 'partitions_ahead') AS wanted,
               -- Not past the first week that is missing.
               coalesce((
                SELECT min(w.week)
                  FROM generate_series(date_trunc('week', current_timestamp), date_trunc('week', current_timestamp) + interval '1 year', interval '7 days') AS w (week)
                 WHERE NOT EXISTS (SELECT FROM cdviz.lake_partition AS p WHERE p.week = w.week)
               ), 'infinity') AS until
      ) AS a
    UNION ALL
    SELECT 'strays', CASE WHEN s.events > 0 THEN 'warn' ELSE 'ok' END, format('%s events stand outside their week', s.events),
           'They are found like all others; retention and queries by time are slower.',
           'Run evistore maintain: it moves them.'
      FROM (SELECT coalesce(sum(w.events), 0) AS events FROM cdviz.stray_weeks() AS w) AS s
$$;

ALTER FUNCTION cdviz.storage_findings() OWNER TO cdviz;

-- Name: FUNCTION storage_findings(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.storage_findings() IS 'What an operator should know about how the lake is held: partitions and strays, or chunks and jobs; cdviz.findings has them all.';

-- Name: storage_floor(timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.storage_floor(p_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE
    SET "TimeZone" TO 'UTC'
    AS $$ SELECT pg_catalog.date_trunc('week', p_at) $$;

ALTER FUNCTION cdviz.storage_floor(p_at timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION storage_floor(p_at timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.storage_floor(p_at timestamp with time zone) IS 'First moment of the week of storage that a time falls in: of its partition, or of its chunk.';

-- Name: store_cdevent(jsonb); Type: PROCEDURE; Schema: cdviz; Owner: cdviz
CREATE PROCEDURE cdviz.store_cdevent(IN p_event jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    v record;
    v_mode text;
    l record;
    v_node bigint;
    v_from_subject text[];
    v_from_id text[];
    v_from_node bigint[];
    v_to_subject text[];
    v_to_id text[];
    v_to_node bigint[];
    v_relation text[];
    v_at timestamptz[];
    v_position bigint[];
    v_seen integer[];
    v_unknown boolean := false;
    c_subjects CONSTANT text[] := '{environment,pipelinerun,testsuiterun,testcaserun,testcase,testsuite,service,repository,change,artifact}';
    c_relations CONSTANT text[] := '{deployedTo,partOf,partOf,partOf,instanceOf,instanceOf,affects,storedAt,includes,deployedWith}';
    v_subject text;
    v_id text;
    v_base text;
    v_count integer;
    v_link jsonb;
    v_member jsonb;
    v_kind text;
    v_context_id text;
    v_named_at timestamptz;
    v_named bigint;
BEGIN
    -- All that is read off the event and all that is asked before it is stored, in one query: starting a query costs more than its parts.
    SELECT p.*, r.is_ready, a.outcome, a.name, a.environment_id, a.artifact_id, a.service_id, a.chain_id, a.definition_id, NULL::bigint AS position,
           ARRAY[ -- whom it names, as in cdviz.project_events
               a.environment_id, p.content -> 'pipelineRun' ->> 'id', p.content -> 'testSuiteRun' ->> 'id', p.content -> 'testCaseRun' ->> 'id',
               p.content -> 'testCase' ->> 'id', p.content -> 'testSuite' ->> 'id', a.service_id, p.content -> 'repository' ->> 'id',
               p.content -> 'change' ->> 'id', a.artifact_id
           ] AS named_ids,
           EXISTS (SELECT FROM cdviz.pending_link AS l WHERE l.context_key = cdviz.context_key(p.id)) AS is_awaited,
           cdviz.is_node_id(a.chain_id) AND NOT EXISTS (
               SELECT FROM cdviz.subject_state AS k WHERE k.subject_id = a.chain_id AND k.subject = 'chain' AND k.first_seen_at <= p.at
           ) AS is_chain_new
      INTO v
      FROM (
        SELECT CASE WHEN jsonb_typeof(c.context -> 'id') = 'string' THEN c.context ->> 'id' END AS id,
               CASE WHEN jsonb_typeof(c.context -> 'source') = 'string' THEN c.context ->> 'source' END AS source,
               cdviz.event_time(c.context ->> 'timestamp') AS at,
               CASE WHEN jsonb_typeof(c.subject -> 'id') = 'string' THEN nullif(c.subject ->> 'id', '') END AS subject_id,
               c.subject -> 'content' AS content, sha256(convert_to(p_event::text, 'UTF8')) AS digest,
               t.subject, t.predicate, t.version
          FROM (SELECT p_event -> 'context' AS context, p_event -> 'subject' AS subject OFFSET 0) AS c
         CROSS JOIN LATERAL cdviz.event_type(c.context ->> 'type') AS t
        OFFSET 0
      ) AS p
     CROSS JOIN LATERAL cdviz.lake_ready(p.at) AS r
     CROSS JOIN LATERAL cdviz.attributes_of(p_event) AS a;
    IF (
        v.id <> '' AND v.source <> '' AND v.subject IS NOT NULL AND coalesce(octet_length(v.subject_id), 0) <= 2000
        AND v.at <= current_timestamp + coalesce(nullif(current_setting('cdviz.future_tolerance', true), ''), '1 day')::interval
    ) IS NOT TRUE THEN
        PERFORM cdviz.settle_known(p_event, false, 'call');
        RETURN;
    END IF;
    -- The lake is made ready before any statement touches it: making a partition waits for all who do.
    IF NOT v.is_ready THEN
        PERFORM cdviz.ensure_lake(ARRAY[v.at]);
    END IF;
    -- Before the identity: whoever makes a partition shuts the lake, and may wait for that row.
    LOCK TABLE ONLY cdviz.cdevents_lake IN ROW EXCLUSIVE MODE;
    v_mode := set_config('cdviz.projection', 'caller', true); -- the trigger leaves this one event to us
    WITH identified AS (
        INSERT INTO cdviz.event_identity (context_key, key, content, position, "timestamp", xid)
        VALUES (
            cdviz.context_key(v.id), cdviz.event_key(v.source, v.id), cdviz.content_key(v.digest),
            nextval('cdviz.event_position'), v.at, pg_current_xact_id()
        )
        ON CONFLICT DO NOTHING
        RETURNING position
    )
    INSERT INTO cdviz.cdevents_lake (
        "timestamp", payload, subject, predicate, version, context_id, position, digest, source, subject_id, verdict, verdict_reasons
    )
    SELECT v.at, p_event, v.subject, v.predicate, v.version, v.id, i.position, v.digest, v.source, v.subject_id,
           CASE WHEN v.subject_id IS NULL THEN 'invalid' END, cdviz.envelope_notes(p_event)
      FROM identified AS i
    RETURNING position INTO v.position;
    v_mode := set_config('cdviz.projection', '', true);
    IF v.position IS NULL THEN
        PERFORM cdviz.settle_known(p_event, true, 'call');
        RETURN;
    END IF;
    IF v.subject_id IS NULL THEN
        RETURN;
    END IF;

    -- What it says about others: in steps here, since starting a query for them costs more than all of them.
    FOR i IN 1 .. 10 LOOP
        IF octet_length(v.named_ids[i]) BETWEEN 1 AND 2000 THEN
            v_to_subject := v_to_subject || c_subjects[i];
            v_to_id := v_to_id || v.named_ids[i];
            v_relation := v_relation || CASE
                WHEN i = 1 AND v.subject IN ('testcaserun', 'testsuiterun') THEN 'runsIn'
                WHEN i = 10 AND v.subject = 'build' THEN 'produced'
                ELSE c_relations[i]
            END;
        END IF;
    END LOOP;
    IF jsonb_typeof(p_event -> 'customData' -> 'links') = 'array' THEN
        FOR l IN SELECT r.to_subject, r.to_id, r.relation FROM cdviz.subject_links_of(p_event -> 'customData') AS r LOOP
            v_to_subject := v_to_subject || l.to_subject;
            v_to_id := v_to_id || l.to_id;
            v_relation := v_relation || l.relation;
        END LOOP;
    END IF;
    IF jsonb_typeof(p_event -> 'context' -> 'links') = 'array' THEN
        FOR i IN 0 .. jsonb_array_length(p_event -> 'context' -> 'links') - 1 LOOP
            v_link := p_event -> 'context' -> 'links' -> i;
            v_kind := upper(coalesce(v_link ->> 'linkType', v_link ->> 'link_type'));
            CONTINUE WHEN v_kind IS NULL OR v_kind NOT IN ('PATH', 'END', 'RELATION');
            v_member := CASE v_kind WHEN 'RELATION' THEN v_link -> 'target' ELSE v_link -> 'from' END;
            v_context_id := coalesce(v_member ->> 'contextId', v_member ->> 'context_id');
            CONTINUE WHEN v_context_id IS NULL OR v_context_id = '';
            v_kind := CASE v_kind WHEN 'RELATION' THEN cdviz.link_relation(coalesce(v_link ->> 'linkKind', v_link ->> 'link_kind')) ELSE 'causedBy' END;
            SELECT min(n."timestamp"), min(n.position), count(*) INTO v_named_at, v_named, v_count
              FROM cdviz.event_identity AS n WHERE n.context_key = cdviz.context_key(v_context_id);
            v_subject := NULL;
            IF v_count = 1 THEN
                SELECT n.subject, n.subject_id INTO v_subject, v_id FROM cdviz.cdevents_lake AS n
                 WHERE n."timestamp" = v_named_at AND n.position = v_named AND lower(n.context_id) = lower(v_context_id) AND n.subject_id IS NOT NULL;
            ELSIF v_count > 1 THEN
                SELECT n.subject, n.subject_id INTO v_subject, v_id FROM cdviz.event_named(v_context_id, v.source) AS n;
            END IF;
            IF v_subject IS NULL THEN
                INSERT INTO cdviz.pending_link AS p (context_key, context_id, subject, subject_id, "timestamp", position, relation, seen)
                VALUES (cdviz.context_key(v_context_id), v_context_id, v.subject, v.subject_id, v.at, v.position, v_kind, 1)
                ON CONFLICT (context_key, position, relation) DO UPDATE SET seen = p.seen + 1;
            ELSE
                v_to_subject := v_to_subject || v_subject;
                v_to_id := v_to_id || v_id;
                v_relation := v_relation || v_kind;
            END IF;
        END LOOP;
    END IF;
    v_count := coalesce(cardinality(v_to_id), 0);
    v_from_subject := array_fill(v.subject, ARRAY[v_count]);
    v_from_id := array_fill(v.subject_id, ARRAY[v_count]);
    v_at := array_fill(v.at, ARRAY[v_count]);
    v_position := array_fill(v.position, ARRAY[v_count]);
    v_seen := array_fill(1, ARRAY[v_count]);
    -- A version of a package derives from the package.
    v_id := CASE WHEN v.subject = 'artifact' THEN v.subject_id ELSE v.artifact_id END;
    IF lower(left(v_id, 4)) = 'pkg:' AND octet_length(v_id) <= 2000 THEN
        v_base := cdviz.purl_base(v_id);
        IF v_base IS NOT NULL THEN
            v_from_subject := v_from_subject || 'artifact'::text;
            v_from_id := v_from_id || v_id;
            v_to_subject := v_to_subject || 'artifact'::text;
            v_to_id := v_to_id || v_base;
            v_relation := v_relation || 'derivedFrom'::text;
            v_at := v_at || v.at;
            v_position := v_position || v.position;
            v_seen := v_seen || 1;
        END IF;
    END IF;
    -- Links of earlier arrivals that waited for this event.
    IF v.is_awaited THEN
        FOR l IN
            DELETE FROM cdviz.pending_link AS p
             WHERE p.context_key = cdviz.context_key(v.id) AND lower(p.context_id) = lower(v.id)
            RETURNING p.subject, p.subject_id, p.relation, p."timestamp" AS at, p.position, p.seen
        LOOP
            v_from_subject := v_from_subject || l.subject;
            v_from_id := v_from_id || l.subject_id;
            v_to_subject := v_to_subject || v.subject;
            v_to_id := v_to_id || v.subject_id;
            v_relation := v_relation || l.relation;
            v_at := v_at || l.at;
            v_position := v_position || l.position;
            v_seen := v_seen || l.seen;
        END LOOP;
    END IF;

    -- The nodes of all these, where they stand already and were seen as early.
    IF v_to_id IS NOT NULL THEN
        SELECT array_agg(f.node ORDER BY r.n), array_agg(t.node ORDER BY r.n), bool_or(t.node IS NULL OR (f.node IS NULL AND NOT r.is_own))
          INTO v_from_node, v_to_node, v_unknown
          FROM (
            SELECT u.*, u.from_id = v.subject_id AND u.from_subject = v.subject AS is_own
              FROM unnest(v_from_subject, v_from_id, v_to_subject, v_to_id, v_at) WITH ORDINALITY AS u (from_subject, from_id, to_subject, to_id, at, n)
          ) AS r
          LEFT JOIN LATERAL (
            SELECT s.node FROM cdviz.subject_state AS s
             WHERE NOT r.is_own AND s.subject_id = r.from_id AND s.subject = r.from_subject AND s.first_seen_at <= r.at LIMIT 1
          ) AS f ON true
          LEFT JOIN LATERAL (
            SELECT s.node FROM cdviz.subject_state AS s
             WHERE s.subject_id = r.to_id AND s.subject = r.to_subject AND s.first_seen_at <= r.at LIMIT 1
          ) AS t ON true;
    END IF;

    -- Subjects that are new come first and in order, its own among them: two writers that meet cannot lock each other out.
    IF v_unknown OR v.is_chain_new THEN
        PERFORM cdviz.add_subjects(
            CASE WHEN v.is_chain_new THEN ARRAY['chain'] END || v_from_subject || v_to_subject || v.subject,
            CASE WHEN v.is_chain_new THEN ARRAY[v.chain_id] END || v_from_id || v_to_id || v.subject_id,
            CASE WHEN v.is_chain_new THEN ARRAY[v.at] END || v_at || v_at || v.at
        );
    END IF;
    IF v.predicate IN ('queued', 'started', 'finished', 'skipped') AND v.subject <> 'artifact' THEN
        -- Most events are of runs: with four times instead of all, starting the statement costs half.
        INSERT INTO cdviz.subject_state AS s (
            subject, subject_id, first_seen_at, last_at, last_position, last_rank, last_tie, source,
            queued_at, started_at, finished_at, skipped_at,
            outcome, name, name_at, environment_id, environment_at, artifact_id, artifact_at, service_id, service_at,
            chain_id, chain_at, definition_id
        )
        VALUES (
            v.subject, v.subject_id, v.at, v.at, v.position, coalesce(cdviz.predicate_rank(v.predicate), 2::smallint),
            cdviz.context_key(v.id) & 9223372036854775807, v.source,
            CASE WHEN v.predicate = 'queued' THEN v.at END, CASE WHEN v.predicate = 'started' THEN v.at END,
            CASE WHEN v.predicate = 'finished' THEN v.at END, CASE WHEN v.predicate = 'skipped' THEN v.at END,
            CASE WHEN v.predicate = 'finished' THEN v.outcome END,
            v.name, CASE WHEN v.name IS NOT NULL THEN v.at END,
            v.environment_id, CASE WHEN v.environment_id IS NOT NULL THEN v.at END,
            v.artifact_id, CASE WHEN v.artifact_id IS NOT NULL THEN v.at END,
            v.service_id, CASE WHEN v.service_id IS NOT NULL THEN v.at END,
            v.chain_id, CASE WHEN v.chain_id IS NOT NULL THEN v.at END,
            CASE WHEN v.subject IN ('testcaserun', 'testsuiterun') THEN v.definition_id END
        )
        ON CONFLICT (subject_id, subject) DO UPDATE SET
            first_seen_at = least(s.first_seen_at, excluded.first_seen_at),
            last_at = greatest(s.last_at, excluded.last_at),
            last_position = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.last_position ELSE s.last_position END,
            last_rank = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.last_rank ELSE s.last_rank END,
            last_tie = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.last_tie ELSE s.last_tie END,
            source = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.source ELSE s.source END,
            last_payload = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.last_payload ELSE s.last_payload END,
            queued_at = greatest(s.queued_at, excluded.queued_at), started_at = greatest(s.started_at, excluded.started_at),
            finished_at = greatest(s.finished_at, excluded.finished_at), skipped_at = greatest(s.skipped_at, excluded.skipped_at),
            outcome = CASE WHEN excluded.finished_at > s.finished_at OR s.finished_at IS NULL THEN CASE WHEN excluded.finished_at IS NULL THEN s.outcome ELSE excluded.outcome END
                           WHEN excluded.finished_at = s.finished_at THEN greatest(s.outcome, excluded.outcome) ELSE s.outcome END,
            name_at = greatest(s.name_at, excluded.name_at),
            name = CASE WHEN excluded.name_at > s.name_at OR s.name_at IS NULL THEN excluded.name
                         WHEN excluded.name_at = s.name_at THEN greatest(s.name, excluded.name) ELSE s.name END,
            environment_at = greatest(s.environment_at, excluded.environment_at),
            environment_id = CASE WHEN excluded.environment_at > s.environment_at OR s.environment_at IS NULL THEN excluded.environment_id
                         WHEN excluded.environment_at = s.environment_at THEN greatest(s.environment_id, excluded.environment_id) ELSE s.environment_id END,
            artifact_at = greatest(s.artifact_at, excluded.artifact_at),
            artifact_id = CASE WHEN excluded.artifact_at > s.artifact_at OR s.artifact_at IS NULL THEN excluded.artifact_id
                         WHEN excluded.artifact_at = s.artifact_at THEN greatest(s.artifact_id, excluded.artifact_id) ELSE s.artifact_id END,
            service_at = greatest(s.service_at, excluded.service_at),
            service_id = CASE WHEN excluded.service_at > s.service_at OR s.service_at IS NULL THEN excluded.service_id
                         WHEN excluded.service_at = s.service_at THEN greatest(s.service_id, excluded.service_id) ELSE s.service_id END,
            chain_at = greatest(s.chain_at, excluded.chain_at),
            chain_id = CASE WHEN excluded.chain_at > s.chain_at OR s.chain_at IS NULL THEN excluded.chain_id
                         WHEN excluded.chain_at = s.chain_at THEN greatest(s.chain_id, excluded.chain_id) ELSE s.chain_id END,
            definition_id = greatest(s.definition_id, excluded.definition_id)
        RETURNING s.node INTO v_node;
    ELSE
        INSERT INTO cdviz.subject_state AS s (
            subject, subject_id, first_seen_at, last_at, last_position, last_rank, last_tie, source,
            queued_at, started_at, finished_at, skipped_at, packaged_at, signed_at, published_at, downloaded_at, deleted_at, deployed_at,
            upgraded_at, rolledback_at, removed_at, detected_at, reported_at, resolved_at, created_at, updated_at, closed_at,
            reviewed_at, merged_at, abandoned_at, modified_at,
            other_at, outcome, name, name_at, environment_id, environment_at, artifact_id, artifact_at, service_id, service_at,
            chain_id, chain_at, definition_id, canonical_id
        )
        VALUES (
            v.subject, v.subject_id, v.at, v.at, v.position, coalesce(cdviz.predicate_rank(v.predicate), 2::smallint),
            cdviz.context_key(v.id) & 9223372036854775807, v.source,
            CASE WHEN v.predicate = 'queued' THEN v.at END, CASE WHEN v.predicate = 'started' THEN v.at END,
            CASE WHEN v.predicate = 'finished' THEN v.at END, CASE WHEN v.predicate = 'skipped' THEN v.at END,
            CASE WHEN v.predicate = 'packaged' THEN v.at END, CASE WHEN v.predicate = 'signed' THEN v.at END,
            CASE WHEN v.predicate = 'published' THEN v.at END, CASE WHEN v.predicate = 'downloaded' THEN v.at END,
            CASE WHEN v.predicate = 'deleted' THEN v.at END, CASE WHEN v.predicate = 'deployed' THEN v.at END,
            CASE WHEN v.predicate = 'upgraded' THEN v.at END, CASE WHEN v.predicate = 'rolledback' THEN v.at END,
            CASE WHEN v.predicate = 'removed' THEN v.at END, CASE WHEN v.predicate = 'detected' THEN v.at END,
            CASE WHEN v.predicate = 'reported' THEN v.at END, CASE WHEN v.predicate = 'resolved' THEN v.at END,
            CASE WHEN v.predicate = 'created' THEN v.at END, CASE WHEN v.predicate = 'updated' THEN v.at END,
            CASE WHEN v.predicate = 'closed' THEN v.at END, CASE WHEN v.predicate = 'reviewed' THEN v.at END,
            CASE WHEN v.predicate = 'merged' THEN v.at END, CASE WHEN v.predicate = 'abandoned' THEN v.at END,
            CASE WHEN v.predicate = 'modified' THEN v.at END,
            CASE WHEN cdviz.predicate_rank(v.predicate) IS NULL
                 THEN jsonb_build_object(v.predicate, (extract(epoch FROM v.at) * 1000000)::bigint) END,
            CASE WHEN v.predicate = 'finished' THEN v.outcome END,
            v.name, CASE WHEN v.name IS NOT NULL THEN v.at END,
            v.environment_id, CASE WHEN v.environment_id IS NOT NULL THEN v.at END,
            v.artifact_id, CASE WHEN v.artifact_id IS NOT NULL THEN v.at END,
            v.service_id, CASE WHEN v.service_id IS NOT NULL THEN v.at END,
            v.chain_id, CASE WHEN v.chain_id IS NOT NULL THEN v.at END,
            CASE WHEN v.subject IN ('testcaserun', 'testsuiterun') THEN v.definition_id END,
            CASE WHEN v.subject = 'artifact' AND v.subject_id LIKE 'pkg:%' THEN nullif(cdviz.purl_canonical(v.subject_id), v.subject_id) END
        )
        ON CONFLICT (subject_id, subject) DO UPDATE SET
            first_seen_at = least(s.first_seen_at, excluded.first_seen_at),
            last_at = greatest(s.last_at, excluded.last_at),
            last_position = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.last_position ELSE s.last_position END,
            last_rank = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.last_rank ELSE s.last_rank END,
            last_tie = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.last_tie ELSE s.last_tie END,
            source = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.source ELSE s.source END,
            last_payload = CASE WHEN (s.last_at IS NULL OR (excluded.last_at, excluded.last_rank, excluded.last_tie) > (s.last_at, s.last_rank, s.last_tie))
                THEN excluded.last_payload ELSE s.last_payload END,
            queued_at = greatest(s.queued_at, excluded.queued_at), started_at = greatest(s.started_at, excluded.started_at),
            finished_at = greatest(s.finished_at, excluded.finished_at), skipped_at = greatest(s.skipped_at, excluded.skipped_at),
            packaged_at = greatest(s.packaged_at, excluded.packaged_at), signed_at = greatest(s.signed_at, excluded.signed_at),
            published_at = greatest(s.published_at, excluded.published_at),
            downloaded_at = greatest(s.downloaded_at, excluded.downloaded_at), deleted_at = greatest(s.deleted_at, excluded.deleted_at),
            deployed_at = greatest(s.deployed_at, excluded.deployed_at), upgraded_at = greatest(s.upgraded_at, excluded.upgraded_at),
            rolledback_at = greatest(s.rolledback_at, excluded.rolledback_at), removed_at = greatest(s.removed_at, excluded.removed_at),
            detected_at = greatest(s.detected_at, excluded.detected_at), reported_at = greatest(s.reported_at, excluded.reported_at),
            resolved_at = greatest(s.resolved_at, excluded.resolved_at), created_at = greatest(s.created_at, excluded.created_at),
            updated_at = greatest(s.updated_at, excluded.updated_at), closed_at = greatest(s.closed_at, excluded.closed_at),
            reviewed_at = greatest(s.reviewed_at, excluded.reviewed_at), merged_at = greatest(s.merged_at, excluded.merged_at),
            abandoned_at = greatest(s.abandoned_at, excluded.abandoned_at), modified_at = greatest(s.modified_at, excluded.modified_at),
            -- only where there is one: a function with a subquery is not inlined, and its call costs more than all else here
            other_at = CASE WHEN excluded.other_at IS NULL THEN s.other_at ELSE cdviz.later_of(s.other_at, excluded.other_at) END,
            outcome = CASE WHEN excluded.finished_at > s.finished_at OR s.finished_at IS NULL THEN CASE WHEN excluded.finished_at IS NULL THEN s.outcome ELSE excluded.outcome END
                           WHEN excluded.finished_at = s.finished_at THEN greatest(s.outcome, excluded.outcome) ELSE s.outcome END,
            name_at = greatest(s.name_at, excluded.name_at),
            name = CASE WHEN excluded.name_at > s.name_at OR s.name_at IS NULL THEN excluded.name
                         WHEN excluded.name_at = s.name_at THEN greatest(s.name, excluded.name) ELSE s.name END,
            environment_at = greatest(s.environment_at, excluded.environment_at),
            environment_id = CASE WHEN excluded.environment_at > s.environment_at OR s.environment_at IS NULL THEN excluded.environment_id
                         WHEN excluded.environment_at = s.environment_at THEN greatest(s.environment_id, excluded.environment_id) ELSE s.environment_id END,
            artifact_at = greatest(s.artifact_at, excluded.artifact_at),
            artifact_id = CASE WHEN excluded.artifact_at > s.artifact_at OR s.artifact_at IS NULL THEN excluded.artifact_id
                         WHEN excluded.artifact_at = s.artifact_at THEN greatest(s.artifact_id, excluded.artifact_id) ELSE s.artifact_id END,
            service_at = greatest(s.service_at, excluded.service_at),
            service_id = CASE WHEN excluded.service_at > s.service_at OR s.service_at IS NULL THEN excluded.service_id
                         WHEN excluded.service_at = s.service_at THEN greatest(s.service_id, excluded.service_id) ELSE s.service_id END,
            chain_at = greatest(s.chain_at, excluded.chain_at),
            chain_id = CASE WHEN excluded.chain_at > s.chain_at OR s.chain_at IS NULL THEN excluded.chain_id
                         WHEN excluded.chain_at = s.chain_at THEN greatest(s.chain_id, excluded.chain_id) ELSE s.chain_id END,
            definition_id = greatest(s.definition_id, excluded.definition_id)
        RETURNING s.node INTO v_node;
    END IF;

    IF v_unknown THEN
        SELECT array_agg(f.node ORDER BY r.n), array_agg(t.node ORDER BY r.n)
          INTO v_from_node, v_to_node
          FROM unnest(v_from_subject, v_from_id, v_to_subject, v_to_id) WITH ORDINALITY AS r (from_subject, from_id, to_subject, to_id, n)
         CROSS JOIN LATERAL (
            SELECT s.node FROM cdviz.subject_state AS s WHERE s.subject_id = r.from_id AND s.subject = r.from_subject LIMIT 1
         ) AS f
         CROSS JOIN LATERAL (
            SELECT s.node FROM cdviz.subject_state AS s WHERE s.subject_id = r.to_id AND s.subject = r.to_subject LIMIT 1
         ) AS t;
    END IF;
    IF cardinality(v_to_node) = 1 AND v_from_node[1] IS NULL AND v_node <> v_to_node[1] THEN
        INSERT INTO cdviz.edge AS g (from_node, to_node, relation, first_at, last_at, last_position, seen)
        VALUES (v_node, v_to_node[1], v_relation[1], v.at, v.at, v.position, 1)
        ON CONFLICT (from_node, to_node, relation) DO UPDATE SET
            first_at = least(g.first_at, excluded.first_at),
            last_position = greatest(g.last_position, excluded.last_position),
            last_at = greatest(g.last_at, excluded.last_at),
            seen = g.seen + 1;
    ELSIF v_to_node IS NOT NULL THEN
        INSERT INTO cdviz.edge AS g (from_node, to_node, relation, first_at, last_at, last_position, seen)
        SELECT coalesce(r.from_node, v_node), r.to_node, r.relation, min(r.at), max(r.at), max(r.position), sum(r.seen)
          FROM unnest(v_from_node, v_to_node, v_relation, v_at, v_position, v_seen) AS r (from_node, to_node, relation, at, position, seen)
         WHERE coalesce(r.from_node, v_node) <> r.to_node
         GROUP BY 1, 2, 3
         ORDER BY 1, 2, 3
        ON CONFLICT (from_node, to_node, relation) DO UPDATE SET
            first_at = least(g.first_at, excluded.first_at),
            last_position = greatest(g.last_position, excluded.last_position),
            last_at = greatest(g.last_at, excluded.last_at),
            seen = g.seen + excluded.seen;
    END IF;

    IF v.subject = 'service' AND v.predicate IN ('deployed', 'upgraded', 'rolledback', 'removed')
        AND octet_length(coalesce(v.environment_id, '')) + octet_length(v.subject_id) <= 2600 -- what an index can hold
    THEN
        INSERT INTO cdviz.service_event (service_id, environment_id, "timestamp", position, predicate, artifact_id, source)
        VALUES (
            v.subject_id, coalesce(v.environment_id, ''), v.at, v.position, v.predicate,
            CASE WHEN v.predicate <> 'removed' THEN v.artifact_id END, v.source
        )
        ON CONFLICT DO NOTHING;
        IF v.environment_id IS NOT NULL THEN
            INSERT INTO cdviz.service_placement AS s (service_id, environment_id, "timestamp", position, predicate, artifact_id)
            VALUES (v.subject_id, v.environment_id, v.at, v.position, v.predicate, CASE WHEN v.predicate <> 'removed' THEN v.artifact_id END)
            ON CONFLICT (service_id, environment_id) DO UPDATE SET
                "timestamp" = excluded."timestamp", position = excluded.position, predicate = excluded.predicate, artifact_id = excluded.artifact_id
             WHERE (excluded."timestamp", cdviz.predicate_rank(excluded.predicate), coalesce(excluded.artifact_id, '') COLLATE "C")
                 > (s."timestamp", cdviz.predicate_rank(s.predicate), coalesce(s.artifact_id, '') COLLATE "C");
        END IF;
    END IF;
END
$$;

ALTER PROCEDURE cdviz.store_cdevent(IN p_event jsonb) OWNER TO cdviz;

-- Name: PROCEDURE store_cdevent(IN p_event jsonb); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON PROCEDURE cdviz.store_cdevent(IN p_event jsonb) IS 'Stores one CDEvent. Duplicates change nothing; what is no CDEvent, or is known with other content, goes to quarantine with its reason; neither is an error unless cdviz.strict is on (SQLSTATE 22023, 23505).';

-- Name: store_cdevents(jsonb[], text[], jsonb[], text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.store_cdevents(p_events jsonb[], p_verdicts text[] DEFAULT NULL::text[], p_reasons jsonb[] DEFAULT NULL::jsonb[], p_origin text DEFAULT 'sql'::text) RETURNS TABLE(n integer, outcome text, reason text, context_id text, "position" bigint, quarantine_id bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET plan_cache_mode TO 'force_generic_plan'
    SET work_mem TO '32MB'
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

ALTER FUNCTION cdviz.store_cdevents(p_events jsonb[], p_verdicts text[], p_reasons jsonb[], p_origin text) OWNER TO cdviz;

-- Name: FUNCTION store_cdevents(p_events jsonb[], p_verdicts text[], p_reasons jsonb[], p_origin text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.store_cdevents(p_events jsonb[], p_verdicts text[], p_reasons jsonb[], p_origin text) IS 'Stores a batch of CDEvents and returns, in order, what became of each: stored, duplicate (known already, nothing changed), conflict (known with other content) or rejected (no CDEvent); the last two stand in quarantine. Optional: the verdict and reasons of a validator per event, and where the batch came from.';

-- Name: stray_weeks(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.stray_weeks() RETURNS TABLE(week timestamp with time zone, events bigint)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
    SELECT date_trunc('week', d."timestamp"), count(*)
      FROM cdviz.cdevents_lake_default AS d
     WHERE d."timestamp" > timestamptz '1970-01-01' AND d."timestamp" < current_timestamp + interval '3 months'
     GROUP BY 1
     ORDER BY 1
$$;

ALTER FUNCTION cdviz.stray_weeks() OWNER TO cdviz;

-- Name: FUNCTION stray_weeks(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.stray_weeks() IS 'The weeks that have events in the default partition; what lies further ahead than three months stays there.';

-- Name: stuck_runs(interval, timestamp with time zone, timestamp with time zone, text, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.stuck_runs(p_after interval DEFAULT '04:00:00'::interval, p_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone, p_environment text DEFAULT NULL::text, p_source text DEFAULT NULL::text, p_subject text DEFAULT NULL::text) RETURNS TABLE(subject text, subject_id text, name text, environment_id text, source text, queued_at timestamp with time zone, started_at timestamp with time zone, since timestamp with time zone, seconds double precision, last_position bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $$
    SELECT s.subject, s.subject_id, s.name, s.environment_id, s.source, s.queued_at, s.started_at, coalesce(s.started_at, s.queued_at),
           extract(epoch FROM current_timestamp - coalesce(s.started_at, s.queued_at))::double precision, s.last_position
      FROM cdviz.subject_state AS s
     WHERE s.subject IN ('pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun')
       AND coalesce(s.started_at, s.queued_at) IS NOT NULL AND s.skipped_at IS NULL
       AND (s.finished_at IS NULL OR s.finished_at < coalesce(s.started_at, s.queued_at))
       AND coalesce(s.started_at, s.queued_at) >= p_from
       AND coalesce(s.started_at, s.queued_at) < least(p_until, current_timestamp - p_after)
       AND (p_subject IS NULL OR s.subject = p_subject)
       AND (p_environment IS NULL OR p_environment = '*' OR s.environment_id = p_environment)
       AND (p_source IS NULL OR s.source = p_source)
     ORDER BY coalesce(s.started_at, s.queued_at), s.subject_id COLLATE "C"
$$;

ALTER FUNCTION cdviz.stuck_runs(p_after interval, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text, p_subject text) OWNER TO cdviz;

-- Name: FUNCTION stuck_runs(p_after interval, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text, p_subject text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.stuck_runs(p_after interval, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text, p_subject text) IS 'Runs that were started, or only queued, more than p_after ago and at or after p_from and before p_until, and were not finished or skipped since: the oldest first. A run that was started again after it had finished is one of them.';

-- Name: subject_links_of(jsonb); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.subject_links_of(p_custom_data jsonb) RETURNS TABLE(to_subject text, to_id text, relation text)
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT coalesce(nullif(lower(left(l.named ->> 'type', 160)), ''), 'unknown'), l.named ->> 'id', cdviz.link_relation(l.kind)
      FROM (
        SELECT coalesce(e.value -> 'target' -> 'subject', e.value -> 'subject') AS named,
               coalesce(e.value ->> 'linkKind', e.value ->> 'linkkind') AS kind
          FROM jsonb_array_elements(
            CASE WHEN jsonb_typeof(p_custom_data -> 'links') = 'array' THEN p_custom_data -> 'links' END
          ) AS e
      ) AS l
     WHERE cdviz.is_node_id(l.named ->> 'id')
$$;

ALTER FUNCTION cdviz.subject_links_of(p_custom_data jsonb) OWNER TO cdviz;

-- Name: FUNCTION subject_links_of(p_custom_data jsonb); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.subject_links_of(p_custom_data jsonb) IS 'The links of an event that name a subject (customData.links), with the relation each makes in the graph; a link without a type names an unknown one.';

-- Name: subjects_page(text, timestamp with time zone, text, integer); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.subjects_page(p_subject text, p_before_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_key_id text DEFAULT NULL::text, p_limit integer DEFAULT 50) RETURNS TABLE(subject text, subject_id text, at timestamp with time zone, last_at timestamp with time zone, name text, outcome text, environment_id text, artifact_id text, service_id text, source text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
    v_time text := CASE
        WHEN p_subject IN ('pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun', 'testcase', 'testsuite') THEN 'started_at'
        WHEN p_subject IN ('artifact', 'testoutput') THEN 'published_at'
        WHEN p_subject = 'incident' THEN 'detected_at'
        WHEN p_subject IN ('ticket', 'change', 'branch', 'approval') THEN 'created_at'
    END;
BEGIN
    IF v_time IS NOT NULL THEN
        RETURN QUERY EXECUTE format(
            'SELECT s.subject, s.subject_id, s.%1$I, s.last_at, s.name, s.outcome, s.environment_id, s.artifact_id, s.service_id, s.source'
            '  FROM cdviz.subject_state AS s'
            ' WHERE s.subject = %2$L AND s.%1$I <= coalesce($1, ''infinity'') AND ($1 IS NULL OR (s.%1$I, s.subject_id) < ($1, $2))'
            ' ORDER BY s.%1$I DESC, s.subject_id DESC LIMIT $3', v_time, p_subject
        ) USING p_before_at, p_key_id, p_limit;
    ELSE
        RETURN QUERY EXECUTE format(
            'SELECT s.subject, s.subject_id, NULL::timestamptz, s.last_at, s.name, s.outcome, s.environment_id, s.artifact_id, s.service_id, s.source'
            '  FROM cdviz.subject_state AS s'
            ' WHERE s.subject = %L AND s.subject_id > coalesce($1, '''') AND s.last_at IS NOT NULL'
            ' ORDER BY s.subject_id LIMIT $2', p_subject
        ) USING p_key_id, p_limit;
    END IF;
END
$_$;

ALTER FUNCTION cdviz.subjects_page(p_subject text, p_before_at timestamp with time zone, p_key_id text, p_limit integer) OWNER TO cdviz;

-- Name: FUNCTION subjects_page(p_subject text, p_before_at timestamp with time zone, p_key_id text, p_limit integer); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.subjects_page(p_subject text, p_before_at timestamp with time zone, p_key_id text, p_limit integer) IS 'Subjects of one type, one page: runs, artifacts, incidents, tickets, changes, branches and approvals newest first below (p_before_at, p_key_id), all others by id after p_key_id.';

-- Name: time_bucket(interval, timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.time_bucket(bucket_width interval, ts timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT CASE
        WHEN extract(year FROM bucket_width) * 12 + extract(month FROM bucket_width) = 0 THEN
            date_bin(bucket_width, ts, timestamptz '2000-01-03 00:00:00+00') -- a Monday
        WHEN bucket_width = date_trunc('month', bucket_width) THEN (
            SELECT timestamptz '2000-01-01 00:00:00+00' AT TIME ZONE 'UTC'
                   + floor((extract(year FROM u.at) * 12 + extract(month FROM u.at) - 24001) / m.months) * m.months * interval '1 month'
              FROM (SELECT ts AT TIME ZONE 'UTC' AS at) AS u
             CROSS JOIN (SELECT extract(year FROM bucket_width) * 12 + extract(month FROM bucket_width) AS months) AS m
        ) AT TIME ZONE 'UTC'
        ELSE date_bin(bucket_width, ts, timestamptz '2000-01-03 00:00:00+00') -- months with days: it says so itself
    END
$$;

ALTER FUNCTION cdviz.time_bucket(bucket_width interval, ts timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION time_bucket(bucket_width interval, ts timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.time_bucket(bucket_width interval, ts timestamp with time zone) IS 'First moment of the bucket that a time falls in, as in TimescaleDB: weeks start on Monday, months and years on their first day, all in UTC.';

-- Name: value_kept(cdviz.value_at, anyelement, timestamp with time zone); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.value_kept(p_state cdviz.value_at, p_type anyelement, p_at timestamp with time zone) RETURNS anyelement
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
DECLARE
    kept p_type%TYPE;
BEGIN
    kept := p_state.value; -- read back from its text
    RETURN kept;
END
$$;

ALTER FUNCTION cdviz.value_kept(p_state cdviz.value_at, p_type anyelement, p_at timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION value_kept(p_state cdviz.value_at, p_type anyelement, p_at timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.value_kept(p_state cdviz.value_at, p_type anyelement, p_at timestamp with time zone) IS 'Result of the aggregates first and last.';

-- Name: webhook_target(text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.webhook_target(p_name text) RETURNS TABLE(url text, secret text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT w.url, w.secret FROM cdviz.webhook AS w WHERE w.name = p_name
$$;

ALTER FUNCTION cdviz.webhook_target(p_name text) OWNER TO cdviz;

-- Name: FUNCTION webhook_target(p_name text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.webhook_target(p_name text) IS 'URL and secret of a webhook, for whoever sends in its name.';

-- Name: what_runs(timestamp with time zone, text, text); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.what_runs(p_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_service text DEFAULT NULL::text, p_environment text DEFAULT NULL::text) RETURNS TABLE(service_id text, environment_id text, artifact_id text, since timestamp with time zone, predicate text, "position" bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT p.service_id, p.environment_id, e.artifact_id, e."timestamp", e.predicate, e.position
      FROM cdviz.service_placement AS p
     CROSS JOIN LATERAL (
        SELECT p.artifact_id, p."timestamp", p.predicate, p.position
         WHERE p_at IS NULL OR p."timestamp" <= p_at
        UNION ALL
        (
            SELECT v.artifact_id, v."timestamp", v.predicate, v.position
              FROM cdviz.service_event AS v
             WHERE p."timestamp" > p_at
               AND v.service_id = p.service_id AND v.environment_id = p.environment_id AND v."timestamp" <= p_at
             ORDER BY v."timestamp" DESC, cdviz.predicate_rank(v.predicate) DESC, coalesce(v.artifact_id, '') COLLATE "C" DESC
             LIMIT 1
        )
     ) AS e
     WHERE (p_service IS NULL OR p.service_id = p_service) AND (p_environment IS NULL OR p.environment_id = p_environment)
       AND e.predicate <> 'removed'
     ORDER BY p.service_id, p.environment_id
$$;

ALTER FUNCTION cdviz.what_runs(p_at timestamp with time zone, p_service text, p_environment text) OWNER TO cdviz;

-- Name: FUNCTION what_runs(p_at timestamp with time zone, p_service text, p_environment text); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.what_runs(p_at timestamp with time zone, p_service text, p_environment text) IS 'What runs where: one row per service and environment with the artifact, since when, and the event that says so. p_at null: now; a moment: then. Services that were removed are left out.';

-- Name: acknowledge(bigint, text, text, text, text); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.acknowledge(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM set_config('clusters.actor', coalesce(p_actor, ''), true);
    INSERT INTO public.rule_disable (org_id, rule_id, error_key, justification, created_at)
    VALUES (p_org::text, p_rule, p_error_key, p_justification, timezone('utc', statement_timestamp()))
    ON CONFLICT (org_id, rule_id, error_key) DO UPDATE
       SET justification = excluded.justification, created_at = excluded.created_at;
    PERFORM set_config('clusters.actor', '', true);
    RETURN 'acknowledged';
END
$$;

ALTER FUNCTION clusters.acknowledge(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text) OWNER TO cdviz;

-- Name: FUNCTION acknowledge(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.acknowledge(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text) IS 'Stores that an organisation acknowledges a rule, and why. Said again: justification and created_at are the new ones, updated_at stays. p_actor is the user, null where that is not known. Outcome: acknowledged.';

-- Name: append_change(text, jsonb, jsonb); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.append_change(p_kind text, p_before jsonb, p_after jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
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

ALTER FUNCTION clusters.append_change(p_kind text, p_before jsonb, p_after jsonb) OWNER TO cdviz;

-- Name: FUNCTION append_change(p_kind text, p_before jsonb, p_after jsonb); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.append_change(p_kind text, p_before jsonb, p_after jsonb) IS 'Puts one change of a row into the audit trail: its kind, and the row before and after. For clusters.record_change; nobody else may call it.';

-- Name: clean_cluster(text, text, bigint, timestamp with time zone, boolean); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.clean_cluster(p_kind text, p_cluster text, p_org bigint DEFAULT NULL::bigint, p_before timestamp with time zone DEFAULT NULL::timestamp with time zone, p_apply boolean DEFAULT false) RETURNS TABLE(table_name text, number bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
$_$;

ALTER FUNCTION clusters.clean_cluster(p_kind text, p_cluster text, p_org bigint, p_before timestamp with time zone, p_apply boolean) OWNER TO cdviz;

-- Name: FUNCTION clean_cluster(p_kind text, p_cluster text, p_org bigint, p_before timestamp with time zone, p_apply boolean); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.clean_cluster(p_kind text, p_cluster text, p_org bigint, p_before timestamp with time zone, p_apply boolean) IS 'What goes with a cluster, by table: counted, or deleted where p_apply says so. Kind, cluster and organisation as clusters.due tells them, for the same moment; kind everything takes whatever is known of the cluster, however new, with toggles and reasons. No row comes back when the cluster reported meanwhile.';

-- Name: clean_errors(timestamp with time zone, boolean); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.clean_errors(p_before timestamp with time zone, p_apply boolean DEFAULT false) RETURNS TABLE(table_name text, number bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    v_before timestamp := p_before AT TIME ZONE 'UTC';
    v_errors bigint;
    v_faults bigint;
BEGIN
    IF p_apply THEN
        WITH gone AS (
            DELETE FROM public.consumer_error AS e WHERE e.consumed_at < v_before RETURNING e.topic, e.partition, e.topic_offset
        ), faults AS (
            DELETE FROM clusters.consumer_fault AS f
             USING gone
             WHERE f.topic = gone.topic AND f.partition = gone.partition AND (f.topic_offset & 2147483647) = gone.topic_offset
            RETURNING f.topic_offset
        )
        SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM faults) INTO v_errors, v_faults;
    ELSE
        SELECT count(*) INTO v_errors FROM public.consumer_error AS e WHERE e.consumed_at < v_before;
        SELECT count(*) INTO v_faults
          FROM clusters.consumer_fault AS f
          JOIN public.consumer_error AS e
            ON e.topic = f.topic AND e.partition = f.partition AND e.topic_offset = (f.topic_offset & 2147483647)
         WHERE e.consumed_at < v_before;
    END IF;
    RETURN QUERY VALUES ('public.consumer_error', v_errors), ('clusters.consumer_fault', v_faults);
END
$$;

ALTER FUNCTION clusters.clean_errors(p_before timestamp with time zone, p_apply boolean) OWNER TO cdviz;

-- Name: FUNCTION clean_errors(p_before timestamp with time zone, p_apply boolean); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.clean_errors(p_before timestamp with time zone, p_apply boolean) IS 'Messages that were no reports and were read before a moment, with their faults: counted by table, or deleted where p_apply says so.';

-- Name: count_hit_days(); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.count_hit_days() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    v_due boolean := FALSE; -- every few thousand rows
BEGIN
    IF tg_op = 'TRUNCATE' THEN
        DELETE FROM clusters.hit_day;
    ELSIF tg_op = 'INSERT' THEN
        WITH made AS (
            INSERT INTO clusters.hit_day (day, rule_fqdn, error_key, appeared, resolved)
            SELECT (c.at AT TIME ZONE 'UTC')::date, e.rule_fqdn, e.error_key, sum(c.appeared), sum(c.resolved)
              FROM came AS e
             CROSS JOIN LATERAL (VALUES (e.appeared_at, 1, 0), (e.resolved_at, 0, 1)) AS c (at, appeared, resolved)
             WHERE c.at IS NOT NULL
             GROUP BY 1, 2, 3
            RETURNING id
        )
        SELECT max(m.id) / 4096 > (min(m.id) - 1) / 4096 INTO v_due FROM made AS m;
    ELSIF tg_op = 'DELETE' THEN
        WITH made AS (
            INSERT INTO clusters.hit_day (day, rule_fqdn, error_key, appeared, resolved)
            SELECT (c.at AT TIME ZONE 'UTC')::date, e.rule_fqdn, e.error_key, -sum(c.appeared), -sum(c.resolved)
              FROM gone AS e
             CROSS JOIN LATERAL (VALUES (e.appeared_at, 1, 0), (e.resolved_at, 0, 1)) AS c (at, appeared, resolved)
             WHERE c.at IS NOT NULL
             GROUP BY 1, 2, 3
            RETURNING id
        )
        SELECT max(m.id) / 4096 > (min(m.id) - 1) / 4096 INTO v_due FROM made AS m;
    ELSE
        WITH made AS (
            INSERT INTO clusters.hit_day (day, rule_fqdn, error_key, appeared, resolved)
            SELECT (c.at AT TIME ZONE 'UTC')::date, e.rule_fqdn, e.error_key, sum(e.sign * c.appeared), sum(e.sign * c.resolved)
              FROM (
                SELECT g.rule_fqdn, g.error_key, g.appeared_at, g.resolved_at, -1 AS sign FROM gone AS g
                 UNION ALL
                SELECT n.rule_fqdn, n.error_key, n.appeared_at, n.resolved_at, 1 FROM came AS n
              ) AS e
             CROSS JOIN LATERAL (VALUES (e.appeared_at, 1, 0), (e.resolved_at, 0, 1)) AS c (at, appeared, resolved)
             WHERE c.at IS NOT NULL
             GROUP BY 1, 2, 3
            HAVING sum(e.sign * c.appeared) <> 0 OR sum(e.sign * c.resolved) <> 0
            RETURNING id
        )
        SELECT max(m.id) / 4096 > (min(m.id) - 1) / 4096 INTO v_due FROM made AS m;
    END IF;
    IF v_due THEN
        PERFORM clusters.fold_hit_days();
    END IF;
    RETURN NULL;
END
$$;

ALTER FUNCTION clusters.count_hit_days() OWNER TO cdviz;

-- Name: FUNCTION count_hit_days(); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.count_hit_days() IS 'Counts every change of clusters.hit_episode by day in clusters.hit_day, whoever makes it.';

-- Name: delete_clusters(text[], bigint); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.delete_clusters(p_clusters text[], p_caller bigint DEFAULT NULL::bigint, OUT outcome text, OUT owner integer, OUT deleted bigint) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    -- In the order in which everybody locks them.
    PERFORM FROM public.report AS r WHERE r.cluster = ANY (p_clusters) ORDER BY r.cluster FOR UPDATE;
    PERFORM FROM clusters.workload_check AS w WHERE w.cluster_id = ANY (p_clusters) ORDER BY w.cluster_id FOR UPDATE;
    SELECT k.org_id INTO owner
      FROM (
        SELECT r.cluster, r.org_id FROM public.report AS r WHERE r.cluster = ANY (p_clusters)
         UNION ALL
        SELECT w.cluster_id, w.org_id FROM clusters.workload_check AS w WHERE w.cluster_id = ANY (p_clusters)
      ) AS k
     WHERE k.org_id <> p_caller
     ORDER BY k.cluster
     LIMIT 1;
    IF found THEN
        outcome := 'organisation-differs';
        RETURN;
    END IF;
    DELETE FROM public.report WHERE cluster = ANY (p_clusters); -- the votes follow
    GET DIAGNOSTICS deleted = ROW_COUNT;
    DELETE FROM public.rule_hit WHERE cluster_id = ANY (p_clusters);
    DELETE FROM public.recommendation WHERE cluster_id = ANY (p_clusters);
    DELETE FROM public.report_info WHERE cluster_id = ANY (p_clusters);
    DELETE FROM public.cluster_rule_toggle WHERE cluster_id = ANY (p_clusters);
    DELETE FROM public.cluster_user_rule_disable_feedback WHERE cluster_id = ANY (p_clusters);
    DELETE FROM clusters.hit_episode WHERE cluster_id = ANY (p_clusters);
    DELETE FROM clusters.workload_check WHERE cluster_id = ANY (p_clusters);
    DELETE FROM dvo.dvo_report WHERE cluster_id = ANY (p_clusters);
    outcome := 'deleted';
END
$$;

ALTER FUNCTION clusters.delete_clusters(p_clusters text[], p_caller bigint, OUT outcome text, OUT owner integer, OUT deleted bigint) OWNER TO cdviz;

-- Name: FUNCTION delete_clusters(p_clusters text[], p_caller bigint, OUT outcome text, OUT owner integer, OUT deleted bigint); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.delete_clusters(p_clusters text[], p_caller bigint, OUT outcome text, OUT owner integer, OUT deleted bigint) IS 'Deletes clusters with their hits, history, votes, toggles and workloads; unknown ones cost nothing, and an older report may come in again afterwards. p_caller is the organisation on whose behalf this is asked, null where that is not known. Outcome: deleted (deleted: how many had a report), organisation-differs (one is of the organisation owner, not p_caller; nothing is deleted).';

-- Name: delete_organizations(bigint[]); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.delete_organizations(p_orgs bigint[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
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

ALTER FUNCTION clusters.delete_organizations(p_orgs bigint[]) OWNER TO cdviz;

-- Name: FUNCTION delete_organizations(p_orgs bigint[]); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.delete_organizations(p_orgs bigint[]) IS 'Deletes organisations with all that is known of them and of their clusters, and returns how many clusters had a report; unknown ones cost nothing.';

-- Name: due(timestamp with time zone); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.due(p_before timestamp with time zone) RETURNS TABLE(kind text, cluster_id text, org_id bigint, newest_at timestamp with time zone, last_checked_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT 'report', r.cluster::text, r.org_id::bigint, coalesce(r.reported_at, r.last_checked_at) AT TIME ZONE 'UTC', r.last_checked_at AT TIME ZONE 'UTC'
      FROM public.report AS r
     WHERE coalesce(r.reported_at, r.last_checked_at) < p_before AT TIME ZONE 'UTC'
    UNION ALL
    -- Hits, recommendations and versions whose report is gone, or belongs to another organisation now; other systems leave some behind.
    SELECT 'orphan', o.cluster_id, o.org_id, NULL, NULL
      FROM (
        SELECT h.cluster_id::text AS cluster_id, h.org_id::bigint AS org_id FROM public.rule_hit AS h
         UNION
        SELECT c.cluster_id::text, c.org_id::bigint FROM public.recommendation AS c
         UNION
        SELECT i.cluster_id::text, i.org_id::bigint FROM public.report_info AS i
      ) AS o
     WHERE NOT EXISTS (SELECT FROM public.report AS r WHERE r.cluster = o.cluster_id AND r.org_id = o.org_id)
    UNION ALL
    SELECT DISTINCT 'history', e.cluster_id::text, NULL::bigint, NULL::timestamptz, NULL::timestamptz
      FROM clusters.hit_episode AS e
     WHERE NOT EXISTS (SELECT FROM public.report AS r WHERE r.cluster = e.cluster_id)
    UNION ALL
    SELECT 'workloads', w.cluster_id, max(w.org_id), max(w.last_checked_at) AT TIME ZONE 'UTC', max(w.last_checked_at) AT TIME ZONE 'UTC'
      FROM (
        SELECT k.cluster_id::text AS cluster_id, k.org_id::bigint AS org_id, nullif(k.last_checked_at, '-infinity') AS last_checked_at
          FROM clusters.workload_check AS k
         UNION ALL
        SELECT d.cluster_id::text, d.org_id::bigint, d.last_checked_at FROM dvo.dvo_report AS d
      ) AS w
     GROUP BY w.cluster_id
    HAVING max(w.last_checked_at) < p_before AT TIME ZONE 'UTC'
$$;

ALTER FUNCTION clusters.due(p_before timestamp with time zone) OWNER TO cdviz;

-- Name: FUNCTION due(p_before timestamp with time zone); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.due(p_before timestamp with time zone) IS 'Clusters of whose evidence something is older than a moment: kind report (stored before it), workloads (LastChecked before it), or, of any age, what hangs on nothing: orphan (hits, recommendations or versions without a report of their organisation) and history (episodes without a report). clusters.clean_cluster takes each away.';

-- Name: explain_toggle(text, text, text, bigint, text, text, bigint); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.explain_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_message text, p_caller bigint DEFAULT NULL::bigint, OUT outcome text, OUT owner integer) RETURNS record
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH held AS MATERIALIZED (
        SELECT r.org_id FROM public.report AS r WHERE r.cluster = p_cluster FOR KEY SHARE
    ), written AS (
        INSERT INTO public.cluster_user_rule_disable_feedback (cluster_id, user_id, rule_id, error_key, org_id, message, added_at, updated_at)
        SELECT p_cluster, p_user, p_rule, p_error_key, p_org::text, p_message, t.at, t.at
          FROM held AS h
         CROSS JOIN (SELECT timezone('utc', statement_timestamp()) AS at) AS t
         WHERE p_caller IS NULL OR p_caller = h.org_id
        ON CONFLICT (cluster_id, user_id, rule_id, error_key) DO UPDATE
           SET message = excluded.message, updated_at = excluded.updated_at, org_id = excluded.org_id
        RETURNING 1
    )
    SELECT CASE
            WHEN h.org_id IS NULL THEN 'cluster-unknown'
            WHEN EXISTS (SELECT FROM written) THEN 'stored'
            ELSE 'organisation-differs'
        END, h.org_id
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN held AS h ON true
$$;

ALTER FUNCTION clusters.explain_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_message text, p_caller bigint, OUT outcome text, OUT owner integer) OWNER TO cdviz;

-- Name: FUNCTION explain_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_message text, p_caller bigint, OUT outcome text, OUT owner integer); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.explain_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_message text, p_caller bigint, OUT outcome text, OUT owner integer) IS 'Stores why a user disabled a rule for one cluster, whether it is disabled or not. p_caller is the organisation on whose behalf this is asked, null where that is not known. Outcome: stored, cluster-unknown, organisation-differs (the cluster is of the organisation owner, not p_caller).';

-- Name: findings(); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.findings() RETURNS TABLE(name text, state text, found text, meaning text, advice text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT 'faulty messages', CASE WHEN e.fresh > 0 THEN 'warn' ELSE 'ok' END, format('%s in the last day', e.fresh),
           'Messages about clusters broke the rules of their form, and changed nothing.',
           'Read what is wrong with them: SELECT topic, error FROM clusters.consumer_error ORDER BY consumed_at DESC.'
      FROM (
        SELECT count(*) AS fresh FROM public.consumer_error AS c WHERE c.consumed_at > (current_timestamp AT TIME ZONE 'UTC') - interval '1 day'
      ) AS e
$$;

ALTER FUNCTION clusters.findings() OWNER TO cdviz;

-- Name: FUNCTION findings(); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.findings() IS 'What an operator should know about cluster evidence, one row per check: its name, ok, warn or bad, what was found, what that means where it is not ok, and what to do.';

-- Name: fold_hit_days(); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.fold_hit_days() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'on'
    SET enable_hashjoin TO 'on'
    AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' OR NOT pg_try_advisory_xact_lock(hashtextextended('clusters.hit_day', 0)) THEN
        RETURN;
    END IF;
    WITH gone AS (
        DELETE FROM clusters.hit_day AS d
         USING (SELECT s.day, s.rule_fqdn, s.error_key FROM clusters.hit_day AS s GROUP BY s.day, s.rule_fqdn, s.error_key HAVING count(*) > 1) AS several
         WHERE d.day = several.day AND d.rule_fqdn = several.rule_fqdn AND d.error_key = several.error_key
        RETURNING d.day, d.rule_fqdn, d.error_key, d.appeared, d.resolved
    )
    INSERT INTO clusters.hit_day (day, rule_fqdn, error_key, appeared, resolved)
    SELECT g.day, g.rule_fqdn, g.error_key, sum(g.appeared), sum(g.resolved)
      FROM gone AS g
     GROUP BY g.day, g.rule_fqdn, g.error_key
    HAVING sum(g.appeared) <> 0 OR sum(g.resolved) <> 0;
END
$$;

ALTER FUNCTION clusters.fold_hit_days() OWNER TO cdviz;

-- Name: FUNCTION fold_hit_days(); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.fold_hit_days() IS 'Makes one row of each day and recommendation in clusters.hit_day; does nothing where another transaction is at it. clusters.count_hit_days calls it now and then.';

-- Name: move_cluster(text, integer); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.move_cluster(p_cluster text, p_org integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
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

ALTER FUNCTION clusters.move_cluster(p_cluster text, p_org integer) OWNER TO cdviz;

-- Name: FUNCTION move_cluster(p_cluster text, p_org integer); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.move_cluster(p_cluster text, p_org integer) IS 'Moves hits, recommendations, version, toggles and feedback of a cluster to the organisation p_org. The caller holds the lock on its report and moves that.';

-- Name: rate(bigint, text, text, smallint); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.rate(p_org bigint, p_rule text, p_error_key text, p_rating smallint) RETURNS text
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    INSERT INTO public.advisor_ratings (org_id, rule_fqdn, error_key, rule_id, rating, rated_at, last_updated_at)
    SELECT p_org::text, p_rule, p_error_key, p_rule || '|' || p_error_key, p_rating, t.at, t.at
      FROM (SELECT timezone('utc', statement_timestamp()) AS at) AS t
    ON CONFLICT (org_id, rule_fqdn, error_key) DO UPDATE
       SET rating = excluded.rating, last_updated_at = excluded.last_updated_at
    RETURNING 'stored'
$$;

ALTER FUNCTION clusters.rate(p_org bigint, p_rule text, p_error_key text, p_rating smallint) OWNER TO cdviz;

-- Name: FUNCTION rate(p_org bigint, p_rule text, p_error_key text, p_rating smallint); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.rate(p_org bigint, p_rule text, p_error_key text, p_rating smallint) IS 'Stores how an organisation rates a recommendation: usually 1, 0 or -1. Outcome: stored.';

-- Name: record_change(); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.record_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
    v_kind text := tg_argv[0];
    v_before jsonb;
    v_after jsonb;
BEGIN
    IF tg_op = 'TRUNCATE' THEN
        EXECUTE format('SELECT clusters.append_change($1, to_jsonb(t), NULL) FROM %I.%I AS t', tg_table_schema, tg_table_name) USING v_kind;
        RETURN NULL;
    END IF;
    v_before := CASE WHEN tg_op <> 'INSERT' THEN to_jsonb(old) END;
    v_after := CASE WHEN tg_op <> 'DELETE' THEN to_jsonb(new) END;
    IF (v_before ->> 'cluster_id', v_before ->> 'user_id', v_before ->> 'rule_id', v_before ->> 'error_key')
        IS DISTINCT FROM (v_after ->> 'cluster_id', v_after ->> 'user_id', v_after ->> 'rule_id', v_after ->> 'error_key') AND tg_op = 'UPDATE' THEN
        PERFORM clusters.append_change(v_kind, v_before, NULL);
        v_before := NULL;
    END IF;
    PERFORM clusters.append_change(v_kind, v_before, v_after);
    RETURN NULL;
END
$_$;

ALTER FUNCTION clusters.record_change() OWNER TO cdviz;

-- Name: FUNCTION record_change(); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.record_change() IS 'Trigger: puts every change of the table into clusters.change, under the kind that is its argument.';

-- Name: record_faults(text[], integer[], bigint[], text[], timestamp with time zone[], text[], text[], jsonb[]); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.record_faults(p_topic text[], p_partition integer[], p_offset bigint[], p_key text[], p_produced timestamp with time zone[], p_message text[], p_error text[], p_faults jsonb[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
    INSERT INTO clusters.consumer_fault AS e (topic, partition, topic_offset, faults)
    SELECT f.topic, f.partition, f.topic_offset, f.faults
      FROM unnest(p_topic, p_partition, p_offset, p_faults) AS f (topic, partition, topic_offset, faults)
     ORDER BY f.topic, f.partition, f.topic_offset
    ON CONFLICT (topic, partition, topic_offset) DO UPDATE
       SET faults = excluded.faults
     WHERE e.faults <> excluded.faults; -- another message: the topic was made anew
    -- The column of old clients has 31 bits; two messages of one partition that meet there are 2147483648 messages apart: the later one stays.
    INSERT INTO public.consumer_error AS e (topic, partition, topic_offset, key, produced_at, consumed_at, message, error)
    SELECT f.topic, f.partition, (f.topic_offset & 2147483647)::integer, f.key, coalesce(f.produced, clock_timestamp()), clock_timestamp(), f.message, f.error
      FROM unnest(p_topic, p_partition, p_offset, p_key, p_produced, p_message, p_error)
        AS f (topic, partition, topic_offset, key, produced, message, error)
     ORDER BY f.topic, f.partition, f.topic_offset
    ON CONFLICT (topic, partition, topic_offset) DO UPDATE
       SET key = excluded.key, produced_at = excluded.produced_at, consumed_at = excluded.consumed_at, message = excluded.message, error = excluded.error
     WHERE (e.key, e.message, e.error) IS DISTINCT FROM (excluded.key, excluded.message, excluded.error)
$$;

ALTER FUNCTION clusters.record_faults(p_topic text[], p_partition integer[], p_offset bigint[], p_key text[], p_produced timestamp with time zone[], p_message text[], p_error text[], p_faults jsonb[]) OWNER TO cdviz;

-- Name: FUNCTION record_faults(p_topic text[], p_partition integer[], p_offset bigint[], p_key text[], p_produced timestamp with time zone[], p_message text[], p_error text[], p_faults jsonb[]); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.record_faults(p_topic text[], p_partition integer[], p_offset bigint[], p_key text[], p_produced timestamp with time zone[], p_message text[], p_error text[], p_faults jsonb[]) IS 'Keeps messages that are no reports in public.consumer_error and clusters.consumer_fault. One array element per message: topic, partition, offset, key, time, content (both with bytes that are no UTF-8 as \xNN), all faults in words, and one by one. A message that is kept already stays as it is; another one in its place, as in a topic made anew, replaces it.';

-- Name: refuse_change(); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION '%.% is appended to and never changed', tg_table_schema, tg_table_name USING ERRCODE = 'insufficient_privilege';
END
$$;

ALTER FUNCTION clusters.refuse_change() OWNER TO cdviz;

-- Name: FUNCTION refuse_change(); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.refuse_change() IS 'Trigger: refuses whatever statement fires it.';

-- Name: set_toggle(text, text, text, bigint, boolean, bigint, text); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.set_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_disabled boolean, p_caller bigint DEFAULT NULL::bigint, p_actor text DEFAULT NULL::text, OUT outcome text, OUT owner integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    PERFORM set_config('clusters.actor', coalesce(p_actor, ''), true);
    WITH held AS MATERIALIZED (
        SELECT r.org_id FROM public.report AS r WHERE r.cluster = p_cluster FOR KEY SHARE
    ), written AS (
        INSERT INTO public.cluster_rule_toggle (cluster_id, rule_id, error_key, org_id, disabled, disabled_at, enabled_at, updated_at)
        SELECT p_cluster, p_rule, p_error_key, p_org::text, p_disabled::integer, CASE WHEN p_disabled THEN t.at END, CASE WHEN NOT p_disabled THEN t.at END, t.at
          FROM held AS h
         CROSS JOIN (SELECT timezone('utc', statement_timestamp()) AS at) AS t
         WHERE p_caller IS NULL OR p_caller = h.org_id
        ON CONFLICT (cluster_id, rule_id, error_key) DO UPDATE
           SET disabled = excluded.disabled, disabled_at = excluded.disabled_at, enabled_at = excluded.enabled_at,
               updated_at = excluded.updated_at, org_id = excluded.org_id
        RETURNING 1
    )
    SELECT CASE
            WHEN h.org_id IS NULL THEN 'cluster-unknown'
            WHEN EXISTS (SELECT FROM written) THEN 'stored'
            ELSE 'organisation-differs'
        END, h.org_id
      INTO outcome, owner
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN held AS h ON true;
    PERFORM set_config('clusters.actor', '', true);
END
$$;

ALTER FUNCTION clusters.set_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_disabled boolean, p_caller bigint, p_actor text, OUT outcome text, OUT owner integer) OWNER TO cdviz;

-- Name: FUNCTION set_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_disabled boolean, p_caller bigint, p_actor text, OUT outcome text, OUT owner integer); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.set_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_disabled boolean, p_caller bigint, p_actor text, OUT outcome text, OUT owner integer) IS 'Disables a rule for one cluster or enables it again. p_caller is the organisation on whose behalf this is asked, p_actor the user; null where they are not known. Outcome: stored, cluster-unknown, organisation-differs (the cluster is of the organisation owner, not p_caller).';

-- Name: settle_hits(integer[], timestamp without time zone, integer[], text[], timestamp with time zone[], text[], integer[], text[], text[], text[]); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.settle_hits(p_won integer[], p_now timestamp without time zone, p_org integer[], p_cluster text[], p_last_checked timestamp with time zone[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $_$
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
$_$;

ALTER FUNCTION clusters.settle_hits(p_won integer[], p_now timestamp without time zone, p_org integer[], p_cluster text[], p_last_checked timestamp with time zone[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]) OWNER TO cdviz;

-- Name: FUNCTION settle_hits(p_won integer[], p_now timestamp without time zone, p_org integer[], p_cluster text[], p_last_checked timestamp with time zone[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.settle_hits(p_won integer[], p_now timestamp without time zone, p_org integer[], p_cluster text[], p_last_checked timestamp with time zone[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]) IS 'Makes hits, recommendations, version and history of clusters those of the messages whose numbers are p_won; arrays as in clusters.store_reports, which calls it. Writes only what differs.';

-- Name: store_reports(integer[], text[], text[], timestamp with time zone[], timestamp with time zone[], bigint[], text[], integer[], text[], text[], text[]); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.store_reports(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_gathered timestamp with time zone[], p_offset bigint[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
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

ALTER FUNCTION clusters.store_reports(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_gathered timestamp with time zone[], p_offset bigint[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]) OWNER TO cdviz;

-- Name: FUNCTION store_reports(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_gathered timestamp with time zone[], p_offset bigint[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.store_reports(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_gathered timestamp with time zone[], p_offset bigint[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]) IS 'Stores reports with all that hangs on them: hits, recommendations, version, history. One array element per message, in the order of the stream: organisation, cluster, Report object, LastChecked, time of gathering (or null), Kafka offset (or 0), cluster version (or null). Hits of all messages, in that order, are further arrays: component, error key, details; p_last_hit tells, for each message, where its last one stands (for a message without hits: the one before). Returns one outcome per message: stored, repeated (the LastChecked that stands) or older.';

-- Name: store_workloads(integer[], text[], text[], timestamp with time zone[], integer[], text[], text[], integer[], integer[], jsonb[]); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.store_workloads(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_last_namespace integer[], p_namespace text[], p_name text[], p_recommendations integer[], p_objects integer[], p_hits jsonb[]) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
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

ALTER FUNCTION clusters.store_workloads(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_last_namespace integer[], p_namespace text[], p_name text[], p_recommendations integer[], p_objects integer[], p_hits jsonb[]) OWNER TO cdviz;

-- Name: FUNCTION store_workloads(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_last_namespace integer[], p_namespace text[], p_name text[], p_recommendations integer[], p_objects integer[], p_hits jsonb[]); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.store_workloads(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_last_namespace integer[], p_namespace text[], p_name text[], p_recommendations integer[], p_objects integer[], p_hits jsonb[]) IS 'Stores the workloads of clusters. One array element per message, in the order of the stream: organisation, cluster, Metrics object as a JSON string, LastChecked. Namespaces of all messages, in that order, are further arrays: uid, name, recommendations, objects, workloads by recommendation; p_last_namespace tells, for each message, where its last one stands. Returns one outcome per message: stored, repeated (the LastChecked that stands) or older.';

-- Name: update_acknowledgement(bigint, text, text, text, text); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.update_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    v_outcome text;
BEGIN
    PERFORM set_config('clusters.actor', coalesce(p_actor, ''), true);
    UPDATE public.rule_disable
       SET justification = p_justification, updated_at = timezone('utc', statement_timestamp())
     WHERE org_id = p_org::text AND rule_id = p_rule AND error_key = p_error_key;
    v_outcome := CASE WHEN found THEN 'updated' ELSE 'not-acknowledged' END;
    PERFORM set_config('clusters.actor', '', true);
    RETURN v_outcome;
END
$$;

ALTER FUNCTION clusters.update_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text) OWNER TO cdviz;

-- Name: FUNCTION update_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.update_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text) IS 'Gives an acknowledgement another justification. p_actor is the user, null where that is not known. Outcome: updated, not-acknowledged (nothing changed).';

-- Name: vote(text, text, text, bigint, text, integer, text, bigint); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.vote(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_vote integer, p_message text, p_caller bigint DEFAULT NULL::bigint, OUT outcome text, OUT owner integer) RETURNS record
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH held AS MATERIALIZED (
        SELECT r.org_id FROM public.report AS r WHERE r.cluster = p_cluster FOR KEY SHARE
    ), written AS (
        INSERT INTO public.cluster_rule_user_feedback AS f (cluster_id, rule_id, error_key, org_id, user_id, user_vote, message, added_at, updated_at)
        SELECT p_cluster, p_rule, p_error_key, p_org::text, p_user, p_vote, p_message, t.at, t.at
          FROM held AS h
         CROSS JOIN (SELECT timezone('utc', statement_timestamp()) AS at) AS t
         WHERE (p_caller IS NULL OR p_caller = h.org_id) AND p_vote BETWEEN -1 AND 1
        ON CONFLICT (cluster_id, rule_id, user_id, error_key) DO UPDATE
           SET user_vote = excluded.user_vote, message = excluded.message, updated_at = excluded.updated_at, org_id = excluded.org_id
        RETURNING 1
    )
    SELECT CASE
            WHEN h.org_id IS NULL THEN 'cluster-unknown'
            WHEN EXISTS (SELECT FROM written) THEN 'stored'
            WHEN p_caller <> h.org_id THEN 'organisation-differs'
            ELSE 'vote-unknown'
        END, h.org_id
      FROM (VALUES (1)) AS one (row)
      LEFT JOIN held AS h ON true
$$;

ALTER FUNCTION clusters.vote(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_vote integer, p_message text, p_caller bigint, OUT outcome text, OUT owner integer) OWNER TO cdviz;

-- Name: FUNCTION vote(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_vote integer, p_message text, p_caller bigint, OUT outcome text, OUT owner integer); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.vote(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_vote integer, p_message text, p_caller bigint, OUT outcome text, OUT owner integer) IS 'Stores the vote (1, 0, -1) of a user on a hit, with a message that may be empty. p_caller is the organisation on whose behalf this is asked, null where that is not known. Outcome: stored, cluster-unknown, organisation-differs (the cluster is of the organisation owner, not p_caller), vote-unknown.';

-- Name: withdraw_acknowledgement(bigint, text, text, text); Type: FUNCTION; Schema: clusters; Owner: cdviz
CREATE FUNCTION clusters.withdraw_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_actor text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    v_outcome text;
BEGIN
    PERFORM set_config('clusters.actor', coalesce(p_actor, ''), true);
    DELETE FROM public.rule_disable WHERE org_id = p_org::text AND rule_id = p_rule AND error_key = p_error_key;
    v_outcome := CASE WHEN found THEN 'withdrawn' ELSE 'not-acknowledged' END;
    PERFORM set_config('clusters.actor', '', true);
    RETURN v_outcome;
END
$$;

ALTER FUNCTION clusters.withdraw_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_actor text) OWNER TO cdviz;

-- Name: FUNCTION withdraw_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_actor text); Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON FUNCTION clusters.withdraw_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_actor text) IS 'Takes an acknowledgement away. p_actor is the user, null where that is not known. Outcome: withdrawn, not-acknowledged (nothing changed).';

-- Name: advance_consumer(text, text, integer, bigint, bigint); Type: FUNCTION; Schema: evistore; Owner: cdviz
CREATE FUNCTION evistore.advance_consumer(p_consumer text, p_topic text, p_partition integer, p_from_offset bigint, p_next_offset bigint) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH moved AS (
        UPDATE evistore.consumer_position AS cp
           SET next_offset = p_next_offset, stored_at = clock_timestamp()
         WHERE cp.consumer = p_consumer AND cp.topic = p_topic AND cp.partition = p_partition
           AND cp.next_offset = p_from_offset
        RETURNING 1
    ), made AS (
        INSERT INTO evistore.consumer_position (consumer, topic, partition, next_offset, stored_at)
        SELECT p_consumer, p_topic, p_partition, p_next_offset, clock_timestamp()
         WHERE p_from_offset IS NULL
        ON CONFLICT ON CONSTRAINT consumer_position_pkey DO NOTHING
        RETURNING 1
    )
    SELECT EXISTS (SELECT FROM moved) OR EXISTS (SELECT FROM made)
$$;

ALTER FUNCTION evistore.advance_consumer(p_consumer text, p_topic text, p_partition integer, p_from_offset bigint, p_next_offset bigint) OWNER TO cdviz;

-- Name: FUNCTION advance_consumer(p_consumer text, p_topic text, p_partition integer, p_from_offset bigint, p_next_offset bigint); Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON FUNCTION evistore.advance_consumer(p_consumer text, p_topic text, p_partition integer, p_from_offset bigint, p_next_offset bigint) IS 'Moves a consumer group''s position on one partition from p_from_offset (null: it has none yet) to p_next_offset, in the transaction that stores the messages between. False when the position is another one: another process has been there. The new position may be the smaller one: a topic made anew starts at 0 again.';

-- Name: consumer_positions(text); Type: FUNCTION; Schema: evistore; Owner: cdviz
CREATE FUNCTION evistore.consumer_positions(p_consumer text) RETURNS TABLE(topic text, partition integer, next_offset bigint, stored_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT cp.topic, cp.partition, cp.next_offset, cp.stored_at
      FROM evistore.consumer_position AS cp
     WHERE cp.consumer = p_consumer
     ORDER BY cp.topic, cp.partition
$$;

ALTER FUNCTION evistore.consumer_positions(p_consumer text) OWNER TO cdviz;

-- Name: FUNCTION consumer_positions(p_consumer text); Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON FUNCTION evistore.consumer_positions(p_consumer text) IS 'How far a consumer group has read each partition: the offset of the first message that is not stored yet.';

-- Name: findings(); Type: FUNCTION; Schema: evistore; Owner: cdviz
CREATE FUNCTION evistore.findings() RETURNS TABLE(name text, state text, found text, meaning text, advice text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT 'server', CASE WHEN current_setting('server_version_num')::integer < 150000 OR getdatabaseencoding() <> 'UTF8' THEN 'bad' ELSE 'ok' END,
           format('PostgreSQL %s, %s%s', current_setting('server_version'), getdatabaseencoding(), CASE WHEN pg_is_in_recovery() THEN ', a replica' ELSE '' END),
           'The program needs PostgreSQL 15 or newer and a database whose encoding is UTF8.',
           'Move the evidence to such a server: docs/operate/backup.md.'
    UNION ALL
    SELECT 'durability', CASE WHEN current_setting('fsync') = 'off' OR current_setting('full_page_writes') = 'off' THEN 'bad' WHEN current_setting('synchronous_commit') = 'off' THEN 'warn' ELSE 'ok' END,
           format('fsync %s, full_page_writes %s, synchronous_commit %s', current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')),
           'What a sender was told is stored can be lost, and without fsync the whole database damaged, when the machine fails.',
           'Set fsync = on, full_page_writes = on and synchronous_commit = on in postgresql.conf, and reload.'
    UNION ALL
    SELECT 'archive', CASE WHEN a.last_failed_time > coalesce(a.last_archived_time, '-infinity') AND current_setting('archive_mode') <> 'off' THEN 'bad' ELSE 'ok' END,
           format('wal_level %s, archive_mode %s, max_wal_size %s', current_setting('wal_level'), current_setting('archive_mode'), current_setting('max_wal_size'))
           || coalesce(', last archived ' || to_char(a.last_archived_time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), ''),
           'The write-ahead log is not archived: no moment after the last archived one can be restored, and the log fills the disk.',
           'Look into the server''s log for what archive_command says.'
      FROM pg_stat_archiver AS a
    UNION ALL
    SELECT 'slots', CASE WHEN coalesce(max(s.kept), 0) > 4 * 1024 ^ 3 THEN 'bad' WHEN coalesce(max(s.kept), 0) > 1024 ^ 3 THEN 'warn' ELSE 'ok' END,
           CASE WHEN count(*) = 0 THEN 'no idle replication slot' ELSE format('%s idle, the furthest behind keeps %s', string_agg(s.slot_name, ', ' ORDER BY s.slot_name), pg_size_pretty(max(s.kept))) END,
           'A replication slot that nobody reads keeps the write-ahead log until the disk is full.',
           'Bring its reader back, or drop it: SELECT pg_drop_replication_slot(''…'').'
      FROM (
        SELECT r.slot_name, CASE WHEN NOT pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_current_wal_lsn(), r.restart_lsn) END AS kept
          FROM pg_replication_slots AS r
         WHERE NOT r.active
      ) AS s
    UNION ALL
    SELECT 'connections', CASE WHEN c.used > 0.9 * c.most THEN 'bad' WHEN c.used > 0.7 * c.most THEN 'warn' ELSE 'ok' END,
           format('%s of %s', c.used, c.most),
           'When none is free, programs are turned away and wait.',
           'Lower EVISTORE_DATABASE_POOL_SIZE, put a pooler in between, or raise max_connections.'
      FROM (SELECT sum(d.numbackends) AS used, current_setting('max_connections')::integer AS most FROM pg_stat_database AS d) AS c
    UNION ALL
    SELECT 'transaction numbers', CASE WHEN age(d.datfrozenxid) > 1500000000 THEN 'bad' WHEN age(d.datfrozenxid) > 600000000 THEN 'warn' ELSE 'ok' END,
           format('the oldest is %s transactions old', age(d.datfrozenxid)),
           'Autovacuum does not get to freeze old rows; at two thousand million the server stops taking writes.',
           'Look for long transactions, prepared transactions and idle slots, then VACUUM (FREEZE) the database.'
      FROM pg_database AS d
     WHERE d.datname = current_database()
    UNION ALL
    SELECT 'roles', CASE WHEN r.lacking IS NULL THEN 'ok' ELSE 'bad' END,
           coalesce('lacking: ' || r.lacking, 'all there; evistore_service is a member of those it needs'),
           'Logins of programs have no rights, or too few.',
           'Run evistore migrate with a login that may create roles; after a restore: docs/operate/backup.md.'
      FROM (
        SELECT string_agg(w.role, ', ' ORDER BY w.role) AS lacking
          FROM unnest(ARRAY['cdviz', 'cdviz_collector', 'cdviz_reader', 'clusters_reader', 'clusters_writer', 'evistore_service']) AS w (role)
         WHERE NOT EXISTS (SELECT FROM pg_roles AS p WHERE p.rolname = w.role)
            OR (w.role NOT IN ('cdviz', 'evistore_service') AND NOT EXISTS (
                SELECT FROM pg_auth_members AS m
                 WHERE m.roleid = (SELECT p.oid FROM pg_roles AS p WHERE p.rolname = w.role)
                   AND m.member = (SELECT p.oid FROM pg_roles AS p WHERE p.rolname = 'evistore_service')
            ))
      ) AS r
    UNION ALL
    SELECT 'login', CASE WHEN m.belongs THEN 'ok' ELSE 'bad' END, session_user::text,
           'The program cannot store or read with this login.', format('GRANT evistore_service TO %I', session_user)
      FROM (
        SELECT EXISTS (SELECT FROM pg_roles AS p WHERE p.rolname = 'evistore_service' AND pg_has_role(session_user, p.oid, 'MEMBER')) AS belongs
      ) AS m
    UNION ALL
    SELECT 'quarantine', CASE WHEN q.fresh > 0 THEN 'warn' ELSE 'ok' END,
           format('%s open, %s of them from the last day', q.everything, q.fresh) || coalesce(', mostly ' || q.reason, ''),
           'Messages were kept, but not taken in.',
           'Look at them: evistore quarantine list; mend the sender, then evistore quarantine replay.'
      FROM (
        SELECT count(*) AS everything, count(*) FILTER (WHERE o.received_at > current_timestamp - interval '1 day') AS fresh,
               mode() WITHIN GROUP (ORDER BY o.reason) AS reason
          FROM evistore.quarantine AS o
         WHERE o.state = 'open'
      ) AS q
    UNION ALL
    SELECT 'outbox', CASE WHEN o.since < current_timestamp - interval '1 hour' THEN 'bad' WHEN o.since < current_timestamp - interval '5 minutes' THEN 'warn' ELSE 'ok' END,
           format('%s messages wait', o.waiting) || coalesce(', the first since ' || to_char(o.since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), ''),
           'Dead letters and news of the tracker are not sent: nobody consumes, or the topic cannot be written to.',
           'See that evistore consume runs, and look for outbox-waits in its log.'
      FROM (SELECT count(*) AS waiting, min(b.posted_at) AS since FROM evistore.outbox AS b) AS o
$$;

ALTER FUNCTION evistore.findings() OWNER TO cdviz;

-- Name: FUNCTION findings(); Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON FUNCTION evistore.findings() IS 'What an operator should know about the server and the kernel''s tables, one row per check: its name, ok, warn or bad, what was found, what that means where it is not ok, and what to do.';

-- Name: post(text[], bytea[], bytea[]); Type: FUNCTION; Schema: evistore; Owner: cdviz
CREATE FUNCTION evistore.post(p_topic text[], p_key bytea[], p_value bytea[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    INSERT INTO evistore.outbox (topic, key, value)
    SELECT m.topic, m.key, m.value
      FROM unnest(p_topic, p_key, p_value) WITH ORDINALITY AS m (topic, key, value, place)
     ORDER BY m.place
$$;

ALTER FUNCTION evistore.post(p_topic text[], p_key bytea[], p_value bytea[]) OWNER TO cdviz;

-- Name: FUNCTION post(p_topic text[], p_key bytea[], p_value bytea[]); Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON FUNCTION evistore.post(p_topic text[], p_key bytea[], p_value bytea[]) IS 'Puts messages for Kafka into the outbox: one array element each of topic, key (or null) and content. They are sent after the commit, at least once.';

-- Name: posted_topics(); Type: FUNCTION; Schema: evistore; Owner: cdviz
CREATE FUNCTION evistore.posted_topics() RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT DISTINCT o.topic FROM evistore.outbox AS o ORDER BY o.topic
$$;

ALTER FUNCTION evistore.posted_topics() OWNER TO cdviz;

-- Name: FUNCTION posted_topics(); Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON FUNCTION evistore.posted_topics() IS 'One row per topic for which messages are in the outbox.';

-- Name: prune_quarantine(timestamp with time zone, interval); Type: FUNCTION; Schema: evistore; Owner: cdviz
CREATE FUNCTION evistore.prune_quarantine(p_now timestamp with time zone DEFAULT CURRENT_TIMESTAMP, p_keep interval DEFAULT '90 days'::interval) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    v_pruned bigint;
BEGIN
    DELETE FROM evistore.quarantine AS q WHERE q.state <> 'open' AND q.settled_at < p_now - p_keep;
    GET DIAGNOSTICS v_pruned = ROW_COUNT;
    RETURN v_pruned;
END
$$;

ALTER FUNCTION evistore.prune_quarantine(p_now timestamp with time zone, p_keep interval) OWNER TO cdviz;

-- Name: FUNCTION prune_quarantine(p_now timestamp with time zone, p_keep interval); Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON FUNCTION evistore.prune_quarantine(p_now timestamp with time zone, p_keep interval) IS 'Forgets messages of both bodies of evidence that were replayed or dropped more than p_keep (default: 90 days) before p_now, and tells how many. Open ones stay.';

-- Name: refine_origin(bigint[], text[], text); Type: FUNCTION; Schema: evistore; Owner: cdviz
CREATE FUNCTION evistore.refine_origin(p_ids bigint[], p_origins text[], p_coarse text) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH refined AS (
        UPDATE evistore.quarantine AS q
           SET origin = left(f.origin, 500)
          FROM unnest(p_ids, p_origins) AS f (id, origin)
         WHERE q.id = f.id AND q.origin = left(p_coarse, 500)
        RETURNING q.id
    )
    SELECT count(*) FROM refined
$$;

ALTER FUNCTION evistore.refine_origin(p_ids bigint[], p_origins text[], p_coarse text) OWNER TO cdviz;

-- Name: FUNCTION refine_origin(p_ids bigint[], p_origins text[], p_coarse text); Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON FUNCTION evistore.refine_origin(p_ids bigint[], p_origins text[], p_coarse text) IS 'Gives the messages in quarantine with these numbers their exact origins, where their origin still is the coarse one of the batch; returns how many got one.';

-- Name: set_aside(text, text, text, text, jsonb, bytea); Type: FUNCTION; Schema: evistore; Owner: cdviz
CREATE FUNCTION evistore.set_aside(p_context text, p_reason text, p_detail text, p_origin text, p_payload jsonb, p_raw bytea) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    INSERT INTO evistore.quarantine AS q (context, reason, detail, origin, payload, raw, digest)
    VALUES (
        p_context, p_reason, left(p_detail, 2000), left(p_origin, 500), p_payload, p_raw,
        sha256(coalesce(p_raw, convert_to(p_payload::text, 'UTF8')))
    )
    ON CONFLICT (context, reason, digest) WHERE state = 'open' DO UPDATE SET seen = q.seen + 1
    RETURNING id
$$;

ALTER FUNCTION evistore.set_aside(p_context text, p_reason text, p_detail text, p_origin text, p_payload jsonb, p_raw bytea) OWNER TO cdviz;

-- Name: FUNCTION set_aside(p_context text, p_reason text, p_detail text, p_origin text, p_payload jsonb, p_raw bytea); Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON FUNCTION evistore.set_aside(p_context text, p_reason text, p_detail text, p_origin text, p_payload jsonb, p_raw bytea) IS 'Keeps a message that could not be taken in, with its reason, and returns its number; the same message for the same reason keeps the number it has. Give the payload as jsonb, or as raw bytes where jsonb cannot hold it.';

-- Name: settle_quarantine(bigint, text); Type: FUNCTION; Schema: evistore; Owner: cdviz
CREATE FUNCTION evistore.settle_quarantine(p_id bigint, p_state text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH settled AS (
        UPDATE evistore.quarantine
           SET state = p_state, settled_at = clock_timestamp(), settled_by = session_user
         WHERE id = p_id AND state = 'open'
        RETURNING id
    )
    SELECT EXISTS (SELECT FROM settled)
$$;

ALTER FUNCTION evistore.settle_quarantine(p_id bigint, p_state text) OWNER TO cdviz;

-- Name: FUNCTION settle_quarantine(p_id bigint, p_state text); Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON FUNCTION evistore.settle_quarantine(p_id bigint, p_state text) IS 'Marks a message in quarantine as replayed or dropped, with time and login. False when it was not open any more: somebody else was first.';

-- Name: take_posted(text, integer, integer); Type: FUNCTION; Schema: evistore; Owner: cdviz
CREATE FUNCTION evistore.take_posted(p_topic text, p_most integer, p_bytes integer) RETURNS TABLE(id bigint, topic text, key bytea, value bytea)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH held AS MATERIALIZED (
        SELECT n.id, octet_length(n.value) AS bytes
          FROM evistore.outbox AS n
         WHERE n.topic = p_topic
         ORDER BY n.id
         LIMIT p_most
           FOR UPDATE SKIP LOCKED
    ), chosen AS (
        SELECT c.id FROM (SELECT h.id, sum(h.bytes) OVER (ORDER BY h.id) - h.bytes AS before FROM held AS h) AS c WHERE c.before < p_bytes
    ), taken AS (
        DELETE FROM evistore.outbox AS o
         WHERE o.id = ANY (ARRAY(SELECT c.id FROM chosen AS c))
        RETURNING o.id, o.topic, o.key, o.value
    )
    SELECT t.id, t.topic, t.key, t.value FROM taken AS t ORDER BY t.id
$$;

ALTER FUNCTION evistore.take_posted(p_topic text, p_most integer, p_bytes integer) OWNER TO cdviz;

-- Name: FUNCTION take_posted(p_topic text, p_most integer, p_bytes integer); Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON FUNCTION evistore.take_posted(p_topic text, p_most integer, p_bytes integer) IS 'Takes at most p_most of the oldest messages for p_topic out of the outbox, and none that begins after p_bytes of content, passing over those that another sender holds. Commit once the broker has them; a rollback puts them back.';

-- Name: first(anyelement, timestamp with time zone); Type: AGGREGATE; Schema: cdviz; Owner: cdviz
CREATE AGGREGATE cdviz.first(value anyelement, "time" timestamp with time zone) (
    SFUNC = cdviz.keep_first,
    STYPE = cdviz.value_at,
    FINALFUNC = cdviz.value_kept,
    FINALFUNC_EXTRA
);

ALTER AGGREGATE cdviz.first(value anyelement, "time" timestamp with time zone) OWNER TO cdviz;

-- Name: AGGREGATE first(value anyelement, "time" timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON AGGREGATE cdviz.first(value anyelement, "time" timestamp with time zone) IS 'The value at the earliest time, as in TimescaleDB.';

-- Name: last(anyelement, timestamp with time zone); Type: AGGREGATE; Schema: cdviz; Owner: cdviz
CREATE AGGREGATE cdviz.last(value anyelement, "time" timestamp with time zone) (
    SFUNC = cdviz.keep_last,
    STYPE = cdviz.value_at,
    FINALFUNC = cdviz.value_kept,
    FINALFUNC_EXTRA
);

ALTER AGGREGATE cdviz.last(value anyelement, "time" timestamp with time zone) OWNER TO cdviz;

-- Name: AGGREGATE last(value anyelement, "time" timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON AGGREGATE cdviz.last(value anyelement, "time" timestamp with time zone) IS 'The value at the latest time, as in TimescaleDB.';

-- Name: activity_rollup; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.activity_rollup (
    day date NOT NULL,
    subject text NOT NULL,
    predicate text NOT NULL,
    source text NOT NULL,
    events bigint NOT NULL
);

ALTER TABLE cdviz.activity_rollup OWNER TO cdviz;

-- Name: TABLE activity_rollup; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.activity_rollup IS 'One row per day, kind of event and source: the events counted so far. Read cdviz.activity_daily, which adds those that are not.';

-- Name: COLUMN activity_rollup.day; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_rollup.day IS 'Day of the events'' own times, UTC.';

-- Name: COLUMN activity_rollup.subject; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_rollup.subject IS 'Kind of subject.';

-- Name: COLUMN activity_rollup.predicate; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_rollup.predicate IS 'What happened.';

-- Name: COLUMN activity_rollup.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_rollup.source IS 'Who sent them.';

-- Name: COLUMN activity_rollup.events; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_rollup.events IS 'How many.';

-- Name: activity_daily; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.activity_daily AS
 SELECT day,
    subject,
    predicate,
    source,
    (sum(events))::bigint AS events
   FROM ( SELECT r.day,
            r.subject,
            r.predicate,
            r.source,
            r.events
           FROM cdviz.activity_rollup r
        UNION ALL
         SELECT u.day,
            u.subject,
            u.predicate,
            u.source,
            u.events
           FROM cdviz.activity_uncounted() u(day, subject, predicate, source, events)) a
  GROUP BY day, subject, predicate, source;

ALTER VIEW cdviz.activity_daily OWNER TO cdviz;

-- Name: VIEW activity_daily; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.activity_daily IS 'One row per day (UTC), kind of event and source: how many events there were. Exact at any moment, late events included; what retention took away stays counted.';

-- Name: COLUMN activity_daily.day; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_daily.day IS 'Day of the events'' own times, UTC.';

-- Name: COLUMN activity_daily.subject; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_daily.subject IS 'Kind of subject.';

-- Name: COLUMN activity_daily.predicate; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_daily.predicate IS 'What happened.';

-- Name: COLUMN activity_daily.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_daily.source IS 'Who sent them, at most 300 characters of it; empty where the sender is not known.';

-- Name: COLUMN activity_daily.events; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_daily.events IS 'How many.';

-- Name: activity_progress; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.activity_progress (
    xid xid8 NOT NULL,
    "position" bigint NOT NULL,
    refreshed_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE cdviz.activity_progress OWNER TO cdviz;

-- Name: TABLE activity_progress; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.activity_progress IS 'The one row that tells which events cdviz.activity_rollup holds: those of every transaction before xid.';

-- Name: COLUMN activity_progress.xid; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_progress.xid IS 'First transaction that is not counted yet; all before it have ended.';

-- Name: COLUMN activity_progress."position"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_progress."position" IS 'Highest position that is counted; tells new events apart where a restored database starts its transaction numbers anew.';

-- Name: COLUMN activity_progress.refreshed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.activity_progress.refreshed_at IS 'When the counts were brought forward.';

-- Name: cdevents_lake; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.cdevents_lake (
    imported_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    payload jsonb NOT NULL,
    subject text NOT NULL,
    predicate text NOT NULL,
    version integer[],
    context_id text NOT NULL,
    "position" bigint,
    digest bytea,
    source text,
    subject_id text,
    verdict text,
    verdict_reasons jsonb
)
PARTITION BY RANGE ("timestamp");

ALTER TABLE cdviz.cdevents_lake OWNER TO cdviz;

-- Name: TABLE cdevents_lake; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.cdevents_lake IS 'One row per CDEvent, as it was received. Appended to, never changed.';

-- Name: COLUMN cdevents_lake.imported_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake.imported_at IS 'When the event was stored.';

-- Name: COLUMN cdevents_lake."timestamp"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake."timestamp" IS 'When it happened, by its sender: context.timestamp.';

-- Name: COLUMN cdevents_lake.payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake.payload IS 'The whole event as received.';

-- Name: COLUMN cdevents_lake.subject; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake.subject IS 'What it is about, lower case: third part of context.type.';

-- Name: COLUMN cdevents_lake.predicate; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake.predicate IS 'What happened to it, lower case: fourth part of context.type.';

-- Name: COLUMN cdevents_lake.version; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake.version IS 'Version of the event type. Subscripts start at 0: version[0], version[1], version[2] = major, minor, patch.';

-- Name: COLUMN cdevents_lake.context_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake.context_id IS 'context.id; unique within its source.';

-- Name: COLUMN cdevents_lake."position"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake."position" IS 'Number of the event in this database; with timestamp it names one row.';

-- Name: COLUMN cdevents_lake.digest; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake.digest IS 'SHA-256 of payload::text as UTF-8, taken when the event was stored.';

-- Name: COLUMN cdevents_lake.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake.source IS 'context.source: who sent it.';

-- Name: COLUMN cdevents_lake.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake.subject_id IS 'subject.id; null where the event names none.';

-- Name: COLUMN cdevents_lake.verdict; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake.verdict IS 'Does it keep the CDEvents schema of its version: valid, invalid, no-schema (an unknown version); null: not looked at.';

-- Name: COLUMN cdevents_lake.verdict_reasons; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake.verdict_reasons IS 'The first reasons of an invalid event: [{"path": JSON pointer, "message": text}].';

-- Name: subject_state; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.subject_state (
    node bigint NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone,
    last_position bigint,
    last_tie bigint,
    queued_at timestamp with time zone,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    skipped_at timestamp with time zone,
    packaged_at timestamp with time zone,
    signed_at timestamp with time zone,
    published_at timestamp with time zone,
    downloaded_at timestamp with time zone,
    deleted_at timestamp with time zone,
    deployed_at timestamp with time zone,
    upgraded_at timestamp with time zone,
    rolledback_at timestamp with time zone,
    removed_at timestamp with time zone,
    detected_at timestamp with time zone,
    reported_at timestamp with time zone,
    resolved_at timestamp with time zone,
    created_at timestamp with time zone,
    updated_at timestamp with time zone,
    closed_at timestamp with time zone,
    reviewed_at timestamp with time zone,
    merged_at timestamp with time zone,
    abandoned_at timestamp with time zone,
    modified_at timestamp with time zone,
    name_at timestamp with time zone,
    environment_at timestamp with time zone,
    artifact_at timestamp with time zone,
    service_at timestamp with time zone,
    chain_at timestamp with time zone,
    last_rank smallint,
    subject text NOT NULL,
    subject_id text NOT NULL,
    source text,
    outcome text,
    name text,
    environment_id text,
    artifact_id text,
    service_id text,
    chain_id text,
    canonical_id text,
    other_at jsonb,
    last_payload jsonb,
    definition_id text
)
WITH (fillfactor='85');

ALTER TABLE cdviz.subject_state OWNER TO cdviz;

-- Name: TABLE subject_state; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.subject_state IS 'One row per subject that an event was about (last_at is set) or only named (last_at is null): when each thing happened to it last, and what is known of it. Event times decide, never the order of arrival.';

-- Name: COLUMN subject_state.node; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.node IS 'Number of the subject in the graph.';

-- Name: COLUMN subject_state.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN subject_state.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.last_at IS 'Time of the newest event about it; null where it was only named by others.';

-- Name: COLUMN subject_state.last_position; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.last_position IS 'Position of that event: with last_at the pointer to its payload in the lake.';

-- Name: COLUMN subject_state.last_tie; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.last_tie IS 'Hash of the newest event''s context.id: decides between events of one instant and place.';

-- Name: COLUMN subject_state.queued_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.queued_at IS 'Latest queued event.';

-- Name: COLUMN subject_state.started_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.started_at IS 'Latest started event.';

-- Name: COLUMN subject_state.finished_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.finished_at IS 'Latest finished event.';

-- Name: COLUMN subject_state.skipped_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.skipped_at IS 'Latest skipped event.';

-- Name: COLUMN subject_state.packaged_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.packaged_at IS 'Latest packaged event.';

-- Name: COLUMN subject_state.signed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.signed_at IS 'Latest signed event.';

-- Name: COLUMN subject_state.published_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.published_at IS 'Latest published event.';

-- Name: COLUMN subject_state.downloaded_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.downloaded_at IS 'Latest downloaded event.';

-- Name: COLUMN subject_state.deleted_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.deleted_at IS 'Latest deleted event.';

-- Name: COLUMN subject_state.deployed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.deployed_at IS 'Latest deployed event.';

-- Name: COLUMN subject_state.upgraded_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.upgraded_at IS 'Latest upgraded event.';

-- Name: COLUMN subject_state.rolledback_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.rolledback_at IS 'Latest rolledback event.';

-- Name: COLUMN subject_state.removed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.removed_at IS 'Latest removed event.';

-- Name: COLUMN subject_state.detected_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.detected_at IS 'Latest detected event.';

-- Name: COLUMN subject_state.reported_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.reported_at IS 'Latest reported event.';

-- Name: COLUMN subject_state.resolved_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.resolved_at IS 'Latest resolved event.';

-- Name: COLUMN subject_state.created_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.created_at IS 'Latest created event.';

-- Name: COLUMN subject_state.updated_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.updated_at IS 'Latest updated event.';

-- Name: COLUMN subject_state.closed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.closed_at IS 'Latest closed event.';

-- Name: COLUMN subject_state.reviewed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.reviewed_at IS 'Latest reviewed event.';

-- Name: COLUMN subject_state.merged_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.merged_at IS 'Latest merged event.';

-- Name: COLUMN subject_state.abandoned_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.abandoned_at IS 'Latest abandoned event.';

-- Name: COLUMN subject_state.modified_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.modified_at IS 'Latest modified event.';

-- Name: COLUMN subject_state.name_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.name_at IS 'Time of the event that gave name.';

-- Name: COLUMN subject_state.environment_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.environment_at IS 'Time of the event that gave environment_id.';

-- Name: COLUMN subject_state.artifact_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.artifact_at IS 'Time of the event that gave artifact_id.';

-- Name: COLUMN subject_state.service_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.service_at IS 'Time of the event that gave service_id.';

-- Name: COLUMN subject_state.chain_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.chain_at IS 'Time of the event that gave chain_id.';

-- Name: COLUMN subject_state.last_rank; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.last_rank IS 'Place of the newest event''s predicate in a life cycle: decides between events of one instant.';

-- Name: COLUMN subject_state.subject; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.subject IS 'Its type, lower case, as in the lake; unknown where a link names no type.';

-- Name: COLUMN subject_state.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.subject_id IS 'Its id as sent.';

-- Name: COLUMN subject_state.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.source IS 'context.source of the newest event.';

-- Name: COLUMN subject_state.outcome; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.outcome IS 'Outcome of the latest finished event.';

-- Name: COLUMN subject_state.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.name IS 'What people call it: pipelineName, taskName, name of the test case or suite, name, summary.';

-- Name: COLUMN subject_state.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.environment_id IS 'Environment it was last said to be in.';

-- Name: COLUMN subject_state.artifact_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.artifact_id IS 'Artifact it was last said to hold or to have made.';

-- Name: COLUMN subject_state.service_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.service_id IS 'Service it was last said to affect.';

-- Name: COLUMN subject_state.chain_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.chain_id IS 'Chain of events (context.chainId) it was last part of; the graph shows it as partOf.';

-- Name: COLUMN subject_state.canonical_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.canonical_id IS 'Canonical package URL where the id is one and is written in another way.';

-- Name: COLUMN subject_state.other_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.other_at IS 'Latest time of each predicate outside the vocabulary, as epoch microseconds by predicate.';

-- Name: COLUMN subject_state.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.last_payload IS 'Payload of the newest event, only once retention has taken it from the lake.';

-- Name: COLUMN subject_state.definition_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject_state.definition_id IS 'Test case or test suite that a run is of; of several told, the greatest.';

-- Name: approval; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.approval AS
 SELECT subject_id,
    created_at,
    updated_at,
    closed_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'approval'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.approval OWNER TO cdviz;

-- Name: VIEW approval; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.approval IS 'One row per approval: when it was last created, updated and closed. Times are null until their event arrives.';

-- Name: COLUMN approval.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.approval.subject_id IS 'Its id, as sent.';

-- Name: COLUMN approval.created_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.approval.created_at IS 'Latest time it was created.';

-- Name: COLUMN approval.updated_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.approval.updated_at IS 'Latest time it was updated.';

-- Name: COLUMN approval.closed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.approval.closed_at IS 'Latest time it was closed.';

-- Name: COLUMN approval.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.approval.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN approval.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.approval.source IS 'context.source of the newest event.';

-- Name: COLUMN approval.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.approval.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN approval.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.approval.last_at IS 'Time of the newest event about it.';

-- Name: artifact; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.artifact AS
 SELECT subject_id,
    packaged_at,
    signed_at,
    published_at,
    downloaded_at,
    deleted_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    COALESCE(canonical_id, subject_id) AS canonical_id,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'artifact'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.artifact OWNER TO cdviz;

-- Name: VIEW artifact; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.artifact IS 'One row per artifact: when it was last packaged, signed, published, downloaded and deleted. Times are null until their event arrives.';

-- Name: COLUMN artifact.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.artifact.subject_id IS 'Its id, as sent.';

-- Name: COLUMN artifact.packaged_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.artifact.packaged_at IS 'Latest time it was packaged.';

-- Name: COLUMN artifact.signed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.artifact.signed_at IS 'Latest time it was signed.';

-- Name: COLUMN artifact.published_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.artifact.published_at IS 'Latest time it was published.';

-- Name: COLUMN artifact.downloaded_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.artifact.downloaded_at IS 'Latest time it was downloaded.';

-- Name: COLUMN artifact.deleted_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.artifact.deleted_at IS 'Latest time it was deleted.';

-- Name: COLUMN artifact.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.artifact.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN artifact.canonical_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.artifact.canonical_id IS 'Canonical spelling of its package URL; the id itself where that is canonical.';

-- Name: COLUMN artifact.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.artifact.source IS 'context.source of the newest event.';

-- Name: COLUMN artifact.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.artifact.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN artifact.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.artifact.last_at IS 'Time of the newest event about it.';

-- Name: branch; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.branch AS
 SELECT subject_id,
    created_at,
    deleted_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'branch'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.branch OWNER TO cdviz;

-- Name: VIEW branch; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.branch IS 'One row per branch: when it was last created and deleted. Times are null until their event arrives.';

-- Name: COLUMN branch.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.branch.subject_id IS 'Its id, as sent.';

-- Name: COLUMN branch.created_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.branch.created_at IS 'Latest time it was created.';

-- Name: COLUMN branch.deleted_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.branch.deleted_at IS 'Latest time it was deleted.';

-- Name: COLUMN branch.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.branch.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN branch.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.branch.source IS 'context.source of the newest event.';

-- Name: COLUMN branch.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.branch.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN branch.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.branch.last_at IS 'Time of the newest event about it.';

-- Name: build; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.build AS
 SELECT subject_id,
    queued_at,
    started_at,
    finished_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    artifact_id,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'build'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.build OWNER TO cdviz;

-- Name: VIEW build; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.build IS 'One row per build: when it was last queued, started and finished, and what it made. Times are null until their event arrives.';

-- Name: COLUMN build.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.build.subject_id IS 'Its id, as sent.';

-- Name: COLUMN build.queued_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.build.queued_at IS 'Latest time it was queued.';

-- Name: COLUMN build.started_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.build.started_at IS 'Latest time it was started.';

-- Name: COLUMN build.finished_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.build.finished_at IS 'Latest time it finished.';

-- Name: COLUMN build.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.build.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN build.artifact_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.build.artifact_id IS 'Artifact it was last said to hold, blame or have made.';

-- Name: COLUMN build.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.build.source IS 'context.source of the newest event.';

-- Name: COLUMN build.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.build.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN build.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.build.last_at IS 'Time of the newest event about it.';

-- Name: cdevents_lake_default; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.cdevents_lake_default (
    imported_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP CONSTRAINT cdevents_lake_imported_at_not_null NOT NULL,
    "timestamp" timestamp with time zone CONSTRAINT cdevents_lake_timestamp_not_null NOT NULL,
    payload jsonb CONSTRAINT cdevents_lake_payload_not_null NOT NULL,
    subject text CONSTRAINT cdevents_lake_subject_not_null NOT NULL,
    predicate text CONSTRAINT cdevents_lake_predicate_not_null NOT NULL,
    version integer[],
    context_id text CONSTRAINT cdevents_lake_context_id_not_null NOT NULL,
    "position" bigint,
    digest bytea,
    source text,
    subject_id text,
    verdict text,
    verdict_reasons jsonb
);

ALTER TABLE cdviz.cdevents_lake_default OWNER TO cdviz;

-- Name: TABLE cdevents_lake_default; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.cdevents_lake_default IS 'Events outside every weekly partition; evistore maintain moves them.';

-- Name: COLUMN cdevents_lake_default.imported_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default.imported_at IS 'When the event was stored.';

-- Name: COLUMN cdevents_lake_default."timestamp"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default."timestamp" IS 'When it happened, by its sender: context.timestamp.';

-- Name: COLUMN cdevents_lake_default.payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default.payload IS 'The whole event as received.';

-- Name: COLUMN cdevents_lake_default.subject; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default.subject IS 'What it is about, lower case: third part of context.type.';

-- Name: COLUMN cdevents_lake_default.predicate; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default.predicate IS 'What happened to it, lower case: fourth part of context.type.';

-- Name: COLUMN cdevents_lake_default.version; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default.version IS 'Version of the event type. Subscripts start at 0: version[0], version[1], version[2] = major, minor, patch.';

-- Name: COLUMN cdevents_lake_default.context_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default.context_id IS 'context.id; unique within its source.';

-- Name: COLUMN cdevents_lake_default."position"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default."position" IS 'Number of the event in this database; with timestamp it names one row.';

-- Name: COLUMN cdevents_lake_default.digest; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default.digest IS 'SHA-256 of payload::text as UTF-8, taken when the event was stored.';

-- Name: COLUMN cdevents_lake_default.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default.source IS 'context.source: who sent it.';

-- Name: COLUMN cdevents_lake_default.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default.subject_id IS 'subject.id; null where the event names none.';

-- Name: COLUMN cdevents_lake_default.verdict; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default.verdict IS 'Does it keep the CDEvents schema of its version: valid, invalid, no-schema (an unknown version); null: not looked at.';

-- Name: COLUMN cdevents_lake_default.verdict_reasons; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.cdevents_lake_default.verdict_reasons IS 'The first reasons of an invalid event: [{"path": JSON pointer, "message": text}].';

-- Name: change; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.change AS
 SELECT subject_id,
    created_at,
    reviewed_at,
    updated_at,
    merged_at,
    abandoned_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'change'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.change OWNER TO cdviz;

-- Name: VIEW change; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.change IS 'One row per change (pull request, merge request): when it was last created, reviewed, updated, merged and abandoned. Times are null until their event arrives.';

-- Name: COLUMN change.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.change.subject_id IS 'Its id, as sent.';

-- Name: COLUMN change.created_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.change.created_at IS 'Latest time it was created.';

-- Name: COLUMN change.reviewed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.change.reviewed_at IS 'Latest time it was reviewed.';

-- Name: COLUMN change.updated_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.change.updated_at IS 'Latest time it was updated.';

-- Name: COLUMN change.merged_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.change.merged_at IS 'Latest time it was merged.';

-- Name: COLUMN change.abandoned_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.change.abandoned_at IS 'Latest time it was abandoned.';

-- Name: COLUMN change.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.change.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN change.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.change.source IS 'context.source of the newest event.';

-- Name: COLUMN change.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.change.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN change.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.change.last_at IS 'Time of the newest event about it.';

-- Name: subject; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.subject AS
 SELECT subject,
    subject_id,
    ( SELECT l.predicate
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position))) AS last_predicate,
    last_at,
    ( SELECT jsonb_object_agg(t.predicate, t.at) AS jsonb_object_agg
           FROM ( SELECT o.key AS predicate,
                    ('1970-01-01 00:00:00+00'::timestamp with time zone + (((o.value)::bigint)::double precision * '00:00:00.000001'::interval)) AS at
                   FROM jsonb_each_text(s.other_at) o(key, value)
                UNION ALL
                 SELECT k.predicate,
                    k.at
                   FROM ( VALUES ('queued'::text,s.queued_at), ('started'::text,s.started_at), ('finished'::text,s.finished_at), ('skipped'::text,s.skipped_at), ('packaged'::text,s.packaged_at), ('signed'::text,s.signed_at), ('published'::text,s.published_at), ('downloaded'::text,s.downloaded_at), ('deleted'::text,s.deleted_at), ('deployed'::text,s.deployed_at), ('upgraded'::text,s.upgraded_at), ('rolledback'::text,s.rolledback_at), ('removed'::text,s.removed_at), ('detected'::text,s.detected_at), ('reported'::text,s.reported_at), ('resolved'::text,s.resolved_at), ('created'::text,s.created_at), ('updated'::text,s.updated_at), ('closed'::text,s.closed_at), ('reviewed'::text,s.reviewed_at), ('merged'::text,s.merged_at), ('abandoned'::text,s.abandoned_at), ('modified'::text,s.modified_at)) k(predicate, at)
                  WHERE (k.at IS NOT NULL)) t) AS predicate_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    outcome,
    name,
    environment_id,
    artifact_id,
    service_id,
    source,
    first_seen_at,
    COALESCE(canonical_id, subject_id) AS canonical_id
   FROM cdviz.subject_state s;

ALTER VIEW cdviz.subject OWNER TO cdviz;

-- Name: VIEW subject; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.subject IS 'One row per subject of any type, even one that was only named: the latest time of each thing that happened to it.';

-- Name: COLUMN subject.subject; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.subject IS 'Its type, lower case, such as mytool-resource.';

-- Name: COLUMN subject.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.subject_id IS 'Its id, as sent.';

-- Name: COLUMN subject.last_predicate; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.last_predicate IS 'What happened to it last; null once retention took that event.';

-- Name: COLUMN subject.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.last_at IS 'Time of the newest event about it; null where it was only named by others.';

-- Name: COLUMN subject.predicate_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.predicate_at IS 'Latest time of each predicate, as a JSON object by predicate.';

-- Name: COLUMN subject.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN subject.outcome; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.outcome IS 'Outcome of the latest finished event.';

-- Name: COLUMN subject.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.name IS 'What people call it, by the newest event that says so.';

-- Name: COLUMN subject.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.environment_id IS 'Environment it was last said to be in.';

-- Name: COLUMN subject.artifact_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.artifact_id IS 'Artifact it was last said to hold, blame or have made.';

-- Name: COLUMN subject.service_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.service_id IS 'Service it was last said to affect.';

-- Name: COLUMN subject.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.source IS 'context.source of the newest event.';

-- Name: COLUMN subject.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN subject.canonical_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.subject.canonical_id IS 'Canonical spelling of its package URL; else the id itself.';

-- Name: custom_subject; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.custom_subject AS
 SELECT subject,
    subject_id,
    last_predicate,
    last_at,
    predicate_at,
    last_payload,
    outcome,
    name,
    environment_id,
    artifact_id,
    service_id,
    source,
    first_seen_at
   FROM cdviz.subject s
  WHERE ((last_at IS NOT NULL) AND (subject <> ALL (ARRAY['pipelinerun'::text, 'taskrun'::text, 'build'::text, 'artifact'::text, 'service'::text, 'incident'::text, 'testcaserun'::text, 'testsuiterun'::text, 'ticket'::text, 'change'::text, 'branch'::text, 'repository'::text, 'environment'::text, 'testoutput'::text, 'approval'::text, 'testcase'::text, 'testsuite'::text])));

ALTER VIEW cdviz.custom_subject OWNER TO cdviz;

-- Name: VIEW custom_subject; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.custom_subject IS 'One row per subject of a type outside the CDEvents vocabulary: the latest time of each thing that happened to it.';

-- Name: COLUMN custom_subject.subject; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.subject IS 'Its type, lower case, such as mytool-resource.';

-- Name: COLUMN custom_subject.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.subject_id IS 'Its id, as sent.';

-- Name: COLUMN custom_subject.last_predicate; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.last_predicate IS 'What happened to it last; null once retention took that event.';

-- Name: COLUMN custom_subject.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.last_at IS 'Time of the newest event about it.';

-- Name: COLUMN custom_subject.predicate_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.predicate_at IS 'Latest time of each predicate, as a JSON object by predicate.';

-- Name: COLUMN custom_subject.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN custom_subject.outcome; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.outcome IS 'Outcome of the latest finished event.';

-- Name: COLUMN custom_subject.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.name IS 'What people call it, by the newest event that says so.';

-- Name: COLUMN custom_subject.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.environment_id IS 'Environment it was last said to be in.';

-- Name: COLUMN custom_subject.artifact_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.artifact_id IS 'Artifact it was last said to hold, blame or have made.';

-- Name: COLUMN custom_subject.service_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.service_id IS 'Service it was last said to affect.';

-- Name: COLUMN custom_subject.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.source IS 'context.source of the newest event.';

-- Name: COLUMN custom_subject.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.custom_subject.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: edge; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.edge (
    id bigint NOT NULL,
    from_node bigint NOT NULL,
    to_node bigint NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    last_position bigint NOT NULL,
    seen integer NOT NULL,
    relation text NOT NULL
)
WITH (fillfactor='90');

ALTER TABLE cdviz.edge OWNER TO cdviz;

-- Name: TABLE edge; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.edge IS 'One row per relation between two subjects: from the consumer or instance to what it depends on or is defined by.';

-- Name: COLUMN edge.id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.edge.id IS 'Number of the edge.';

-- Name: COLUMN edge.from_node; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.edge.from_node IS 'Consumer, instance or later one.';

-- Name: COLUMN edge.to_node; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.edge.to_node IS 'What it depends on, is defined by or came from.';

-- Name: COLUMN edge.first_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.edge.first_at IS 'Time of the earliest event that says so.';

-- Name: COLUMN edge.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.edge.last_at IS 'Time of the newest event that says so.';

-- Name: COLUMN edge.last_position; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.edge.last_position IS 'Position of the event that was stored last of those that say so.';

-- Name: COLUMN edge.seen; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.edge.seen IS 'How many events say so.';

-- Name: COLUMN edge.relation; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.edge.relation IS 'What ties them, such as deployedWith.';

-- Name: edge_id_seq; Type: SEQUENCE; Schema: cdviz; Owner: cdviz
ALTER TABLE cdviz.edge ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME cdviz.edge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: environment; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.environment AS
 SELECT subject_id,
    created_at,
    modified_at,
    deleted_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    name,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'environment'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.environment OWNER TO cdviz;

-- Name: VIEW environment; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.environment IS 'One row per environment: when it was last created, modified and deleted. Times are null until their event arrives.';

-- Name: COLUMN environment.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.environment.subject_id IS 'Its id, as sent.';

-- Name: COLUMN environment.created_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.environment.created_at IS 'Latest time it was created.';

-- Name: COLUMN environment.modified_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.environment.modified_at IS 'Latest time it was modified.';

-- Name: COLUMN environment.deleted_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.environment.deleted_at IS 'Latest time it was deleted.';

-- Name: COLUMN environment.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.environment.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN environment.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.environment.name IS 'What people call it, by the newest event that says so.';

-- Name: COLUMN environment.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.environment.source IS 'context.source of the newest event.';

-- Name: COLUMN environment.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.environment.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN environment.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.environment.last_at IS 'Time of the newest event about it.';

-- Name: environment_kind; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.environment_kind (
    environment_id text NOT NULL,
    is_production boolean NOT NULL
);

ALTER TABLE cdviz.environment_kind OWNER TO cdviz;

-- Name: TABLE environment_kind; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.environment_kind IS 'One row per environment of which somebody said whether it is production; cdviz.set_production writes it, cdviz.production adds what names tell.';

-- Name: COLUMN environment_kind.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.environment_kind.environment_id IS 'Environment.';

-- Name: COLUMN environment_kind.is_production; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.environment_kind.is_production IS 'Whether users are served there.';

-- Name: event_identity; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.event_identity (
    context_key bigint NOT NULL,
    key uuid NOT NULL,
    content uuid NOT NULL,
    "position" bigint NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    xid xid8 NOT NULL
);

ALTER TABLE cdviz.event_identity OWNER TO cdviz;

-- Name: TABLE event_identity; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.event_identity IS 'One row per (context.source, context.id) ever stored: what makes an event the same event, over all time and whatever its timestamp.';

-- Name: COLUMN event_identity.context_key; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.event_identity.context_key IS 'Hash of the lower-case context.id: links name an event by that alone.';

-- Name: COLUMN event_identity.key; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.event_identity.key IS 'First half of the SHA-256 of source and id.';

-- Name: COLUMN event_identity.content; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.event_identity.content IS 'First half of the digest of the stored payload: tells a duplicate from a conflict, even after the event has left the lake.';

-- Name: COLUMN event_identity."position"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.event_identity."position" IS 'Position of the event in the lake.';

-- Name: COLUMN event_identity."timestamp"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.event_identity."timestamp" IS 'When the event happened; with position it finds the row of the lake.';

-- Name: COLUMN event_identity.xid; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.event_identity.xid IS 'Transaction that stored it: whoever follows the lake reads below the oldest one still running, and misses nothing.';

-- Name: event_position; Type: SEQUENCE; Schema: cdviz; Owner: cdviz
CREATE SEQUENCE cdviz.event_position
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE cdviz.event_position OWNER TO cdviz;

-- Name: SEQUENCE event_position; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON SEQUENCE cdviz.event_position IS 'Gives every event its position.';

-- Name: service_placement; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.service_placement (
    service_id text NOT NULL,
    environment_id text NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    "position" bigint NOT NULL,
    predicate text NOT NULL,
    artifact_id text
)
WITH (fillfactor='70');

ALTER TABLE cdviz.service_placement OWNER TO cdviz;

-- Name: TABLE service_placement; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.service_placement IS 'One row per service and environment: the newest event that changed what runs there. It survives retention.';

-- Name: COLUMN service_placement.service_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_placement.service_id IS 'Service.';

-- Name: COLUMN service_placement.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_placement.environment_id IS 'Environment.';

-- Name: COLUMN service_placement."timestamp"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_placement."timestamp" IS 'When it happened.';

-- Name: COLUMN service_placement."position"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_placement."position" IS 'The event in the lake.';

-- Name: COLUMN service_placement.predicate; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_placement.predicate IS 'deployed, upgraded, rolledback or removed.';

-- Name: COLUMN service_placement.artifact_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_placement.artifact_id IS 'Artifact that runs since; null for removed.';

-- Name: graph_edges; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.graph_edges AS
 SELECT e.id,
    f.subject_id AS from_node_id,
    t.subject_id AS to_node_id,
    e.relation,
    e.last_at AS event_timestamp,
    ( SELECT l.context_id
           FROM (cdviz.event_identity i
             JOIN cdviz.cdevents_lake l ON (((l."timestamp" = i."timestamp") AND (l."position" = i."position"))))
          WHERE (i."position" = e.last_position)) AS source_event_id,
    e.first_at,
    e.seen,
        CASE
            WHEN (f.subject <> 'service'::text) THEN NULL::timestamp with time zone
            WHEN ((e.relation = 'deployedWith'::text) AND (t.subject = 'artifact'::text)) THEN cdviz.service_run_ended(f.subject_id, t.subject_id)
            WHEN ((e.relation = 'deployedTo'::text) AND (t.subject = 'environment'::text)) THEN ( SELECT p."timestamp"
               FROM cdviz.service_placement p
              WHERE ((p.service_id = f.subject_id) AND (p.environment_id = t.subject_id) AND (p.predicate = 'removed'::text)))
            ELSE NULL::timestamp with time zone
        END AS ended_at,
    f.subject AS from_node_type,
    t.subject AS to_node_type
   FROM ((cdviz.edge e
     JOIN cdviz.subject_state f ON ((f.node = e.from_node)))
     JOIN cdviz.subject_state t ON ((t.node = e.to_node)))
UNION ALL
 SELECT (- s.node) AS id,
    s.subject_id AS from_node_id,
    s.chain_id AS to_node_id,
    'partOf'::text AS relation,
    s.chain_at AS event_timestamp,
    ( SELECT l.context_id
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.chain_at) AND (hashtextextended(l.subject_id, (0)::bigint) = hashtextextended(s.subject_id, (0)::bigint)) AND (l.subject_id = s.subject_id) AND (l.subject = s.subject))
          ORDER BY l."position" DESC
         LIMIT 1) AS source_event_id,
    s.chain_at AS first_at,
    1 AS seen,
    NULL::timestamp with time zone AS ended_at,
    s.subject AS from_node_type,
    'chain'::text AS to_node_type
   FROM cdviz.subject_state s
  WHERE (s.chain_id IS NOT NULL);

ALTER VIEW cdviz.graph_edges OWNER TO cdviz;

-- Name: VIEW graph_edges; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.graph_edges IS 'One row per relation between two nodes of the graph, with its life.';

-- Name: COLUMN graph_edges.id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_edges.id IS 'Number of the edge; negative for being part of a chain.';

-- Name: COLUMN graph_edges.from_node_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_edges.from_node_id IS 'Id of the consumer, instance or later one.';

-- Name: COLUMN graph_edges.to_node_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_edges.to_node_id IS 'Id of what it depends on, is defined by or came from.';

-- Name: COLUMN graph_edges.relation; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_edges.relation IS 'What ties them, such as deployedWith.';

-- Name: COLUMN graph_edges.event_timestamp; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_edges.event_timestamp IS 'Time of the newest event that says so.';

-- Name: COLUMN graph_edges.source_event_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_edges.source_event_id IS 'context.id of an event that says so, the one stored last; null once retention took it.';

-- Name: COLUMN graph_edges.first_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_edges.first_at IS 'Time of the earliest event that says so.';

-- Name: COLUMN graph_edges.seen; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_edges.seen IS 'How many events say so.';

-- Name: COLUMN graph_edges.ended_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_edges.ended_at IS 'When a service stopped running that artifact anywhere, or was removed from that environment; null while it lasts.';

-- Name: COLUMN graph_edges.from_node_type; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_edges.from_node_type IS 'Type of the subject it goes from.';

-- Name: COLUMN graph_edges.to_node_type; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_edges.to_node_type IS 'Type of the subject it goes to.';

-- Name: graph_nodes; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.graph_nodes AS
 SELECT subject_id AS node_id,
    subject AS node_type,
    first_seen_at,
    COALESCE((COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) #> '{subject,content}'::text[]), '{}'::jsonb) AS properties
   FROM cdviz.subject_state s
  WHERE ((subject <> 'unknown'::text) OR (NOT (EXISTS ( SELECT
           FROM cdviz.subject_state t
          WHERE ((t.subject_id = s.subject_id) AND (t.subject <> 'unknown'::text))))));

ALTER VIEW cdviz.graph_nodes OWNER TO cdviz;

-- Name: VIEW graph_nodes; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.graph_nodes IS 'One row per node of the graph: a subject that an event was about, or that an event named.';

-- Name: COLUMN graph_nodes.node_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_nodes.node_id IS 'Id of the subject, as sent.';

-- Name: COLUMN graph_nodes.node_type; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_nodes.node_type IS 'Its type, lower case; unknown where links name the id without a type.';

-- Name: COLUMN graph_nodes.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_nodes.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN graph_nodes.properties; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.graph_nodes.properties IS 'subject.content of the newest event about it; empty where it was only named.';

-- Name: incident; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.incident AS
 SELECT subject_id,
    detected_at,
    reported_at,
    resolved_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    name,
    environment_id,
    service_id,
    artifact_id,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'incident'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.incident OWNER TO cdviz;

-- Name: VIEW incident; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.incident IS 'One row per incident: when it was last detected, reported and resolved. Times are null until their event arrives.';

-- Name: COLUMN incident.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.incident.subject_id IS 'Its id, as sent.';

-- Name: COLUMN incident.detected_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.incident.detected_at IS 'Latest time it was detected.';

-- Name: COLUMN incident.reported_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.incident.reported_at IS 'Latest time it was reported.';

-- Name: COLUMN incident.resolved_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.incident.resolved_at IS 'Latest time it was resolved.';

-- Name: COLUMN incident.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.incident.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN incident.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.incident.name IS 'What people call it, by the newest event that says so.';

-- Name: COLUMN incident.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.incident.environment_id IS 'Environment it was last said to be in.';

-- Name: COLUMN incident.service_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.incident.service_id IS 'Service it was last said to affect.';

-- Name: COLUMN incident.artifact_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.incident.artifact_id IS 'Artifact it was last said to hold, blame or have made.';

-- Name: COLUMN incident.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.incident.source IS 'context.source of the newest event.';

-- Name: COLUMN incident.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.incident.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN incident.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.incident.last_at IS 'Time of the newest event about it.';

-- Name: lake_move; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.lake_move (
    kind text NOT NULL,
    total bigint NOT NULL,
    reached timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    xid xid8,
    moved bigint DEFAULT 0 NOT NULL,
    set_aside bigint DEFAULT 0 NOT NULL,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT lake_move_kind_check CHECK ((kind = ANY (ARRAY['adoption'::text, 'conversion'::text])))
);

ALTER TABLE cdviz.lake_move OWNER TO cdviz;

-- Name: TABLE lake_move; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.lake_move IS 'One row per move of the lake, so that it goes on where it was interrupted: the adoption of another system''s table, the conversion to TimescaleDB.';

-- Name: COLUMN lake_move.kind; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.lake_move.kind IS 'adoption or conversion.';

-- Name: COLUMN lake_move.total; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.lake_move.total IS 'How many events there were at the start, as far as PostgreSQL''s statistics know.';

-- Name: COLUMN lake_move.reached; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.lake_move.reached IS 'Events before this moment have moved.';

-- Name: COLUMN lake_move.xid; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.lake_move.xid IS 'Conversion: events that this transaction or a later one stored may be missing in what has moved.';

-- Name: COLUMN lake_move.moved; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.lake_move.moved IS 'How many events have moved.';

-- Name: COLUMN lake_move.set_aside; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.lake_move.set_aside IS 'Adoption: how many stand in quarantine, because their source and id were taken.';

-- Name: COLUMN lake_move.started_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.lake_move.started_at IS 'When it began.';

-- Name: COLUMN lake_move.finished_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.lake_move.finished_at IS 'When it ended; null: it has not.';

-- Name: lake_partition; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.lake_partition (
    week timestamp with time zone NOT NULL,
    name text NOT NULL
);

ALTER TABLE cdviz.lake_partition OWNER TO cdviz;

-- Name: TABLE lake_partition; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.lake_partition IS 'One row per weekly partition of the lake (native engine).';

-- Name: COLUMN lake_partition.week; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.lake_partition.week IS 'Monday 00:00 UTC: first moment of the partition.';

-- Name: COLUMN lake_partition.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.lake_partition.name IS 'Name of the partition.';

-- Name: legal_hold; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.legal_hold (
    subject text NOT NULL,
    subject_id text NOT NULL,
    reason text NOT NULL,
    placed_by text DEFAULT SESSION_USER NOT NULL,
    placed_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE cdviz.legal_hold OWNER TO cdviz;

-- Name: TABLE legal_hold; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.legal_hold IS 'One row per subject whose events retention must leave alone, until the row is deleted.';

-- Name: COLUMN legal_hold.subject; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.legal_hold.subject IS 'Kind of subject.';

-- Name: COLUMN legal_hold.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.legal_hold.subject_id IS 'Its id as sent.';

-- Name: COLUMN legal_hold.reason; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.legal_hold.reason IS 'Why it is held.';

-- Name: COLUMN legal_hold.placed_by; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.legal_hold.placed_by IS 'Login that placed the hold.';

-- Name: COLUMN legal_hold.placed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.legal_hold.placed_at IS 'When it was placed.';

-- Name: pending_link; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.pending_link (
    context_key bigint NOT NULL,
    context_id text NOT NULL,
    subject text NOT NULL,
    subject_id text NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    "position" bigint NOT NULL,
    relation text NOT NULL,
    seen integer NOT NULL
);

ALTER TABLE cdviz.pending_link OWNER TO cdviz;

-- Name: TABLE pending_link; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.pending_link IS 'One row per link to an event that has not been seen yet; it becomes an edge when that event comes.';

-- Name: COLUMN pending_link.context_key; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pending_link.context_key IS 'Hash of the lower-case context.id that is waited for, as in event_identity.';

-- Name: COLUMN pending_link.context_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pending_link.context_id IS 'That id.';

-- Name: COLUMN pending_link.subject; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pending_link.subject IS 'Type of the subject whose event holds the link.';

-- Name: COLUMN pending_link.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pending_link.subject_id IS 'Its id.';

-- Name: COLUMN pending_link."timestamp"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pending_link."timestamp" IS 'Time of the event that holds the link.';

-- Name: COLUMN pending_link."position"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pending_link."position" IS 'Position of the event that holds the link.';

-- Name: COLUMN pending_link.relation; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pending_link.relation IS 'Relation the edge will have.';

-- Name: COLUMN pending_link.seen; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pending_link.seen IS 'How many links of that event say so.';

-- Name: pipelinerun; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.pipelinerun AS
 SELECT subject_id,
    queued_at,
    started_at,
    finished_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    outcome,
    name,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'pipelinerun'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.pipelinerun OWNER TO cdviz;

-- Name: VIEW pipelinerun; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.pipelinerun IS 'One row per pipeline run: when it was last queued, started and finished, and how it ended. Times are null until their event arrives.';

-- Name: COLUMN pipelinerun.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pipelinerun.subject_id IS 'Its id, as sent.';

-- Name: COLUMN pipelinerun.queued_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pipelinerun.queued_at IS 'Latest time it was queued.';

-- Name: COLUMN pipelinerun.started_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pipelinerun.started_at IS 'Latest time it was started.';

-- Name: COLUMN pipelinerun.finished_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pipelinerun.finished_at IS 'Latest time it finished.';

-- Name: COLUMN pipelinerun.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pipelinerun.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN pipelinerun.outcome; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pipelinerun.outcome IS 'Outcome of the latest finished event.';

-- Name: COLUMN pipelinerun.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pipelinerun.name IS 'What people call it, by the newest event that says so.';

-- Name: COLUMN pipelinerun.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pipelinerun.source IS 'context.source of the newest event.';

-- Name: COLUMN pipelinerun.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pipelinerun.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN pipelinerun.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.pipelinerun.last_at IS 'Time of the newest event about it.';

-- Name: production; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.production AS
 SELECT e.environment_id,
    COALESCE(k.is_production, ((e.environment_id ~* '(^|[^a-z])(production|prod|prd|live)([^a-z]|$)'::text) AND (e.environment_id !~* '(^|[^a-z])(pre|non|not)[^a-z]?(production|prod|prd|live)'::text))) AS is_production,
    (k.is_production IS NOT NULL) AS is_set
   FROM (( SELECT s.subject_id AS environment_id
           FROM cdviz.subject_state s
          WHERE (s.subject = 'environment'::text)
        UNION
         SELECT t.environment_id
           FROM cdviz.environment_kind t) e
     LEFT JOIN cdviz.environment_kind k ON ((k.environment_id = e.environment_id)));

ALTER VIEW cdviz.production OWNER TO cdviz;

-- Name: VIEW production; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.production IS 'One row per environment: whether it is production. Somebody said so by cdviz.set_production, or its name does: by the word prod, production, prd or live, unless pre, non or not stands before.';

-- Name: COLUMN production.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.production.environment_id IS 'Environment.';

-- Name: COLUMN production.is_production; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.production.is_production IS 'Whether users are served there.';

-- Name: COLUMN production.is_set; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.production.is_set IS 'Whether somebody said so; else its name tells.';

-- Name: quarantine; Type: TABLE; Schema: evistore; Owner: cdviz
CREATE TABLE evistore.quarantine (
    id bigint NOT NULL,
    context text NOT NULL,
    received_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    origin text NOT NULL,
    payload jsonb,
    raw bytea,
    digest bytea NOT NULL,
    seen integer DEFAULT 1 NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    settled_at timestamp with time zone,
    settled_by text,
    CONSTRAINT quarantine_content_check CHECK (((payload IS NOT NULL) OR (raw IS NOT NULL))),
    CONSTRAINT quarantine_state_check CHECK ((state = ANY (ARRAY['open'::text, 'replayed'::text, 'dropped'::text])))
);

ALTER TABLE evistore.quarantine OWNER TO cdviz;

-- Name: TABLE quarantine; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON TABLE evistore.quarantine IS 'One row per message that was kept but not taken in: what came, why it was set aside, and what became of it.';

-- Name: COLUMN quarantine.id; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.id IS 'Number of the row, shown to the sender.';

-- Name: COLUMN quarantine.context; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.context IS 'Which body of evidence it was meant for: delivery or clusters.';

-- Name: COLUMN quarantine.received_at; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.received_at IS 'When it came.';

-- Name: COLUMN quarantine.reason; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.reason IS 'Stable code of the reason, such as conflict or timestamp-missing.';

-- Name: COLUMN quarantine.detail; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.detail IS 'The reason in words, for people.';

-- Name: COLUMN quarantine.origin; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.origin IS 'The door and the place it came from, such as kafka:cdevents/3/1047 or http.';

-- Name: COLUMN quarantine.payload; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.payload IS 'The message where it is JSON that PostgreSQL can hold.';

-- Name: COLUMN quarantine.raw; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.raw IS 'The message as bytes where it is not.';

-- Name: COLUMN quarantine.digest; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.digest IS 'SHA-256 of the message as kept here.';

-- Name: COLUMN quarantine.seen; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.seen IS 'How often it came.';

-- Name: COLUMN quarantine.state; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.state IS 'open, replayed (taken in since) or dropped.';

-- Name: COLUMN quarantine.settled_at; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.settled_at IS 'When it was replayed or dropped.';

-- Name: COLUMN quarantine.settled_by; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.quarantine.settled_by IS 'The login that replayed or dropped it.';

-- Name: quarantine; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.quarantine AS
 SELECT id,
    received_at,
    reason,
    detail,
    origin,
    payload,
    raw,
    seen,
    state,
    settled_at,
    settled_by
   FROM evistore.quarantine q
  WHERE (context = 'delivery'::text);

ALTER VIEW cdviz.quarantine OWNER TO cdviz;

-- Name: VIEW quarantine; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.quarantine IS 'One row per message that was kept but not taken in: what came, why it was set aside, and what became of it.';

-- Name: COLUMN quarantine.id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.quarantine.id IS 'Number of the row, as the sender was told.';

-- Name: COLUMN quarantine.received_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.quarantine.received_at IS 'When it came first.';

-- Name: COLUMN quarantine.reason; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.quarantine.reason IS 'Stable code of the reason, such as conflict or timestamp-missing.';

-- Name: COLUMN quarantine.detail; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.quarantine.detail IS 'The reason in words.';

-- Name: COLUMN quarantine.origin; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.quarantine.origin IS 'The door and the place it came from.';

-- Name: COLUMN quarantine.payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.quarantine.payload IS 'The message where it is JSON that PostgreSQL can hold.';

-- Name: COLUMN quarantine.raw; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.quarantine.raw IS 'The message as bytes where it is not.';

-- Name: COLUMN quarantine.seen; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.quarantine.seen IS 'How often it came.';

-- Name: COLUMN quarantine.state; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.quarantine.state IS 'open, replayed (taken in since) or dropped.';

-- Name: COLUMN quarantine.settled_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.quarantine.settled_at IS 'When it was replayed or dropped.';

-- Name: COLUMN quarantine.settled_by; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.quarantine.settled_by IS 'The login that replayed or dropped it.';

-- Name: repository; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.repository AS
 SELECT subject_id,
    created_at,
    modified_at,
    deleted_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    name,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'repository'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.repository OWNER TO cdviz;

-- Name: VIEW repository; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.repository IS 'One row per repository: when it was last created, modified and deleted. Times are null until their event arrives.';

-- Name: COLUMN repository.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.repository.subject_id IS 'Its id, as sent.';

-- Name: COLUMN repository.created_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.repository.created_at IS 'Latest time it was created.';

-- Name: COLUMN repository.modified_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.repository.modified_at IS 'Latest time it was modified.';

-- Name: COLUMN repository.deleted_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.repository.deleted_at IS 'Latest time it was deleted.';

-- Name: COLUMN repository.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.repository.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN repository.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.repository.name IS 'What people call it, by the newest event that says so.';

-- Name: COLUMN repository.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.repository.source IS 'context.source of the newest event.';

-- Name: COLUMN repository.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.repository.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN repository.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.repository.last_at IS 'Time of the newest event about it.';

-- Name: retention_policy; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.retention_policy (
    subject text NOT NULL,
    keep interval,
    CONSTRAINT retention_policy_keep_check CHECK ((keep >= '1 day'::interval))
);

ALTER TABLE cdviz.retention_policy OWNER TO cdviz;

-- Name: TABLE retention_policy; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.retention_policy IS 'One row per kind of subject whose events are kept for a time of their own; the row of * holds for all others.';

-- Name: COLUMN retention_policy.subject; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.retention_policy.subject IS 'Kind of subject, as in the lake, or *.';

-- Name: COLUMN retention_policy.keep; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.retention_policy.keep IS 'Age up to which its events stay in the lake; null: for ever.';

-- Name: service; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.service AS
 SELECT subject_id,
    deployed_at,
    upgraded_at,
    rolledback_at,
    removed_at,
    published_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    environment_id,
    artifact_id,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'service'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.service OWNER TO cdviz;

-- Name: VIEW service; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.service IS 'One row per service: when it was last deployed, upgraded, rolled back, removed and published, anywhere; cdviz.services tells the environments apart. Times are null until their event arrives.';

-- Name: COLUMN service.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service.subject_id IS 'Its id, as sent.';

-- Name: COLUMN service.deployed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service.deployed_at IS 'Latest time it was deployed.';

-- Name: COLUMN service.upgraded_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service.upgraded_at IS 'Latest time it was upgraded.';

-- Name: COLUMN service.rolledback_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service.rolledback_at IS 'Latest time it was rolled back.';

-- Name: COLUMN service.removed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service.removed_at IS 'Latest time it was removed.';

-- Name: COLUMN service.published_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service.published_at IS 'Latest time it was published.';

-- Name: COLUMN service.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN service.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service.environment_id IS 'Environment it was last said to be in.';

-- Name: COLUMN service.artifact_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service.artifact_id IS 'Artifact it was last said to hold, blame or have made.';

-- Name: COLUMN service.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service.source IS 'context.source of the newest event.';

-- Name: COLUMN service.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN service.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service.last_at IS 'Time of the newest event about it.';

-- Name: service_event; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.service_event (
    service_id text NOT NULL,
    environment_id text NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    "position" bigint NOT NULL,
    predicate text NOT NULL,
    artifact_id text,
    source text
);

ALTER TABLE cdviz.service_event OWNER TO cdviz;

-- Name: TABLE service_event; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.service_event IS 'One row per event that changed what a service runs in an environment: deployed, upgraded, rolledback, removed.';

-- Name: COLUMN service_event.service_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event.service_id IS 'Service.';

-- Name: COLUMN service_event.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event.environment_id IS 'Environment; empty where the event names none.';

-- Name: COLUMN service_event."timestamp"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event."timestamp" IS 'When it happened.';

-- Name: COLUMN service_event."position"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event."position" IS 'The event in the lake.';

-- Name: COLUMN service_event.predicate; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event.predicate IS 'deployed, upgraded, rolledback or removed.';

-- Name: COLUMN service_event.artifact_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event.artifact_id IS 'Artifact that ran from then on; null for removed.';

-- Name: COLUMN service_event.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event.source IS 'context.source of the event.';

-- Name: services; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.services AS
 SELECT service_id,
    environment_id,
    artifact_id,
    "timestamp" AS since,
    predicate
   FROM cdviz.service_placement p
  WHERE (predicate <> 'removed'::text);

ALTER VIEW cdviz.services OWNER TO cdviz;

-- Name: VIEW services; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.services IS 'One row per service and environment where it runs now. For another moment ask cdviz.what_runs(moment).';

-- Name: COLUMN services.service_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.services.service_id IS 'Service.';

-- Name: COLUMN services.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.services.environment_id IS 'Environment.';

-- Name: COLUMN services.artifact_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.services.artifact_id IS 'Artifact that runs there.';

-- Name: COLUMN services.since; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.services.since IS 'Time of the event that says so.';

-- Name: COLUMN services.predicate; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.services.predicate IS 'What that event was: deployed, upgraded or rolledback.';

-- Name: storage_policy; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.storage_policy (
    name text NOT NULL,
    value interval,
    meaning text NOT NULL,
    CONSTRAINT storage_policy_value_check CHECK ((value >= '00:00:00'::interval))
);

ALTER TABLE cdviz.storage_policy OWNER TO cdviz;

-- Name: TABLE storage_policy; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.storage_policy IS 'One row per setting of the storage; cdviz.set_policy changes it.';

-- Name: COLUMN storage_policy.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.storage_policy.name IS 'Its name.';

-- Name: COLUMN storage_policy.value; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.storage_policy.value IS 'Its value; null: never.';

-- Name: COLUMN storage_policy.meaning; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.storage_policy.meaning IS 'What it decides.';

-- Name: subject_state_node_seq; Type: SEQUENCE; Schema: cdviz; Owner: cdviz
ALTER TABLE cdviz.subject_state ALTER COLUMN node ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME cdviz.subject_state_node_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: taskrun; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.taskrun AS
 SELECT subject_id,
    started_at,
    finished_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    outcome,
    name,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'taskrun'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.taskrun OWNER TO cdviz;

-- Name: VIEW taskrun; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.taskrun IS 'One row per task run: when it was last started and finished, and how it ended. Times are null until their event arrives.';

-- Name: COLUMN taskrun.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.taskrun.subject_id IS 'Its id, as sent.';

-- Name: COLUMN taskrun.started_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.taskrun.started_at IS 'Latest time it was started.';

-- Name: COLUMN taskrun.finished_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.taskrun.finished_at IS 'Latest time it finished.';

-- Name: COLUMN taskrun.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.taskrun.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN taskrun.outcome; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.taskrun.outcome IS 'Outcome of the latest finished event.';

-- Name: COLUMN taskrun.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.taskrun.name IS 'What people call it, by the newest event that says so.';

-- Name: COLUMN taskrun.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.taskrun.source IS 'context.source of the newest event.';

-- Name: COLUMN taskrun.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.taskrun.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN taskrun.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.taskrun.last_at IS 'Time of the newest event about it.';

-- Name: testcase; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.testcase AS
 SELECT subject_id,
    queued_at,
    started_at,
    finished_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    outcome,
    name,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'testcase'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.testcase OWNER TO cdviz;

-- Name: VIEW testcase; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.testcase IS 'One row per test case, as CDEvents before 0.3 reported them: when it was last queued, started and finished. Times are null until their event arrives.';

-- Name: COLUMN testcase.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcase.subject_id IS 'Its id, as sent.';

-- Name: COLUMN testcase.queued_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcase.queued_at IS 'Latest time it was queued.';

-- Name: COLUMN testcase.started_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcase.started_at IS 'Latest time it was started.';

-- Name: COLUMN testcase.finished_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcase.finished_at IS 'Latest time it finished.';

-- Name: COLUMN testcase.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcase.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN testcase.outcome; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcase.outcome IS 'Outcome of the latest finished event.';

-- Name: COLUMN testcase.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcase.name IS 'What people call it, by the newest event that says so.';

-- Name: COLUMN testcase.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcase.source IS 'context.source of the newest event.';

-- Name: COLUMN testcase.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcase.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN testcase.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcase.last_at IS 'Time of the newest event about it.';

-- Name: testcaserun; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.testcaserun AS
 SELECT subject_id,
    queued_at,
    started_at,
    finished_at,
    skipped_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    outcome,
    name,
    environment_id,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'testcaserun'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.testcaserun OWNER TO cdviz;

-- Name: VIEW testcaserun; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.testcaserun IS 'One row per run of a test case: when it was last queued, started, finished and skipped. Times are null until their event arrives.';

-- Name: COLUMN testcaserun.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcaserun.subject_id IS 'Its id, as sent.';

-- Name: COLUMN testcaserun.queued_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcaserun.queued_at IS 'Latest time it was queued.';

-- Name: COLUMN testcaserun.started_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcaserun.started_at IS 'Latest time it was started.';

-- Name: COLUMN testcaserun.finished_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcaserun.finished_at IS 'Latest time it finished.';

-- Name: COLUMN testcaserun.skipped_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcaserun.skipped_at IS 'Latest time it was skipped.';

-- Name: COLUMN testcaserun.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcaserun.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN testcaserun.outcome; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcaserun.outcome IS 'Outcome of the latest finished event.';

-- Name: COLUMN testcaserun.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcaserun.name IS 'What people call it, by the newest event that says so.';

-- Name: COLUMN testcaserun.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcaserun.environment_id IS 'Environment it was last said to be in.';

-- Name: COLUMN testcaserun.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcaserun.source IS 'context.source of the newest event.';

-- Name: COLUMN testcaserun.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcaserun.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN testcaserun.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testcaserun.last_at IS 'Time of the newest event about it.';

-- Name: testoutput; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.testoutput AS
 SELECT subject_id,
    published_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'testoutput'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.testoutput OWNER TO cdviz;

-- Name: VIEW testoutput; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.testoutput IS 'One row per output of a test run: when it was last published. Times are null until their event arrives.';

-- Name: COLUMN testoutput.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testoutput.subject_id IS 'Its id, as sent.';

-- Name: COLUMN testoutput.published_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testoutput.published_at IS 'Latest time it was published.';

-- Name: COLUMN testoutput.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testoutput.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN testoutput.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testoutput.source IS 'context.source of the newest event.';

-- Name: COLUMN testoutput.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testoutput.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN testoutput.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testoutput.last_at IS 'Time of the newest event about it.';

-- Name: testsuite; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.testsuite AS
 SELECT subject_id,
    started_at,
    finished_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    outcome,
    name,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'testsuite'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.testsuite OWNER TO cdviz;

-- Name: VIEW testsuite; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.testsuite IS 'One row per test suite, as CDEvents before 0.3 reported them: when it was last started and finished. Times are null until their event arrives.';

-- Name: COLUMN testsuite.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuite.subject_id IS 'Its id, as sent.';

-- Name: COLUMN testsuite.started_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuite.started_at IS 'Latest time it was started.';

-- Name: COLUMN testsuite.finished_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuite.finished_at IS 'Latest time it finished.';

-- Name: COLUMN testsuite.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuite.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN testsuite.outcome; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuite.outcome IS 'Outcome of the latest finished event.';

-- Name: COLUMN testsuite.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuite.name IS 'What people call it, by the newest event that says so.';

-- Name: COLUMN testsuite.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuite.source IS 'context.source of the newest event.';

-- Name: COLUMN testsuite.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuite.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN testsuite.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuite.last_at IS 'Time of the newest event about it.';

-- Name: testsuiterun; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.testsuiterun AS
 SELECT subject_id,
    queued_at,
    started_at,
    finished_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    outcome,
    name,
    environment_id,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'testsuiterun'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.testsuiterun OWNER TO cdviz;

-- Name: VIEW testsuiterun; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.testsuiterun IS 'One row per run of a test suite: when it was last queued, started and finished. Times are null until their event arrives.';

-- Name: COLUMN testsuiterun.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuiterun.subject_id IS 'Its id, as sent.';

-- Name: COLUMN testsuiterun.queued_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuiterun.queued_at IS 'Latest time it was queued.';

-- Name: COLUMN testsuiterun.started_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuiterun.started_at IS 'Latest time it was started.';

-- Name: COLUMN testsuiterun.finished_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuiterun.finished_at IS 'Latest time it finished.';

-- Name: COLUMN testsuiterun.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuiterun.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN testsuiterun.outcome; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuiterun.outcome IS 'Outcome of the latest finished event.';

-- Name: COLUMN testsuiterun.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuiterun.name IS 'What people call it, by the newest event that says so.';

-- Name: COLUMN testsuiterun.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuiterun.environment_id IS 'Environment it was last said to be in.';

-- Name: COLUMN testsuiterun.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuiterun.source IS 'context.source of the newest event.';

-- Name: COLUMN testsuiterun.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuiterun.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN testsuiterun.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.testsuiterun.last_at IS 'Time of the newest event about it.';

-- Name: ticket; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.ticket AS
 SELECT subject_id,
    created_at,
    updated_at,
    closed_at,
    COALESCE(last_payload, ( SELECT l.payload
           FROM cdviz.cdevents_lake l
          WHERE ((l."timestamp" = s.last_at) AND (l."position" = s.last_position)))) AS last_payload,
    name,
    source,
    first_seen_at,
    last_at
   FROM cdviz.subject_state s
  WHERE ((subject = 'ticket'::text) AND (last_at IS NOT NULL));

ALTER VIEW cdviz.ticket OWNER TO cdviz;

-- Name: VIEW ticket; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.ticket IS 'One row per ticket: when it was last created, updated and closed. Times are null until their event arrives.';

-- Name: COLUMN ticket.subject_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.ticket.subject_id IS 'Its id, as sent.';

-- Name: COLUMN ticket.created_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.ticket.created_at IS 'Latest time it was created.';

-- Name: COLUMN ticket.updated_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.ticket.updated_at IS 'Latest time it was updated.';

-- Name: COLUMN ticket.closed_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.ticket.closed_at IS 'Latest time it was closed.';

-- Name: COLUMN ticket.last_payload; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.ticket.last_payload IS 'Payload of the newest event about it.';

-- Name: COLUMN ticket.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.ticket.name IS 'What people call it, by the newest event that says so.';

-- Name: COLUMN ticket.source; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.ticket.source IS 'context.source of the newest event.';

-- Name: COLUMN ticket.first_seen_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.ticket.first_seen_at IS 'Time of the earliest event that named it.';

-- Name: COLUMN ticket.last_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.ticket.last_at IS 'Time of the newest event about it.';

-- Name: webhook; Type: TABLE; Schema: cdviz; Owner: cdviz
CREATE TABLE cdviz.webhook (
    name text NOT NULL,
    url text NOT NULL,
    secret text NOT NULL,
    subjects text[],
    predicates text[],
    sources text[],
    environments text[],
    services text[],
    batch integer DEFAULT 1 NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    after_xid xid8 NOT NULL,
    after_position bigint NOT NULL,
    delivered bigint DEFAULT 0 NOT NULL,
    delivered_at timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    failing_since timestamp with time zone,
    next_try_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    last_status integer,
    last_answer text,
    claim uuid,
    claimed_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by text DEFAULT SESSION_USER NOT NULL,
    CONSTRAINT webhook_batch_check CHECK (((batch >= 1) AND (batch <= 1000))),
    CONSTRAINT webhook_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'::text)),
    CONSTRAINT webhook_secret_check CHECK ((secret ~ '^whsec_[A-Za-z0-9+/]{32,}={0,2}$'::text)),
    CONSTRAINT webhook_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'disabled'::text]))),
    CONSTRAINT webhook_url_check CHECK (((url ~ '^https?://'::text) AND (octet_length(url) <= 2000)))
)
WITH (fillfactor='50');

ALTER TABLE cdviz.webhook OWNER TO cdviz;

-- Name: TABLE webhook; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.webhook IS 'One row per webhook: where events are sent to, which, how far that has come, and how it goes. cdviz.webhooks shows it without secrets.';

-- Name: COLUMN webhook.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.name IS 'What people call it.';

-- Name: COLUMN webhook.url; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.url IS 'Where events are sent to; it may hold a secret of the receiver.';

-- Name: COLUMN webhook.secret; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.secret IS 'Key of the signatures: whsec_ and base64.';

-- Name: COLUMN webhook.subjects; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.subjects IS 'Only events about subjects of these types; null: of any.';

-- Name: COLUMN webhook.predicates; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.predicates IS 'Only these predicates; null: any.';

-- Name: COLUMN webhook.sources; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.sources IS 'Only events of these sources; null: of any.';

-- Name: COLUMN webhook.environments; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.environments IS 'Only events that name, or are about, one of these environments; null: any event.';

-- Name: COLUMN webhook.services; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.services IS 'Only events that name, or are about, one of these services; null: any event.';

-- Name: COLUMN webhook.batch; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.batch IS 'Most events of one request; 1: each comes alone, and not as a list.';

-- Name: COLUMN webhook.state; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.state IS 'active, paused (by somebody) or disabled (the receiver said that it is gone for good).';

-- Name: COLUMN webhook.after_xid; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.after_xid IS 'Transaction of the last event that was delivered or passed over: with after_position its place in the feed.';

-- Name: COLUMN webhook.after_position; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.after_position IS 'Position of that event.';

-- Name: COLUMN webhook.delivered; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.delivered IS 'Events that were delivered.';

-- Name: COLUMN webhook.delivered_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.delivered_at IS 'When the last of them was.';

-- Name: COLUMN webhook.failures; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.failures IS 'Attempts that have failed since.';

-- Name: COLUMN webhook.failing_since; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.failing_since IS 'When the first of them failed; null while all is well.';

-- Name: COLUMN webhook.next_try_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.next_try_at IS 'It is not tried before.';

-- Name: COLUMN webhook.last_status; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.last_status IS 'HTTP status of the last answer; null when there was none.';

-- Name: COLUMN webhook.last_answer; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.last_answer IS 'The beginning of the last answer that refused, or why there was none.';

-- Name: COLUMN webhook.claim; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.claim IS 'The worker that serves it now.';

-- Name: COLUMN webhook.claimed_until; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.claimed_until IS 'When another worker may take it: whoever claimed it was killed.';

-- Name: COLUMN webhook.created_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.created_at IS 'When it was added.';

-- Name: COLUMN webhook.created_by; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhook.created_by IS 'The login that added it.';

-- Name: webhooks; Type: VIEW; Schema: cdviz; Owner: cdviz
CREATE VIEW cdviz.webhooks AS
 SELECT name,
    "substring"(url, '^https?://([^/?#]+)'::text) AS host,
    subjects,
    predicates,
    sources,
    environments,
    services,
    batch,
    state,
    after_position,
    ( WITH following AS (
                 SELECT i."position"
                   FROM cdviz.event_identity i
                  WHERE (ROW(i.xid, i."position") > ROW(w.after_xid, w.after_position))
                  ORDER BY i.xid, i."position"
                 LIMIT 10000
                )
         SELECT count(*) AS count
           FROM following) AS behind,
    delivered,
    delivered_at,
    failures,
    failing_since,
        CASE
            WHEN ((state = 'active'::text) AND (failures > 0)) THEN next_try_at
            ELSE NULL::timestamp with time zone
        END AS next_try_at,
    last_status,
    last_answer,
    created_at,
    created_by
   FROM cdviz.webhook w;

ALTER VIEW cdviz.webhooks OWNER TO cdviz;

-- Name: VIEW webhooks; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON VIEW cdviz.webhooks IS 'One row per webhook: which events it is told of, how far that has come, and how it goes.';

-- Name: COLUMN webhooks.name; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.name IS 'What people call it.';

-- Name: COLUMN webhooks.host; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.host IS 'Where events are sent to; the rest of the URL may hold a secret.';

-- Name: COLUMN webhooks.subjects; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.subjects IS 'Only events about subjects of these types; null: of any.';

-- Name: COLUMN webhooks.predicates; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.predicates IS 'Only these predicates; null: any.';

-- Name: COLUMN webhooks.sources; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.sources IS 'Only events of these sources; null: of any.';

-- Name: COLUMN webhooks.environments; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.environments IS 'Only events that name, or are about, one of these environments; null: any event.';

-- Name: COLUMN webhooks.services; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.services IS 'Only events that name, or are about, one of these services; null: any event.';

-- Name: COLUMN webhooks.batch; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.batch IS 'Most events of one request; 1: each comes alone, and not as a list.';

-- Name: COLUMN webhooks.state; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.state IS 'active, paused (by somebody) or disabled (the receiver said that it is gone for good).';

-- Name: COLUMN webhooks.after_position; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.after_position IS 'Position of the last event that was delivered or passed over.';

-- Name: COLUMN webhooks.behind; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.behind IS 'Events that have still to be looked at; 10000 means as many or more.';

-- Name: COLUMN webhooks.delivered; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.delivered IS 'Events that were delivered.';

-- Name: COLUMN webhooks.delivered_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.delivered_at IS 'When the last of them was.';

-- Name: COLUMN webhooks.failures; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.failures IS 'Attempts that have failed since.';

-- Name: COLUMN webhooks.failing_since; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.failing_since IS 'When the first of them failed; null while all is well.';

-- Name: COLUMN webhooks.next_try_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.next_try_at IS 'When it is tried again; null while all is well.';

-- Name: COLUMN webhooks.last_status; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.last_status IS 'HTTP status of the last answer; null when there was none.';

-- Name: COLUMN webhooks.last_answer; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.last_answer IS 'The beginning of the last answer that refused, or why there was none.';

-- Name: COLUMN webhooks.created_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.created_at IS 'When it was added.';

-- Name: COLUMN webhooks.created_by; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.webhooks.created_by IS 'The login that added it.';

-- Name: change; Type: TABLE; Schema: clusters; Owner: cdviz
CREATE TABLE clusters.change (
    id bigint NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    kind text NOT NULL,
    action text NOT NULL,
    org_id character varying NOT NULL,
    cluster_id character varying,
    rule_id character varying NOT NULL,
    error_key character varying NOT NULL,
    user_id character varying,
    login text DEFAULT SESSION_USER NOT NULL,
    before jsonb,
    after jsonb,
    CONSTRAINT change_content_check CHECK (((before IS NOT NULL) OR (after IS NOT NULL))),
    CONSTRAINT change_kind_check CHECK ((kind = ANY (ARRAY['toggle'::text, 'reason'::text, 'acknowledgement'::text])))
);

ALTER TABLE clusters.change OWNER TO cdviz;

-- Name: TABLE change; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON TABLE clusters.change IS 'One row per change of a toggle, of a reason for one, or of an acknowledgement. Appended to, never changed.';

-- Name: COLUMN change.id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.change.id IS 'Number of the change.';

-- Name: COLUMN change.changed_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.change.changed_at IS 'When it happened.';

-- Name: COLUMN change.kind; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.change.kind IS 'toggle (public.cluster_rule_toggle), reason (public.cluster_user_rule_disable_feedback) or acknowledgement (public.rule_disable).';

-- Name: COLUMN change.action; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.change.action IS 'What was done: disabled, enabled, explained, acknowledged, updated, withdrawn, deleted, or moved to another organisation.';

-- Name: COLUMN change.org_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.change.org_id IS 'Organisation, as text; after a move the new one.';

-- Name: COLUMN change.cluster_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.change.cluster_id IS 'Cluster; null for an acknowledgement, which is for all clusters of the organisation.';

-- Name: COLUMN change.rule_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.change.rule_id IS 'Rule as the client named it.';

-- Name: COLUMN change.error_key; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.change.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN change.user_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.change.user_id IS 'Who did it, as the caller says; null where nobody is named.';

-- Name: COLUMN change.login; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.change.login IS 'Database login that did it.';

-- Name: COLUMN change.before; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.change.before IS 'The row as it was; null where there was none.';

-- Name: COLUMN change.after; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.change.after IS 'The row as it is now; null where there is none any more.';

-- Name: change_id_seq; Type: SEQUENCE; Schema: clusters; Owner: cdviz
ALTER TABLE clusters.change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME clusters.change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: hit_episode; Type: TABLE; Schema: clusters; Owner: cdviz
CREATE TABLE clusters.hit_episode (
    cluster_id character varying NOT NULL,
    rule_fqdn text NOT NULL,
    error_key character varying NOT NULL,
    appeared_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    CONSTRAINT hit_episode_order_check CHECK ((resolved_at >= appeared_at))
);

ALTER TABLE clusters.hit_episode OWNER TO cdviz;

-- Name: TABLE hit_episode; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON TABLE clusters.hit_episode IS 'One row per stretch of time in which a cluster had a recommendation without a gap.';

-- Name: COLUMN hit_episode.cluster_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.hit_episode.cluster_id IS 'Cluster.';

-- Name: COLUMN hit_episode.rule_fqdn; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.hit_episode.rule_fqdn IS 'Component of the rule without its .report.';

-- Name: COLUMN hit_episode.error_key; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.hit_episode.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN hit_episode.appeared_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.hit_episode.appeared_at IS 'LastChecked of the first report that gave it.';

-- Name: COLUMN hit_episode.resolved_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.hit_episode.resolved_at IS 'LastChecked of the first report without it; null while it stands.';

-- Name: cluster_rule_toggle; Type: TABLE; Schema: public; Owner: cdviz
CREATE TABLE public.cluster_rule_toggle (
    cluster_id character varying NOT NULL,
    rule_id character varying NOT NULL,
    disabled smallint NOT NULL,
    disabled_at timestamp without time zone,
    enabled_at timestamp without time zone,
    updated_at timestamp without time zone NOT NULL,
    disabled_check smallint,
    error_key character varying DEFAULT ''::character varying NOT NULL,
    org_id character varying DEFAULT '0'::character varying NOT NULL,
    CONSTRAINT cluster_rule_toggle_disabled_check CHECK (((disabled >= 0) AND (disabled <= 1)))
);

ALTER TABLE public.cluster_rule_toggle OWNER TO cdviz;

-- Name: TABLE cluster_rule_toggle; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TABLE public.cluster_rule_toggle IS 'One row per rule that somebody has ever disabled for one cluster.';

-- Name: COLUMN cluster_rule_toggle.cluster_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_toggle.cluster_id IS 'Cluster.';

-- Name: COLUMN cluster_rule_toggle.rule_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_toggle.rule_id IS 'Rule as the client named it, usually with .report.';

-- Name: COLUMN cluster_rule_toggle.disabled; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_toggle.disabled IS '1 while it is disabled, 0 since it was enabled again.';

-- Name: COLUMN cluster_rule_toggle.disabled_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_toggle.disabled_at IS 'When it was disabled (UTC); null since it was enabled again.';

-- Name: COLUMN cluster_rule_toggle.enabled_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_toggle.enabled_at IS 'When it was enabled again (UTC); null while it is disabled.';

-- Name: COLUMN cluster_rule_toggle.updated_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_toggle.updated_at IS 'When somebody touched it last (UTC).';

-- Name: COLUMN cluster_rule_toggle.disabled_check; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_toggle.disabled_check IS 'Not used; old clients select it.';

-- Name: COLUMN cluster_rule_toggle.error_key; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_toggle.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN cluster_rule_toggle.org_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_toggle.org_id IS 'Organisation of the cluster, as text.';

-- Name: report; Type: TABLE; Schema: public; Owner: cdviz
CREATE TABLE public.report (
    org_id integer NOT NULL,
    cluster character varying NOT NULL,
    report character varying NOT NULL,
    reported_at timestamp without time zone,
    last_checked_at timestamp without time zone,
    kafka_offset bigint DEFAULT 0 NOT NULL,
    gathered_at timestamp without time zone
);

ALTER TABLE public.report OWNER TO cdviz;

-- Name: TABLE report; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TABLE public.report IS 'One row per cluster: the newest valid report, over all organisations.';

-- Name: COLUMN report.org_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.report.org_id IS 'Organisation the cluster belongs to.';

-- Name: COLUMN report.cluster; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.report.cluster IS 'Cluster, as its messages name it (a UUID).';

-- Name: COLUMN report.report; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.report.report IS 'The Report object of the message as compact JSON, names sorted on the outer level.';

-- Name: COLUMN report.reported_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.report.reported_at IS 'When it was stored (UTC).';

-- Name: COLUMN report.last_checked_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.report.last_checked_at IS 'LastChecked of the message (UTC); only a later one replaces the row.';

-- Name: COLUMN report.kafka_offset; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.report.kafka_offset IS 'Offset of the message in its partition; 0 where it did not come from Kafka.';

-- Name: COLUMN report.gathered_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.report.gathered_at IS 'When the cluster gathered the data (UTC), where the message says so.';

-- Name: report_info; Type: TABLE; Schema: public; Owner: cdviz
CREATE TABLE public.report_info (
    org_id integer NOT NULL,
    cluster_id character varying NOT NULL,
    version_info character varying NOT NULL
);

ALTER TABLE public.report_info OWNER TO cdviz;

-- Name: TABLE report_info; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TABLE public.report_info IS 'One row per cluster whose newest report tells its version.';

-- Name: COLUMN report_info.org_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.report_info.org_id IS 'Organisation of the cluster.';

-- Name: COLUMN report_info.cluster_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.report_info.cluster_id IS 'Cluster.';

-- Name: COLUMN report_info.version_info; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.report_info.version_info IS 'Version of the cluster, such as 4.14.1.';

-- Name: cluster_overview; Type: VIEW; Schema: clusters; Owner: cdviz
CREATE VIEW clusters.cluster_overview AS
 WITH hit AS (
         SELECT e.cluster_id,
            count(*) AS recommendations,
            min(e.appeared_at) AS oldest_at,
            max(e.appeared_at) AS newest_at
           FROM clusters.hit_episode e
          WHERE (e.resolved_at IS NULL)
          GROUP BY e.cluster_id
        ), toggle AS (
         SELECT t_1.cluster_id,
            count(*) AS disabled
           FROM public.cluster_rule_toggle t_1
          WHERE (t_1.disabled = 1)
          GROUP BY t_1.cluster_id
        )
 SELECT r.cluster AS cluster_id,
    r.org_id,
    i.version_info AS version,
    "substring"((i.version_info)::text, '^\d+\.\d+'::text) AS minor_version,
    (r.last_checked_at AT TIME ZONE 'UTC'::text) AS checked_at,
    (r.gathered_at AT TIME ZONE 'UTC'::text) AS gathered_at,
    (r.reported_at AT TIME ZONE 'UTC'::text) AS stored_at,
    COALESCE(h.recommendations, (0)::bigint) AS recommendations,
    h.oldest_at,
    h.newest_at,
    COALESCE(t.disabled, (0)::bigint) AS disabled
   FROM (((public.report r
     LEFT JOIN public.report_info i ON (((r.cluster)::text = (i.cluster_id)::text)))
     LEFT JOIN hit h ON (((r.cluster)::text = (h.cluster_id)::text)))
     LEFT JOIN toggle t ON (((r.cluster)::text = (t.cluster_id)::text)));

ALTER VIEW clusters.cluster_overview OWNER TO cdviz;

-- Name: VIEW cluster_overview; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON VIEW clusters.cluster_overview IS 'One row per cluster that ever sent a valid report: what it is, when it was heard last, and what is recommended.';

-- Name: COLUMN cluster_overview.cluster_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.cluster_overview.cluster_id IS 'Cluster, as its messages name it (a UUID).';

-- Name: COLUMN cluster_overview.org_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.cluster_overview.org_id IS 'Organisation it belongs to.';

-- Name: COLUMN cluster_overview.version; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.cluster_overview.version IS 'Its version, such as 4.14.1; null where its newest report does not tell.';

-- Name: COLUMN cluster_overview.minor_version; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.cluster_overview.minor_version IS 'Its minor version, such as 4.14; null where that is not known.';

-- Name: COLUMN cluster_overview.checked_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.cluster_overview.checked_at IS 'LastChecked of its newest report; null where that says nothing.';

-- Name: COLUMN cluster_overview.gathered_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.cluster_overview.gathered_at IS 'When it gathered the data of that report; null where that says nothing.';

-- Name: COLUMN cluster_overview.stored_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.cluster_overview.stored_at IS 'When that report was stored.';

-- Name: COLUMN cluster_overview.recommendations; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.cluster_overview.recommendations IS 'How many recommendations stand for it, disabled ones among them.';

-- Name: COLUMN cluster_overview.oldest_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.cluster_overview.oldest_at IS 'Since when the longest of them stands; null without any.';

-- Name: COLUMN cluster_overview.newest_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.cluster_overview.newest_at IS 'Since when the newest of them stands; null without any.';

-- Name: COLUMN cluster_overview.disabled; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.cluster_overview.disabled IS 'How many rules somebody has disabled for it, whether or not they stand.';

-- Name: consumer_fault; Type: TABLE; Schema: clusters; Owner: cdviz
CREATE TABLE clusters.consumer_fault (
    topic character varying NOT NULL,
    partition integer NOT NULL,
    topic_offset bigint NOT NULL,
    faults jsonb NOT NULL
);

ALTER TABLE clusters.consumer_fault OWNER TO cdviz;

-- Name: TABLE consumer_fault; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON TABLE clusters.consumer_fault IS 'One row per message of public.consumer_error: its whole offset and each of its faults.';

-- Name: COLUMN consumer_fault.topic; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_fault.topic IS 'Kafka topic.';

-- Name: COLUMN consumer_fault.partition; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_fault.partition IS 'Its partition.';

-- Name: COLUMN consumer_fault.topic_offset; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_fault.topic_offset IS 'Offset in the partition.';

-- Name: COLUMN consumer_fault.faults; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_fault.faults IS 'What is wrong, in the order of the message: [{"pointer": JSON pointer, "code": stable code, "text": words}].';

-- Name: consumer_error; Type: TABLE; Schema: public; Owner: cdviz
CREATE TABLE public.consumer_error (
    topic character varying NOT NULL,
    partition integer NOT NULL,
    topic_offset integer NOT NULL,
    key character varying,
    produced_at timestamp without time zone NOT NULL,
    consumed_at timestamp without time zone NOT NULL,
    message character varying,
    error character varying NOT NULL
);

ALTER TABLE public.consumer_error OWNER TO cdviz;

-- Name: TABLE consumer_error; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TABLE public.consumer_error IS 'One row per message that was no report, with all that is wrong with it. clusters.consumer_error shows offsets beyond 2147483647 and the faults one by one.';

-- Name: COLUMN consumer_error.topic; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.consumer_error.topic IS 'Kafka topic.';

-- Name: COLUMN consumer_error.partition; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.consumer_error.partition IS 'Its partition.';

-- Name: COLUMN consumer_error.topic_offset; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.consumer_error.topic_offset IS 'Offset in the partition, modulo 2147483648.';

-- Name: COLUMN consumer_error.key; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.consumer_error.key IS 'Key of the message; bytes that are no UTF-8 as \xNN.';

-- Name: COLUMN consumer_error.produced_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.consumer_error.produced_at IS 'Time of the message by its broker or producer (UTC).';

-- Name: COLUMN consumer_error.consumed_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.consumer_error.consumed_at IS 'When it was read (UTC).';

-- Name: COLUMN consumer_error.message; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.consumer_error.message IS 'The message; bytes that are no UTF-8 as \xNN.';

-- Name: COLUMN consumer_error.error; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.consumer_error.error IS 'What is wrong with it, in words.';

-- Name: consumer_error; Type: VIEW; Schema: clusters; Owner: cdviz
CREATE VIEW clusters.consumer_error AS
 SELECT e.topic,
    e.partition,
    COALESCE(f.topic_offset, (e.topic_offset)::bigint) AS topic_offset,
    e.key,
    (e.produced_at AT TIME ZONE 'UTC'::text) AS produced_at,
    (e.consumed_at AT TIME ZONE 'UTC'::text) AS consumed_at,
    e.message,
    e.error,
    f.faults
   FROM (public.consumer_error e
     LEFT JOIN LATERAL ( SELECT f_1.topic_offset,
            f_1.faults
           FROM clusters.consumer_fault f_1
          WHERE (((f_1.topic)::text = (e.topic)::text) AND (f_1.partition = e.partition) AND ((f_1.topic_offset & (2147483647)::bigint) = e.topic_offset))
          ORDER BY f_1.topic_offset DESC
         LIMIT 1) f ON (true));

ALTER VIEW clusters.consumer_error OWNER TO cdviz;

-- Name: VIEW consumer_error; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON VIEW clusters.consumer_error IS 'One row per message that was no report. What public.consumer_error cannot hold is here: offsets beyond 2147483647, and each fault.';

-- Name: COLUMN consumer_error.topic; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_error.topic IS 'Kafka topic.';

-- Name: COLUMN consumer_error.partition; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_error.partition IS 'Its partition.';

-- Name: COLUMN consumer_error.topic_offset; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_error.topic_offset IS 'Offset in the partition.';

-- Name: COLUMN consumer_error.key; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_error.key IS 'Key of the message; bytes that are no UTF-8 as \xNN.';

-- Name: COLUMN consumer_error.produced_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_error.produced_at IS 'Time of the message by its broker or producer.';

-- Name: COLUMN consumer_error.consumed_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_error.consumed_at IS 'When it was read.';

-- Name: COLUMN consumer_error.message; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_error.message IS 'The message; bytes that are no UTF-8 as \xNN.';

-- Name: COLUMN consumer_error.error; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_error.error IS 'What is wrong with it, in words.';

-- Name: COLUMN consumer_error.faults; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.consumer_error.faults IS 'The same one by one: [{"pointer": JSON pointer, "code": stable code, "text": words}]; null where another system wrote the row.';

-- Name: hit_day; Type: TABLE; Schema: clusters; Owner: cdviz
CREATE TABLE clusters.hit_day (
    id bigint NOT NULL,
    day date NOT NULL,
    rule_fqdn text NOT NULL,
    error_key character varying NOT NULL,
    appeared bigint NOT NULL,
    resolved bigint NOT NULL
);

ALTER TABLE clusters.hit_day OWNER TO cdviz;

-- Name: TABLE hit_day; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON TABLE clusters.hit_day IS 'For each day and recommendation one or more rows whose sums tell how often clusters.hit_episode says that it came up and was resolved.';

-- Name: COLUMN hit_day.id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.hit_day.id IS 'Number of the row.';

-- Name: COLUMN hit_day.day; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.hit_day.day IS 'Day, UTC.';

-- Name: COLUMN hit_day.rule_fqdn; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.hit_day.rule_fqdn IS 'Component of the rule without its .report.';

-- Name: COLUMN hit_day.error_key; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.hit_day.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN hit_day.appeared; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.hit_day.appeared IS 'How often it came up; less than nothing where history was taken away.';

-- Name: COLUMN hit_day.resolved; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.hit_day.resolved IS 'How often it was resolved; less than nothing where history was taken away.';

-- Name: hit_day_id_seq; Type: SEQUENCE; Schema: clusters; Owner: cdviz
ALTER TABLE clusters.hit_day ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME clusters.hit_day_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: quarantine; Type: VIEW; Schema: clusters; Owner: cdviz
CREATE VIEW clusters.quarantine AS
 SELECT id,
    received_at,
    COALESCE("substring"(reason, '^(report|workloads):'::text), 'report'::text) AS kind,
    regexp_replace(reason, '^(report|workloads):'::text, ''::text) AS reason,
    detail,
    origin,
    payload,
    raw,
    seen,
    state,
    settled_at,
    settled_by
   FROM evistore.quarantine q
  WHERE (context = 'clusters'::text);

ALTER VIEW clusters.quarantine OWNER TO cdviz;

-- Name: VIEW quarantine; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON VIEW clusters.quarantine IS 'One row per message about a cluster that came over HTTP or in a file and was kept but not taken in: what came, why it was set aside, and what became of it. Those of Kafka are in clusters.consumer_error.';

-- Name: COLUMN quarantine.id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.quarantine.id IS 'Number of the row, as the sender was told.';

-- Name: COLUMN quarantine.received_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.quarantine.received_at IS 'When it came first.';

-- Name: COLUMN quarantine.kind; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.quarantine.kind IS 'What it was meant to be: report or workloads.';

-- Name: COLUMN quarantine.reason; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.quarantine.reason IS 'Stable code of the first thing that is wrong with it, such as attribute-missing.';

-- Name: COLUMN quarantine.detail; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.quarantine.detail IS 'All that is wrong with it, in words, by JSON pointer.';

-- Name: COLUMN quarantine.origin; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.quarantine.origin IS 'The door and the place it came from: http, or the file and line.';

-- Name: COLUMN quarantine.payload; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.quarantine.payload IS 'Always null; messages about clusters are kept as bytes.';

-- Name: COLUMN quarantine.raw; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.quarantine.raw IS 'The message as it came.';

-- Name: COLUMN quarantine.seen; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.quarantine.seen IS 'How often it came.';

-- Name: COLUMN quarantine.state; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.quarantine.state IS 'open, replayed (taken in since) or dropped.';

-- Name: COLUMN quarantine.settled_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.quarantine.settled_at IS 'When it was replayed or dropped.';

-- Name: COLUMN quarantine.settled_by; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.quarantine.settled_by IS 'The login that replayed or dropped it.';

-- Name: recommendation_daily; Type: VIEW; Schema: clusters; Owner: cdviz
CREATE VIEW clusters.recommendation_daily AS
 SELECT ((c.at AT TIME ZONE 'UTC'::text))::date AS day,
    r.org_id,
    e.rule_fqdn,
    e.error_key,
    ((e.rule_fqdn || '|'::text) || (e.error_key)::text) AS rule_id,
    sum(c.appeared) AS appeared,
    sum(c.resolved) AS resolved
   FROM ((clusters.hit_episode e
     JOIN public.report r ON (((e.cluster_id)::text = (r.cluster)::text)))
     CROSS JOIN LATERAL ( VALUES (e.appeared_at,1,0), (e.resolved_at,0,1)) c(at, appeared, resolved))
  WHERE (c.at IS NOT NULL)
  GROUP BY (((c.at AT TIME ZONE 'UTC'::text))::date), r.org_id, e.rule_fqdn, e.error_key;

ALTER VIEW clusters.recommendation_daily OWNER TO cdviz;

-- Name: VIEW recommendation_daily; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON VIEW clusters.recommendation_daily IS 'One row per day (UTC), organisation and recommendation on which it came up or was resolved for one of its clusters. The running sum of appeared less resolved is how many stood at the end of a day.';

-- Name: COLUMN recommendation_daily.day; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_daily.day IS 'Day of the reports that told, UTC.';

-- Name: COLUMN recommendation_daily.org_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_daily.org_id IS 'Organisation that the clusters belong to now.';

-- Name: COLUMN recommendation_daily.rule_fqdn; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_daily.rule_fqdn IS 'Component of the rule without its .report.';

-- Name: COLUMN recommendation_daily.error_key; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_daily.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN recommendation_daily.rule_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_daily.rule_id IS 'Rule and finding in one word: rule_fqdn|error_key.';

-- Name: COLUMN recommendation_daily.appeared; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_daily.appeared IS 'For how many clusters it came up that day.';

-- Name: COLUMN recommendation_daily.resolved; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_daily.resolved IS 'For how many it was resolved that day.';

-- Name: recommendation_history; Type: VIEW; Schema: clusters; Owner: cdviz
CREATE VIEW clusters.recommendation_history AS
 SELECT e.cluster_id,
    r.org_id,
    i.version_info AS version,
    e.rule_fqdn,
    e.error_key,
    ((e.rule_fqdn || '|'::text) || (e.error_key)::text) AS rule_id,
    e.appeared_at,
    e.resolved_at,
    (e.resolved_at - e.appeared_at) AS lasted
   FROM ((clusters.hit_episode e
     JOIN public.report r ON (((e.cluster_id)::text = (r.cluster)::text)))
     LEFT JOIN public.report_info i ON (((e.cluster_id)::text = (i.cluster_id)::text)));

ALTER VIEW clusters.recommendation_history OWNER TO cdviz;

-- Name: VIEW recommendation_history; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON VIEW clusters.recommendation_history IS 'One row per stretch of time in which a cluster had a recommendation without a gap, by the times of its reports.';

-- Name: COLUMN recommendation_history.cluster_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_history.cluster_id IS 'Cluster.';

-- Name: COLUMN recommendation_history.org_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_history.org_id IS 'Organisation it belongs to now.';

-- Name: COLUMN recommendation_history.version; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_history.version IS 'Its version now; null where that is not known.';

-- Name: COLUMN recommendation_history.rule_fqdn; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_history.rule_fqdn IS 'Component of the rule without its .report.';

-- Name: COLUMN recommendation_history.error_key; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_history.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN recommendation_history.rule_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_history.rule_id IS 'Rule and finding in one word: rule_fqdn|error_key.';

-- Name: COLUMN recommendation_history.appeared_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_history.appeared_at IS 'LastChecked of the first report that gave it.';

-- Name: COLUMN recommendation_history.resolved_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_history.resolved_at IS 'LastChecked of the first report without it; null while it stands.';

-- Name: COLUMN recommendation_history.lasted; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_history.lasted IS 'How long it stood; null while it does.';

-- Name: cluster_rule_user_feedback; Type: TABLE; Schema: public; Owner: cdviz
CREATE TABLE public.cluster_rule_user_feedback (
    cluster_id character varying NOT NULL,
    rule_id character varying NOT NULL,
    user_id character varying NOT NULL,
    message character varying NOT NULL,
    user_vote smallint NOT NULL,
    added_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    error_key character varying DEFAULT ''::character varying NOT NULL,
    org_id character varying DEFAULT '0'::character varying NOT NULL
);

ALTER TABLE public.cluster_rule_user_feedback OWNER TO cdviz;

-- Name: TABLE cluster_rule_user_feedback; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TABLE public.cluster_rule_user_feedback IS 'One row per user who ever voted on a hit of a cluster.';

-- Name: COLUMN cluster_rule_user_feedback.cluster_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_user_feedback.cluster_id IS 'Cluster; the vote goes with its report.';

-- Name: COLUMN cluster_rule_user_feedback.rule_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_user_feedback.rule_id IS 'Rule as the client named it, usually with .report.';

-- Name: COLUMN cluster_rule_user_feedback.user_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_user_feedback.user_id IS 'Who voted.';

-- Name: COLUMN cluster_rule_user_feedback.message; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_user_feedback.message IS 'What the user wrote with the last vote.';

-- Name: COLUMN cluster_rule_user_feedback.user_vote; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_user_feedback.user_vote IS '1 like, -1 dislike, 0 taken back.';

-- Name: COLUMN cluster_rule_user_feedback.added_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_user_feedback.added_at IS 'When the user voted first (UTC).';

-- Name: COLUMN cluster_rule_user_feedback.updated_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_user_feedback.updated_at IS 'When the user voted last (UTC).';

-- Name: COLUMN cluster_rule_user_feedback.error_key; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_user_feedback.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN cluster_rule_user_feedback.org_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_rule_user_feedback.org_id IS 'Organisation of the cluster, as text.';

-- Name: rule_disable; Type: TABLE; Schema: public; Owner: cdviz
CREATE TABLE public.rule_disable (
    org_id character varying NOT NULL,
    rule_id character varying NOT NULL,
    error_key character varying NOT NULL,
    justification character varying,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone
);

ALTER TABLE public.rule_disable OWNER TO cdviz;

-- Name: TABLE rule_disable; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TABLE public.rule_disable IS 'One row per rule that an organisation has acknowledged, which disables it for all its clusters.';

-- Name: COLUMN rule_disable.org_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.rule_disable.org_id IS 'Organisation, as text.';

-- Name: COLUMN rule_disable.rule_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.rule_disable.rule_id IS 'Rule as the client named it.';

-- Name: COLUMN rule_disable.error_key; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.rule_disable.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN rule_disable.justification; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.rule_disable.justification IS 'Why.';

-- Name: COLUMN rule_disable.created_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.rule_disable.created_at IS 'When it was acknowledged (UTC).';

-- Name: COLUMN rule_disable.updated_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.rule_disable.updated_at IS 'When the justification was changed (UTC).';

-- Name: recommendation_overview; Type: VIEW; Schema: clusters; Owner: cdviz
CREATE VIEW clusters.recommendation_overview AS
 WITH standing AS (
         SELECT r.org_id,
            e.rule_fqdn,
            e.error_key,
            count(*) AS clusters,
            min(e.appeared_at) AS oldest_at,
            max(e.appeared_at) AS newest_at
           FROM (clusters.hit_episode e
             JOIN public.report r ON (((e.cluster_id)::text = (r.cluster)::text)))
          WHERE (e.resolved_at IS NULL)
          GROUP BY r.org_id, e.rule_fqdn, e.error_key
        ), toggle AS (
         SELECT r.org_id,
            regexp_replace((o.rule_id)::text, '\.report$'::text, ''::text) AS rule_fqdn,
            o.error_key,
            count(DISTINCT o.cluster_id) AS clusters
           FROM (public.cluster_rule_toggle o
             JOIN public.report r ON (((o.cluster_id)::text = (r.cluster)::text)))
          WHERE (o.disabled = 1)
          GROUP BY r.org_id, (regexp_replace((o.rule_id)::text, '\.report$'::text, ''::text)), o.error_key
        ), acknowledgement AS (
         SELECT o.org_id,
            regexp_replace((o.rule_id)::text, '\.report$'::text, ''::text) AS rule_fqdn,
            o.error_key,
            (min(o.created_at) AT TIME ZONE 'UTC'::text) AS acknowledged_at
           FROM public.rule_disable o
          GROUP BY o.org_id, (regexp_replace((o.rule_id)::text, '\.report$'::text, ''::text)), o.error_key
        ), vote AS (
         SELECT o.org_id,
            regexp_replace((o.rule_id)::text, '\.report$'::text, ''::text) AS rule_fqdn,
            o.error_key,
            count(*) FILTER (WHERE (o.user_vote = 1)) AS likes,
            count(*) FILTER (WHERE (o.user_vote = '-1'::integer)) AS dislikes
           FROM public.cluster_rule_user_feedback o
          GROUP BY o.org_id, (regexp_replace((o.rule_id)::text, '\.report$'::text, ''::text)), o.error_key
        )
 SELECT s.org_id,
    s.rule_fqdn,
    s.error_key,
    ((s.rule_fqdn || '|'::text) || (s.error_key)::text) AS rule_id,
    s.clusters,
    s.oldest_at,
    s.newest_at,
    COALESCE(t.clusters, (0)::bigint) AS disabled_clusters,
    (a.acknowledged_at IS NOT NULL) AS is_acknowledged,
    a.acknowledged_at,
    COALESCE(v.likes, (0)::bigint) AS likes,
    COALESCE(v.dislikes, (0)::bigint) AS dislikes
   FROM (((standing s
     LEFT JOIN toggle t ON (((s.org_id = t.org_id) AND (s.rule_fqdn = t.rule_fqdn) AND ((s.error_key)::text = (t.error_key)::text))))
     LEFT JOIN acknowledgement a ON ((((s.org_id)::text = (a.org_id)::text) AND (s.rule_fqdn = a.rule_fqdn) AND ((s.error_key)::text = (a.error_key)::text))))
     LEFT JOIN vote v ON ((((s.org_id)::text = (v.org_id)::text) AND (s.rule_fqdn = v.rule_fqdn) AND ((s.error_key)::text = (v.error_key)::text))));

ALTER VIEW clusters.recommendation_overview OWNER TO cdviz;

-- Name: VIEW recommendation_overview; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON VIEW clusters.recommendation_overview IS 'One row per organisation and recommendation that stands for one of its clusters: for how many, since when, and what people said about it.';

-- Name: COLUMN recommendation_overview.org_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_overview.org_id IS 'Organisation.';

-- Name: COLUMN recommendation_overview.rule_fqdn; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_overview.rule_fqdn IS 'Component of the rule without its .report.';

-- Name: COLUMN recommendation_overview.error_key; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_overview.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN recommendation_overview.rule_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_overview.rule_id IS 'Rule and finding in one word: rule_fqdn|error_key.';

-- Name: COLUMN recommendation_overview.clusters; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_overview.clusters IS 'For how many clusters of the organisation it stands, those among them for which it is disabled.';

-- Name: COLUMN recommendation_overview.oldest_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_overview.oldest_at IS 'Since when it stands for the first of them.';

-- Name: COLUMN recommendation_overview.newest_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_overview.newest_at IS 'Since when it stands for the last of them.';

-- Name: COLUMN recommendation_overview.disabled_clusters; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_overview.disabled_clusters IS 'For how many clusters of the organisation somebody has disabled it, whether or not it stands.';

-- Name: COLUMN recommendation_overview.is_acknowledged; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_overview.is_acknowledged IS 'Whether the organisation has acknowledged it, which disables it for all its clusters.';

-- Name: COLUMN recommendation_overview.acknowledged_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_overview.acknowledged_at IS 'When it did; null where it has not.';

-- Name: COLUMN recommendation_overview.likes; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_overview.likes IS 'Votes of its users for it.';

-- Name: COLUMN recommendation_overview.dislikes; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.recommendation_overview.dislikes IS 'Votes of its users against it.';

-- Name: rule_change; Type: VIEW; Schema: clusters; Owner: cdviz
CREATE VIEW clusters.rule_change AS
 SELECT id,
    changed_at,
    kind,
    action,
    org_id,
    cluster_id,
    rule_id,
    error_key,
    user_id,
    login,
    COALESCE((before ->> 'justification'::text), (before ->> 'message'::text)) AS justification_before,
    COALESCE((after ->> 'justification'::text), (after ->> 'message'::text)) AS justification_after
   FROM clusters.change c;

ALTER VIEW clusters.rule_change OWNER TO cdviz;

-- Name: VIEW rule_change; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON VIEW clusters.rule_change IS 'One row per change of a toggle, of a reason for one, or of an acknowledgement: who, when, what, and the words given for it.';

-- Name: COLUMN rule_change.id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.rule_change.id IS 'Number of the change.';

-- Name: COLUMN rule_change.changed_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.rule_change.changed_at IS 'When it happened.';

-- Name: COLUMN rule_change.kind; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.rule_change.kind IS 'toggle, reason (why a user disabled a rule) or acknowledgement.';

-- Name: COLUMN rule_change.action; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.rule_change.action IS 'What was done: disabled, enabled, explained, acknowledged, updated, withdrawn, deleted, or moved to another organisation.';

-- Name: COLUMN rule_change.org_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.rule_change.org_id IS 'Organisation, as text; after a move the new one.';

-- Name: COLUMN rule_change.cluster_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.rule_change.cluster_id IS 'Cluster; null for an acknowledgement.';

-- Name: COLUMN rule_change.rule_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.rule_change.rule_id IS 'Rule as the client named it.';

-- Name: COLUMN rule_change.error_key; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.rule_change.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN rule_change.user_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.rule_change.user_id IS 'Who did it, as the caller says; null where nobody is named.';

-- Name: COLUMN rule_change.login; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.rule_change.login IS 'Database login that did it.';

-- Name: COLUMN rule_change.justification_before; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.rule_change.justification_before IS 'Reason or justification as it was.';

-- Name: COLUMN rule_change.justification_after; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.rule_change.justification_after IS 'Reason or justification as it is now.';

-- Name: workload_check; Type: TABLE; Schema: clusters; Owner: cdviz
CREATE TABLE clusters.workload_check (
    cluster_id character varying NOT NULL,
    org_id integer NOT NULL,
    last_checked_at timestamp without time zone NOT NULL
);

ALTER TABLE clusters.workload_check OWNER TO cdviz;

-- Name: TABLE workload_check; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON TABLE clusters.workload_check IS 'One row per cluster that ever sent workloads: which message was the newest.';

-- Name: COLUMN workload_check.cluster_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.workload_check.cluster_id IS 'Cluster.';

-- Name: COLUMN workload_check.org_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.workload_check.org_id IS 'Organisation of the cluster.';

-- Name: COLUMN workload_check.last_checked_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.workload_check.last_checked_at IS 'LastChecked of the newest message (UTC).';

-- Name: dvo_report; Type: TABLE; Schema: dvo; Owner: cdviz
CREATE TABLE dvo.dvo_report (
    org_id integer NOT NULL,
    cluster_id character varying NOT NULL,
    namespace_id character varying NOT NULL,
    namespace_name character varying,
    report text,
    recommendations integer NOT NULL,
    objects integer NOT NULL,
    reported_at timestamp without time zone,
    last_checked_at timestamp without time zone,
    rule_hits_count jsonb DEFAULT '{}'::jsonb
);

ALTER TABLE dvo.dvo_report OWNER TO cdviz;

-- Name: TABLE dvo_report; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON TABLE dvo.dvo_report IS 'One row per namespace of a cluster whose workloads the newest message recommends to change.';

-- Name: COLUMN dvo_report.org_id; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON COLUMN dvo.dvo_report.org_id IS 'Organisation of the cluster.';

-- Name: COLUMN dvo_report.cluster_id; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON COLUMN dvo.dvo_report.cluster_id IS 'Cluster.';

-- Name: COLUMN dvo_report.namespace_id; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON COLUMN dvo.dvo_report.namespace_id IS 'UID of the namespace.';

-- Name: COLUMN dvo_report.namespace_name; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON COLUMN dvo.dvo_report.namespace_name IS 'Name of the namespace.';

-- Name: COLUMN dvo_report.report; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON COLUMN dvo.dvo_report.report IS 'The Metrics object of the message, of all its namespaces, as a JSON string that holds JSON.';

-- Name: COLUMN dvo_report.recommendations; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON COLUMN dvo.dvo_report.recommendations IS 'How many recommendations touch the namespace.';

-- Name: COLUMN dvo_report.objects; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON COLUMN dvo.dvo_report.objects IS 'How many different workloads they touch.';

-- Name: COLUMN dvo_report.reported_at; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON COLUMN dvo.dvo_report.reported_at IS 'LastChecked of the message with which the namespace came up (UTC).';

-- Name: COLUMN dvo_report.last_checked_at; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON COLUMN dvo.dvo_report.last_checked_at IS 'LastChecked of the newest message (UTC).';

-- Name: COLUMN dvo_report.rule_hits_count; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON COLUMN dvo.dvo_report.rule_hits_count IS 'Workloads by recommendation: {"rule|KEY": number}.';

-- Name: workload_overview; Type: VIEW; Schema: clusters; Owner: cdviz
CREATE VIEW clusters.workload_overview AS
 SELECT cluster_id,
    org_id,
    namespace_id,
    namespace_name,
    recommendations,
    objects,
    (reported_at AT TIME ZONE 'UTC'::text) AS since,
    (last_checked_at AT TIME ZONE 'UTC'::text) AS checked_at
   FROM dvo.dvo_report d;

ALTER VIEW clusters.workload_overview OWNER TO cdviz;

-- Name: VIEW workload_overview; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON VIEW clusters.workload_overview IS 'One row per namespace of a cluster whose workloads the newest message recommends to change.';

-- Name: COLUMN workload_overview.cluster_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.workload_overview.cluster_id IS 'Cluster.';

-- Name: COLUMN workload_overview.org_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.workload_overview.org_id IS 'Organisation of the cluster.';

-- Name: COLUMN workload_overview.namespace_id; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.workload_overview.namespace_id IS 'UID of the namespace.';

-- Name: COLUMN workload_overview.namespace_name; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.workload_overview.namespace_name IS 'Name of the namespace.';

-- Name: COLUMN workload_overview.recommendations; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.workload_overview.recommendations IS 'How many recommendations touch the namespace.';

-- Name: COLUMN workload_overview.objects; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.workload_overview.objects IS 'How many different workloads they touch.';

-- Name: COLUMN workload_overview.since; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.workload_overview.since IS 'LastChecked of the message with which the namespace came up.';

-- Name: COLUMN workload_overview.checked_at; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON COLUMN clusters.workload_overview.checked_at IS 'LastChecked of the newest message.';

-- Name: migration_info; Type: TABLE; Schema: dvo; Owner: cdviz
CREATE TABLE dvo.migration_info (
    version integer NOT NULL
);

ALTER TABLE dvo.migration_info OWNER TO cdviz;

-- Name: TABLE migration_info; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON TABLE dvo.migration_info IS 'One row: the version of the schema dvo by the count of the system it comes from.';

-- Name: COLUMN migration_info.version; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON COLUMN dvo.migration_info.version IS 'Old clients refuse to work unless it is 4.';

-- Name: consumer_position; Type: TABLE; Schema: evistore; Owner: cdviz
CREATE TABLE evistore.consumer_position (
    consumer text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    stored_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE evistore.consumer_position OWNER TO cdviz;

-- Name: TABLE consumer_position; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON TABLE evistore.consumer_position IS 'How far each consumer group has read each partition; written in the transaction that stores the messages.';

-- Name: COLUMN consumer_position.consumer; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.consumer_position.consumer IS 'Consumer group.';

-- Name: COLUMN consumer_position.topic; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.consumer_position.topic IS 'Kafka topic.';

-- Name: COLUMN consumer_position.partition; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.consumer_position.partition IS 'Kafka partition.';

-- Name: COLUMN consumer_position.next_offset; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.consumer_position.next_offset IS 'Offset of the first message that has not been stored.';

-- Name: COLUMN consumer_position.stored_at; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.consumer_position.stored_at IS 'When that was written.';

-- Name: definition; Type: TABLE; Schema: evistore; Owner: cdviz
CREATE TABLE evistore.definition (
    context text NOT NULL,
    fingerprint text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    release text DEFAULT ''::text NOT NULL,
    objects jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE evistore.definition OWNER TO cdviz;

-- Name: TABLE definition; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON TABLE evistore.definition IS 'Which text of functions, views, triggers and storage stands in this database, per context.';

-- Name: COLUMN definition.context; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.definition.context IS 'The part of the program.';

-- Name: COLUMN definition.fingerprint; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.definition.fingerprint IS 'SHA-256 over the files that were run.';

-- Name: COLUMN definition.applied_at; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.definition.applied_at IS 'When they were run last.';

-- Name: COLUMN definition.release; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.definition.release IS 'Version of the program whose text it is: an older one leaves it as it is.';

-- Name: COLUMN definition.objects; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.definition.objects IS 'SHA-256 of the text of each function, procedure, view and trigger, by kind and name: only what changed is run again.';

-- Name: migration; Type: TABLE; Schema: evistore; Owner: cdviz
CREATE TABLE evistore.migration (
    number integer NOT NULL,
    context text NOT NULL,
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    serves_from integer
);

ALTER TABLE evistore.migration OWNER TO cdviz;

-- Name: TABLE migration; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON TABLE evistore.migration IS 'One row per migration that stands in this database.';

-- Name: COLUMN migration.number; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.migration.number IS 'Number of the migration; they run in this order.';

-- Name: COLUMN migration.context; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.migration.context IS 'The part of the program it belongs to: kernel, delivery, clusters.';

-- Name: COLUMN migration.name; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.migration.name IS 'What it is about, as in its file name.';

-- Name: COLUMN migration.applied_at; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.migration.applied_at IS 'When it ran here.';

-- Name: COLUMN migration.serves_from; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.migration.serves_from IS 'Number of the migration that a program has to know to work with the schema from here on: older programs may not. Null: it changes nothing about that.';

-- Name: outbox; Type: TABLE; Schema: evistore; Owner: cdviz
CREATE TABLE evistore.outbox (
    id bigint NOT NULL,
    topic text NOT NULL,
    key bytea,
    value bytea NOT NULL,
    posted_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE evistore.outbox OWNER TO cdviz;

-- Name: TABLE outbox; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON TABLE evistore.outbox IS 'One row per message for Kafka that was posted and not sent yet. It is posted in the transaction that it tells about, and goes once the broker has it: at least once, whoever is killed.';

-- Name: COLUMN outbox.id; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.outbox.id IS 'Number of the message; they are sent in this order.';

-- Name: COLUMN outbox.topic; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.outbox.topic IS 'Kafka topic it goes to.';

-- Name: COLUMN outbox.key; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.outbox.key IS 'Its key, where it has one.';

-- Name: COLUMN outbox.value; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.outbox.value IS 'Its content.';

-- Name: COLUMN outbox.posted_at; Type: COMMENT; Schema: evistore; Owner: cdviz
COMMENT ON COLUMN evistore.outbox.posted_at IS 'When it was posted.';

-- Name: outbox_id_seq; Type: SEQUENCE; Schema: evistore; Owner: cdviz
ALTER TABLE evistore.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME evistore.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: quarantine_id_seq; Type: SEQUENCE; Schema: evistore; Owner: cdviz
ALTER TABLE evistore.quarantine ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME evistore.quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: advisor_ratings; Type: TABLE; Schema: public; Owner: cdviz
CREATE TABLE public.advisor_ratings (
    org_id character varying NOT NULL,
    rule_fqdn character varying NOT NULL,
    error_key character varying NOT NULL,
    rated_at timestamp without time zone,
    last_updated_at timestamp without time zone,
    rating smallint,
    rule_id character varying DEFAULT '.'::character varying NOT NULL
);

ALTER TABLE public.advisor_ratings OWNER TO cdviz;

-- Name: TABLE advisor_ratings; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TABLE public.advisor_ratings IS 'One row per recommendation that an organisation has rated.';

-- Name: COLUMN advisor_ratings.org_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.advisor_ratings.org_id IS 'Organisation, as text.';

-- Name: COLUMN advisor_ratings.rule_fqdn; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.advisor_ratings.rule_fqdn IS 'Component of the rule without its .report.';

-- Name: COLUMN advisor_ratings.error_key; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.advisor_ratings.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN advisor_ratings.rated_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.advisor_ratings.rated_at IS 'When it was rated first (UTC).';

-- Name: COLUMN advisor_ratings.last_updated_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.advisor_ratings.last_updated_at IS 'When it was rated last (UTC).';

-- Name: COLUMN advisor_ratings.rating; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.advisor_ratings.rating IS '1 like, -1 dislike, 0 taken back.';

-- Name: COLUMN advisor_ratings.rule_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.advisor_ratings.rule_id IS 'Rule and finding in one word: rule_fqdn|error_key.';

-- Name: cluster_user_rule_disable_feedback; Type: TABLE; Schema: public; Owner: cdviz
CREATE TABLE public.cluster_user_rule_disable_feedback (
    cluster_id character varying NOT NULL,
    user_id character varying NOT NULL,
    rule_id character varying NOT NULL,
    message character varying NOT NULL,
    added_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    error_key character varying DEFAULT ''::character varying NOT NULL,
    org_id character varying DEFAULT '0'::character varying NOT NULL
);

ALTER TABLE public.cluster_user_rule_disable_feedback OWNER TO cdviz;

-- Name: TABLE cluster_user_rule_disable_feedback; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TABLE public.cluster_user_rule_disable_feedback IS 'One row per user who ever said why a rule is disabled for a cluster.';

-- Name: COLUMN cluster_user_rule_disable_feedback.cluster_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.cluster_id IS 'Cluster.';

-- Name: COLUMN cluster_user_rule_disable_feedback.user_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.user_id IS 'Who said so.';

-- Name: COLUMN cluster_user_rule_disable_feedback.rule_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.rule_id IS 'Rule as the client named it, usually with .report.';

-- Name: COLUMN cluster_user_rule_disable_feedback.message; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.message IS 'What the user wrote.';

-- Name: COLUMN cluster_user_rule_disable_feedback.added_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.added_at IS 'When the user wrote first (UTC).';

-- Name: COLUMN cluster_user_rule_disable_feedback.updated_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.updated_at IS 'When the user wrote last (UTC).';

-- Name: COLUMN cluster_user_rule_disable_feedback.error_key; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN cluster_user_rule_disable_feedback.org_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.cluster_user_rule_disable_feedback.org_id IS 'Organisation of the cluster, as text.';

-- Name: migration_info; Type: TABLE; Schema: public; Owner: cdviz
CREATE TABLE public.migration_info (
    version integer NOT NULL
);

ALTER TABLE public.migration_info OWNER TO cdviz;

-- Name: TABLE migration_info; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TABLE public.migration_info IS 'One row: the version of the schema public by the count of the system it comes from.';

-- Name: COLUMN migration_info.version; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.migration_info.version IS 'Old clients refuse to work unless it is 32.';

-- Name: recommendation; Type: TABLE; Schema: public; Owner: cdviz
CREATE TABLE public.recommendation (
    org_id integer NOT NULL,
    cluster_id character varying NOT NULL,
    rule_fqdn text NOT NULL,
    error_key character varying NOT NULL,
    rule_id character varying DEFAULT '.'::character varying NOT NULL,
    created_at timestamp without time zone DEFAULT timezone('utc'::text, now()),
    impacted_since timestamp without time zone
);

ALTER TABLE public.recommendation OWNER TO cdviz;

-- Name: TABLE recommendation; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TABLE public.recommendation IS 'One row per recommendation that the newest report of a cluster gives.';

-- Name: COLUMN recommendation.org_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.recommendation.org_id IS 'Organisation of the cluster.';

-- Name: COLUMN recommendation.cluster_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.recommendation.cluster_id IS 'Cluster.';

-- Name: COLUMN recommendation.rule_fqdn; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.recommendation.rule_fqdn IS 'Component of the rule without its .report.';

-- Name: COLUMN recommendation.error_key; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.recommendation.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN recommendation.rule_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.recommendation.rule_id IS 'Rule and finding in one word: rule_fqdn|error_key.';

-- Name: COLUMN recommendation.created_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.recommendation.created_at IS 'When the row was made (UTC); a report that repeats the recommendation leaves it alone.';

-- Name: COLUMN recommendation.impacted_since; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.recommendation.impacted_since IS 'Since when the cluster has the recommendation without a gap, by time of storing (UTC, whole seconds).';

-- Name: rule_hit; Type: TABLE; Schema: public; Owner: cdviz
CREATE TABLE public.rule_hit (
    org_id integer NOT NULL,
    cluster_id character varying NOT NULL,
    rule_fqdn character varying NOT NULL,
    error_key character varying NOT NULL,
    template_data character varying NOT NULL,
    created_at timestamp without time zone
);

ALTER TABLE public.rule_hit OWNER TO cdviz;

-- Name: TABLE rule_hit; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TABLE public.rule_hit IS 'One row per rule that the newest report of a cluster hits.';

-- Name: COLUMN rule_hit.org_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.rule_hit.org_id IS 'Organisation of the cluster.';

-- Name: COLUMN rule_hit.cluster_id; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.rule_hit.cluster_id IS 'Cluster.';

-- Name: COLUMN rule_hit.rule_fqdn; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.rule_hit.rule_fqdn IS 'Component of the rule as sent, with its .report.';

-- Name: COLUMN rule_hit.error_key; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.rule_hit.error_key IS 'Which of the rule''s findings.';

-- Name: COLUMN rule_hit.template_data; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.rule_hit.template_data IS 'Details of the hit, byte for byte as sent.';

-- Name: COLUMN rule_hit.created_at; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON COLUMN public.rule_hit.created_at IS 'When the hit was first stored since it last came up (UTC).';

-- Name: cdevents_lake_default; Type: TABLE ATTACH; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.cdevents_lake ATTACH PARTITION cdviz.cdevents_lake_default DEFAULT;

-- Name: activity_rollup activity_rollup_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.activity_rollup
    ADD CONSTRAINT activity_rollup_pkey PRIMARY KEY (day, subject, predicate, source);

-- Name: edge edge_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.edge
    ADD CONSTRAINT edge_pkey PRIMARY KEY (from_node, to_node, relation);

-- Name: environment_kind environment_kind_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.environment_kind
    ADD CONSTRAINT environment_kind_pkey PRIMARY KEY (environment_id);

-- Name: event_identity event_identity_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.event_identity
    ADD CONSTRAINT event_identity_pkey PRIMARY KEY (context_key, key);

-- Name: lake_move lake_move_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.lake_move
    ADD CONSTRAINT lake_move_pkey PRIMARY KEY (kind);

-- Name: lake_partition lake_partition_name_key; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.lake_partition
    ADD CONSTRAINT lake_partition_name_key UNIQUE (name);

-- Name: lake_partition lake_partition_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.lake_partition
    ADD CONSTRAINT lake_partition_pkey PRIMARY KEY (week);

-- Name: legal_hold legal_hold_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.legal_hold
    ADD CONSTRAINT legal_hold_pkey PRIMARY KEY (subject, subject_id);

-- Name: pending_link pending_link_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.pending_link
    ADD CONSTRAINT pending_link_pkey PRIMARY KEY (context_key, "position", relation);

-- Name: retention_policy retention_policy_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.retention_policy
    ADD CONSTRAINT retention_policy_pkey PRIMARY KEY (subject);

-- Name: service_event service_event_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.service_event
    ADD CONSTRAINT service_event_pkey PRIMARY KEY (service_id, environment_id, "timestamp", "position");

-- Name: service_placement service_placement_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.service_placement
    ADD CONSTRAINT service_placement_pkey PRIMARY KEY (service_id, environment_id);

-- Name: storage_policy storage_policy_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.storage_policy
    ADD CONSTRAINT storage_policy_pkey PRIMARY KEY (name);

-- Name: subject_state subject_state_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.subject_state
    ADD CONSTRAINT subject_state_pkey PRIMARY KEY (node);

-- Name: subject_state subject_state_subject_key; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.subject_state
    ADD CONSTRAINT subject_state_subject_key UNIQUE (subject_id, subject);

-- Name: webhook webhook_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.webhook
    ADD CONSTRAINT webhook_pkey PRIMARY KEY (name);

-- Name: change change_pkey; Type: CONSTRAINT; Schema: clusters; Owner: cdviz
ALTER TABLE ONLY clusters.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (id);

-- Name: consumer_fault consumer_fault_pkey; Type: CONSTRAINT; Schema: clusters; Owner: cdviz
ALTER TABLE ONLY clusters.consumer_fault
    ADD CONSTRAINT consumer_fault_pkey PRIMARY KEY (topic, partition, topic_offset);

-- Name: hit_day hit_day_pkey; Type: CONSTRAINT; Schema: clusters; Owner: cdviz
ALTER TABLE ONLY clusters.hit_day
    ADD CONSTRAINT hit_day_pkey PRIMARY KEY (id);

-- Name: hit_episode hit_episode_pkey; Type: CONSTRAINT; Schema: clusters; Owner: cdviz
ALTER TABLE ONLY clusters.hit_episode
    ADD CONSTRAINT hit_episode_pkey PRIMARY KEY (cluster_id, rule_fqdn, error_key, appeared_at);

-- Name: workload_check workload_check_pkey; Type: CONSTRAINT; Schema: clusters; Owner: cdviz
ALTER TABLE ONLY clusters.workload_check
    ADD CONSTRAINT workload_check_pkey PRIMARY KEY (cluster_id);

-- Name: dvo_report dvo_report_pkey; Type: CONSTRAINT; Schema: dvo; Owner: cdviz
ALTER TABLE ONLY dvo.dvo_report
    ADD CONSTRAINT dvo_report_pkey PRIMARY KEY (org_id, cluster_id, namespace_id);

-- Name: consumer_position consumer_position_pkey; Type: CONSTRAINT; Schema: evistore; Owner: cdviz
ALTER TABLE ONLY evistore.consumer_position
    ADD CONSTRAINT consumer_position_pkey PRIMARY KEY (consumer, topic, partition);

-- Name: definition definition_pkey; Type: CONSTRAINT; Schema: evistore; Owner: cdviz
ALTER TABLE ONLY evistore.definition
    ADD CONSTRAINT definition_pkey PRIMARY KEY (context);

-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: evistore; Owner: cdviz
ALTER TABLE ONLY evistore.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);

-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: evistore; Owner: cdviz
ALTER TABLE ONLY evistore.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

-- Name: quarantine quarantine_pkey; Type: CONSTRAINT; Schema: evistore; Owner: cdviz
ALTER TABLE ONLY evistore.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (id);

-- Name: advisor_ratings advisor_ratings_pkey; Type: CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.advisor_ratings
    ADD CONSTRAINT advisor_ratings_pkey PRIMARY KEY (org_id, rule_fqdn, error_key);

-- Name: cluster_rule_toggle cluster_rule_toggle_pkey; Type: CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.cluster_rule_toggle
    ADD CONSTRAINT cluster_rule_toggle_pkey PRIMARY KEY (cluster_id, rule_id, error_key);

-- Name: cluster_rule_user_feedback cluster_rule_user_feedback_pkey; Type: CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.cluster_rule_user_feedback
    ADD CONSTRAINT cluster_rule_user_feedback_pkey PRIMARY KEY (cluster_id, rule_id, user_id, error_key);

-- Name: cluster_user_rule_disable_feedback cluster_user_rule_disable_feedback_pkey; Type: CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.cluster_user_rule_disable_feedback
    ADD CONSTRAINT cluster_user_rule_disable_feedback_pkey PRIMARY KEY (cluster_id, user_id, rule_id, error_key);

-- Name: consumer_error consumer_error_pkey; Type: CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.consumer_error
    ADD CONSTRAINT consumer_error_pkey PRIMARY KEY (topic, partition, topic_offset);

-- Name: recommendation recommendation_pk; Type: CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.recommendation
    ADD CONSTRAINT recommendation_pk PRIMARY KEY (org_id, cluster_id, rule_fqdn, error_key);

-- Name: report report_cluster_key; Type: CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_cluster_key UNIQUE (cluster);

-- Name: report_info report_info_cluster_id_key; Type: CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.report_info
    ADD CONSTRAINT report_info_cluster_id_key UNIQUE (cluster_id);

-- Name: report_info report_info_pkey; Type: CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.report_info
    ADD CONSTRAINT report_info_pkey PRIMARY KEY (org_id, cluster_id);

-- Name: report report_pkey; Type: CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (org_id, cluster);

-- Name: rule_disable rule_disable_pkey; Type: CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.rule_disable
    ADD CONSTRAINT rule_disable_pkey PRIMARY KEY (org_id, rule_id, error_key);

-- Name: rule_hit rule_hit_pkey; Type: CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.rule_hit
    ADD CONSTRAINT rule_hit_pkey PRIMARY KEY (cluster_id, org_id, rule_fqdn, error_key);

-- Name: cdevents_lake_position_key; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE UNIQUE INDEX cdevents_lake_position_key ON ONLY cdviz.cdevents_lake USING btree ("timestamp", "position");

-- Name: cdevents_lake_default_position_key; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE UNIQUE INDEX cdevents_lake_default_position_key ON cdviz.cdevents_lake_default USING btree ("timestamp", "position");

-- Name: cdevents_lake_subject_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX cdevents_lake_subject_idx ON ONLY cdviz.cdevents_lake USING btree (hashtextextended(subject_id, (0)::bigint), "timestamp");

-- Name: cdevents_lake_default_subject_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX cdevents_lake_default_subject_idx ON cdviz.cdevents_lake_default USING btree (hashtextextended(subject_id, (0)::bigint), "timestamp");

-- Name: edge_to_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX edge_to_idx ON cdviz.edge USING btree (to_node);

-- Name: event_identity_position_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX event_identity_position_idx ON cdviz.event_identity USING btree ("position");

-- Name: event_identity_xid_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX event_identity_xid_idx ON cdviz.event_identity USING btree (xid, "position");

-- Name: service_event_artifact_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX service_event_artifact_idx ON cdviz.service_event USING btree (hashtextextended(artifact_id, (0)::bigint)) WHERE (artifact_id IS NOT NULL);

-- Name: service_event_time_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX service_event_time_idx ON cdviz.service_event USING btree ("timestamp");

-- Name: subject_state_canonical_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_canonical_idx ON cdviz.subject_state USING btree (canonical_id) WHERE (canonical_id IS NOT NULL);

-- Name: subject_state_chain_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_chain_idx ON cdviz.subject_state USING btree (chain_id) WHERE (chain_id IS NOT NULL);

-- Name: subject_state_closed_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_closed_idx ON cdviz.subject_state USING btree (subject, closed_at) WHERE (closed_at IS NOT NULL);

-- Name: subject_state_created_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_created_idx ON cdviz.subject_state USING btree (subject, created_at) WHERE (created_at IS NOT NULL);

-- Name: subject_state_deleted_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_deleted_idx ON cdviz.subject_state USING btree (subject, deleted_at) WHERE (deleted_at IS NOT NULL);

-- Name: subject_state_detected_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_detected_idx ON cdviz.subject_state USING btree (subject, detected_at) WHERE (detected_at IS NOT NULL);

-- Name: subject_state_downloaded_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_downloaded_idx ON cdviz.subject_state USING btree (subject, downloaded_at) WHERE (downloaded_at IS NOT NULL);

-- Name: subject_state_finished_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_finished_idx ON cdviz.subject_state USING btree (subject, finished_at) WHERE (subject = ANY (ARRAY['pipelinerun'::text, 'taskrun'::text, 'build'::text, 'testcaserun'::text, 'testsuiterun'::text, 'testcase'::text, 'testsuite'::text]));

-- Name: subject_state_packaged_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_packaged_idx ON cdviz.subject_state USING btree (subject, packaged_at) WHERE (packaged_at IS NOT NULL);

-- Name: subject_state_published_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_published_idx ON cdviz.subject_state USING btree (subject, published_at) WHERE (published_at IS NOT NULL);

-- Name: subject_state_queued_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_queued_idx ON cdviz.subject_state USING btree (subject, queued_at) WHERE (queued_at IS NOT NULL);

-- Name: subject_state_rare_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_rare_idx ON cdviz.subject_state USING btree (subject, subject_id) WHERE (subject <> ALL (ARRAY['pipelinerun'::text, 'taskrun'::text, 'build'::text, 'testcaserun'::text, 'testsuiterun'::text, 'testcase'::text, 'testsuite'::text, 'artifact'::text, 'testoutput'::text, 'incident'::text, 'ticket'::text, 'change'::text, 'branch'::text, 'approval'::text, 'chain'::text, 'unknown'::text]));

-- Name: subject_state_reported_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_reported_idx ON cdviz.subject_state USING btree (subject, reported_at) WHERE (reported_at IS NOT NULL);

-- Name: subject_state_resolved_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_resolved_idx ON cdviz.subject_state USING btree (subject, resolved_at) WHERE (resolved_at IS NOT NULL);

-- Name: subject_state_running_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_running_idx ON cdviz.subject_state USING btree (subject, COALESCE(started_at, queued_at)) WHERE ((subject = ANY (ARRAY['pipelinerun'::text, 'taskrun'::text, 'build'::text, 'testcaserun'::text, 'testsuiterun'::text])) AND (COALESCE(started_at, queued_at) IS NOT NULL) AND (skipped_at IS NULL) AND ((finished_at IS NULL) OR (finished_at < COALESCE(started_at, queued_at))));

-- Name: subject_state_signed_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_signed_idx ON cdviz.subject_state USING btree (subject, signed_at) WHERE (signed_at IS NOT NULL);

-- Name: subject_state_skipped_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_skipped_idx ON cdviz.subject_state USING btree (subject, skipped_at) WHERE (skipped_at IS NOT NULL);

-- Name: subject_state_started_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_started_idx ON cdviz.subject_state USING btree (subject, started_at) WHERE (subject = ANY (ARRAY['pipelinerun'::text, 'taskrun'::text, 'build'::text, 'testcaserun'::text, 'testsuiterun'::text, 'testcase'::text, 'testsuite'::text]));

-- Name: subject_state_unknown_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_unknown_idx ON cdviz.subject_state USING btree (subject_id) WHERE (subject = 'unknown'::text);

-- Name: subject_state_updated_idx; Type: INDEX; Schema: cdviz; Owner: cdviz
CREATE INDEX subject_state_updated_idx ON cdviz.subject_state USING btree (subject, updated_at) WHERE (updated_at IS NOT NULL);

-- Name: change_cluster_id_idx; Type: INDEX; Schema: clusters; Owner: cdviz
CREATE INDEX change_cluster_id_idx ON clusters.change USING btree (cluster_id, id);

-- Name: INDEX change_cluster_id_idx; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON INDEX clusters.change_cluster_id_idx IS 'What was settled about a cluster, newest first.';

-- Name: change_org_id_idx; Type: INDEX; Schema: clusters; Owner: cdviz
CREATE INDEX change_org_id_idx ON clusters.change USING btree (org_id, id);

-- Name: INDEX change_org_id_idx; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON INDEX clusters.change_org_id_idx IS 'What an organisation settled, newest first.';

-- Name: consumer_fault_short_idx; Type: INDEX; Schema: clusters; Owner: cdviz
CREATE INDEX consumer_fault_short_idx ON clusters.consumer_fault USING btree (topic, partition, ((topic_offset & (2147483647)::bigint)), topic_offset);

-- Name: INDEX consumer_fault_short_idx; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON INDEX clusters.consumer_fault_short_idx IS 'Faults of a row of public.consumer_error.';

-- Name: hit_day_rule_fqdn_error_key_day_idx; Type: INDEX; Schema: clusters; Owner: cdviz
CREATE INDEX hit_day_rule_fqdn_error_key_day_idx ON clusters.hit_day USING btree (rule_fqdn, error_key, day);

-- Name: INDEX hit_day_rule_fqdn_error_key_day_idx; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON INDEX clusters.hit_day_rule_fqdn_error_key_day_idx IS 'The days of one recommendation.';

-- Name: hit_episode_appeared_at_idx; Type: INDEX; Schema: clusters; Owner: cdviz
CREATE INDEX hit_episode_appeared_at_idx ON clusters.hit_episode USING btree (appeared_at) INCLUDE (rule_fqdn, error_key);

-- Name: INDEX hit_episode_appeared_at_idx; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON INDEX clusters.hit_episode_appeared_at_idx IS 'What came up in a window of time.';

-- Name: hit_episode_open_idx; Type: INDEX; Schema: clusters; Owner: cdviz
CREATE INDEX hit_episode_open_idx ON clusters.hit_episode USING btree (rule_fqdn, error_key, appeared_at, cluster_id) WHERE (resolved_at IS NULL);

-- Name: INDEX hit_episode_open_idx; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON INDEX clusters.hit_episode_open_idx IS 'Clusters that have a recommendation, by when they got it.';

-- Name: hit_episode_over_idx; Type: INDEX; Schema: clusters; Owner: cdviz
CREATE INDEX hit_episode_over_idx ON clusters.hit_episode USING btree (rule_fqdn, error_key, appeared_at) INCLUDE (cluster_id, resolved_at) WHERE (resolved_at IS NOT NULL);

-- Name: INDEX hit_episode_over_idx; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON INDEX clusters.hit_episode_over_idx IS 'Clusters that had a recommendation, and for how long.';

-- Name: hit_episode_resolved_at_idx; Type: INDEX; Schema: clusters; Owner: cdviz
CREATE INDEX hit_episode_resolved_at_idx ON clusters.hit_episode USING btree (resolved_at) INCLUDE (rule_fqdn, error_key) WHERE (resolved_at IS NOT NULL);

-- Name: INDEX hit_episode_resolved_at_idx; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON INDEX clusters.hit_episode_resolved_at_idx IS 'What was resolved in a window of time.';

-- Name: dvo_report_cluster_id_idx; Type: INDEX; Schema: dvo; Owner: cdviz
CREATE INDEX dvo_report_cluster_id_idx ON dvo.dvo_report USING btree (cluster_id);

-- Name: INDEX dvo_report_cluster_id_idx; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON INDEX dvo.dvo_report_cluster_id_idx IS 'Namespaces of a cluster whichever organisation has it.';

-- Name: report_org_id_cluster_id_idx; Type: INDEX; Schema: dvo; Owner: cdviz
CREATE INDEX report_org_id_cluster_id_idx ON dvo.dvo_report USING btree (org_id, cluster_id);

-- Name: INDEX report_org_id_cluster_id_idx; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON INDEX dvo.report_org_id_cluster_id_idx IS 'Kept for old clients; the primary key serves the same questions.';

-- Name: report_org_id_idx; Type: INDEX; Schema: dvo; Owner: cdviz
CREATE INDEX report_org_id_idx ON dvo.dvo_report USING hash (org_id);

-- Name: INDEX report_org_id_idx; Type: COMMENT; Schema: dvo; Owner: cdviz
COMMENT ON INDEX dvo.report_org_id_idx IS 'Kept for old clients; the primary key serves the same questions.';

-- Name: quarantine_content_key; Type: INDEX; Schema: evistore; Owner: cdviz
CREATE UNIQUE INDEX quarantine_content_key ON evistore.quarantine USING btree (context, reason, digest) WHERE (state = 'open'::text);

-- Name: quarantine_open_idx; Type: INDEX; Schema: evistore; Owner: cdviz
CREATE INDEX quarantine_open_idx ON evistore.quarantine USING btree (context, id) WHERE (state = 'open'::text);

-- Name: cluster_rule_toggle_org_id_idx; Type: INDEX; Schema: public; Owner: cdviz
CREATE INDEX cluster_rule_toggle_org_id_idx ON public.cluster_rule_toggle USING btree (org_id);

-- Name: INDEX cluster_rule_toggle_org_id_idx; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON INDEX public.cluster_rule_toggle_org_id_idx IS 'Rules that are disabled in an organisation.';

-- Name: consumer_error_consumed_at_idx; Type: INDEX; Schema: public; Owner: cdviz
CREATE INDEX consumer_error_consumed_at_idx ON public.consumer_error USING btree (consumed_at);

-- Name: INDEX consumer_error_consumed_at_idx; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON INDEX public.consumer_error_consumed_at_idx IS 'What is old enough to go.';

-- Name: disable_feedback_org_id_rule_id_error_key_idx; Type: INDEX; Schema: public; Owner: cdviz
CREATE INDEX disable_feedback_org_id_rule_id_error_key_idx ON public.cluster_user_rule_disable_feedback USING btree (org_id, rule_id, error_key);

-- Name: INDEX disable_feedback_org_id_rule_id_error_key_idx; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON INDEX public.disable_feedback_org_id_rule_id_error_key_idx IS 'Why a rule is disabled, over the clusters of an organisation.';

-- Name: disable_feedback_user_id_idx; Type: INDEX; Schema: public; Owner: cdviz
CREATE INDEX disable_feedback_user_id_idx ON public.cluster_user_rule_disable_feedback USING btree (user_id);

-- Name: INDEX disable_feedback_user_id_idx; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON INDEX public.disable_feedback_user_id_idx IS 'Reasons that a user gave.';

-- Name: recommendation_rule_id_org_id_idx; Type: INDEX; Schema: public; Owner: cdviz
CREATE INDEX recommendation_rule_id_org_id_idx ON public.recommendation USING btree (rule_id, org_id);

-- Name: INDEX recommendation_rule_id_org_id_idx; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON INDEX public.recommendation_rule_id_org_id_idx IS 'Clusters that a rule hits, of an organisation or of all.';

-- Name: report_kafka_offset_btree_idx; Type: INDEX; Schema: public; Owner: cdviz
CREATE INDEX report_kafka_offset_btree_idx ON public.report USING btree (kafka_offset);

-- Name: INDEX report_kafka_offset_btree_idx; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON INDEX public.report_kafka_offset_btree_idx IS 'Kept for old clients.';

-- Name: report_last_checked_at_idx; Type: INDEX; Schema: public; Owner: cdviz
CREATE INDEX report_last_checked_at_idx ON public.report USING btree (last_checked_at NULLS FIRST, cluster) INCLUDE (org_id);

-- Name: INDEX report_last_checked_at_idx; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON INDEX public.report_last_checked_at_idx IS 'Clusters that were not heard of for longest.';

-- Name: report_org_id_reported_at_idx; Type: INDEX; Schema: public; Owner: cdviz
CREATE INDEX report_org_id_reported_at_idx ON public.report USING btree (org_id, reported_at);

-- Name: INDEX report_org_id_reported_at_idx; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON INDEX public.report_org_id_reported_at_idx IS 'Clusters of an organisation that reported lately.';

-- Name: cdevents_lake_default_position_key; Type: INDEX ATTACH; Schema: cdviz; Owner: cdviz
ALTER INDEX cdviz.cdevents_lake_position_key ATTACH PARTITION cdviz.cdevents_lake_default_position_key;

-- Name: cdevents_lake_default_subject_idx; Type: INDEX ATTACH; Schema: cdviz; Owner: cdviz
ALTER INDEX cdviz.cdevents_lake_subject_idx ATTACH PARTITION cdviz.cdevents_lake_default_subject_idx;

-- Name: cdevents_lake cdevents_lake_identity; Type: TRIGGER; Schema: cdviz; Owner: cdviz
CREATE TRIGGER cdevents_lake_identity BEFORE INSERT ON cdviz.cdevents_lake FOR EACH ROW WHEN ((new.digest IS NULL)) EXECUTE FUNCTION cdviz.identify_event();

-- Name: TRIGGER cdevents_lake_identity ON cdevents_lake; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TRIGGER cdevents_lake_identity ON cdviz.cdevents_lake IS 'Gives rows that are inserted directly their position, digest and identity, and leaves out those that are known.';

-- Name: cdevents_lake cdevents_lake_projection; Type: TRIGGER; Schema: cdviz; Owner: cdviz
CREATE TRIGGER cdevents_lake_projection AFTER INSERT ON cdviz.cdevents_lake REFERENCING NEW TABLE AS new_events FOR EACH STATEMENT WHEN ((current_setting('cdviz.projection'::text, true) IS DISTINCT FROM 'caller'::text)) EXECUTE FUNCTION cdviz.project_events();

-- Name: TRIGGER cdevents_lake_projection ON cdevents_lake; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TRIGGER cdevents_lake_projection ON cdviz.cdevents_lake IS 'Keeps state, services and graph up to date with whatever statement puts events into the lake.';

-- Name: change change_guard; Type: TRIGGER; Schema: clusters; Owner: cdviz
CREATE TRIGGER change_guard BEFORE DELETE OR UPDATE OR TRUNCATE ON clusters.change FOR EACH STATEMENT EXECUTE FUNCTION clusters.refuse_change();

ALTER TABLE clusters.change ENABLE ALWAYS TRIGGER change_guard;

-- Name: TRIGGER change_guard ON change; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON TRIGGER change_guard ON clusters.change IS 'Refuses every UPDATE, DELETE and TRUNCATE of the audit trail.';

-- Name: hit_episode episode_deletion; Type: TRIGGER; Schema: clusters; Owner: cdviz
CREATE TRIGGER episode_deletion AFTER DELETE ON clusters.hit_episode REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION clusters.count_hit_days();

-- Name: TRIGGER episode_deletion ON hit_episode; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON TRIGGER episode_deletion ON clusters.hit_episode IS 'Keeps clusters.hit_day: history that is taken away is not counted any more.';

-- Name: hit_episode episode_insertion; Type: TRIGGER; Schema: clusters; Owner: cdviz
CREATE TRIGGER episode_insertion AFTER INSERT ON clusters.hit_episode REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION clusters.count_hit_days();

-- Name: TRIGGER episode_insertion ON hit_episode; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON TRIGGER episode_insertion ON clusters.hit_episode IS 'Keeps clusters.hit_day: what comes up is counted by day.';

-- Name: hit_episode episode_truncation; Type: TRIGGER; Schema: clusters; Owner: cdviz
CREATE TRIGGER episode_truncation AFTER TRUNCATE ON clusters.hit_episode FOR EACH STATEMENT EXECUTE FUNCTION clusters.count_hit_days();

-- Name: TRIGGER episode_truncation ON hit_episode; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON TRIGGER episode_truncation ON clusters.hit_episode IS 'Keeps clusters.hit_day: where all history goes at once, its counts go too.';

-- Name: hit_episode episode_update; Type: TRIGGER; Schema: clusters; Owner: cdviz
CREATE TRIGGER episode_update AFTER UPDATE ON clusters.hit_episode REFERENCING OLD TABLE AS gone NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION clusters.count_hit_days();

-- Name: TRIGGER episode_update ON hit_episode; Type: COMMENT; Schema: clusters; Owner: cdviz
COMMENT ON TRIGGER episode_update ON clusters.hit_episode IS 'Keeps clusters.hit_day: what is resolved is counted by day.';

-- Name: rule_disable acknowledgement_change; Type: TRIGGER; Schema: public; Owner: cdviz
CREATE TRIGGER acknowledgement_change AFTER INSERT OR DELETE OR UPDATE ON public.rule_disable FOR EACH ROW EXECUTE FUNCTION clusters.record_change('acknowledgement');

-- Name: TRIGGER acknowledgement_change ON rule_disable; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TRIGGER acknowledgement_change ON public.rule_disable IS 'Puts every change of an acknowledgement into clusters.change.';

-- Name: rule_disable acknowledgement_truncation; Type: TRIGGER; Schema: public; Owner: cdviz
CREATE TRIGGER acknowledgement_truncation BEFORE TRUNCATE ON public.rule_disable FOR EACH STATEMENT EXECUTE FUNCTION clusters.record_change('acknowledgement');

-- Name: TRIGGER acknowledgement_truncation ON rule_disable; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TRIGGER acknowledgement_truncation ON public.rule_disable IS 'Puts every row into clusters.change before all of them go.';

-- Name: cluster_user_rule_disable_feedback reason_change; Type: TRIGGER; Schema: public; Owner: cdviz
CREATE TRIGGER reason_change AFTER INSERT OR DELETE OR UPDATE ON public.cluster_user_rule_disable_feedback FOR EACH ROW EXECUTE FUNCTION clusters.record_change('reason');

-- Name: TRIGGER reason_change ON cluster_user_rule_disable_feedback; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TRIGGER reason_change ON public.cluster_user_rule_disable_feedback IS 'Puts every change of a reason for a toggle into clusters.change.';

-- Name: cluster_user_rule_disable_feedback reason_truncation; Type: TRIGGER; Schema: public; Owner: cdviz
CREATE TRIGGER reason_truncation BEFORE TRUNCATE ON public.cluster_user_rule_disable_feedback FOR EACH STATEMENT EXECUTE FUNCTION clusters.record_change('reason');

-- Name: TRIGGER reason_truncation ON cluster_user_rule_disable_feedback; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TRIGGER reason_truncation ON public.cluster_user_rule_disable_feedback IS 'Puts every row into clusters.change before all of them go.';

-- Name: cluster_rule_toggle toggle_change; Type: TRIGGER; Schema: public; Owner: cdviz
CREATE TRIGGER toggle_change AFTER INSERT OR DELETE OR UPDATE ON public.cluster_rule_toggle FOR EACH ROW EXECUTE FUNCTION clusters.record_change('toggle');

-- Name: TRIGGER toggle_change ON cluster_rule_toggle; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TRIGGER toggle_change ON public.cluster_rule_toggle IS 'Puts every change of a toggle into clusters.change.';

-- Name: cluster_rule_toggle toggle_truncation; Type: TRIGGER; Schema: public; Owner: cdviz
CREATE TRIGGER toggle_truncation BEFORE TRUNCATE ON public.cluster_rule_toggle FOR EACH STATEMENT EXECUTE FUNCTION clusters.record_change('toggle');

-- Name: TRIGGER toggle_truncation ON cluster_rule_toggle; Type: COMMENT; Schema: public; Owner: cdviz
COMMENT ON TRIGGER toggle_truncation ON public.cluster_rule_toggle IS 'Puts every row into clusters.change before all of them go.';

-- Name: cluster_rule_user_feedback cluster_rule_user_feedback_cluster_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: cdviz
ALTER TABLE ONLY public.cluster_rule_user_feedback
    ADD CONSTRAINT cluster_rule_user_feedback_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.report(cluster) ON DELETE CASCADE;

-- Name: SCHEMA cdviz; Type: ACL; Schema: -; Owner: cdviz
GRANT USAGE ON SCHEMA cdviz TO cdviz_collector;
GRANT USAGE ON SCHEMA cdviz TO cdviz_reader;
GRANT USAGE ON SCHEMA cdviz TO evistore_service;

-- Name: SCHEMA clusters; Type: ACL; Schema: -; Owner: cdviz
GRANT USAGE ON SCHEMA clusters TO clusters_reader;
GRANT USAGE ON SCHEMA clusters TO clusters_writer;
GRANT USAGE ON SCHEMA clusters TO cdviz_reader;

-- Name: SCHEMA dvo; Type: ACL; Schema: -; Owner: cdviz
GRANT USAGE ON SCHEMA dvo TO clusters_reader;
GRANT USAGE ON SCHEMA dvo TO clusters_writer;

-- Name: SCHEMA evistore; Type: ACL; Schema: -; Owner: cdviz
GRANT USAGE ON SCHEMA evistore TO evistore_service;
GRANT USAGE ON SCHEMA evistore TO cdviz_reader;

-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner
GRANT CREATE ON SCHEMA public TO cdviz;

-- Name: TYPE value_at; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT ALL ON TYPE cdviz.value_at TO cdviz_reader;

-- Name: FUNCTION activity_counts(p_from date, p_until date, p_bucket text, p_subject text, p_predicate text, p_source text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.activity_counts(p_from date, p_until date, p_bucket text, p_subject text, p_predicate text, p_source text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.activity_counts(p_from date, p_until date, p_bucket text, p_subject text, p_predicate text, p_source text) TO cdviz_reader;

-- Name: FUNCTION activity_uncounted(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.activity_uncounted() FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.activity_uncounted() TO cdviz_reader;

-- Name: FUNCTION add_subjects(p_subject text[], p_id text[], p_at timestamp with time zone[]); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.add_subjects(p_subject text[], p_id text[], p_at timestamp with time zone[]) FROM PUBLIC;

-- Name: FUNCTION add_webhook(p_name text, p_url text, p_secret text, p_position bigint, p_batch integer, p_subjects text[], p_predicates text[], p_sources text[], p_environments text[], p_services text[]); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.add_webhook(p_name text, p_url text, p_secret text, p_position bigint, p_batch integer, p_subjects text[], p_predicates text[], p_sources text[], p_environments text[], p_services text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.add_webhook(p_name text, p_url text, p_secret text, p_position bigint, p_batch integer, p_subjects text[], p_predicates text[], p_sources text[], p_environments text[], p_services text[]) TO evistore_service;

-- Name: FUNCTION advance_webhook(p_name text, p_claim uuid, p_xid xid8, p_position bigint, p_events integer, p_status integer, p_lease interval); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.advance_webhook(p_name text, p_claim uuid, p_xid xid8, p_position bigint, p_events integer, p_status integer, p_lease interval) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.advance_webhook(p_name text, p_claim uuid, p_xid xid8, p_position bigint, p_events integer, p_status integer, p_lease interval) TO evistore_service;

-- Name: PROCEDURE apply_retention(IN p_now timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON PROCEDURE cdviz.apply_retention(IN p_now timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION apply_storage_policies(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.apply_storage_policies() FROM PUBLIC;

-- Name: FUNCTION artifact_history(p_artifact_id text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.artifact_history(p_artifact_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.artifact_history(p_artifact_id text) TO cdviz_reader;

-- Name: FUNCTION artifact_spellings(p_artifact_id text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.artifact_spellings(p_artifact_id text) FROM PUBLIC;

-- Name: FUNCTION attributes_of(p_payload jsonb); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.attributes_of(p_payload jsonb) FROM PUBLIC;

-- Name: FUNCTION change_failure_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.change_failure_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.change_failure_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) TO cdviz_reader;

-- Name: FUNCTION claim_webhooks(p_claim uuid, p_lease interval, p_most integer, p_failing boolean); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.claim_webhooks(p_claim uuid, p_lease interval, p_most integer, p_failing boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.claim_webhooks(p_claim uuid, p_lease interval, p_most integer, p_failing boolean) TO evistore_service;

-- Name: FUNCTION clear_projections(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.clear_projections() FROM PUBLIC;

-- Name: FUNCTION content_key(p_digest bytea); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.content_key(p_digest bytea) FROM PUBLIC;

-- Name: FUNCTION context_key(p_context_id text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.context_key(p_context_id text) FROM PUBLIC;

-- Name: FUNCTION current_subjects(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.current_subjects() FROM PUBLIC;

-- Name: FUNCTION days_of(p_events jsonb[]); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.days_of(p_events jsonb[]) FROM PUBLIC;

-- Name: FUNCTION deployment_figures(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.deployment_figures(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.deployment_figures(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) TO cdviz_reader;

-- Name: FUNCTION deployment_frequency(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.deployment_frequency(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.deployment_frequency(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text) TO cdviz_reader;

-- Name: FUNCTION deployment_outcomes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_within interval); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.deployment_outcomes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_within interval) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.deployment_outcomes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_within interval) TO cdviz_reader;

-- Name: FUNCTION deployment_rework_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.deployment_rework_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.deployment_rework_rate(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) TO cdviz_reader;

-- Name: FUNCTION deployments(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.deployments(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.deployments(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text) TO cdviz_reader;

-- Name: FUNCTION drop_range(p_name text, p_from timestamp with time zone, p_to timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.drop_range(p_name text, p_from timestamp with time zone, p_to timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION drop_storage_policies(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.drop_storage_policies() FROM PUBLIC;

-- Name: FUNCTION ensure_ahead(p_now timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.ensure_ahead(p_now timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION ensure_lake(p_days timestamp with time zone[]); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.ensure_lake(p_days timestamp with time zone[]) FROM PUBLIC;

-- Name: FUNCTION ensure_week(p_week timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.ensure_week(p_week timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION envelope_fault(p_payload jsonb, OUT code text, OUT detail text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.envelope_fault(p_payload jsonb, OUT code text, OUT detail text) FROM PUBLIC;

-- Name: FUNCTION envelope_notes(p_payload jsonb); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.envelope_notes(p_payload jsonb) FROM PUBLIC;

-- Name: FUNCTION event_at(p_position bigint); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.event_at(p_position bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.event_at(p_position bigint) TO cdviz_reader;

-- Name: FUNCTION event_estimate(OUT events bigint, OUT is_exact boolean); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.event_estimate(OUT events bigint, OUT is_exact boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.event_estimate(OUT events bigint, OUT is_exact boolean) TO cdviz_reader;

-- Name: FUNCTION event_key(p_source text, p_id text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.event_key(p_source text, p_id text) FROM PUBLIC;

-- Name: FUNCTION event_links_of(p_links jsonb); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.event_links_of(p_links jsonb) FROM PUBLIC;

-- Name: FUNCTION event_named(p_context_id text, p_source text, OUT subject text, OUT subject_id text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.event_named(p_context_id text, p_source text, OUT subject text, OUT subject_id text) FROM PUBLIC;

-- Name: FUNCTION event_time(p_text text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.event_time(p_text text) FROM PUBLIC;

-- Name: FUNCTION event_time_unusual(p_text text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.event_time_unusual(p_text text) FROM PUBLIC;

-- Name: FUNCTION event_type(p_type text, OUT subject text, OUT predicate text, OUT version integer[]); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.event_type(p_type text, OUT subject text, OUT predicate text, OUT version integer[]) FROM PUBLIC;

-- Name: FUNCTION events_after(p_position bigint, p_limit integer); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.events_after(p_position bigint, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.events_after(p_position bigint, p_limit integer) TO cdviz_reader;

-- Name: FUNCTION events_named(p_context_id text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.events_named(p_context_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.events_named(p_context_id text) TO cdviz_reader;

-- Name: FUNCTION events_newest(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.events_newest() FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.events_newest() TO cdviz_reader;

-- Name: FUNCTION events_of(p_subject text, p_subject_id text, p_from timestamp with time zone, p_until timestamp with time zone, p_before_timestamp timestamp with time zone, p_before_position bigint, p_limit integer); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.events_of(p_subject text, p_subject_id text, p_from timestamp with time zone, p_until timestamp with time zone, p_before_timestamp timestamp with time zone, p_before_position bigint, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.events_of(p_subject text, p_subject_id text, p_from timestamp with time zone, p_until timestamp with time zone, p_before_timestamp timestamp with time zone, p_before_position bigint, p_limit integer) TO cdviz_reader;

-- Name: FUNCTION events_page(p_subject text, p_predicate text, p_source text, p_verdict text, p_from timestamp with time zone, p_until timestamp with time zone, p_before_timestamp timestamp with time zone, p_before_position bigint, p_limit integer, p_scan integer); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.events_page(p_subject text, p_predicate text, p_source text, p_verdict text, p_from timestamp with time zone, p_until timestamp with time zone, p_before_timestamp timestamp with time zone, p_before_position bigint, p_limit integer, p_scan integer) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.events_page(p_subject text, p_predicate text, p_source text, p_verdict text, p_from timestamp with time zone, p_until timestamp with time zone, p_before_timestamp timestamp with time zone, p_before_position bigint, p_limit integer, p_scan integer) TO cdviz_reader;

-- Name: FUNCTION failed_deployment_recovery_time(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.failed_deployment_recovery_time(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.failed_deployment_recovery_time(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text, p_within interval) TO cdviz_reader;

-- Name: FUNCTION feed_after(p_xid xid8, p_position bigint, p_subjects text[], p_subject_ids text[], p_predicates text[], p_sources text[], p_environments text[], p_services text[], p_limit integer, p_scan integer, p_bytes bigint); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.feed_after(p_xid xid8, p_position bigint, p_subjects text[], p_subject_ids text[], p_predicates text[], p_sources text[], p_environments text[], p_services text[], p_limit integer, p_scan integer, p_bytes bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.feed_after(p_xid xid8, p_position bigint, p_subjects text[], p_subject_ids text[], p_predicates text[], p_sources text[], p_environments text[], p_services text[], p_limit integer, p_scan integer, p_bytes bigint) TO cdviz_reader;

-- Name: FUNCTION feed_place(p_position bigint); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.feed_place(p_position bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.feed_place(p_position bigint) TO cdviz_reader;

-- Name: FUNCTION findings(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.findings() FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.findings() TO evistore_service;
GRANT ALL ON FUNCTION cdviz.findings() TO cdviz_reader;

-- Name: FUNCTION flaky_tests(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_subject text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.flaky_tests(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_subject text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.flaky_tests(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_subject text) TO cdviz_reader;

-- Name: FUNCTION graph_ancestors(p_node_id text, p_max_depth integer); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.graph_ancestors(p_node_id text, p_max_depth integer) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.graph_ancestors(p_node_id text, p_max_depth integer) TO cdviz_reader;

-- Name: FUNCTION graph_ancestors_now(p_node_id text, p_max_depth integer); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.graph_ancestors_now(p_node_id text, p_max_depth integer) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.graph_ancestors_now(p_node_id text, p_max_depth integer) TO cdviz_reader;

-- Name: FUNCTION graph_descendants(p_node_id text, p_max_depth integer); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.graph_descendants(p_node_id text, p_max_depth integer) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.graph_descendants(p_node_id text, p_max_depth integer) TO cdviz_reader;

-- Name: FUNCTION graph_walk(p_node_id text, p_forward boolean, p_max_depth integer, p_max_nodes integer, p_now boolean); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.graph_walk(p_node_id text, p_forward boolean, p_max_depth integer, p_max_nodes integer, p_now boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.graph_walk(p_node_id text, p_forward boolean, p_max_depth integer, p_max_nodes integer, p_now boolean) TO cdviz_reader;

-- Name: FUNCTION identify_event(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.identify_event() FROM PUBLIC;

-- Name: FUNCTION incident_causes(p_since timestamp with time zone, p_within interval); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.incident_causes(p_since timestamp with time zone, p_within interval) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.incident_causes(p_since timestamp with time zone, p_within interval) TO cdviz_reader;

-- Name: FUNCTION incidents(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_within interval); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.incidents(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_within interval) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.incidents(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_within interval) TO cdviz_reader;

-- Name: FUNCTION is_node_id(p_text text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.is_node_id(p_text text) FROM PUBLIC;

-- Name: FUNCTION is_past(p_floors jsonb, p_subject text, p_at timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.is_past(p_floors jsonb, p_subject text, p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION keep_first(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.keep_first(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.keep_first(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone) TO cdviz_reader;

-- Name: FUNCTION keep_last(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.keep_last(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.keep_last(p_state cdviz.value_at, p_value anyelement, p_at timestamp with time zone) TO cdviz_reader;

-- Name: FUNCTION lake_ranges(p_floors jsonb); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.lake_ranges(p_floors jsonb) FROM PUBLIC;

-- Name: FUNCTION lake_ready(p_at timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.lake_ready(p_at timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION later_of(p_one jsonb, p_other jsonb); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.later_of(p_one jsonb, p_other jsonb) FROM PUBLIC;

-- Name: FUNCTION lead_time_for_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.lead_time_for_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.lead_time_for_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_bucket text) TO cdviz_reader;

-- Name: FUNCTION lead_times(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.lead_times(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.lead_times(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text) TO cdviz_reader;

-- Name: FUNCTION leave_webhook(p_name text, p_claim uuid); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.leave_webhook(p_name text, p_claim uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.leave_webhook(p_name text, p_claim uuid) TO evistore_service;

-- Name: FUNCTION link_relation(p_kind text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.link_relation(p_kind text) FROM PUBLIC;

-- Name: FUNCTION metric_buckets(p_from timestamp with time zone, p_until timestamp with time zone, p_bucket text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.metric_buckets(p_from timestamp with time zone, p_until timestamp with time zone, p_bucket text) FROM PUBLIC;

-- Name: FUNCTION metric_environments(p_environment text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.metric_environments(p_environment text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.metric_environments(p_environment text) TO cdviz_reader;

-- Name: FUNCTION outcome_class(p_outcome text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.outcome_class(p_outcome text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.outcome_class(p_outcome text) TO cdviz_reader;

-- Name: FUNCTION pause_webhook(p_name text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.pause_webhook(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.pause_webhook(p_name text) TO evistore_service;

-- Name: FUNCTION placement_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environments text[]); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.placement_changes(p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environments text[]) FROM PUBLIC;

-- Name: FUNCTION postpone_webhook(p_name text, p_claim uuid, p_status integer, p_answer text, p_wait interval, p_disable boolean); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.postpone_webhook(p_name text, p_claim uuid, p_status integer, p_answer text, p_wait interval, p_disable boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.postpone_webhook(p_name text, p_claim uuid, p_status integer, p_answer text, p_wait interval, p_disable boolean) TO evistore_service;

-- Name: FUNCTION predicate_rank(p_predicate text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.predicate_rank(p_predicate text) FROM PUBLIC;

-- Name: FUNCTION project_events(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.project_events() FROM PUBLIC;

-- Name: FUNCTION prune_identity(p_now timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.prune_identity(p_now timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION prune_projections(p_floors jsonb); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.prune_projections(p_floors jsonb) FROM PUBLIC;

-- Name: FUNCTION purl_base(p_text text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.purl_base(p_text text) FROM PUBLIC;

-- Name: FUNCTION purl_canonical(p_text text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.purl_canonical(p_text text) FROM PUBLIC;

-- Name: FUNCTION refresh_activity(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.refresh_activity() FROM PUBLIC;

-- Name: FUNCTION remove_webhook(p_name text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.remove_webhook(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.remove_webhook(p_name text) TO evistore_service;

-- Name: FUNCTION resume_webhook(p_name text, p_skip boolean); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.resume_webhook(p_name text, p_skip boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.resume_webhook(p_name text, p_skip boolean) TO evistore_service;

-- Name: FUNCTION retention_floors(p_now timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.retention_floors(p_now timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION retention_preview(p_now timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.retention_preview(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.retention_preview(p_now timestamp with time zone) TO cdviz_reader;

-- Name: FUNCTION retire_range(p_name text, p_from timestamp with time zone, p_to timestamp with time zone, p_floors jsonb); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.retire_range(p_name text, p_from timestamp with time zone, p_to timestamp with time zone, p_floors jsonb) FROM PUBLIC;

-- Name: FUNCTION run_attempts(p_subject text, p_subject_id text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.run_attempts(p_subject text, p_subject_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.run_attempts(p_subject text, p_subject_id text) TO cdviz_reader;

-- Name: FUNCTION run_rows(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_nodes bigint[], p_environment text, p_source text, p_name text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.run_rows(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_nodes bigint[], p_environment text, p_source text, p_name text) FROM PUBLIC;

-- Name: FUNCTION run_statistics(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text, p_limit integer); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.run_statistics(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.run_statistics(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text, p_limit integer) TO cdviz_reader;

-- Name: FUNCTION run_trend(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text, p_bucket text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.run_trend(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text, p_bucket text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.run_trend(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text, p_bucket text) TO cdviz_reader;

-- Name: FUNCTION runs(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.runs(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.runs(p_subject text, p_from timestamp with time zone, p_until timestamp with time zone, p_service text, p_environment text, p_source text, p_name text) TO cdviz_reader;

-- Name: FUNCTION same_node(p_subject text, p_subject_id text, p_canonical_id text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.same_node(p_subject text, p_subject_id text, p_canonical_id text) FROM PUBLIC;

-- Name: FUNCTION service_history(p_service text, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text, p_limit integer); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.service_history(p_service text, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.service_history(p_service text, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text, p_limit integer) TO cdviz_reader;

-- Name: FUNCTION service_run_ended(p_service_id text, p_artifact_id text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.service_run_ended(p_service_id text, p_artifact_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.service_run_ended(p_service_id text, p_artifact_id text) TO cdviz_reader;

-- Name: FUNCTION service_runs(p_service text, p_subject text, p_from timestamp with time zone, p_until timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.service_runs(p_service text, p_subject text, p_from timestamp with time zone, p_until timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION service_versions(p_service text, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.service_versions(p_service text, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.service_versions(p_service text, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text) TO cdviz_reader;

-- Name: FUNCTION set_policy(p_name text, p_value interval); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.set_policy(p_name text, p_value interval) FROM PUBLIC;

-- Name: FUNCTION set_production(p_environment text, p_is_production boolean); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.set_production(p_environment text, p_is_production boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.set_production(p_environment text, p_is_production boolean) TO evistore_service;

-- Name: FUNCTION settle_known(p_payload jsonb, p_is_event boolean, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.settle_known(p_payload jsonb, p_is_event boolean, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint) FROM PUBLIC;

-- Name: FUNCTION settle_links(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.settle_links() FROM PUBLIC;

-- Name: FUNCTION settle_repeat(p_source text, p_id text, p_payload jsonb, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.settle_repeat(p_source text, p_id text, p_payload jsonb, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint) FROM PUBLIC;

-- Name: FUNCTION settle_webhooks(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.settle_webhooks() FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.settle_webhooks() TO evistore_service;

-- Name: FUNCTION settle_week(p_week timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.settle_week(p_week timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION silent_sources(p_at timestamp with time zone, p_look_back interval); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.silent_sources(p_at timestamp with time zone, p_look_back interval) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.silent_sources(p_at timestamp with time zone, p_look_back interval) TO cdviz_reader;

-- Name: FUNCTION storage_findings(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.storage_findings() FROM PUBLIC;

-- Name: FUNCTION storage_floor(p_at timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.storage_floor(p_at timestamp with time zone) FROM PUBLIC;

-- Name: PROCEDURE store_cdevent(IN p_event jsonb); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON PROCEDURE cdviz.store_cdevent(IN p_event jsonb) FROM PUBLIC;
GRANT ALL ON PROCEDURE cdviz.store_cdevent(IN p_event jsonb) TO cdviz_collector;

-- Name: FUNCTION store_cdevents(p_events jsonb[], p_verdicts text[], p_reasons jsonb[], p_origin text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.store_cdevents(p_events jsonb[], p_verdicts text[], p_reasons jsonb[], p_origin text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.store_cdevents(p_events jsonb[], p_verdicts text[], p_reasons jsonb[], p_origin text) TO cdviz_collector;

-- Name: FUNCTION stray_weeks(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.stray_weeks() FROM PUBLIC;

-- Name: FUNCTION stuck_runs(p_after interval, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text, p_subject text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.stuck_runs(p_after interval, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text, p_subject text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.stuck_runs(p_after interval, p_from timestamp with time zone, p_until timestamp with time zone, p_environment text, p_source text, p_subject text) TO cdviz_reader;

-- Name: FUNCTION subject_links_of(p_custom_data jsonb); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.subject_links_of(p_custom_data jsonb) FROM PUBLIC;

-- Name: FUNCTION subjects_page(p_subject text, p_before_at timestamp with time zone, p_key_id text, p_limit integer); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.subjects_page(p_subject text, p_before_at timestamp with time zone, p_key_id text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.subjects_page(p_subject text, p_before_at timestamp with time zone, p_key_id text, p_limit integer) TO cdviz_reader;

-- Name: FUNCTION time_bucket(bucket_width interval, ts timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.time_bucket(bucket_width interval, ts timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.time_bucket(bucket_width interval, ts timestamp with time zone) TO cdviz_reader;

-- Name: FUNCTION value_kept(p_state cdviz.value_at, p_type anyelement, p_at timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.value_kept(p_state cdviz.value_at, p_type anyelement, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.value_kept(p_state cdviz.value_at, p_type anyelement, p_at timestamp with time zone) TO cdviz_reader;

-- Name: FUNCTION webhook_target(p_name text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.webhook_target(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.webhook_target(p_name text) TO evistore_service;

-- Name: FUNCTION what_runs(p_at timestamp with time zone, p_service text, p_environment text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.what_runs(p_at timestamp with time zone, p_service text, p_environment text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.what_runs(p_at timestamp with time zone, p_service text, p_environment text) TO cdviz_reader;

-- Name: FUNCTION acknowledge(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.acknowledge(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.acknowledge(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text) TO clusters_writer;

-- Name: FUNCTION append_change(p_kind text, p_before jsonb, p_after jsonb); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.append_change(p_kind text, p_before jsonb, p_after jsonb) FROM PUBLIC;

-- Name: FUNCTION clean_cluster(p_kind text, p_cluster text, p_org bigint, p_before timestamp with time zone, p_apply boolean); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.clean_cluster(p_kind text, p_cluster text, p_org bigint, p_before timestamp with time zone, p_apply boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.clean_cluster(p_kind text, p_cluster text, p_org bigint, p_before timestamp with time zone, p_apply boolean) TO evistore_service;

-- Name: FUNCTION clean_errors(p_before timestamp with time zone, p_apply boolean); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.clean_errors(p_before timestamp with time zone, p_apply boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.clean_errors(p_before timestamp with time zone, p_apply boolean) TO evistore_service;

-- Name: FUNCTION count_hit_days(); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.count_hit_days() FROM PUBLIC;

-- Name: FUNCTION delete_clusters(p_clusters text[], p_caller bigint, OUT outcome text, OUT owner integer, OUT deleted bigint); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.delete_clusters(p_clusters text[], p_caller bigint, OUT outcome text, OUT owner integer, OUT deleted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.delete_clusters(p_clusters text[], p_caller bigint, OUT outcome text, OUT owner integer, OUT deleted bigint) TO evistore_service;

-- Name: FUNCTION delete_organizations(p_orgs bigint[]); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.delete_organizations(p_orgs bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.delete_organizations(p_orgs bigint[]) TO evistore_service;

-- Name: FUNCTION due(p_before timestamp with time zone); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.due(p_before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.due(p_before timestamp with time zone) TO evistore_service;

-- Name: FUNCTION explain_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_message text, p_caller bigint, OUT outcome text, OUT owner integer); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.explain_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_message text, p_caller bigint, OUT outcome text, OUT owner integer) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.explain_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_message text, p_caller bigint, OUT outcome text, OUT owner integer) TO clusters_writer;

-- Name: FUNCTION findings(); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.findings() FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.findings() TO evistore_service;
GRANT ALL ON FUNCTION clusters.findings() TO clusters_reader;

-- Name: FUNCTION fold_hit_days(); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.fold_hit_days() FROM PUBLIC;

-- Name: FUNCTION move_cluster(p_cluster text, p_org integer); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.move_cluster(p_cluster text, p_org integer) FROM PUBLIC;

-- Name: FUNCTION rate(p_org bigint, p_rule text, p_error_key text, p_rating smallint); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.rate(p_org bigint, p_rule text, p_error_key text, p_rating smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.rate(p_org bigint, p_rule text, p_error_key text, p_rating smallint) TO clusters_writer;

-- Name: FUNCTION record_change(); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.record_change() FROM PUBLIC;

-- Name: FUNCTION record_faults(p_topic text[], p_partition integer[], p_offset bigint[], p_key text[], p_produced timestamp with time zone[], p_message text[], p_error text[], p_faults jsonb[]); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.record_faults(p_topic text[], p_partition integer[], p_offset bigint[], p_key text[], p_produced timestamp with time zone[], p_message text[], p_error text[], p_faults jsonb[]) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.record_faults(p_topic text[], p_partition integer[], p_offset bigint[], p_key text[], p_produced timestamp with time zone[], p_message text[], p_error text[], p_faults jsonb[]) TO clusters_writer;

-- Name: FUNCTION refuse_change(); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.refuse_change() FROM PUBLIC;

-- Name: FUNCTION set_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_disabled boolean, p_caller bigint, p_actor text, OUT outcome text, OUT owner integer); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.set_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_disabled boolean, p_caller bigint, p_actor text, OUT outcome text, OUT owner integer) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.set_toggle(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_disabled boolean, p_caller bigint, p_actor text, OUT outcome text, OUT owner integer) TO clusters_writer;

-- Name: FUNCTION settle_hits(p_won integer[], p_now timestamp without time zone, p_org integer[], p_cluster text[], p_last_checked timestamp with time zone[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.settle_hits(p_won integer[], p_now timestamp without time zone, p_org integer[], p_cluster text[], p_last_checked timestamp with time zone[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]) FROM PUBLIC;

-- Name: FUNCTION store_reports(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_gathered timestamp with time zone[], p_offset bigint[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.store_reports(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_gathered timestamp with time zone[], p_offset bigint[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.store_reports(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_gathered timestamp with time zone[], p_offset bigint[], p_version text[], p_last_hit integer[], p_component text[], p_error_key text[], p_template text[]) TO clusters_writer;

-- Name: FUNCTION store_workloads(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_last_namespace integer[], p_namespace text[], p_name text[], p_recommendations integer[], p_objects integer[], p_hits jsonb[]); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.store_workloads(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_last_namespace integer[], p_namespace text[], p_name text[], p_recommendations integer[], p_objects integer[], p_hits jsonb[]) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.store_workloads(p_org integer[], p_cluster text[], p_report text[], p_last_checked timestamp with time zone[], p_last_namespace integer[], p_namespace text[], p_name text[], p_recommendations integer[], p_objects integer[], p_hits jsonb[]) TO clusters_writer;

-- Name: FUNCTION update_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.update_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.update_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_justification text, p_actor text) TO clusters_writer;

-- Name: FUNCTION vote(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_vote integer, p_message text, p_caller bigint, OUT outcome text, OUT owner integer); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.vote(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_vote integer, p_message text, p_caller bigint, OUT outcome text, OUT owner integer) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.vote(p_cluster text, p_rule text, p_error_key text, p_org bigint, p_user text, p_vote integer, p_message text, p_caller bigint, OUT outcome text, OUT owner integer) TO clusters_writer;

-- Name: FUNCTION withdraw_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_actor text); Type: ACL; Schema: clusters; Owner: cdviz
REVOKE ALL ON FUNCTION clusters.withdraw_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION clusters.withdraw_acknowledgement(p_org bigint, p_rule text, p_error_key text, p_actor text) TO clusters_writer;

-- Name: FUNCTION advance_consumer(p_consumer text, p_topic text, p_partition integer, p_from_offset bigint, p_next_offset bigint); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.advance_consumer(p_consumer text, p_topic text, p_partition integer, p_from_offset bigint, p_next_offset bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.advance_consumer(p_consumer text, p_topic text, p_partition integer, p_from_offset bigint, p_next_offset bigint) TO evistore_service;

-- Name: FUNCTION consumer_positions(p_consumer text); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.consumer_positions(p_consumer text) FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.consumer_positions(p_consumer text) TO evistore_service;
GRANT ALL ON FUNCTION evistore.consumer_positions(p_consumer text) TO cdviz_reader;

-- Name: FUNCTION findings(); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.findings() FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.findings() TO evistore_service;
GRANT ALL ON FUNCTION evistore.findings() TO cdviz_reader;

-- Name: FUNCTION post(p_topic text[], p_key bytea[], p_value bytea[]); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.post(p_topic text[], p_key bytea[], p_value bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.post(p_topic text[], p_key bytea[], p_value bytea[]) TO evistore_service;

-- Name: FUNCTION posted_topics(); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.posted_topics() FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.posted_topics() TO evistore_service;

-- Name: FUNCTION prune_quarantine(p_now timestamp with time zone, p_keep interval); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.prune_quarantine(p_now timestamp with time zone, p_keep interval) FROM PUBLIC;

-- Name: FUNCTION refine_origin(p_ids bigint[], p_origins text[], p_coarse text); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.refine_origin(p_ids bigint[], p_origins text[], p_coarse text) FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.refine_origin(p_ids bigint[], p_origins text[], p_coarse text) TO evistore_service;

-- Name: FUNCTION set_aside(p_context text, p_reason text, p_detail text, p_origin text, p_payload jsonb, p_raw bytea); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.set_aside(p_context text, p_reason text, p_detail text, p_origin text, p_payload jsonb, p_raw bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.set_aside(p_context text, p_reason text, p_detail text, p_origin text, p_payload jsonb, p_raw bytea) TO evistore_service;

-- Name: FUNCTION settle_quarantine(p_id bigint, p_state text); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.settle_quarantine(p_id bigint, p_state text) FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.settle_quarantine(p_id bigint, p_state text) TO evistore_service;

-- Name: FUNCTION take_posted(p_topic text, p_most integer, p_bytes integer); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.take_posted(p_topic text, p_most integer, p_bytes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.take_posted(p_topic text, p_most integer, p_bytes integer) TO evistore_service;

-- Name: FUNCTION first(anyelement, timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.first(anyelement, timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.first(anyelement, timestamp with time zone) TO cdviz_reader;

-- Name: FUNCTION last(anyelement, timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.last(anyelement, timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.last(anyelement, timestamp with time zone) TO cdviz_reader;

-- Name: TABLE activity_daily; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.activity_daily TO cdviz_reader;

-- Name: TABLE cdevents_lake; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.cdevents_lake TO cdviz_reader;

-- Name: TABLE approval; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.approval TO cdviz_reader;

-- Name: TABLE artifact; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.artifact TO cdviz_reader;

-- Name: TABLE branch; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.branch TO cdviz_reader;

-- Name: TABLE build; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.build TO cdviz_reader;

-- Name: TABLE change; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.change TO cdviz_reader;

-- Name: TABLE subject; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.subject TO cdviz_reader;

-- Name: TABLE custom_subject; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.custom_subject TO cdviz_reader;

-- Name: TABLE environment; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.environment TO cdviz_reader;

-- Name: TABLE graph_edges; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.graph_edges TO cdviz_reader;

-- Name: TABLE graph_nodes; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.graph_nodes TO cdviz_reader;

-- Name: TABLE incident; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.incident TO cdviz_reader;

-- Name: TABLE pipelinerun; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.pipelinerun TO cdviz_reader;

-- Name: TABLE production; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.production TO cdviz_reader;

-- Name: TABLE quarantine; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.quarantine TO cdviz_reader;

-- Name: TABLE repository; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.repository TO cdviz_reader;

-- Name: TABLE service; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.service TO cdviz_reader;

-- Name: TABLE services; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.services TO cdviz_reader;

-- Name: TABLE taskrun; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.taskrun TO cdviz_reader;

-- Name: TABLE testcase; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.testcase TO cdviz_reader;

-- Name: TABLE testcaserun; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.testcaserun TO cdviz_reader;

-- Name: TABLE testoutput; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.testoutput TO cdviz_reader;

-- Name: TABLE testsuite; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.testsuite TO cdviz_reader;

-- Name: TABLE testsuiterun; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.testsuiterun TO cdviz_reader;

-- Name: TABLE ticket; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.ticket TO cdviz_reader;

-- Name: TABLE webhooks; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.webhooks TO cdviz_reader;

-- Name: TABLE change; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.change TO clusters_reader;

-- Name: TABLE hit_episode; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.hit_episode TO clusters_reader;

-- Name: TABLE cluster_rule_toggle; Type: ACL; Schema: public; Owner: cdviz
GRANT SELECT ON TABLE public.cluster_rule_toggle TO clusters_reader;

-- Name: TABLE report; Type: ACL; Schema: public; Owner: cdviz
GRANT SELECT ON TABLE public.report TO clusters_reader;

-- Name: TABLE report_info; Type: ACL; Schema: public; Owner: cdviz
GRANT SELECT ON TABLE public.report_info TO clusters_reader;

-- Name: TABLE cluster_overview; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.cluster_overview TO clusters_reader;
GRANT SELECT ON TABLE clusters.cluster_overview TO cdviz_reader;

-- Name: TABLE consumer_fault; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.consumer_fault TO clusters_reader;

-- Name: TABLE consumer_error; Type: ACL; Schema: public; Owner: cdviz
GRANT SELECT ON TABLE public.consumer_error TO clusters_reader;

-- Name: TABLE consumer_error; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.consumer_error TO clusters_reader;
GRANT SELECT ON TABLE clusters.consumer_error TO cdviz_reader;

-- Name: TABLE hit_day; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.hit_day TO clusters_reader;

-- Name: TABLE quarantine; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.quarantine TO clusters_reader;
GRANT SELECT ON TABLE clusters.quarantine TO cdviz_reader;

-- Name: TABLE recommendation_daily; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.recommendation_daily TO clusters_reader;
GRANT SELECT ON TABLE clusters.recommendation_daily TO cdviz_reader;

-- Name: TABLE recommendation_history; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.recommendation_history TO clusters_reader;
GRANT SELECT ON TABLE clusters.recommendation_history TO cdviz_reader;

-- Name: TABLE cluster_rule_user_feedback; Type: ACL; Schema: public; Owner: cdviz
GRANT SELECT ON TABLE public.cluster_rule_user_feedback TO clusters_reader;

-- Name: TABLE rule_disable; Type: ACL; Schema: public; Owner: cdviz
GRANT SELECT ON TABLE public.rule_disable TO clusters_reader;

-- Name: TABLE recommendation_overview; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.recommendation_overview TO clusters_reader;
GRANT SELECT ON TABLE clusters.recommendation_overview TO cdviz_reader;

-- Name: TABLE rule_change; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.rule_change TO clusters_reader;

-- Name: TABLE workload_check; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.workload_check TO clusters_reader;

-- Name: TABLE dvo_report; Type: ACL; Schema: dvo; Owner: cdviz
GRANT SELECT ON TABLE dvo.dvo_report TO clusters_reader;

-- Name: TABLE workload_overview; Type: ACL; Schema: clusters; Owner: cdviz
GRANT SELECT ON TABLE clusters.workload_overview TO clusters_reader;
GRANT SELECT ON TABLE clusters.workload_overview TO cdviz_reader;

-- Name: TABLE migration_info; Type: ACL; Schema: dvo; Owner: cdviz
GRANT SELECT ON TABLE dvo.migration_info TO clusters_reader;

-- Name: TABLE definition; Type: ACL; Schema: evistore; Owner: cdviz
GRANT SELECT ON TABLE evistore.definition TO evistore_service;

-- Name: TABLE migration; Type: ACL; Schema: evistore; Owner: cdviz
GRANT SELECT ON TABLE evistore.migration TO evistore_service;

-- Name: TABLE advisor_ratings; Type: ACL; Schema: public; Owner: cdviz
GRANT SELECT ON TABLE public.advisor_ratings TO clusters_reader;

-- Name: TABLE cluster_user_rule_disable_feedback; Type: ACL; Schema: public; Owner: cdviz
GRANT SELECT ON TABLE public.cluster_user_rule_disable_feedback TO clusters_reader;

-- Name: TABLE migration_info; Type: ACL; Schema: public; Owner: cdviz
GRANT SELECT ON TABLE public.migration_info TO clusters_reader;

-- Name: TABLE recommendation; Type: ACL; Schema: public; Owner: cdviz
GRANT SELECT ON TABLE public.recommendation TO clusters_reader;

-- Name: TABLE rule_hit; Type: ACL; Schema: public; Owner: cdviz
GRANT SELECT ON TABLE public.rule_hit TO clusters_reader;
