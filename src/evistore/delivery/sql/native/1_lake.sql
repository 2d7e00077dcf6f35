-- The lake on plain PostgreSQL: range partitions by week, and a default partition that catches the rest.
CREATE TABLE IF NOT EXISTS cdviz.lake_partition (
    week timestamptz PRIMARY KEY,
    name text NOT NULL UNIQUE
);
COMMENT ON TABLE cdviz.lake_partition IS 'One row per weekly partition of the lake (native engine).';
COMMENT ON COLUMN cdviz.lake_partition.week IS 'Monday 00:00 UTC: first moment of the partition.';
COMMENT ON COLUMN cdviz.lake_partition.name IS 'Name of the partition.';

DO $$
DECLARE
    v_index text;
    v_indexes text[];
    v_comment text := obj_description('cdviz.cdevents_lake'::regclass);
    v_rows boolean;
BEGIN
    IF (SELECT relkind FROM pg_class WHERE oid = 'cdviz.cdevents_lake'::regclass) = 'p' THEN
        RETURN;
    END IF;
    SELECT array_agg(indexdef) INTO v_indexes FROM pg_indexes WHERE schemaname = 'cdviz' AND tablename = 'cdevents_lake';
    ALTER TABLE cdviz.cdevents_lake RENAME TO cdevents_lake_default;
    CREATE TABLE cdviz.cdevents_lake (
        LIKE cdviz.cdevents_lake_default INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS INCLUDING STORAGE
    ) PARTITION BY RANGE ("timestamp");
    EXECUTE format('COMMENT ON TABLE cdviz.cdevents_lake IS %L', v_comment);
    -- The indexes keep their names on the parent; the default partition gets new ones.
    FOR v_index IN SELECT indexname FROM pg_indexes WHERE schemaname = 'cdviz' AND tablename = 'cdevents_lake_default' LOOP
        EXECUTE format('ALTER INDEX cdviz.%I RENAME TO %I', v_index, replace(v_index, 'cdevents_lake', 'cdevents_lake_default'));
    END LOOP;
    FOREACH v_index IN ARRAY coalesce(v_indexes, '{}') LOOP
        EXECUTE v_index;
    END LOOP;
    ALTER TABLE cdviz.cdevents_lake ATTACH PARTITION cdviz.cdevents_lake_default DEFAULT;
    COMMENT ON TABLE cdviz.cdevents_lake_default IS 'Events outside every weekly partition; evistore maintain moves them.';
END
$$;

GRANT SELECT ON cdviz.cdevents_lake TO cdviz_reader;

CREATE OR REPLACE FUNCTION cdviz.ensure_week(p_week timestamptz) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET lock_timeout = '500ms' -- below deadlock_timeout: whoever meets another maker gives up first
AS $$
DECLARE
    v_name text := 'cdevents_lake_' || to_char(p_week, 'YYYYMMDD');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('cdviz.lake_partition', 0));
    IF EXISTS (SELECT FROM cdviz.lake_partition AS p WHERE p.week = p_week) THEN
        RETURN true;
    END IF;
    -- Writers wait at the lake: one that has chosen the default partition already would be refused by what that may hold afterwards.
    LOCK TABLE ONLY cdviz.cdevents_lake IN SHARE ROW EXCLUSIVE MODE;
    -- Made aside and attached: CREATE TABLE … PARTITION OF would stop all readers.
    EXECUTE format('CREATE TABLE cdviz.%I (LIKE cdviz.cdevents_lake INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', v_name);
    EXECUTE format(
        'ALTER TABLE cdviz.cdevents_lake ATTACH PARTITION cdviz.%I FOR VALUES FROM (%L) TO (%L)', v_name, p_week, p_week + interval '7 days'
    );
    INSERT INTO cdviz.lake_partition (week, name) VALUES (p_week, v_name);
    RETURN true;
EXCEPTION WHEN lock_not_available OR deadlock_detected OR check_violation THEN
    -- A long reader holds the default partition, or it holds rows of this week: they stay there until evistore maintain moves them.
    RETURN false;
END
$$;
COMMENT ON FUNCTION cdviz.ensure_week(timestamptz) IS
'Makes the partition of the week that begins at this Monday 00:00 UTC, unless it stands. False where it cannot be made now: its rows go to the default partition.';
REVOKE ALL ON FUNCTION cdviz.ensure_week(timestamptz) FROM public;

CREATE OR REPLACE FUNCTION cdviz.ensure_lake(p_days timestamptz []) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_week timestamptz;
BEGIN
    FOR v_week IN
        SELECT DISTINCT date_trunc('week', d.day) AS week
          FROM unnest(p_days) AS d (day)
         WHERE d.day > current_timestamp - interval '10 years' AND d.day < current_timestamp + interval '3 months'
           AND NOT EXISTS (SELECT FROM cdviz.lake_partition AS p WHERE p.week = date_trunc('week', d.day))
         ORDER BY week
    LOOP
        -- Whoever is making partitions is waited for, however long it takes: rows put into the default partition instead would stay in its way.
        PERFORM pg_advisory_xact_lock(hashtextextended('cdviz.lake_partition', 0));
        PERFORM cdviz.ensure_week(v_week);
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdviz.ensure_lake(timestamptz []) IS 'Makes the lake ready for events of these days: on the native engine the weekly partitions, on TimescaleDB nothing.';
REVOKE ALL ON FUNCTION cdviz.ensure_lake(timestamptz []) FROM public;

-- A table function of one SELECT, so that it is inlined where one event is stored.
CREATE OR REPLACE FUNCTION cdviz.lake_ready(p_at timestamptz) RETURNS TABLE (is_ready boolean)
LANGUAGE sql
STABLE
AS $$
    SELECT EXISTS (
        SELECT FROM cdviz.lake_partition AS p WHERE p.week = date_trunc('week', p_at, 'UTC')
    )
$$;
COMMENT ON FUNCTION cdviz.lake_ready(timestamptz) IS 'Whether the lake has a place for an event of this moment: on the native engine its weekly partition; on TimescaleDB always.';
REVOKE ALL ON FUNCTION cdviz.lake_ready(timestamptz) FROM public;
