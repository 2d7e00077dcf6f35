-- cdviz.project_events: bring state, services and graph up to date with the events that one statement put into the lake.
-- A trigger's function. cdviz.store_cdevent has a shorter way for its one event; both leave the same rows, and a test holds them to it.
-- Rows that two writers can meet in are taken in one order everywhere: subjects, then edges, then services, each by key.
-- requires: cdviz.context_key cdviz.event_links_of cdviz.subject_links_of cdviz.event_named cdviz.attributes_of cdviz.is_node_id
-- requires: cdviz.predicate_rank cdviz.later_of cdviz.purl_canonical cdviz.purl_base
CREATE OR REPLACE FUNCTION cdviz.project_events() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off -- history is probed by index, never read
SET enable_nestloop = off -- batches are joined by hash, however small the first one was for which a session made its plan;
SET enable_mergejoin = off -- history is asked in lateral queries with a limit, which can be nothing but nested loops
SET enable_sort = off -- only where an order is asked for
SET work_mem = '32MB' -- a batch of 5,000 events is sorted and hashed in memory
SET plan_cache_mode = force_generic_plan -- planning these costs more than running them
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

COMMENT ON FUNCTION cdviz.project_events() IS
'Trigger: brings the state of subjects, the placement of services and the graph up to date with the events that one statement put into the lake.';

REVOKE ALL ON FUNCTION cdviz.project_events() FROM public;
