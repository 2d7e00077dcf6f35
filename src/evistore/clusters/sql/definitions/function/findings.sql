-- clusters.findings: what an operator should know about cluster evidence, one row per check: ok, warn or bad.
CREATE OR REPLACE FUNCTION clusters.findings()
RETURNS TABLE (name text, state text, found text, meaning text, advice text)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'faulty messages', CASE WHEN e.fresh > 0 THEN 'warn' ELSE 'ok' END, format('%s in the last day', e.fresh),
           'Messages about clusters broke the rules of their form, and changed nothing.',
           'Read what is wrong with them: SELECT topic, error FROM clusters.consumer_error ORDER BY consumed_at DESC.'
      FROM (
        SELECT count(*) AS fresh FROM public.consumer_error AS c WHERE c.consumed_at > (current_timestamp AT TIME ZONE 'UTC') - interval '1 day'
      ) AS e
$$;

COMMENT ON FUNCTION clusters.findings() IS
'What an operator should know about cluster evidence, one row per check: its name, ok, warn or bad, what was found, what that means where it is not ok, and what to do.';

REVOKE ALL ON FUNCTION clusters.findings() FROM public;
GRANT EXECUTE ON FUNCTION clusters.findings() TO evistore_service, clusters_reader;
