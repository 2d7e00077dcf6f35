-- How long a reader's statement may take; time zone of everything that is shown.

-- name: patience
SELECT set_config('statement_timeout', '10s', true), set_config('timezone', 'UTC', true)
