-- The dump of a fresh database on plain PostgreSQL. Written by `make reference`; a test compares.

-- Name: cdviz; Type: SCHEMA; Schema: -; Owner: cdviz
CREATE SCHEMA cdviz;

ALTER SCHEMA cdviz OWNER TO cdviz;

-- Name: SCHEMA cdviz; Type: COMMENT; Schema: -; Owner: cdviz
COMMENT ON SCHEMA cdviz IS 'Delivery evidence: the lake of CDEvents, its projections, views, graph and metrics.';

-- Name: evistore; Type: SCHEMA; Schema: -; Owner: cdviz
CREATE SCHEMA evistore;

ALTER SCHEMA evistore OWNER TO cdviz;

-- Name: SCHEMA evistore; Type: COMMENT; Schema: -; Owner: cdviz
COMMENT ON SCHEMA evistore IS 'The kernel of Evistore: ledger of migrations, quarantine, consumer positions.';

-- Name: value_at; Type: TYPE; Schema: cdviz; Owner: cdviz
CREATE TYPE cdviz.value_at AS (
	at timestamp with time zone,
	value text
);

ALTER TYPE cdviz.value_at OWNER TO cdviz;

-- Name: TYPE value_at; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TYPE cdviz.value_at IS 'State of the aggregates first and last: the time found so far and its value as text.';

-- Name: add_subjects(text[], text[], timestamp with time zone[]); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.add_subjects(p_subject text[], p_id text[], p_at timestamp with time zone[]) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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
    ON CONFLICT (subject_id, subject) DO UPDATE SET first_seen_at = least(s.first_seen_at, excluded.first_seen_at)
$$;

ALTER FUNCTION cdviz.add_subjects(p_subject text[], p_id text[], p_at timestamp with time zone[]) OWNER TO cdviz;

-- Name: FUNCTION add_subjects(p_subject text[], p_id text[], p_at timestamp with time zone[]); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.add_subjects(p_subject text[], p_id text[], p_at timestamp with time zone[]) IS 'Makes sure that these subjects stand and were first seen at these times or earlier; called before edges are drawn between them. The last subject is that of the event itself.';

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
END
$$;

ALTER PROCEDURE cdviz.apply_retention(IN p_now timestamp with time zone) OWNER TO cdviz;

-- Name: PROCEDURE apply_retention(IN p_now timestamp with time zone); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON PROCEDURE cdviz.apply_retention(IN p_now timestamp with time zone) IS 'Takes from the lake what retention no longer wants as of a moment (default: now), then what was read off it and is not current, then identities past their own age. Commits after each range; cdviz.retention_preview tells beforehand.';

-- Name: apply_storage_policies(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.apply_storage_policies() RETURNS void
    LANGUAGE sql
    AS $$ SELECT NULL::void WHERE false $$;

ALTER FUNCTION cdviz.apply_storage_policies() OWNER TO cdviz;

-- Name: FUNCTION apply_storage_policies(); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.apply_storage_policies() IS 'Sets the engine''s jobs by cdviz.storage_policy: on the native engine, which has none, nothing; evistore maintain reads the table.';

-- Name: attributes_of(jsonb); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.attributes_of(p_payload jsonb) RETURNS TABLE(outcome text, name text, environment_id text, artifact_id text, service_id text, chain_id text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT nullif(c.content ->> 'outcome', ''),
           nullif(coalesce(c.content ->> 'pipelineName', c.content ->> 'taskName', c.content -> 'testCase' ->> 'name',
                           c.content -> 'testSuite' ->> 'name', c.content ->> 'name', c.content ->> 'summary'), ''),
           nullif(c.content -> 'environment' ->> 'id', ''),
           nullif(c.content ->> 'artifactId', ''),
           nullif(c.content -> 'service' ->> 'id', ''),
           CASE WHEN octet_length(c.chain_id) BETWEEN 1 AND 2000 THEN c.chain_id END
      FROM (
        SELECT p_payload -> 'subject' -> 'content' AS content,
               coalesce(p_payload -> 'context' ->> 'chainId', p_payload -> 'context' ->> 'chain_id') AS chain_id
        OFFSET 0 -- a fence: taken out once
      ) AS c
$$;

ALTER FUNCTION cdviz.attributes_of(p_payload jsonb) OWNER TO cdviz;

-- Name: FUNCTION attributes_of(p_payload jsonb); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.attributes_of(p_payload jsonb) IS 'What an event says about its subject: outcome, name, environment, artifact, service, chain; null for what it does not say.';

-- Name: clear_projections(); Type: FUNCTION; Schema: cdviz; Owner: cdviz
CREATE FUNCTION cdviz.clear_projections() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM cdviz.subject_state AS s WHERE s.last_payload IS NOT NULL) THEN
        TRUNCATE cdviz.subject_state, cdviz.service_event, cdviz.service_placement, cdviz.edge, cdviz.pending_link;
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
        SELECT (c.reltuples / greatest(c.relpages, 1) * (pg_relation_size(c.oid) / current_setting('block_size')::integer))::bigint AS events
          FROM pg_class AS c
         WHERE c.oid = 'cdviz.event_identity'::regclass
     ) AS estimate
