-- cdviz.store_cdevent: stores one CDEvent, as collectors call it: one event, one call, one commit.
-- It never raises for what can be absorbed. It is code of its own, down to the projections: around a single event the
-- batch function and its trigger cost several times as much, nearly all of it for starting statements. So: few statements,
-- few expressions. Both leave the same rows, and a test holds them to it.
-- requires: cdviz.event_type cdviz.event_time cdviz.settle_known cdviz.envelope_notes cdviz.context_key cdviz.event_key
-- requires: cdviz.content_key cdviz.attributes_of cdviz.subject_links_of cdviz.event_named cdviz.link_relation cdviz.predicate_rank
-- requires: cdviz.later_of cdviz.purl_canonical cdviz.purl_base cdviz.add_subjects cdviz.is_node_id
CREATE OR REPLACE PROCEDURE cdviz.store_cdevent(p_event jsonb)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning costs more than running
SET enable_seqscan = off -- history is probed by index, never read
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

COMMENT ON PROCEDURE cdviz.store_cdevent(jsonb) IS
'Stores one CDEvent. Duplicates change nothing; what is no CDEvent, or is known with other content, goes to quarantine with its reason; neither is an error unless cdviz.strict is on (SQLSTATE 22023, 23505).';

REVOKE ALL ON PROCEDURE cdviz.store_cdevent(jsonb) FROM public;
GRANT EXECUTE ON PROCEDURE cdviz.store_cdevent(jsonb) TO cdviz_collector;
