# Sourced by servers, backup and restore: the PostgreSQL of one run.
# shellcheck shell=bash
# Expects prelude.sh and $run (private directory).

# PostgreSQL refuses to run as root, so root hands its cluster to the postgres user. Where that user
# cannot reach the directory (a clone below /root), the cluster lives in /var/tmp behind a link.
as_postgres() {
  if [[ $EUID -eq 0 ]]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

postgres_home() {
  if [[ $EUID -eq 0 ]] && ! runuser -u postgres -- test -x "$run" 2>/dev/null; then
    say "/var/tmp/tilts-$(printf '%s' "$run" | sha256sum | cut -c1-12)-postgres"
  else
    say "$run/postgres"
  fi
}

# A killed postmaster that nobody has reaped yet still counts as running for pg_ctl.
forget_dead_postmaster() {
  local pid state
  [[ -f $1 ]] && read -r pid <"$1" || return 0
  state=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -c1) || true  # none: it is gone
  [[ -n $state && $state != Z ]] || rm -f "$1"
}

postgres_runs() { local home; home=$(postgres_home); as_postgres "$postgres_bin/pg_ctl" -D "$home/data" status >/dev/null 2>&1; }

stop_postgres() {
  local home; home=$(postgres_home)
  [[ -f $home/data/postmaster.pid ]] || return 0
  as_postgres "$postgres_bin/pg_ctl" -D "$home/data" -m fast -w -t 30 stop >/dev/null
}

# The folder that `scripts/backup archive` named, or nothing. Archiving is prepared always, because turning it on needs
# a restart; without a folder each segment of 16 MB costs one /bin/true.
archive_folder() { cat "$run/archive.folder" 2>/dev/null || true; }

# write_postgres_settings <port>: all of them, anew at every start.
write_postgres_settings() {
  local home folder archive=/bin/true timeout=0
  home=$(postgres_home); folder=$(archive_folder)
  if [[ -n $folder ]]; then
    # In its own home, where the postgres user reaches it also when it does not reach the clone.
    install -m 755 "$root/scripts/lib/archive-wal" "$root/scripts/lib/fetch-wal" "$home/"
    archive="\"$home/archive-wal\" \"$folder\" \"%p\" \"%f\""; timeout=60s
  fi
  # shellcheck disable=SC2016
  as_postgres bash -c 'cat >"$1/data/postgresql.auto.conf"' - "$home" <<CONF
listen_addresses = '127.0.0.1'
port = $1
unix_socket_directories = ''
max_connections = 200
shared_buffers = '64MB'
idle_in_transaction_session_timeout = '60s'
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = 'warning'
log_parameter_max_length_on_error = 0
archive_mode = on
archive_command = '$archive'
archive_timeout = $timeout
CONF
}
