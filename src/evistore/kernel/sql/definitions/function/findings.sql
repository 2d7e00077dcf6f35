-- evistore.findings: what an operator should know about the server and the kernel's own tables, one row per check: ok, warn or bad.
CREATE OR REPLACE FUNCTION evistore.findings()
RETURNS TABLE (name text, state text, found text, meaning text, advice text)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'server', CASE WHEN current_setting('server_version_num')::integer < 150000 OR getdatabaseencoding() <> 'UTF8' THEN 'bad' ELSE 'ok' END,
           format('PostgreSQL %s, %s%s', current_setting('server_version'), getdatabaseencoding(), CASE WHEN pg_is_in_recovery() THEN ', a replica' ELSE '' END),
           'The program needs PostgreSQL 15 or newer and a database whose encoding is UTF8.',
           'Move the evidence to such a server: docs/operate/backup.md.'
    UNION ALL
    SELECT 'durability', CASE WHEN current_setting('fsync') = 'off' OR current_setting('full_page_writes') = 'off' THEN 'bad' WHEN current_setting('synchronous_commit') = 'off' THEN 'warn' ELSE 'ok' END,
           format('fsync %s, full_page_writes %s, synchronous_commit %s', current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')),
           'What a sender was told is stored can be lost, and without fsync the whole database damaged, when the machine fails.',
           'Set fsync = on, full_page_writes = on and synchronous_commit = on in postgresql.conf, and reload.'
    UNION ALL
    SELECT 'archive', CASE WHEN a.last_failed_time > coalesce(a.last_archived_time, '-infinity') AND current_setting('archive_mode') <> 'off' THEN 'bad' ELSE 'ok' END,
           format('wal_level %s, archive_mode %s, max_wal_size %s', current_setting('wal_level'), current_setting('archive_mode'), current_setting('max_wal_size'))
           || coalesce(', last archived ' || to_char(a.last_archived_time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), ''),
           'The write-ahead log is not archived: no moment after the last archived one can be restored, and the log fills the disk.',
           'Look into the server''s log for what archive_command says.'
      FROM pg_stat_archiver AS a
    UNION ALL
    SELECT 'slots', CASE WHEN coalesce(max(s.kept), 0) > 4 * 1024 ^ 3 THEN 'bad' WHEN coalesce(max(s.kept), 0) > 1024 ^ 3 THEN 'warn' ELSE 'ok' END,
           CASE WHEN count(*) = 0 THEN 'no idle replication slot' ELSE format('%s idle, the furthest behind keeps %s', string_agg(s.slot_name, ', ' ORDER BY s.slot_name), pg_size_pretty(max(s.kept))) END,
           'A replication slot that nobody reads keeps the write-ahead log until the disk is full.',
           'Bring its reader back, or drop it: SELECT pg_drop_replication_slot(''…'').'
      FROM (
        SELECT r.slot_name, CASE WHEN NOT pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_current_wal_lsn(), r.restart_lsn) END AS kept
          FROM pg_replication_slots AS r
         WHERE NOT r.active
      ) AS s
    UNION ALL
    SELECT 'connections', CASE WHEN c.used > 0.9 * c.most THEN 'bad' WHEN c.used > 0.7 * c.most THEN 'warn' ELSE 'ok' END,
           format('%s of %s', c.used, c.most),
           'When none is free, programs are turned away and wait.',
           'Lower EVISTORE_DATABASE_POOL_SIZE, put a pooler in between, or raise max_connections.'
      FROM (SELECT sum(d.numbackends) AS used, current_setting('max_connections')::integer AS most FROM pg_stat_database AS d) AS c
    UNION ALL
    SELECT 'transaction numbers', CASE WHEN age(d.datfrozenxid) > 1500000000 THEN 'bad' WHEN age(d.datfrozenxid) > 600000000 THEN 'warn' ELSE 'ok' END,
           format('the oldest is %s transactions old', age(d.datfrozenxid)),
           'Autovacuum does not get to freeze old rows; at two thousand million the server stops taking writes.',
           'Look for long transactions, prepared transactions and idle slots, then VACUUM (FREEZE) the database.'
      FROM pg_database AS d
     WHERE d.datname = current_database()
    UNION ALL
    SELECT 'roles', CASE WHEN r.lacking IS NULL THEN 'ok' ELSE 'bad' END,
           coalesce('lacking: ' || r.lacking, 'all there; evistore_service is a member of those it needs'),
           'Logins of programs have no rights, or too few.',
           'Run evistore migrate with a login that may create roles; after a restore: docs/operate/backup.md.'
      FROM (
        SELECT string_agg(w.role, ', ' ORDER BY w.role) AS lacking
          FROM unnest(ARRAY['cdviz', 'cdviz_collector', 'cdviz_reader', 'clusters_reader', 'clusters_writer', 'evistore_service']) AS w (role)
         WHERE NOT EXISTS (SELECT FROM pg_roles AS p WHERE p.rolname = w.role)
            OR (w.role NOT IN ('cdviz', 'evistore_service') AND NOT EXISTS (
                SELECT FROM pg_auth_members AS m
                 WHERE m.roleid = (SELECT p.oid FROM pg_roles AS p WHERE p.rolname = w.role)
                   AND m.member = (SELECT p.oid FROM pg_roles AS p WHERE p.rolname = 'evistore_service')
            ))
      ) AS r
    UNION ALL
    SELECT 'login', CASE WHEN m.belongs THEN 'ok' ELSE 'bad' END, session_user::text,
           'The program cannot store or read with this login.', format('GRANT evistore_service TO %I', session_user)
      FROM (
        SELECT EXISTS (SELECT FROM pg_roles AS p WHERE p.rolname = 'evistore_service' AND pg_has_role(session_user, p.oid, 'MEMBER')) AS belongs
      ) AS m
    UNION ALL
    SELECT 'quarantine', CASE WHEN q.fresh > 0 THEN 'warn' ELSE 'ok' END,
           format('%s open, %s of them from the last day', q.everything, q.fresh) || coalesce(', mostly ' || q.reason, ''),
           'Messages were kept, but not taken in.',
           'Look at them: evistore quarantine list; mend the sender, then evistore quarantine replay.'
      FROM (
        SELECT count(*) AS everything, count(*) FILTER (WHERE o.received_at > current_timestamp - interval '1 day') AS fresh,
               mode() WITHIN GROUP (ORDER BY o.reason) AS reason
          FROM evistore.quarantine AS o
         WHERE o.state = 'open'
      ) AS q
    UNION ALL
    SELECT 'outbox', CASE WHEN o.since < current_timestamp - interval '1 hour' THEN 'bad' WHEN o.since < current_timestamp - interval '5 minutes' THEN 'warn' ELSE 'ok' END,
           format('%s messages wait', o.waiting) || coalesce(', the first since ' || to_char(o.since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), ''),
           'Dead letters and news of the tracker are not sent: nobody consumes, or the topic cannot be written to.',
           'See that evistore consume runs, and look for outbox-waits in its log.'
      FROM (SELECT count(*) AS waiting, min(b.posted_at) AS since FROM evistore.outbox AS b) AS o
$$;

COMMENT ON FUNCTION evistore.findings() IS
'What an operator should know about the server and the kernel''s tables, one row per check: its name, ok, warn or bad, what was found, what that means where it is not ok, and what to do.';

REVOKE ALL ON FUNCTION evistore.findings() FROM public;
GRANT EXECUTE ON FUNCTION evistore.findings() TO evistore_service, cdviz_reader;
