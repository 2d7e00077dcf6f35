-- cdviz.current_subjects: the subjects whose state outlives its evidence, because it still holds.
CREATE OR REPLACE FUNCTION cdviz.current_subjects() RETURNS TABLE (subject text, subject_id text)
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
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

COMMENT ON FUNCTION cdviz.current_subjects() IS
'The subjects whose state outlives its evidence: services that run somewhere with their environments and artifacts, environments and repositories that were not deleted, incidents and tickets that are open.';

REVOKE ALL ON FUNCTION cdviz.current_subjects() FROM public;
