-- What maintenance asks of the native engine; TimescaleDB answers the same names.
CREATE OR REPLACE FUNCTION cdviz.storage_floor(p_at timestamptz) RETURNS timestamptz
LANGUAGE sql
IMMUTABLE
SET timezone = 'UTC'
AS $$ SELECT pg_catalog.date_trunc('week', p_at) $$;
COMMENT ON FUNCTION cdviz.storage_floor(timestamptz) IS 'First moment of the week of storage that a time falls in: of its partition, or of its chunk.';
REVOKE ALL ON FUNCTION cdviz.storage_floor(timestamptz) FROM public;

CREATE OR REPLACE FUNCTION cdviz.lake_ranges(p_floors jsonb) RETURNS TABLE (name text, from_at timestamptz, to_at timestamptz)
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
    WITH highest AS MATERIALIZED (SELECT max(e.value::timestamptz) AS at FROM jsonb_each_text(p_floors) AS e)
    SELECT p.name, p.week, p.week + interval '7 days'
      FROM cdviz.lake_partition AS p
     WHERE p.week + interval '7 days' <= (SELECT h.at FROM highest AS h)
    UNION ALL
    -- The default partition is no range of its own: what is left outside the weeks.
    SELECT NULL, '-infinity', (SELECT h.at FROM highest AS h)
     WHERE EXISTS (SELECT FROM cdviz.cdevents_lake_default AS d WHERE d."timestamp" < (SELECT h.at FROM highest AS h))
     ORDER BY 2 DESC, 1
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
    -- Dropping a partition locks out the readers of the lake for a moment. Whoever waits for that lock holds up all who come later, so it does not wait long.
    LOCK TABLE ONLY cdviz.cdevents_lake IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('DROP TABLE cdviz.%I', p_name);
    DELETE FROM cdviz.lake_partition AS p WHERE p.name = p_name;
END
$$;
COMMENT ON FUNCTION cdviz.drop_range(text, timestamptz, timestamptz) IS 'Drops one range of storage with everything in it: a partition, or a chunk.';
REVOKE ALL ON FUNCTION cdviz.drop_range(text, timestamptz, timestamptz) FROM public;

CREATE OR REPLACE FUNCTION cdviz.apply_storage_policies() RETURNS void
LANGUAGE sql
AS $$ SELECT NULL::void WHERE false $$;
COMMENT ON FUNCTION cdviz.apply_storage_policies() IS 'Sets the engine''s jobs by cdviz.storage_policy: on the native engine, which has none, nothing; evistore maintain reads the table.';
REVOKE ALL ON FUNCTION cdviz.apply_storage_policies() FROM public;

CREATE OR REPLACE FUNCTION cdviz.drop_storage_policies() RETURNS void
LANGUAGE sql
AS $$ SELECT NULL::void WHERE false $$;
COMMENT ON FUNCTION cdviz.drop_storage_policies() IS 'Ends the engine''s jobs: the native engine has none.';
REVOKE ALL ON FUNCTION cdviz.drop_storage_policies() FROM public;

CREATE OR REPLACE FUNCTION cdviz.ensure_ahead(p_now timestamptz) RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_week timestamptz;
    v_made integer := 0;
BEGIN
    FOR v_week IN
        SELECT w.week
          FROM generate_series(
                date_trunc('week', p_now - interval '7 days'),
                date_trunc('week', p_now + (SELECT p.value FROM cdviz.storage_policy AS p WHERE p.name = 'partitions_ahead')), interval '7 days'
               ) AS w (week)
         WHERE NOT EXISTS (SELECT FROM cdviz.lake_partition AS p WHERE p.week = w.week)
         ORDER BY w.week
    LOOP
        v_made := v_made + cdviz.ensure_week(v_week)::integer;
    END LOOP;
    RETURN v_made;
END
$$;
COMMENT ON FUNCTION cdviz.ensure_ahead(timestamptz) IS 'Makes the partitions of the weeks around and after a moment, as far ahead as the storage policy partitions_ahead says, and tells how many.';
REVOKE ALL ON FUNCTION cdviz.ensure_ahead(timestamptz) FROM public;

CREATE OR REPLACE FUNCTION cdviz.stray_weeks() RETURNS TABLE (week timestamptz, events bigint)
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
    SELECT date_trunc('week', d."timestamp"), count(*)
      FROM cdviz.cdevents_lake_default AS d
     WHERE d."timestamp" > timestamptz '1970-01-01' AND d."timestamp" < current_timestamp + interval '3 months'
     GROUP BY 1
     ORDER BY 1
$$;
COMMENT ON FUNCTION cdviz.stray_weeks() IS 'The weeks that have events in the default partition; what lies further ahead than three months stays there.';
REVOKE ALL ON FUNCTION cdviz.stray_weeks() FROM public;

-- The rows go straight into the new table, before it is part of the lake: no trigger sees them, and nothing is projected twice.
CREATE OR REPLACE FUNCTION cdviz.settle_week(p_week timestamptz) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET lock_timeout = '3s'
AS $$
DECLARE
    v_name text := 'cdevents_lake_' || to_char(p_week, 'YYYYMMDD');
    v_end timestamptz := p_week + interval '7 days';
    v_moved bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('cdviz.lake_partition', 0));
    -- Writers and readers of the lake wait until this week has moved. Writers must wait at the lake itself: one that waits at the default
    -- partition has chosen it already, and would be refused by what that partition may hold afterwards.
    LOCK TABLE ONLY cdviz.cdevents_lake IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE cdviz.cdevents_lake_default IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM cdviz.lake_partition AS p WHERE p.week = p_week) THEN
        RETURN 0;
    END IF;
    EXECUTE format('CREATE TABLE cdviz.%I (LIKE cdviz.cdevents_lake INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', v_name);
    EXECUTE format(
        'WITH moved AS (DELETE FROM cdviz.cdevents_lake_default AS d WHERE d."timestamp" >= $1 AND d."timestamp" < $2 RETURNING d.*)
         INSERT INTO cdviz.%I SELECT m.* FROM moved AS m', v_name
    ) USING p_week, v_end;
    GET DIAGNOSTICS v_moved = ROW_COUNT;
    EXECUTE format('ALTER TABLE cdviz.cdevents_lake ATTACH PARTITION cdviz.%I FOR VALUES FROM (%L) TO (%L)', v_name, p_week, v_end);
    INSERT INTO cdviz.lake_partition (week, name) VALUES (p_week, v_name);
    RETURN v_moved;
END
$$;
COMMENT ON FUNCTION cdviz.settle_week(timestamptz) IS
'Makes the partition of the week that begins at this Monday 00:00 UTC and moves the events of that week from the default partition into it; tells how many.';
REVOKE ALL ON FUNCTION cdviz.settle_week(timestamptz) FROM public;
