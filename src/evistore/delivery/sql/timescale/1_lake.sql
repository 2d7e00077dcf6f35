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
