-- What a connection is asked about itself.

-- name: process
SELECT pg_backend_pid()
