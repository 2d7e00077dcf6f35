#!/bin/sh
# Runs once, when the image has made a new data directory: settings, then logins. The settings count from the next start on, which follows at once.
set -eu
share=${EVISTORE_SHARE:-/usr/local/share/evistore}

# The value of the variable NAME, else what stands in the file that NAME_FILE names.
secret() {
    eval "value=\${$1:-} file=\${$1_FILE:-}"
    if [ -z "${value}" ] && [ -n "${file}" ]; then
        value=$(cat "${file}")
    fi
    if [ -z "${value}" ]; then
        echo "evistore: $1 or $1_FILE is needed to make the logins of a new database" >&2
        exit 1
    fi
    printf '%s' "${value}"
}

EVISTORE_ADMIN_PASSWORD=$(secret EVISTORE_ADMIN_PASSWORD)
EVISTORE_PROGRAM_PASSWORD=$(secret EVISTORE_PROGRAM_PASSWORD)
EVISTORE_READER_PASSWORD=$(secret EVISTORE_READER_PASSWORD)
export EVISTORE_ADMIN_PASSWORD EVISTORE_PROGRAM_PASSWORD EVISTORE_READER_PASSWORD

echo "include = '${share}/postgresql.conf'" >>"${PGDATA}/postgresql.conf"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB}" --file "${share}/logins.sql"
