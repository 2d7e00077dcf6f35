-- What the catalogue of the server knows of schemas: their objects without partitions, and without what an extension brought along.

-- name: schemas
SELECT n.nspname::text AS name, obj_description(n.oid, 'pg_namespace') AS comment
  FROM pg_catalog.pg_namespace AS n
 WHERE n.nspname = ANY(%(schemas)s::text[])
 ORDER BY array_position(%(schemas)s::text[], n.nspname::text);

-- name: relations
SELECT n.nspname::text AS schema,
       c.relname::text AS name,
       CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END AS kind,
       pg_get_partkeydef(c.oid) AS partitioned_by,
       ARRAY(
           SELECT DISTINCT a.grantee::regrole::text COLLATE "C"
             FROM aclexplode(c.relacl) AS a
            WHERE a.privilege_type = 'SELECT' AND a.grantee <> c.relowner AND a.grantee <> 0
            ORDER BY 1
       ) AS readers,
       obj_description(c.oid, 'pg_class') AS comment
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY(%(schemas)s::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY c.relname::text COLLATE "C";

-- name: columns
SELECT n.nspname::text AS schema,
       c.relname::text AS relation,
       a.attname::text AS name,
       format_type(a.atttypid, a.atttypmod) AS type,
       NOT a.attnotnull AS nullable,
       CASE
           WHEN a.attidentity <> '' THEN 'identity'
           WHEN a.attgenerated <> '' THEN 'generated: ' || pg_get_expr(d.adbin, d.adrelid)
           ELSE pg_get_expr(d.adbin, d.adrelid)
       END AS preset,
       col_description(c.oid, a.attnum) AS comment
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE n.nspname = ANY(%(schemas)s::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
   AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum;

-- name: keys
SELECT n.nspname::text AS schema,
       c.relname::text AS relation,
       k.conname::text AS name,
       CASE k.contype WHEN 'p' THEN 'primary' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign' WHEN 'x' THEN 'exclusion' ELSE 'check' END AS kind,
       pg_get_constraintdef(k.oid) AS definition,
       ARRAY(
           SELECT a.attname::text
             FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, place)
             JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
            ORDER BY u.place
       ) AS columns,
       fn.nspname || '.' || fc.relname AS target,
       obj_description(k.oid, 'pg_constraint') AS comment
  FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_class AS fc ON fc.oid = k.confrelid
  LEFT JOIN pg_catalog.pg_namespace AS fn ON fn.oid = fc.relnamespace
 WHERE n.nspname = ANY(%(schemas)s::text[]) AND k.contype IN ('p', 'u', 'f', 'x', 'c') AND NOT c.relispartition
 ORDER BY position(k.contype IN 'pufxc'), k.conname::text COLLATE "C";

-- name: indexes
SELECT n.nspname::text AS schema,
       c.relname::text AS relation,
       i.relname::text AS name,
       regexp_replace(pg_get_indexdef(x.indexrelid), '^CREATE (UNIQUE )?INDEX .* USING ', '\1') AS definition,
       obj_description(i.oid, 'pg_class') AS comment
  FROM pg_catalog.pg_index AS x
  JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
 WHERE n.nspname = ANY(%(schemas)s::text[]) AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
 ORDER BY i.relname::text COLLATE "C";

-- name: triggers
SELECT n.nspname::text AS schema,
       c.relname::text AS relation,
       t.tgname::text AS name,
       regexp_replace(pg_get_triggerdef(t.oid), '^CREATE (?:CONSTRAINT )?TRIGGER \S+ (.+?) ON .* (FOR EACH .*) EXECUTE .*$', '\1 \2') AS definition,
       fn.nspname || '.' || f.proname || '()' AS calls,
       obj_description(t.oid, 'pg_trigger') AS comment
  FROM pg_catalog.pg_trigger AS t
  JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_proc AS f ON f.oid = t.tgfoid
  JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.pronamespace
 WHERE n.nspname = ANY(%(schemas)s::text[]) AND NOT t.tgisinternal AND NOT c.relispartition
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e')
 ORDER BY t.tgname::text COLLATE "C";

-- name: functions
SELECT n.nspname::text AS schema,
       p.proname::text AS name,
       CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window function' ELSE 'function' END AS kind,
       pg_get_function_arguments(p.oid) AS arguments,
       pg_get_function_result(p.oid) AS result,
       p.prosecdef AS as_owner,
       ARRAY(
           SELECT DISTINCT a.grantee::regrole::text COLLATE "C"
             FROM aclexplode(p.proacl) AS a
            WHERE a.privilege_type = 'EXECUTE' AND a.grantee <> p.proowner AND a.grantee <> 0
            ORDER BY 1
       ) AS callers,
       obj_description(p.oid, 'pg_proc') AS comment,
       row_number() OVER (PARTITION BY n.nspname, p.proname ORDER BY pg_get_function_identity_arguments(p.oid) COLLATE "C")::int AS number
  FROM pg_catalog.pg_proc AS p
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname = ANY(%(schemas)s::text[])
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
 ORDER BY p.proname::text COLLATE "C", number;

-- name: types
SELECT n.nspname::text AS schema,
       t.typname::text AS name,
       CASE t.typtype WHEN 'e' THEN 'enumeration' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range' ELSE 'composite' END AS kind,
       CASE t.typtype
           WHEN 'e' THEN (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid)
           WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod)
           WHEN 'c' THEN (
               SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
                 FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
           )
       END AS definition,
       obj_description(t.oid, 'pg_type') AS comment
  FROM pg_catalog.pg_type AS t
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
 WHERE n.nspname = ANY(%(schemas)s::text[]) AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
 ORDER BY t.typname::text COLLATE "C";

-- name: reads
-- Which relation a view reads: the rule that makes it a view depends on each. A partition or chunk is none of its own.
SELECT DISTINCT n.nspname || '.' || v.relname AS view, sn.nspname || '.' || s.relname AS source
  FROM pg_catalog.pg_rewrite AS r
  JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class
  JOIN pg_catalog.pg_namespace AS n ON n.oid = v.relnamespace
  JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid AND d.deptype = 'n'
  JOIN pg_catalog.pg_class AS s ON d.refclassid = 'pg_catalog.pg_class'::regclass AND s.oid = d.refobjid
  JOIN pg_catalog.pg_namespace AS sn ON sn.oid = s.relnamespace
 WHERE n.nspname = ANY(%(schemas)s::text[]) AND sn.nspname = ANY(%(schemas)s::text[])
   AND v.relkind IN ('v', 'm') AND s.oid <> v.oid AND s.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT s.relispartition
 ORDER BY view, source;
