-- The logins of a new database, and the roles that they are members of. Run by a superuser, once; the passwords come from the environment.
\getenv admin_password EVISTORE_ADMIN_PASSWORD
\getenv program_password EVISTORE_PROGRAM_PASSWORD
\getenv reader_password EVISTORE_READER_PASSWORD

SELECT 'CREATE EXTENSION IF NOT EXISTS timescaledb SCHEMA public'
 WHERE 'timescaledb' = ANY (string_to_array(current_setting('shared_preload_libraries'), ','))
\gexec

-- Migrates and maintains. No superuser; it owns the database and makes the roles.
CREATE ROLE evistore_admin LOGIN CREATEROLE PASSWORD :'admin_password';
SELECT format('ALTER DATABASE %I OWNER TO evistore_admin', current_database())
\gexec
-- From PostgreSQL 16 on, who makes a role may not take it on unless told so.
SELECT 'ALTER ROLE evistore_admin SET createrole_self_grant = ''set, inherit'''
 WHERE current_setting('server_version_num')::int >= 160000
\gexec

SET SESSION AUTHORIZATION evistore_admin;
SELECT 'SET createrole_self_grant = ''set, inherit'''
 WHERE current_setting('server_version_num')::int >= 160000
\gexec
BEGIN;
\ir bootstrap.sql
COMMIT;
RESET SESSION AUTHORIZATION;

-- The program: serve, consume, deliver.
CREATE ROLE evistore_program LOGIN PASSWORD :'program_password' IN ROLE evistore_service;
-- People's dashboards: they read, and not for long.
CREATE ROLE evistore_reader LOGIN PASSWORD :'reader_password' IN ROLE cdviz_reader, clusters_reader;
ALTER ROLE evistore_reader SET default_transaction_read_only = on;
ALTER ROLE evistore_reader SET statement_timeout = '30s';
