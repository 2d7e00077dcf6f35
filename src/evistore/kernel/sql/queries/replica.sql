-- How far a primary has written its log, and how far a replica has followed, in bytes.

-- name: written
SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint

-- name: replayed
-- Null on a server that follows nobody.
SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END
