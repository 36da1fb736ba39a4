#!/bin/sh
# One role and one schema per service; no role may look into another's. Safe to repeat. Used by deploy/compose.yaml and by
# the chart's job. Expects PGHOST, PGUSER, PGPASSWORD_FILE of a superuser, and ROLE_PASSWORDS: a folder with
# <service>.password of every service with a schema.
set -eu
PGPASSWORD=$(cat "$PGPASSWORD_FILE"); export PGPASSWORD

sql() { psql -v ON_ERROR_STOP=1 -q -X -t -A "$@"; }

if [ -z "$(sql -d postgres -c "SELECT 1 FROM pg_database WHERE datname = 'tilts'")" ]; then
  sql -d postgres -c 'CREATE DATABASE tilts'
fi
sql -d tilts -c 'REVOKE ALL ON DATABASE tilts FROM PUBLIC' -c 'REVOKE ALL ON SCHEMA public FROM PUBLIC'
for file in "$ROLE_PASSWORDS"/*.password; do
  service=$(basename "$file" .password)
  [ "$service" != postgres ] || continue
  schema=$(printf '%s' "$service" | tr - _)
  ROLE_PASSWORD=$(cat "$file"); export ROLE_PASSWORD
  sql -d tilts -v schema="$schema" -v role="tilts_$schema" <<'SQL'
SET client_min_messages = warning;
\set password `printf '%s' "$ROLE_PASSWORD"`
SELECT format('CREATE ROLE %I LOGIN', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" PASSWORD :'password';
GRANT CONNECT ON DATABASE tilts TO :"role";
GRANT :"role" TO CURRENT_USER;
CREATE SCHEMA IF NOT EXISTS :"schema" AUTHORIZATION :"role";
ALTER ROLE :"role" IN DATABASE tilts SET search_path = :"schema";
SQL
  echo "schema $schema is there"
done