$$;

ALTER FUNCTION cdviz.event_estimate(OUT events bigint, OUT is_exact boolean) OWNER TO cdviz;

-- Name: FUNCTION event_estimate(OUT events bigint, OUT is_exact boolean); Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON FUNCTION cdviz.event_estimate(OUT events bigint, OUT is_exact boolean) IS 'How many events were ever stored, and whether that is exact: it is up to 20,000, beyond them the statistics of the last ANALYZE are scaled by the size of today.';

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
        WHEN translate(left(p_text, 19), '012345678', '999999999') = '9999-99-99T99:99:99'
             AND substr(p_text, 1, 4) > '1900' AND substr(p_text, 6, 2) BETWEEN '01' AND '12' AND substr(p_text, 9, 2) BETWEEN '01' AND '30'
             AND (substr(p_text, 6, 2) <> '02' OR substr(p_text, 9, 2) <= '28')
             AND substr(p_text, 12, 2) <= '23' AND substr(p_text, 15, 2) <= '59' AND substr(p_text, 18, 2) <= '59'
             AND (substr(p_text, 20) = 'Z' OR translate(substr(p_text, 20), '012345678', '999999999') IN ('.9Z', '.99Z', '.999Z', '.999999Z', '.999999999Z'))
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
                         WHERE p_forward AND g.from_node = f.node AND NOT (p_now AND f.subject = 'service' AND g.relation IN ('deployedWith', 'deployedTo'))
                        UNION ALL
                        -- of what a service ever ran and where, only what runs now: that does not grow with its history
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
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
DECLARE
    v_from_subject text[];
    v_from_id text[];
    v_to_subject text[];
    v_to_id text[];
    v_relation text[];
    v_first_at timestamptz[];
    v_last_at timestamptz[];
    v_last_position bigint[];
    v_seen bigint[];
