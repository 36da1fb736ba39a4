# Sourced by every script: where things are, how to speak, how to start and stop a process.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
postgres_bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1 || true)

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# Jars and the like are fetched once for all worktrees of a clone.
cache_directory() {
  local common
  common=$(git -C "$root" rev-parse --path-format=absolute --git-common-dir 2>/dev/null || true)
  if [[ -n ${TILTS_CACHE:-} ]]; then say "$TILTS_CACHE"
  elif [[ ${common##*/} == .git && -w ${common%/.git} ]]; then say "${common%/.git}/.cache"
  else say "$root/.cache"; fi
}

absolute() { case $1 in /*) say "$1" ;; *) say "$PWD/$1" ;; esac; }

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# wait_until <seconds> <what> <command...>: probes often, sleeps little, says what did not happen.
wait_until() {
  local limit=$1 what=$2; shift 2
  local deadline=$((SECONDS + limit))
  until "$@"; do
    ((SECONDS < deadline)) || { say "$what did not happen within ${limit} s" >&2; return 1; }
    sleep 0.1
  done
}

# A pid file holds the pid and its start time, so that a reused pid is never taken for ours.
process_birth() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

process_runs() {
  local pid birth
  [[ -f $1 ]] && read -r pid birth <"$1" && [[ -n ${birth:-} && $(process_birth "$pid") == "$birth" ]] &&
    [[ $(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -c1) != Z ]]
}

# start_process <pid file> <log file> <command...>: detached from this shell and from its locks.
start_process() {
  local pid_file=$1 log_file=$2; shift 2
  setsid nohup "$@" >>"$log_file" 2>&1 </dev/null 9>&- &
  local pid=$!
  say "$pid $(process_birth "$pid")" >"$pid_file"
}

process_ended() { ! process_runs "$1"; }

# stop_process <pid file> [seconds]: TERM, then KILL for what does not listen.
stop_process() {
  local pid_file=$1 limit=${2:-15} pid
  if process_runs "$pid_file"; then
    read -r pid _ <"$pid_file"
    kill -TERM "$pid" 2>/dev/null || true
    if ! wait_until "$limit" "end of $(basename "$pid_file" .pid)" process_ended "$pid_file"; then
      kill -KILL "$pid" 2>/dev/null || true
      wait_until 5 "end of $(basename "$pid_file" .pid) after KILL" process_ended "$pid_file"
    fi
  fi
  rm -f "$pid_file"
}
