-- How far the lake has moved: out of the table of another system, or over to another engine.

CREATE TABLE cdviz.lake_move (
    kind text NOT NULL,
    total bigint NOT NULL,
    reached timestamptz NOT NULL DEFAULT '-infinity',
    xid xid8,
    moved bigint NOT NULL DEFAULT 0,
    set_aside bigint NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    CONSTRAINT lake_move_pkey PRIMARY KEY (kind),
    CONSTRAINT lake_move_kind_check CHECK (kind IN ('adoption', 'conversion'))
);

COMMENT ON TABLE cdviz.lake_move IS 'One row per move of the lake, so that it goes on where it was interrupted: the adoption of another system''s table, the conversion to TimescaleDB.';
COMMENT ON COLUMN cdviz.lake_move.kind IS 'adoption or conversion.';
COMMENT ON COLUMN cdviz.lake_move.total IS 'How many events there were at the start, as far as PostgreSQL''s statistics know.';
COMMENT ON COLUMN cdviz.lake_move.reached IS 'Events before this moment have moved.';
COMMENT ON COLUMN cdviz.lake_move.xid IS 'Conversion: events that this transaction or a later one stored may be missing in what has moved.';
COMMENT ON COLUMN cdviz.lake_move.moved IS 'How many events have moved.';
COMMENT ON COLUMN cdviz.lake_move.set_aside IS 'Adoption: how many stand in quarantine, because their source and id were taken.';
COMMENT ON COLUMN cdviz.lake_move.started_at IS 'When it began.';
COMMENT ON COLUMN cdviz.lake_move.finished_at IS 'When it ended; null: it has not.';
