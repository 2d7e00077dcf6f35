-- Reading whole tables of one moment, whatever tables there are.

-- name: begin
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;

-- name: session
-- Values are written alike whatever the login or the server prefers: UTC, ISO, UTF-8. A long export is no idle session.
SELECT set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true), set_config('intervalstyle', 'iso_8601', true),
       set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true), set_config('client_encoding', 'UTF8', true),
       set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true);

-- name: moment
SELECT transaction_timestamp() AS at, pg_current_snapshot()::text AS snapshot, current_setting('server_version') AS server;

-- name: tables
-- Every table with columns, with the text that copies it out and the one that counts it. A table that is read up to a limit is read by its key.
SELECT n.nspname::text AS schema,
       c.relname::text AS name,
       greatest(c.reltuples, 0)::bigint AS estimate,
       k.columns,
       k.types,
       format(
           'COPY (SELECT %%s FROM %%I.%%I%%s) TO STDOUT (FORMAT csv)',
           k.selected, n.nspname, c.relname,
           CASE WHEN %(limit)s::bigint IS NOT NULL THEN coalesce(' ORDER BY ' || p.ordered, '') || format(' LIMIT %%s', %(limit)s::bigint) END
       ) AS copying,
       format('SELECT count(*) FROM %%I.%%I', n.nspname, c.relname) AS counting
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL (
    SELECT array_agg(a.attname::text ORDER BY a.attnum) AS columns,
           array_agg(coalesce(nullif(t.typbasetype, 0), t.oid)::regtype::text ORDER BY a.attnum) AS types,
           string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS selected
      FROM pg_catalog.pg_attribute AS a
      JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 ) AS k
  LEFT JOIN LATERAL (
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.place) AS ordered
      FROM pg_catalog.pg_constraint AS o
     CROSS JOIN LATERAL unnest(o.conkey) WITH ORDINALITY AS u (attnum, place)
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.conrelid AND a.attnum = u.attnum
     WHERE o.conrelid = c.oid AND o.contype = 'p'
 ) AS p ON true
 WHERE n.nspname = ANY(%(schemas)s::text[]) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND k.columns IS NOT NULL
   AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
   )
 ORDER BY array_position(%(schemas)s::text[], n.nspname::text), c.relname::text COLLATE "C";
