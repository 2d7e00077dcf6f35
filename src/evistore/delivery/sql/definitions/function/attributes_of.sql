-- cdviz.attributes_of: what an event says about its subject; nulls for what it does not say.
-- It returns a table of one row, since only table functions are inlined where they stand in FROM.
CREATE OR REPLACE FUNCTION cdviz.attributes_of(p_payload jsonb)
RETURNS TABLE (outcome text, name text, environment_id text, artifact_id text, service_id text, chain_id text, definition_id text)
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
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

COMMENT ON FUNCTION cdviz.attributes_of(jsonb) IS
'What an event says about its subject: outcome, name, environment, artifact, service, chain, the test it is a run of; null for what it does not say.';
