# Sourced by up, down and test: schemas, topics and processes of the services of one run.
# shellcheck shell=bash
# Expects prelude.sh, and $run (private directory), $binaries (folder of the built programs).

services=(registry case-intake referral-routing notification audit risk-scoring indicator-aggregation gateway)
stateful_services=(registry case-intake referral-routing notification audit indicator-aggregation)

load_servers() {
  [[ -f $run/servers.env ]] || die "no servers in $run; run scripts/servers start"
  # shellcheck disable=SC1091
  source "$run/servers.env"
}

superuser_sql() {
  PGPASSWORD=$(cat "$TILTS_SERVERS_POSTGRES_PASSWORD_FILE") psql -h 127.0.0.1 -p "$TILTS_SERVERS_POSTGRES_PORT" -U postgres \
    -v ON_ERROR_STOP=1 -q -X -t -A "$@"
}

# One role and one schema per service; no role may look into another's schema.
create_schemas() {
  if [[ -z $(superuser_sql -d postgres -c "SELECT 1 FROM pg_database WHERE datname = 'tilts'") ]]; then
    superuser_sql -d postgres -c 'CREATE DATABASE tilts'
  fi
  local service schema
  {
    say 'SET client_min_messages = warning; REVOKE ALL ON DATABASE tilts FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC;'
    for service in "${stateful_services[@]}"; do
      schema=${service//-/_}
      cat <<SQL
DO \$\$ BEGIN CREATE ROLE tilts_$schema LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$;
ALTER ROLE tilts_$schema PASSWORD '$(cat "$run/secrets/$service.password")';
GRANT CONNECT ON DATABASE tilts TO tilts_$schema;
CREATE SCHEMA IF NOT EXISTS $schema AUTHORIZATION tilts_$schema;
ALTER ROLE tilts_$schema IN DATABASE tilts SET search_path = $schema;
SQL
    done
  } | superuser_sql -d tilts -f -
}

migrate() {
  local service failed=()
  for service in "${stateful_services[@]}"; do
    "$binaries/tilts-$service" --migrate --config "$run/config/$service.json" >"$run/log/migrate-$service.log" 2>&1 || failed+=("$service")
  done
  ((${#failed[@]} == 0)) || { tail -n 5 "$run/log/migrate-${failed[0]}.log" >&2; die "migration failed: ${failed[*]}; see $run/log/migrate-*.log"; }
}

create_topics() {
  "$binaries/tilts-topics" --brokers "$TILTS_SERVERS_KAFKA" >"$run/log/topics.log" 2>&1 || { tail -n 5 "$run/log/topics.log" >&2; die "topics could not be created"; }
}

# A service whose program or configuration is newer than its process is started again.
service_is_current() {
  process_runs "$run/$1.pid" && [[ $run/$1.pid -nt $binaries/tilts-$1 ]] && cmp -s "$run/config/$1.json" "$run/state/$1.started"
}

start_service() {
  local service=$1
  service_is_current "$service" && return 0
  stop_process "$run/$service.pid"
  cp "$run/config/$service.json" "$run/state/$service.started"
  # A clean environment: variables that begin with TILTS_ would override the configuration.
  start_process "$run/$service.pid" "$run/log/$service.log" env -i PATH="$PATH" TZ=UTC LANG=C.UTF-8 \
    "$binaries/tilts-$service" --config "$run/config/$service.json"
}

metrics_port() { jq -r .metrics.port "$run/config/$1.json"; }

# True also for a process that has ended: the wait is over then, and the caller looks why.
service_is_ready() {
  process_runs "$run/$1.pid" || return 0
  # Reads to the end: were grep to leave at its find, a long page would break curl's pipe and count as not ready.
  curl -s -m 2 "http://127.0.0.1:$(metrics_port "$1")/metrics" | grep -E '^tilts_service_ready(\{[^}]*\})? 1$' >/dev/null
}

start_services() {
  local service
  for service in "${services[@]}"; do start_service "$service"; done
  for service in "${services[@]}"; do
    wait_until 60 "readiness of $service" service_is_ready "$service" || { tail -n 5 "$run/log/$service.log" >&2; die "$service did not become ready; see $run/log/$service.log"; }
    process_runs "$run/$service.pid" || { tail -n 5 "$run/log/$service.log" >&2; die "$service ended at its start; see $run/log/$service.log"; }
  done
}

stop_services() {
  local service
  # The door first, then what stands behind it.
  stop_process "$run/gateway.pid" 12
  for service in "${services[@]}"; do stop_process "$run/$service.pid" 12 & done
  wait
}