BEGIN
    IF NOT EXISTS (SELECT FROM new_events) THEN
        RETURN NULL;
    END IF;

    -- What the events say about others; links that name events not seen yet wait in cdviz.pending_link.
    WITH said AS MATERIALIZED (
        SELECT e.subject, e.subject_id, e.predicate, e."timestamp" AS at, e.position, e.source, e.context_id,
               e.payload -> 'subject' -> 'content' AS content, e.payload -> 'customData' AS custom_data, e.payload -> 'context' -> 'links' AS links
          FROM new_events AS e
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
        SELECT s.subject, s.subject_id, 'artifact', s.content ->> 'artifactId',
               CASE WHEN s.subject = 'build' THEN 'produced' ELSE 'deployedWith' END, s.at, s.position
          FROM said AS s
         WHERE cdviz.is_node_id(s.content ->> 'artifactId')
        UNION ALL
        -- a version of a package derives from the package
        SELECT 'artifact', b.id, 'artifact', b.base, 'derivedFrom', b.at, b.position
          FROM (
            SELECT a.id, cdviz.purl_base(a.id) AS base, a.at, a.position
              FROM (
                SELECT CASE WHEN s.subject = 'artifact' THEN s.subject_id ELSE s.content ->> 'artifactId' END AS id, s.at, s.position FROM said AS s
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
        SELECT s.subject, s.subject_id, l.relation, l.context_id, s.at, s.position, s.source
          FROM said AS s
         CROSS JOIN LATERAL cdviz.event_links_of(s.links) AS l
         WHERE s.links IS NOT NULL
    ), linked AS MATERIALIZED (
        -- most links name an event of the same batch
        SELECT m.subject, m.subject_id, m.relation, m.context_id, m.at, m.position,
               coalesce(n.subject, t.subject) AS to_subject, coalesce(n.subject_id, t.subject_id) AS to_id
          FROM meant AS m
          LEFT JOIN said AS n ON n.context_id = m.context_id AND n.source = m.source
          LEFT JOIN LATERAL cdviz.event_named(CASE WHEN n.context_id IS NULL THEN m.context_id END, m.source) AS t ON true
    ), arrived AS (
        -- By row, found by index: statistics of a table that is empty today must not make this a scan of all for all tomorrow.
        DELETE FROM cdviz.pending_link AS p
         WHERE p.ctid = ANY (ARRAY(
            SELECT k.ctid
              FROM said AS s
             CROSS JOIN LATERAL (
                SELECT w.ctid, w.context_id FROM cdviz.pending_link AS w WHERE w.context_key = cdviz.context_key(s.context_id) LIMIT 100000
             ) AS k
             WHERE lower(k.context_id) = lower(s.context_id)
         ))
        RETURNING p.context_key, p.subject, p.subject_id, p.relation, p."timestamp" AS at, p.position, p.seen
    ), awaited AS (
        SELECT a.subject, a.subject_id, a.relation, a.at, a.position, a.seen, s.subject AS to_subject, s.subject_id AS to_id
          FROM arrived AS a
          JOIN (
            SELECT DISTINCT ON (k.key) k.key, k.subject, k.subject_id
              FROM (SELECT cdviz.context_key(o.context_id) AS key, o.subject, o.subject_id, o.position FROM said AS o) AS k
             ORDER BY k.key, k.position
          ) AS s ON s.key = a.context_key
    ), waiting AS (
        INSERT INTO cdviz.pending_link (context_key, context_id, subject, subject_id, "timestamp", position, relation, seen)
        SELECT cdviz.context_key(l.context_id), min(l.context_id), min(l.subject), min(l.subject_id), min(l.at), l.position, l.relation, count(*)
          FROM linked AS l
         WHERE l.to_id IS NULL
         GROUP BY 1, l.position, l.relation
         ORDER BY 1, l.position, l.relation
    )
    SELECT array_agg(d.from_subject), array_agg(d.from_id), array_agg(d.to_subject), array_agg(d.to_id), array_agg(d.relation),
           array_agg(d.first_at), array_agg(d.last_at), array_agg(d.last_position), array_agg(d.seen)
      INTO v_from_subject, v_from_id, v_to_subject, v_to_id, v_relation, v_first_at, v_last_at, v_last_position, v_seen
      FROM (
        SELECT r.from_subject, r.from_id, r.to_subject, r.to_id, r.relation,
               min(r.at) AS first_at, max(r.at) AS last_at, max(r.position) AS last_position, sum(r.seen) AS seen
          FROM (
            SELECT s.from_subject, s.from_id, s.to_subject, s.to_id, s.relation, s.at, s.position, 1 AS seen FROM spoken AS s
            UNION ALL
            SELECT l.subject, l.subject_id, l.to_subject, l.to_id, l.relation, l.at, l.position, 1 FROM linked AS l
             WHERE l.to_id IS NOT NULL AND (l.to_id, l.to_subject) <> (l.subject_id, l.subject)
            UNION ALL
            SELECT a.subject, a.subject_id, a.to_subject, a.to_id, a.relation, a.at, a.position, a.seen FROM awaited AS a
          ) AS r
         GROUP BY r.from_id, r.to_id, r.relation, r.from_subject, r.to_subject
      ) AS d;

    -- The subjects: those the events are about with all they tell, those only named where they are new or seen earlier than known.
    WITH told AS MATERIALIZED (
        SELECT e.subject, e.subject_id, e."timestamp" AS at, e.predicate, e.position, e.source,
               coalesce(cdviz.predicate_rank(e.predicate), 2::smallint) AS rank, cdviz.context_key(e.context_id) & 9223372036854775807 AS tie,
               x.outcome, x.name, x.environment_id, x.artifact_id, x.service_id, x.chain_id,
               -- sixteen digits in front make "the newest value" a max(): equal moments have equal digits, so the greater value wins
               -- (microseconds since 2000, of a moment moved by as many years so that none is negative)
               encode(timestamptz_send(e."timestamp" + interval '2000 years'), 'hex') COLLATE "C" AS moment
          FROM new_events AS e
         CROSS JOIN LATERAL cdviz.attributes_of(e.payload) AS x
         WHERE e.subject_id IS NOT NULL
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
               substring(max(e.moment || e.chain_id) FROM 17) AS chain_id, max(e.at) FILTER (WHERE e.chain_id IS NOT NULL) AS chain_at
          FROM told AS e
         GROUP BY e.subject_id, e.subject
    ), named AS (
        SELECT r.subject, r.subject_id, min(r.at) AS first_seen_at
          FROM (
            SELECT f.subject, f.subject_id, f.at FROM unnest(v_to_subject, v_to_id, v_first_at) AS f (subject, subject_id, at)
            UNION ALL
            SELECT f.subject, f.subject_id, f.at
              FROM unnest(v_from_subject, v_from_id, v_first_at, v_relation) AS f (subject, subject_id, at, relation)
             WHERE f.relation = 'derivedFrom' -- all others are subjects of events
            UNION ALL
            SELECT 'chain', t.chain_id, t.at FROM told AS t WHERE cdviz.is_node_id(t.chain_id)
          ) AS r
         GROUP BY r.subject_id, r.subject
    ), wanted AS (
        SELECT coalesce(o.subject, n.subject) AS subject, coalesce(o.subject_id, n.subject_id) AS subject_id,
               least(o.first_seen_at, n.first_seen_at) AS first_seen_at, o.subject IS NOT NULL AS is_observed, o.last_at,
               substr(o.last, 34, 19)::bigint AS last_position, substr(o.last, 17, 1)::smallint AS last_rank,
               ('x' || substr(o.last, 18, 16))::bit(64)::bigint AS last_tie, substr(o.last, 53) AS source,
           o.queued_at, o.started_at, o.finished_at, o.skipped_at, o.packaged_at, o.signed_at, o.published_at, o.downloaded_at,
           o.deleted_at, o.deployed_at, o.upgraded_at, o.rolledback_at, o.removed_at, o.detected_at, o.reported_at, o.resolved_at,
           o.created_at, o.updated_at, o.closed_at, o.reviewed_at, o.merged_at, o.abandoned_at, o.modified_at,
           nullif(o.outcome, '') AS outcome, o.name, o.name_at, o.environment_id, o.environment_at, o.artifact_id, o.artifact_at, o.service_id, o.service_at, o.chain_id, o.chain_at
          FROM observed AS o
          FULL JOIN named AS n ON n.subject = o.subject AND n.subject_id = o.subject_id
    )
    INSERT INTO cdviz.subject_state AS s (
        subject, subject_id, first_seen_at, last_at, last_position, last_rank, last_tie, source,
        queued_at, started_at, finished_at, skipped_at, packaged_at, signed_at, published_at, downloaded_at, deleted_at, deployed_at,
        upgraded_at, rolledback_at, removed_at, detected_at, reported_at, resolved_at, created_at, updated_at, closed_at, reviewed_at,
        merged_at, abandoned_at, modified_at,
        other_at, outcome, name, name_at, environment_id, environment_at, artifact_id, artifact_at, service_id, service_at, chain_id, chain_at, canonical_id
    )
    SELECT o.subject, o.subject_id, o.first_seen_at, o.last_at, o.last_position, o.last_rank, o.last_tie, o.source,
           o.queued_at, o.started_at, o.finished_at, o.skipped_at, o.packaged_at, o.signed_at, o.published_at, o.downloaded_at,
           o.deleted_at, o.deployed_at, o.upgraded_at, o.rolledback_at, o.removed_at, o.detected_at, o.reported_at, o.resolved_at,
           o.created_at, o.updated_at, o.closed_at, o.reviewed_at, o.merged_at, o.abandoned_at, o.modified_at,
           h.other_at, o.outcome, o.name, o.name_at, o.environment_id, o.environment_at, o.artifact_id, o.artifact_at, o.service_id, o.service_at, o.chain_id, o.chain_at,
           CASE WHEN o.subject = 'artifact' AND o.subject_id LIKE 'pkg:%' THEN nullif(cdviz.purl_canonical(o.subject_id), o.subject_id) END
      FROM wanted AS o
      LEFT JOIN others AS h ON h.subject = o.subject AND h.subject_id = o.subject_id
     WHERE o.is_observed
        OR NOT EXISTS (
            SELECT FROM (
                SELECT k.first_seen_at FROM cdviz.subject_state AS k WHERE k.subject_id = o.subject_id AND k.subject = o.subject LIMIT 1
            ) AS k
             WHERE k.first_seen_at <= o.first_seen_at
        )
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
                     WHEN excluded.chain_at = s.chain_at THEN greatest(s.chain_id, excluded.chain_id) ELSE s.chain_id END;

    INSERT INTO cdviz.service_event (service_id, environment_id, "timestamp", position, predicate, artifact_id)
    SELECT e.subject_id, x.environment_id, e."timestamp", e.position, e.predicate, CASE WHEN e.predicate <> 'removed' THEN x.artifact_id END
      FROM new_events AS e
     CROSS JOIN LATERAL cdviz.attributes_of(e.payload) AS x
     WHERE e.subject = 'service' AND e.predicate IN ('deployed', 'upgraded', 'rolledback', 'removed')
       AND octet_length(x.environment_id) + octet_length(e.subject_id) <= 2600 -- what an index can hold
     ORDER BY e.subject_id, x.environment_id, e."timestamp", e.position
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

    INSERT INTO cdviz.edge AS g (from_node, to_node, relation, first_at, last_at, last_position, seen)
    SELECT f.node, t.node, r.relation, r.first_at, r.last_at, r.last_position, r.seen
      FROM unnest(v_from_subject, v_from_id, v_to_subject, v_to_id, v_relation, v_first_at, v_last_at, v_last_position, v_seen)
           AS r (from_subject, from_id, to_subject, to_id, relation, first_at, last_at, last_position, seen)
     CROSS JOIN LATERAL (
        SELECT s.node FROM cdviz.subject_state AS s WHERE s.subject_id = r.from_id AND s.subject = r.from_subject LIMIT 1
     ) AS f
     CROSS JOIN LATERAL (
        SELECT s.node FROM cdviz.subject_state AS s WHERE s.subject_id = r.to_id AND s.subject = r.to_subject LIMIT 1
     ) AS t
     WHERE f.node <> t.node
     ORDER BY f.node, t.node, r.relation
    ON CONFLICT (from_node, to_node, relation) DO UPDATE SET
        first_at = least(g.first_at, excluded.first_at),
        last_position = greatest(g.last_position, excluded.last_position),
        last_at = greatest(g.last_at, excluded.last_at),
        seen = g.seen + excluded.seen;
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
    v_content jsonb := p_event -> 'subject' -> 'content';
    v_rule text[];
    v_subject text;
    v_id text;
    v_count integer;
    v_link jsonb;
    v_member jsonb;
    v_kind text;
    v_context_id text;
    v_named_at timestamptz;
    v_named bigint;
BEGIN
    -- All that is read off the event and all that is asked before it is stored, in one query: starting a query costs more than its parts.
    SELECT p.*, r.is_ready, a.outcome, a.name, a.environment_id, a.artifact_id, a.service_id, a.chain_id, NULL::bigint AS position,
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
               sha256(convert_to(p_event::text, 'UTF8')) AS digest,
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
    INSERT INTO cdviz.event_identity (context_key, key, content, position, "timestamp", xid)
    VALUES (
        cdviz.context_key(v.id), cdviz.event_key(v.source, v.id), cdviz.content_key(v.digest),
        nextval('cdviz.event_position'), v.at, pg_current_xact_id()
    )
    ON CONFLICT DO NOTHING
    RETURNING position INTO v.position;
    IF v.position IS NULL THEN
        PERFORM cdviz.settle_known(p_event, true, 'call');
        RETURN;
    END IF;
    v_mode := set_config('cdviz.projection', 'caller', true); -- the trigger leaves this one event to us
    INSERT INTO cdviz.cdevents_lake (
        "timestamp", payload, subject, predicate, version, context_id, position, digest, source, subject_id, verdict, verdict_reasons
    )
    VALUES (
        v.at, p_event, v.subject, v.predicate, v.version, v.id, v.position, v.digest, v.source, v.subject_id,
        CASE WHEN v.subject_id IS NULL THEN 'invalid' END, cdviz.envelope_notes(p_event)
    );
    v_mode := set_config('cdviz.projection', '', true);
    IF v.subject_id IS NULL THEN
        RETURN;
    END IF;

    -- What it says about others, by the rules of cdviz.project_events: in steps here, since starting a query for them costs more than all of them.
    FOREACH v_rule SLICE 1 IN ARRAY ARRAY[
        ['environment', 'environment', CASE WHEN v.subject IN ('testcaserun', 'testsuiterun') THEN 'runsIn' ELSE 'deployedTo' END],
        ['pipelineRun', 'pipelinerun', 'partOf'], ['testSuiteRun', 'testsuiterun', 'partOf'], ['testCaseRun', 'testcaserun', 'partOf'],
        ['testCase', 'testcase', 'instanceOf'], ['testSuite', 'testsuite', 'instanceOf'], ['service', 'service', 'affects'],
        ['repository', 'repository', 'storedAt'], ['change', 'change', 'includes']
    ] LOOP
        v_id := v_content -> v_rule[1] ->> 'id';
        IF octet_length(v_id) BETWEEN 1 AND 2000 THEN
            v_to_subject := v_to_subject || v_rule[2];
            v_to_id := v_to_id || v_id;
            v_relation := v_relation || v_rule[3];
        END IF;
    END LOOP;
    IF octet_length(v.artifact_id) BETWEEN 1 AND 2000 THEN
        v_to_subject := v_to_subject || 'artifact'::text;
        v_to_id := v_to_id || v.artifact_id;
        v_relation := v_relation || CASE WHEN v.subject = 'build' THEN 'produced' ELSE 'deployedWith' END;
    END IF;
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
    IF octet_length(v_id) BETWEEN 1 AND 2000 AND cdviz.purl_base(v_id) IS NOT NULL THEN
        v_from_subject := v_from_subject || 'artifact'::text;
        v_from_id := v_from_id || v_id;
        v_to_subject := v_to_subject || 'artifact'::text;
        v_to_id := v_to_id || cdviz.purl_base(v_id);
        v_relation := v_relation || 'derivedFrom'::text;
        v_at := v_at || v.at;
        v_position := v_position || v.position;
        v_seen := v_seen || 1;
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
            chain_id, chain_at, canonical_id
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
            NULL
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
                         WHEN excluded.chain_at = s.chain_at THEN greatest(s.chain_id, excluded.chain_id) ELSE s.chain_id END
        RETURNING s.node INTO v_node;
    ELSE
        INSERT INTO cdviz.subject_state AS s (
            subject, subject_id, first_seen_at, last_at, last_position, last_rank, last_tie, source,
            queued_at, started_at, finished_at, skipped_at, packaged_at, signed_at, published_at, downloaded_at, deleted_at, deployed_at,
            upgraded_at, rolledback_at, removed_at, detected_at, reported_at, resolved_at, created_at, updated_at, closed_at,
            reviewed_at, merged_at, abandoned_at, modified_at,
            other_at, outcome, name, name_at, environment_id, environment_at, artifact_id, artifact_at, service_id, service_at,
            chain_id, chain_at, canonical_id
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
                         WHEN excluded.chain_at = s.chain_at THEN greatest(s.chain_id, excluded.chain_id) ELSE s.chain_id END
        RETURNING s.node INTO v_node;
    END IF;

    IF v.subject = 'service' AND v.predicate IN ('deployed', 'upgraded', 'rolledback', 'removed')
        AND octet_length(v.environment_id) + octet_length(v.subject_id) <= 2600 -- what an index can hold
    THEN
        INSERT INTO cdviz.service_event (service_id, environment_id, "timestamp", position, predicate, artifact_id)
        VALUES (v.subject_id, v.environment_id, v.at, v.position, v.predicate, CASE WHEN v.predicate <> 'removed' THEN v.artifact_id END)
        ON CONFLICT DO NOTHING;
        INSERT INTO cdviz.service_placement AS s (service_id, environment_id, "timestamp", position, predicate, artifact_id)
        VALUES (v.subject_id, v.environment_id, v.at, v.position, v.predicate, CASE WHEN v.predicate <> 'removed' THEN v.artifact_id END)
        ON CONFLICT (service_id, environment_id) DO UPDATE SET
            "timestamp" = excluded."timestamp", position = excluded.position, predicate = excluded.predicate, artifact_id = excluded.artifact_id
         WHERE (excluded."timestamp", cdviz.predicate_rank(excluded.predicate), coalesce(excluded.artifact_id, '') COLLATE "C")
             > (s."timestamp", cdviz.predicate_rank(s.predicate), coalesce(s.artifact_id, '') COLLATE "C");
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
         SELECT ((l."timestamp" AT TIME ZONE 'UTC'::text))::date AS timezone,
            l.subject,
            l.predicate,
            "left"(COALESCE(l.source, ''::text), 300) AS "left",
            1
           FROM (cdviz.event_identity i
             JOIN cdviz.cdevents_lake l ON (((l."timestamp" = i."timestamp") AND (l."position" = i."position"))))
          WHERE ((i.xid >= ( SELECT p.xid
                   FROM cdviz.activity_progress p)) OR (i."position" > ( SELECT p."position"
                   FROM cdviz.activity_progress p)))) a
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
    last_payload jsonb
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
    artifact_id text
);

ALTER TABLE cdviz.service_event OWNER TO cdviz;

-- Name: TABLE service_event; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON TABLE cdviz.service_event IS 'One row per event that changed what a service runs in an environment: deployed, upgraded, rolledback, removed.';

-- Name: COLUMN service_event.service_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event.service_id IS 'Service.';

-- Name: COLUMN service_event.environment_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event.environment_id IS 'Environment.';

-- Name: COLUMN service_event."timestamp"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event."timestamp" IS 'When it happened.';

-- Name: COLUMN service_event."position"; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event."position" IS 'The event in the lake.';

-- Name: COLUMN service_event.predicate; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event.predicate IS 'deployed, upgraded, rolledback or removed.';

-- Name: COLUMN service_event.artifact_id; Type: COMMENT; Schema: cdviz; Owner: cdviz
COMMENT ON COLUMN cdviz.service_event.artifact_id IS 'Artifact that ran from then on; null for removed.';

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
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
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

-- Name: migration; Type: TABLE; Schema: evistore; Owner: cdviz
CREATE TABLE evistore.migration (
    number integer NOT NULL,
    context text NOT NULL,
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
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

-- Name: quarantine_id_seq; Type: SEQUENCE; Schema: evistore; Owner: cdviz
ALTER TABLE evistore.quarantine ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME evistore.quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: cdevents_lake_default; Type: TABLE ATTACH; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.cdevents_lake ATTACH PARTITION cdviz.cdevents_lake_default DEFAULT;

-- Name: activity_rollup activity_rollup_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.activity_rollup
    ADD CONSTRAINT activity_rollup_pkey PRIMARY KEY (day, subject, predicate, source);

-- Name: edge edge_pkey; Type: CONSTRAINT; Schema: cdviz; Owner: cdviz
ALTER TABLE ONLY cdviz.edge
    ADD CONSTRAINT edge_pkey PRIMARY KEY (from_node, to_node, relation);

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

-- Name: consumer_position consumer_position_pkey; Type: CONSTRAINT; Schema: evistore; Owner: cdviz
ALTER TABLE ONLY evistore.consumer_position
    ADD CONSTRAINT consumer_position_pkey PRIMARY KEY (consumer, topic, partition);

-- Name: definition definition_pkey; Type: CONSTRAINT; Schema: evistore; Owner: cdviz
ALTER TABLE ONLY evistore.definition
    ADD CONSTRAINT definition_pkey PRIMARY KEY (context);

-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: evistore; Owner: cdviz
ALTER TABLE ONLY evistore.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);

-- Name: quarantine quarantine_pkey; Type: CONSTRAINT; Schema: evistore; Owner: cdviz
ALTER TABLE ONLY evistore.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (id);

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

-- Name: quarantine_content_key; Type: INDEX; Schema: evistore; Owner: cdviz
CREATE UNIQUE INDEX quarantine_content_key ON evistore.quarantine USING btree (context, reason, digest) WHERE (state = 'open'::text);

-- Name: quarantine_open_idx; Type: INDEX; Schema: evistore; Owner: cdviz
CREATE INDEX quarantine_open_idx ON evistore.quarantine USING btree (context, id) WHERE (state = 'open'::text);

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

-- Name: SCHEMA cdviz; Type: ACL; Schema: -; Owner: cdviz
GRANT USAGE ON SCHEMA cdviz TO cdviz_collector;
GRANT USAGE ON SCHEMA cdviz TO cdviz_reader;
GRANT USAGE ON SCHEMA cdviz TO evistore_service;

-- Name: SCHEMA evistore; Type: ACL; Schema: -; Owner: cdviz
GRANT USAGE ON SCHEMA evistore TO evistore_service;
GRANT USAGE ON SCHEMA evistore TO cdviz_reader;

-- Name: TYPE value_at; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT ALL ON TYPE cdviz.value_at TO cdviz_reader;

-- Name: FUNCTION add_subjects(p_subject text[], p_id text[], p_at timestamp with time zone[]); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.add_subjects(p_subject text[], p_id text[], p_at timestamp with time zone[]) FROM PUBLIC;

-- Name: PROCEDURE apply_retention(IN p_now timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON PROCEDURE cdviz.apply_retention(IN p_now timestamp with time zone) FROM PUBLIC;

-- Name: FUNCTION apply_storage_policies(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.apply_storage_policies() FROM PUBLIC;

-- Name: FUNCTION attributes_of(p_payload jsonb); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.attributes_of(p_payload jsonb) FROM PUBLIC;

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

-- Name: FUNCTION link_relation(p_kind text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.link_relation(p_kind text) FROM PUBLIC;

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

-- Name: FUNCTION same_node(p_subject text, p_subject_id text, p_canonical_id text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.same_node(p_subject text, p_subject_id text, p_canonical_id text) FROM PUBLIC;

-- Name: FUNCTION service_run_ended(p_service_id text, p_artifact_id text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.service_run_ended(p_service_id text, p_artifact_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.service_run_ended(p_service_id text, p_artifact_id text) TO cdviz_reader;

-- Name: FUNCTION set_policy(p_name text, p_value interval); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.set_policy(p_name text, p_value interval) FROM PUBLIC;

-- Name: FUNCTION settle_known(p_payload jsonb, p_is_event boolean, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.settle_known(p_payload jsonb, p_is_event boolean, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint) FROM PUBLIC;

-- Name: FUNCTION settle_links(); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.settle_links() FROM PUBLIC;

-- Name: FUNCTION settle_repeat(p_source text, p_id text, p_payload jsonb, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.settle_repeat(p_source text, p_id text, p_payload jsonb, p_origin text, OUT outcome text, OUT reason text, OUT "position" bigint, OUT quarantine_id bigint) FROM PUBLIC;

-- Name: FUNCTION settle_week(p_week timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.settle_week(p_week timestamp with time zone) FROM PUBLIC;

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

-- Name: FUNCTION what_runs(p_at timestamp with time zone, p_service text, p_environment text); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.what_runs(p_at timestamp with time zone, p_service text, p_environment text) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.what_runs(p_at timestamp with time zone, p_service text, p_environment text) TO cdviz_reader;

-- Name: FUNCTION advance_consumer(p_consumer text, p_topic text, p_partition integer, p_from_offset bigint, p_next_offset bigint); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.advance_consumer(p_consumer text, p_topic text, p_partition integer, p_from_offset bigint, p_next_offset bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.advance_consumer(p_consumer text, p_topic text, p_partition integer, p_from_offset bigint, p_next_offset bigint) TO evistore_service;

-- Name: FUNCTION consumer_positions(p_consumer text); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.consumer_positions(p_consumer text) FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.consumer_positions(p_consumer text) TO evistore_service;
GRANT ALL ON FUNCTION evistore.consumer_positions(p_consumer text) TO cdviz_reader;

-- Name: FUNCTION refine_origin(p_ids bigint[], p_origins text[], p_coarse text); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.refine_origin(p_ids bigint[], p_origins text[], p_coarse text) FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.refine_origin(p_ids bigint[], p_origins text[], p_coarse text) TO evistore_service;

-- Name: FUNCTION set_aside(p_context text, p_reason text, p_detail text, p_origin text, p_payload jsonb, p_raw bytea); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.set_aside(p_context text, p_reason text, p_detail text, p_origin text, p_payload jsonb, p_raw bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.set_aside(p_context text, p_reason text, p_detail text, p_origin text, p_payload jsonb, p_raw bytea) TO evistore_service;

-- Name: FUNCTION settle_quarantine(p_id bigint, p_state text); Type: ACL; Schema: evistore; Owner: cdviz
REVOKE ALL ON FUNCTION evistore.settle_quarantine(p_id bigint, p_state text) FROM PUBLIC;
GRANT ALL ON FUNCTION evistore.settle_quarantine(p_id bigint, p_state text) TO evistore_service;

-- Name: FUNCTION first(anyelement, timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.first(anyelement, timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.first(anyelement, timestamp with time zone) TO cdviz_reader;

-- Name: FUNCTION last(anyelement, timestamp with time zone); Type: ACL; Schema: cdviz; Owner: cdviz
REVOKE ALL ON FUNCTION cdviz.last(anyelement, timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION cdviz.last(anyelement, timestamp with time zone) TO cdviz_reader;

-- Name: TABLE cdevents_lake; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.cdevents_lake TO cdviz_reader;

-- Name: TABLE activity_daily; Type: ACL; Schema: cdviz; Owner: cdviz
GRANT SELECT ON TABLE cdviz.activity_daily TO cdviz_reader;

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

-- Name: TABLE migration; Type: ACL; Schema: evistore; Owner: cdviz
GRANT SELECT ON TABLE evistore.migration TO evistore_service;
