# Sourced by scripts/bench: a private run of some services, and the tables of what was measured.
# shellcheck shell=bash
# Expects prelude.sh and services.sh, and $run (private directory), $binaries, $programs (folder of the bench programs), $profile (file or empty).

# begin_run <port base> <service...>: empty servers, and these services configured and migrated, none started.
begin_run() {
  local base=$1; shift
  end_run
  services=("$@"); stateful_services=()
  local service
  for service in "$@"; do [[ $service == risk-scoring || $service == gateway ]] || stateful_services+=("$service"); done
  "$root/scripts/servers" start --dir "$run" --port-base "$base" >&2
  load_servers
  python3 "$root/scripts/lib/configure.py" --root "$root" --run "$run" --base "$base" --environment test >&2
  create_schemas
  migrate
  create_topics
}

# What an earlier run left in the directory goes with it.
end_run() {
  [[ -d $run ]] || return 0
  local pid_file
  for pid_file in "$run"/*.pid; do
    case ${pid_file##*/} in kafka.pid|redis.pid|prometheus.pid|'*.pid') ;; *) stop_process "$pid_file" >&2 ;; esac
  done
  [[ ! -f $run/servers.env ]] || "$root/scripts/servers" stop --dir "$run" >&2
  local postgres; postgres=$(readlink -f "$run/postgres" || true)
  rm -rf "${postgres:?}" "$run"
}

# start_echo <name> <port> [--own]
start_echo() {
  start_process "$run/$1.pid" "$run/log/$1.log" "$programs/echo_server" --port "$2" "${@:3}"
  wait_until 20 "the server $1" port_answers "$2"
}

# start_profile <service>, end_profile: where its time goes, when a file for that was named. All processors are sampled,
# because threads that begin later would be missed, and the service's samples are told.
start_profile() {
  [[ -n $profile ]] || return 0
  command -v perf >/dev/null || die "--profile needs perf (package linux-perf)"
  read -r profiled _ <"$run/$1.pid"
  start_process "$run/perf.pid" "$run/log/perf.log" perf record -q -a -e cpu-clock -F 197 -o "$run/perf.data"
}

end_profile() {
  [[ -f $run/perf.pid ]] || return 0
  stop_process "$run/perf.pid" 30 >&2
  perf report -f -i "$run/perf.data" --pid "$profiled" --stdio --percentage relative --percent-limit 0.7 --sort dso,symbol 2>/dev/null |
    grep -v '^$' | head -60 >"$profile"
}

# Prints the directory of the Kafka Streams peer: its jars, and the class in classes/.
build_streams_peer() {
  local source=$root/tests/bench/peers/streams cache peer
  cache=$(cache_directory); peer=$cache/streams-$(cat "$source"/* | sha256sum | cut -c1-12)
  mkdir -p "$cache"
  (
    flock 8
    [[ -f $peer/.complete ]] && exit 0
    say "building the Kafka Streams peer" >&2
    rm -rf "$peer"
    mvn -q -B -f "$source/pom.xml" dependency:copy-dependencies -DoutputDirectory="$peer/jars" >&2
    java -cp "$peer/jars/*" org.eclipse.jdt.internal.compiler.batch.Main -17 -nowarn \
      -cp "$(find "$peer/jars" -name '*.jar' | tr '\n' ':')" -d "$peer/classes" "$source/AttendancePeer.java" >&2
    touch "$peer/.complete"
  ) 8>"$cache/streams.lock"
  say "$peer"
}

# figures_table <filter>: rows of name, figure, target from JSON on standard input.
figures_table() {
  jq -r "$1"' | .[] | [.[0], (.[1] | if type == "number" then (if . >= 100 then round else (. * 1000 | round / 1000) end) else . end), .[2]] | map(tostring) | @tsv' |
    column -t -s $'\t' -N figure,measured,target
}
