-- What the embedded server is asked when it has started.

-- name: database_exists
SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = 'evistore')

-- name: create_database
CREATE DATABASE evistore
