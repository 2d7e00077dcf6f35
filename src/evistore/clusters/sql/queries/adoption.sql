-- How a database of the Insights Results Aggregator is taken over in place.

-- name: as_login
RESET ROLE

-- name: as_owner
SET LOCAL ROLE cdviz

-- name: found
-- Which tables that will be ours are another system's: all that exist before our first migration of them.
SELECT n.nspname || '.' || c.relname
  FROM unnest(%(tables)s::text[]) AS t (name)
  JOIN pg_catalog.pg_class AS c ON c.oid = to_regclass(t.name)
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE NOT EXISTS (SELECT FROM evistore.migration AS m WHERE m.context = 'clusters')
 ORDER BY 1

-- name: version_public
SELECT array_agg(version::text ORDER BY version) FROM public.migration_info

-- name: version_dvo
SELECT array_agg(version::text ORDER BY version) FROM dvo.migration_info

-- name: columns
-- The columns of those tables in their order, as `schema.table column type`.
SELECT t.name || ' ' || a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
  FROM unnest(%(tables)s::text[]) AS t (name)
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = to_regclass(t.name) AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY t.name, a.attnum

-- name: own
-- Everything of the old system becomes ours, and whoever owned it may go on using it.
SELECT s.statement
  FROM (
    SELECT 1 AS place, 'dvo' AS name, 'ALTER SCHEMA dvo OWNER TO cdviz' AS statement
     UNION ALL
    SELECT 2, 'dvo', format('GRANT USAGE ON SCHEMA dvo TO %%I', pg_catalog.pg_get_userbyid(n.nspowner))
      FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'dvo'
     UNION ALL
    SELECT k.place, t.name, CASE k.place
            WHEN 3 THEN format('ALTER TABLE %%s OWNER TO cdviz', t.name)
            ELSE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %%s TO %%I', t.name, pg_catalog.pg_get_userbyid(c.relowner))
        END
      FROM unnest(%(tables)s::text[]) AS t (name)
      JOIN pg_catalog.pg_class AS c ON c.oid = to_regclass(t.name)
     CROSS JOIN (VALUES (3), (4)) AS k (place)
  ) AS s
 ORDER BY s.place, s.name
