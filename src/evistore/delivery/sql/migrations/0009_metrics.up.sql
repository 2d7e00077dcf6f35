-- What metrics ask of the projections: who told of a deployment, deployments by time and by artifact, which definition a run is of,
-- runs that have not ended, and which environments are production.

ALTER TABLE cdviz.service_event ADD COLUMN source text;
COMMENT ON COLUMN cdviz.service_event.source IS 'context.source of the event.';
COMMENT ON COLUMN cdviz.service_event.environment_id IS 'Environment; empty where the event names none.';

CREATE INDEX service_event_time_idx ON cdviz.service_event ("timestamp");
-- By the hash: artifact ids have no bound that an index would take.
CREATE INDEX service_event_artifact_idx ON cdviz.service_event (hashtextextended(artifact_id, 0)) WHERE artifact_id IS NOT NULL;

ALTER TABLE cdviz.subject_state ADD COLUMN definition_id text;
COMMENT ON COLUMN cdviz.subject_state.definition_id IS 'Test case or test suite that a run is of; of several told, the greatest.';

-- What goes on now, however long the history is.
CREATE INDEX subject_state_running_idx ON cdviz.subject_state (subject, coalesce(started_at, queued_at))
    WHERE subject IN ('pipelinerun', 'taskrun', 'build', 'testcaserun', 'testsuiterun')
    AND coalesce(started_at, queued_at) IS NOT NULL AND skipped_at IS NULL
    AND (finished_at IS NULL OR finished_at < coalesce(started_at, queued_at));

CREATE TABLE cdviz.environment_kind (
    environment_id text NOT NULL,
    is_production boolean NOT NULL,
    CONSTRAINT environment_kind_pkey PRIMARY KEY (environment_id)
);

COMMENT ON TABLE cdviz.environment_kind IS 'One row per environment of which somebody said whether it is production; cdviz.set_production writes it, cdviz.production adds what names tell.';
COMMENT ON COLUMN cdviz.environment_kind.environment_id IS 'Environment.';
COMMENT ON COLUMN cdviz.environment_kind.is_production IS 'Whether users are served there.';

UPDATE cdviz.service_event AS e SET source = l.source
  FROM cdviz.cdevents_lake AS l
 WHERE l."timestamp" = e."timestamp" AND l.position = e.position;

INSERT INTO cdviz.service_event (service_id, environment_id, "timestamp", position, predicate, artifact_id, source)
SELECT l.subject_id, '', l."timestamp", l.position, l.predicate,
       CASE WHEN l.predicate <> 'removed' THEN nullif(l.payload #>> '{subject,content,artifactId}', '') END, l.source
  FROM cdviz.cdevents_lake AS l
 WHERE l.subject = 'service' AND l.predicate IN ('deployed', 'upgraded', 'rolledback', 'removed')
   AND octet_length(l.subject_id) <= 2600 AND coalesce(l.payload #>> '{subject,content,environment,id}', '') = ''
ON CONFLICT DO NOTHING;

UPDATE cdviz.subject_state AS s SET definition_id = d.id
  FROM (
    SELECT l.subject, l.subject_id, max(coalesce(nullif(l.payload #>> '{subject,content,testCase,id}', ''), nullif(l.payload #>> '{subject,content,testSuite,id}', ''))) AS id
      FROM cdviz.cdevents_lake AS l
     WHERE l.subject IN ('testcaserun', 'testsuiterun') AND l.subject_id IS NOT NULL
     GROUP BY l.subject, l.subject_id
  ) AS d
 WHERE d.subject = s.subject AND d.subject_id = s.subject_id AND d.id IS NOT NULL;

-- It returns one more column now; its definition makes it anew.
DROP FUNCTION IF EXISTS cdviz.attributes_of(jsonb);
