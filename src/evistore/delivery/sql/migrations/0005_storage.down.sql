-- The jobs and functions that storage made from here on; the release of the number below brings its own.
DO $$
BEGIN
    IF to_regprocedure('cdviz.drop_storage_policies()') IS NOT NULL THEN
        PERFORM cdviz.drop_storage_policies();
    END IF;
END
$$;
DROP FUNCTION IF EXISTS cdviz.drop_storage_policies();
DROP PROCEDURE IF EXISTS cdviz.retention_job(integer, jsonb);
DROP PROCEDURE IF EXISTS cdviz.activity_job(integer, jsonb);
DROP FUNCTION IF EXISTS cdviz.apply_storage_policies();
DROP FUNCTION IF EXISTS cdviz.drop_range(text, timestamptz, timestamptz);
DROP FUNCTION IF EXISTS cdviz.lake_ranges(jsonb);
DROP FUNCTION IF EXISTS cdviz.storage_floor(timestamptz);
DROP FUNCTION IF EXISTS cdviz.ensure_ahead(timestamptz);
DROP FUNCTION IF EXISTS cdviz.stray_weeks();
DROP FUNCTION IF EXISTS cdviz.settle_week(timestamptz);

DROP TABLE cdviz.activity_progress;
DROP TABLE cdviz.activity_rollup;
DROP TABLE cdviz.legal_hold;
DROP TABLE cdviz.retention_policy;
DROP TABLE cdviz.storage_policy;
