-- The lake on TimescaleDB: a hypertable with chunks of seven days.
SELECT public.create_hypertable(
    'cdviz.cdevents_lake', public.by_range('timestamp', interval '7 days'),
    if_not_exists => true, migrate_data => true, create_default_indexes => false
);

GRANT SELECT ON cdviz.cdevents_lake TO cdviz_reader;

CREATE OR REPLACE FUNCTION cdviz.ensure_lake(p_days timestamptz []) RETURNS void
LANGUAGE sql
IMMUTABLE
AS $$ SELECT NULL::void WHERE false $$;
COMMENT ON FUNCTION cdviz.ensure_lake(timestamptz []) IS 'Makes the lake ready for events of these days: on the native engine the weekly partitions, on TimescaleDB nothing.';
REVOKE ALL ON FUNCTION cdviz.ensure_lake(timestamptz []) FROM public;

CREATE OR REPLACE FUNCTION cdviz.lake_ready(p_at timestamptz) RETURNS TABLE (is_ready boolean)
LANGUAGE sql
STABLE
AS $$ SELECT true $$;
COMMENT ON FUNCTION cdviz.lake_ready(timestamptz) IS 'Whether the lake has a place for an event of this moment: on the native engine its weekly partition; on TimescaleDB always.';
REVOKE ALL ON FUNCTION cdviz.lake_ready(timestamptz) FROM public;
