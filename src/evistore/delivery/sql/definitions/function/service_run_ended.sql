-- cdviz.service_run_ended: when a service stopped running an artifact: the last of the environments where it ran it.
-- Null while it runs in one of them, and where no event says in which environment it ran.
CREATE OR REPLACE FUNCTION cdviz.service_run_ended(p_service_id text, p_artifact_id text) RETURNS timestamptz
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
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

COMMENT ON FUNCTION cdviz.service_run_ended(text, text) IS
'When a service stopped running an artifact in the last of the environments where it ran it: it was removed there, or runs another one. Null while it runs somewhere, or where no event names an environment.';

REVOKE ALL ON FUNCTION cdviz.service_run_ended(text, text) FROM public;
GRANT EXECUTE ON FUNCTION cdviz.service_run_ended(text, text) TO cdviz_reader;
