-- What the database tells of its own functions and views.

-- name: every
SELECT p.proname::text AS name, 'function' AS kind, obj_description(p.oid, 'pg_proc') AS words
  FROM pg_catalog.pg_proc AS p
 WHERE p.pronamespace = 'cdviz'::regnamespace AND p.prokind = 'f' AND has_function_privilege('cdviz_reader', p.oid, 'EXECUTE')
   AND obj_description(p.oid, 'pg_proc') IS NOT NULL
UNION ALL
SELECT c.relname::text, 'view', obj_description(c.oid, 'pg_class')
  FROM pg_catalog.pg_class AS c
 WHERE c.relnamespace = 'cdviz'::regnamespace AND c.relkind = 'v' AND has_table_privilege('cdviz_reader', c.oid, 'SELECT')
   AND obj_description(c.oid, 'pg_class') IS NOT NULL
 ORDER BY 1, 2

-- name: explained
SELECT p.proname::text AS name, 'function' AS kind, obj_description(p.oid, 'pg_proc') AS words,
       pg_get_function_arguments(p.oid) AS takes, pg_get_function_result(p.oid) AS gives, pg_get_functiondef(p.oid) AS definition
  FROM pg_catalog.pg_proc AS p
 WHERE p.pronamespace = 'cdviz'::regnamespace AND p.proname = %(name)s::text AND p.prokind = 'f' AND obj_description(p.oid, 'pg_proc') IS NOT NULL
UNION ALL
SELECT c.relname::text, 'view', obj_description(c.oid, 'pg_class'), NULL,
       (SELECT string_agg(format('%%s %%s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
       pg_get_viewdef(c.oid)
  FROM pg_catalog.pg_class AS c
 WHERE c.relnamespace = 'cdviz'::regnamespace AND c.relname = %(name)s::text AND c.relkind = 'v' AND obj_description(c.oid, 'pg_class') IS NOT NULL
 ORDER BY 2, 4
