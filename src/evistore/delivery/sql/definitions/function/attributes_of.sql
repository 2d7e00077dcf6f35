-- cdviz.attributes_of: what the content of an event says about its subject; nulls for what it does not say.
CREATE OR REPLACE FUNCTION cdviz.attributes_of(
    p_content jsonb, OUT outcome text, OUT name text, OUT environment_id text, OUT artifact_id text, OUT service_id text
)
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT nullif(p_content ->> 'outcome', ''),
           nullif(coalesce(p_content ->> 'pipelineName', p_content ->> 'taskName', p_content -> 'testCase' ->> 'name',
                           p_content -> 'testSuite' ->> 'name', p_content ->> 'name', p_content ->> 'summary'), ''),
           nullif(p_content -> 'environment' ->> 'id', ''),
           nullif(p_content ->> 'artifactId', ''),
           nullif(p_content -> 'service' ->> 'id', '')
$$;

COMMENT ON FUNCTION cdviz.attributes_of(jsonb) IS 'What the content of an event says about its subject: outcome, name, environment, artifact, service; null for what it does not say.';
