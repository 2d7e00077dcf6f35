-- cdviz.production: one row per environment: whether it is production, and who says so: somebody by cdviz.set_production, else its name.
-- A name tells production by the word prod, production, prd or live in it, unless pre, non or not stands before.
CREATE OR REPLACE VIEW cdviz.production AS
SELECT e.environment_id,
       coalesce(k.is_production, e.environment_id ~* '(^|[^a-z])(production|prod|prd|live)([^a-z]|$)'
                                 AND e.environment_id !~* '(^|[^a-z])(pre|non|not)[^a-z]?(production|prod|prd|live)') AS is_production,
       k.is_production IS NOT NULL AS is_set
  FROM (
    SELECT s.subject_id AS environment_id FROM cdviz.subject_state AS s WHERE s.subject = 'environment'
    UNION
    SELECT t.environment_id FROM cdviz.environment_kind AS t
  ) AS e
  LEFT JOIN cdviz.environment_kind AS k ON k.environment_id = e.environment_id;

COMMENT ON VIEW cdviz.production IS 'One row per environment: whether it is production. Somebody said so by cdviz.set_production, or its name does: by the word prod, production, prd or live, unless pre, non or not stands before.';
COMMENT ON COLUMN cdviz.production.environment_id IS 'Environment.';
COMMENT ON COLUMN cdviz.production.is_production IS 'Whether users are served there.';
COMMENT ON COLUMN cdviz.production.is_set IS 'Whether somebody said so; else its name tells.';

GRANT SELECT ON cdviz.production TO cdviz_reader;
