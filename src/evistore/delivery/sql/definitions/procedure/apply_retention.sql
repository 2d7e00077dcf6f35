-- cdviz.apply_retention: take from the lake what retention no longer wants, and what was read off it. One range, one transaction.
-- (No SET clauses and no SECURITY DEFINER: a procedure that has them may not commit. The owner calls it.)
-- requires: cdviz.retention_floors cdviz.retire_range cdviz.prune_projections cdviz.prune_identity
CREATE OR REPLACE PROCEDURE cdviz.apply_retention(p_now timestamptz DEFAULT NULL)
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
    PERFORM evistore.prune_quarantine(v_now);
END
$$;

COMMENT ON PROCEDURE cdviz.apply_retention(timestamptz) IS
'Takes from the lake what retention no longer wants as of a moment (default: now), then what was read off it and is not current, then identities past their own age and quarantined messages settled long ago. Commits after each range; cdviz.retention_preview tells beforehand.';

REVOKE ALL ON PROCEDURE cdviz.apply_retention(timestamptz) FROM public;
