#!/bin/sh
# Creates the four databases if they are missing. The postgres image runs it when its volume is new (mount it into
# /docker-entrypoint-initdb.d). Elsewhere the PG* variables name the server. DATABASES names other databases, separated by spaces.
set -eu

for name in ${DATABASES:-core_db kyc_db rates_db audit_db}; do
  psql -v ON_ERROR_STOP=1 -v name="$name" --no-psqlrc --quiet --tuples-only \
    --username "${POSTGRES_USER:-${PGUSER:-postgres}}" --dbname postgres <<'SQL'
SELECT format('CREATE DATABASE %I', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SQL
  echo "database $name exists"
done
