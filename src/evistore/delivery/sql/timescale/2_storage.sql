-- What maintenance asks of TimescaleDB; the native engine answers the same names.

-- Batches of one kind of subject, ordered by its id: payloads that are alike lie side by side, and the history of one subject, or one event
-- whose subject is known, is in one batch (the first moment and last id of each batch are kept beside it).
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM timescaledb_information.hypertables AS h
         WHERE h.hypertable_schema = 'cdviz' AND h.hypertable_name = 'cdevents_lake' AND h.compression_enabled
    ) THEN
        ALTER TABLE cdviz.cdevents_lake SET (
            timescaledb.enable_columnstore,
            timescaledb.segmentby = 'subject',
            timescaledb.orderby = 'subject_id, "timestamp", position'
        );
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION cdviz.storage_floor(p_at timestamptz) RETURNS timestamptz
LANGUAGE sql
IMMUTABLE
SET timezone = 'UTC'
AS $$ SELECT pg_catalog.date_bin('7 days', p_at, timestamptz '1970-01-01') $$;
COMMENT ON FUNCTION cdviz.storage_floor(timestamptz) IS 'First moment of the week of storage that a time falls in: of its partition, or of its chunk.';
REVOKE ALL ON FUNCTION cdviz.storage_floor(timestamptz) FROM public;

CREATE OR REPLACE FUNCTION cdviz.lake_ranges(p_floors jsonb) RETURNS TABLE (name text, from_at timestamptz, to_at timestamptz)
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
    SELECT format('%I.%I', c.chunk_schema, c.chunk_name), c.range_start, c.range_end
      FROM timescaledb_information.chunks AS c
     WHERE c.hypertable_schema = 'cdviz' AND c.hypertable_name = 'cdevents_lake'
       AND c.range_end <= (SELECT max(e.value::timestamptz) FROM jsonb_each_text(p_floors) AS e)
     ORDER BY c.range_start
$$;
COMMENT ON FUNCTION cdviz.lake_ranges(jsonb) IS 'The ranges of storage that lie wholly before the newest of these retention floors; without a name: what stands outside them.';
REVOKE ALL ON FUNCTION cdviz.lake_ranges(jsonb) FROM public;

CREATE OR REPLACE FUNCTION cdviz.drop_range(p_name text, p_from timestamptz, p_to timestamptz) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET lock_timeout = '3s'
AS $$
BEGIN
    PERFORM public.drop_chunks('cdviz.cdevents_lake', older_than => p_to, newer_than => p_from);
END
$$;
COMMENT ON FUNCTION cdviz.drop_range(text, timestamptz, timestamptz) IS 'Drops one range of storage with everything in it: a partition, or a chunk.';
REVOKE ALL ON FUNCTION cdviz.drop_range(text, timestamptz, timestamptz) FROM public;

-- The jobs. TimescaleDB runs them as the owner, cdviz, which for that reason may log in.
CREATE OR REPLACE PROCEDURE cdviz.retention_job(job_id integer, config jsonb)
LANGUAGE plpgsql
AS $$
BEGIN
    CALL cdviz.apply_retention();
END
$$;
COMMENT ON PROCEDURE cdviz.retention_job(integer, jsonb) IS 'A job of TimescaleDB: cdviz.apply_retention, daily.';
REVOKE ALL ON PROCEDURE cdviz.retention_job(integer, jsonb) FROM public;

CREATE OR REPLACE PROCEDURE cdviz.activity_job(job_id integer, config jsonb)
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM cdviz.refresh_activity();
    PERFORM cdviz.settle_links();
END
$$;
COMMENT ON PROCEDURE cdviz.activity_job(integer, jsonb) IS 'A job of TimescaleDB: cdviz.refresh_activity and cdviz.settle_links, every ten minutes.';
REVOKE ALL ON PROCEDURE cdviz.activity_job(integer, jsonb) FROM public;

CREATE OR REPLACE FUNCTION cdviz.apply_storage_policies() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_after interval := (SELECT p.value FROM cdviz.storage_policy AS p WHERE p.name = 'compress_after');
    v_standing interval := (
        SELECT (j.config ->> 'compress_after')::interval
          FROM timescaledb_information.jobs AS j
         WHERE j.proc_name = 'policy_compression' AND j.hypertable_schema = 'cdviz' AND j.hypertable_name = 'cdevents_lake'
    );
BEGIN
    IF v_standing IS DISTINCT FROM v_after THEN
        CALL public.remove_columnstore_policy('cdviz.cdevents_lake', if_exists => true);
        IF v_after IS NOT NULL THEN
            CALL public.add_columnstore_policy('cdviz.cdevents_lake', after => v_after);
        END IF;
    END IF;
    IF NOT EXISTS (SELECT FROM timescaledb_information.jobs AS j WHERE j.proc_schema = 'cdviz' AND j.proc_name = 'retention_job') THEN
        PERFORM public.add_job('cdviz.retention_job', interval '1 day', job_name => 'cdviz retention');
    END IF;
    IF NOT EXISTS (SELECT FROM timescaledb_information.jobs AS j WHERE j.proc_schema = 'cdviz' AND j.proc_name = 'activity_job') THEN
        PERFORM public.add_job('cdviz.activity_job', interval '10 minutes', job_name => 'cdviz activity');
    END IF;
END
$$;
COMMENT ON FUNCTION cdviz.apply_storage_policies() IS 'Sets the engine''s jobs by cdviz.storage_policy: compression by its age, retention daily, counts every ten minutes.';
REVOKE ALL ON FUNCTION cdviz.apply_storage_policies() FROM public;

CREATE OR REPLACE FUNCTION cdviz.drop_storage_policies() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_job integer;
BEGIN
    CALL public.remove_columnstore_policy('cdviz.cdevents_lake', if_exists => true);
    FOR v_job IN SELECT j.job_id FROM timescaledb_information.jobs AS j WHERE j.proc_schema = 'cdviz' LOOP
        PERFORM public.delete_job(v_job);
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdviz.drop_storage_policies() IS 'Ends the engine''s jobs: compression, retention, counts.';
REVOKE ALL ON FUNCTION cdviz.drop_storage_policies() FROM public;

SELECT cdviz.apply_storage_policies();
