-- cdviz.incident_causes: one row per incident that began or was resolved at or after a moment, with the deployment behind it, and how that is known.
-- The surest way wins: the artifact it names, the deployment event its events name, the service they name as its cause, the time; then the latest deployment.
-- requires: cdviz.artifact_spellings cdviz.metric_environments cdviz.event_links_of cdviz.context_key
CREATE OR REPLACE FUNCTION cdviz.incident_causes(p_since timestamptz, p_within interval DEFAULT '1 day')
RETURNS TABLE (
    incident_id text, name text, source text, began_at timestamptz, resolved_at timestamptz, service_id text, environment_id text, artifact_id text,
    way text, reason text, cause_service_id text, cause_environment_id text, cause_at timestamptz, cause_position bigint, cause_artifact_id text
)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan -- planning would cost as much as running
SET enable_seqscan = off -- one incident is one probe of each
SET jit = off
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

COMMENT ON FUNCTION cdviz.incident_causes(timestamptz, interval) IS
'Incidents that began or were resolved at or after p_since, each with the deployment behind it. way: artifact (its events name the artifact; the latest deployment of it before), event (they name the deployment''s event as cause), service (they name the service as cause; its latest deployment before), time (they name the service as affected; its latest deployment at most p_within before); null with a reason: no-service, no-deployment. An incident begins when it was last detected, else reported.';

REVOKE ALL ON FUNCTION cdviz.incident_causes(timestamptz, interval) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.incident_causes(timestamptz, interval) TO cdviz_reader;
