# shellcheck shell=bash
# Starting, stopping and looking at the server and the agent. Sourced by guardian; needs common.sh.

SERVER_FLAGS=(-Xmx512m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
# The agent has to stay small: docs/decisions/0039 says what each of these saves.
AGENT_FLAGS=(-Xms16m -Xmn8m -XX:SurvivorRatio=2 -XX:TargetSurvivorRatio=90 -Xmx58m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+UseCompactObjectHeaders
  -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 -XX:-ShrinkHeapInSteps
  -XX:TrimNativeHeapInterval=2000 -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0
  -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED)
AGENT_ENVIRONMENT=(MALLOC_ARENA_MAX=1)
SPYCTL_JVM_FLAGS=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+UseCompactObjectHeaders -XX:-UsePerfData)

MONITOR_FLAGS=(-Xmx512m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError)

START_SECONDS=90
STOP_SECONDS=20

# --- options -----------------------------------------------------------------------------------------------------

parse_options() {
  DATA=$HOME/.guardian PORT=8480 LISTEN=127.0.0.1 DETACH='' AGENT=1 LINK=1 FOLLOW=''
  SERVER_ARGS=() AGENT_ARGS=() MONITOR='' MONITOR_ARGS=()
  while [ $# -gt 0 ]; do
    case "$1" in
      --detach) DETACH=1 ;;
      --no-agent) AGENT='' ;;
      --no-link) LINK='' ;;
      --insecure-http) SERVER_ARGS+=("$1") ;;
      --read-only) MONITOR_ARGS+=("$1") ;;
      -f | --follow) FOLLOW=1 ;;
      --data | --port | --listen | --tls-cert | --tls-key | --keep-days | --keep-gib | --only-cgroup | --pin | --podman-root | --cri-socket | --containerd-state | --resolver | --spool-mib | --ring-mib | \
        --kubeconfig | --context | --cluster-name | --kills-a-minute | --protect-namespace)
        [ $# -ge 2 ] || usage_error "\`$1\` needs a value"
        take_value "$1" "$2"
        shift
        ;;
      *) usage_error "unknown option \`$1\`" ;;
    esac
    shift
  done
  DATA=$(readlink -m "$DATA")
  case "$PORT" in '' | *[!0-9]*) usage_error "\`$PORT\` is no port" ;; esac
  [ "$PORT" -ge 1 ] && [ "$PORT" -le 65535 ] || usage_error "\`$PORT\` is no port: 1 to 65535"
  [ -z "$MONITOR" ] || case " ${MONITOR_ARGS[*]} " in
    *" --cluster-name "*) ;;
    *) usage_error "\`--kubeconfig\` needs \`--cluster-name\`, the name that policies will use" ;;
  esac
}

take_value() {
  case "$1" in
    --data) DATA=$2 ;;
    --port) PORT=$2 ;;
    --listen) LISTEN=$2 ;;
    --tls-cert | --tls-key) SERVER_ARGS+=("$1" "$(readlink -m "$2")") ;;
    --keep-days | --keep-gib) SERVER_ARGS+=("$1" "$2") ;;
    --kubeconfig)
      MONITOR=1
      MONITOR_ARGS+=("$1" "$(readlink -m "$2")")
      ;;
    --context | --protect-namespace) MONITOR_ARGS+=("$1" "$2") ;;
    --cluster-name)
      AGENT_ARGS+=("$1" "$2")
      MONITOR_ARGS+=("$1" "$2")
      ;;
    --kills-a-minute)
      SERVER_ARGS+=("$1" "$2")
      MONITOR_ARGS+=("$1" "$2")
      ;;
    *) AGENT_ARGS+=("$1" "$2") ;;
  esac
}

usage_error() {
  say "guardian: $1"
  say "try ./guardian --help"
  exit 2
}

# --- processes ---------------------------------------------------------------------------------------------------
# A pid file holds the pid and its start time, so that a reused pid is never taken for ours.

# Nothing of one that is dead, also if nobody has reaped it yet.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # shellcheck disable=SC2086 # split into fields on purpose
  set -- ${stat##*) }
  case "$1" in Z | X | x) return 1 ;; esac
  printf '%s\n' "${20}"
}

running() {
  local pid start
  [ -r "$DATA/run/$1.pid" ] || return 1
  read -r pid start <"$DATA/run/$1.pid" || return 1
  # Who was gone before its time could be read has none in the file.
  [ -n "$start" ] && [ "$(start_time "$pid")" = "$start" ] || return 1
  printf '%s\n' "$pid"
}

# Nothing of one that has let go of its memory and is about to be dead.
resident_mib() {
  awk '/^VmRSS/ {print int($2 / 1024); found = 1} END {exit !found}' "/proc/$1/status" 2>/dev/null
}

# launch NAME COMMAND…: in a session of its own, so that Ctrl-C reaches only this script, which stops things in order.
launch() {
  local name=$1 log=$DATA/logs/$1.log
  shift
  setsid "$@" </dev/null >>"$log" 2>&1 9>&- &
  local pid=$!
  printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$DATA/run/$name.pid"
}

# await NAME PATTERN OFFSET: until the log says so, or the process is gone.
await() {
  local name=$1 pattern=$2 offset=$3 log=$DATA/logs/$1.log tries=0
  until tail -c "+$((offset + 1))" "$log" 2>/dev/null | grep -q "$pattern"; do
    # A full log was emptied meanwhile.
    [ "$(log_size "$name")" -ge "$offset" ] || offset=0
    if ! running "$name" >/dev/null; then
      say "guardian: the $name did not start:"
      tail -c "+$((offset + 1))" "$log" | tail -n 15 >&2
      return 1
    fi
    tries=$((tries + 1))
    if [ $tries -gt $((START_SECONDS * 10)) ]; then
      say "guardian: the $name was not ready after $START_SECONDS s; see $log"
      return 1
    fi
    sleep 0.1
  done
}

log_size() { stat -c %s "$DATA/logs/$1.log" 2>/dev/null || printf '0\n'; }

stop() {
  local pid tries=0
  pid=$(running "$1") || { rm -f "$DATA/run/$1.pid"; return 0; }
  kill -TERM "$pid" 2>/dev/null || true
  while running "$1" >/dev/null; do
    tries=$((tries + 1))
    if [ $tries -gt $((STOP_SECONDS * 10)) ]; then
      say "guardian: the $1 did not stop within $STOP_SECONDS s and is killed"
      kill -KILL "$pid" 2>/dev/null || true
      break
    fi
    sleep 0.1
  done
  rm -f "$DATA/run/$1.pid"
}

# --- spyctl ------------------------------------------------------------------------------------------------------

# What ./spyctl needs to start at once: where Java is, its flags, and its start-up cache.
prepare_spyctl() { locked prepare_spyctl_now; }

prepare_spyctl_now() {
  local env=$STATE/spyctl.env cache=$STATE/spyctl.aot path
  path=$(class_path cli)
  if [ ! -r "$cache" ]; then
    "$JAVA_HOME/bin/java" -XX:AOTCacheOutput="$cache" "${SPYCTL_JVM_FLAGS[@]}" -cp "$path" \
      io.guardian.cli.training.Training >/dev/null 2>&1 || rm -f "$cache"
  fi
  {
    printf "SPYCTL_JAVA='%s'\n" "$JAVA_HOME/bin/java"
    printf "SPYCTL_FLAGS='%s -Dguardian.commit=%s%s'\n" "${SPYCTL_JVM_FLAGS[*]}" "$(commit)" "$([ -r "$cache" ] && printf ' -XX:AOTCache=%s -Xlog:aot=off -Xlog:cds=off' "$cache")"
    printf "SPYCTL_CLASS_PATH='%s'\n" "$path"
  } >"$env.new"
  mv -f "$env.new" "$env"
}

link_spyctl() {
  local dir=$HOME/.local/bin
  [ "$(id -u)" -ne 0 ] || dir=/usr/local/bin
  local link=$dir/spyctl
  if [ ! -e "$link" ] && [ ! -L "$link" ] && ! command -v spyctl >/dev/null; then
    mkdir -p "$dir" && ln -s "$ROOT/spyctl" "$link"
  fi
  if [ "$(readlink -f "$(command -v spyctl || true)")" != "$ROOT/spyctl" ]; then
    say "  spyctl        PATH=\"$ROOT:\$PATH\" makes this checkout's spyctl the one you call"
  else
    say "  spyctl        $link"
  fi
}

add_context() {
  local url=$1 current code pin=()
  # A certificate of the server's own making is trusted by its fingerprint, which agents get with the code.
  code=$(cat "$DATA/server/registration-code" 2>/dev/null || true)
  case "$url $code" in https:*@*) pin=(--cert-sha256 "${code##*@}") ;; esac
  "$ROOT/spyctl" config set-apisecret guardian-local -k - -u "$url" ${pin[@]+"${pin[@]}"} <"$DATA/server/admin-key" >/dev/null 2>&1 ||
    { say "guardian: spyctl could not keep the key; set it up by hand with \`spyctl config set-apisecret\`"; return 0; }
  current=$("$ROOT/spyctl" config current-context 2>/dev/null || true)
  case "$current" in
    '' | __none__ | guardian-local | *'no current'*)
      "$ROOT/spyctl" config set-context guardian-local -s guardian-local -o default --no-check -u -g >/dev/null 2>&1
      say "  context       guardian-local (current)"
      ;;
    *)
      "$ROOT/spyctl" config set-context guardian-local -s guardian-local -o default --no-check -g >/dev/null 2>&1
      say "  context       guardian-local; make it current with: spyctl config use-context guardian-local"
      ;;
  esac
}

# --- commands ----------------------------------------------------------------------------------------------------

cmd_up() {
  parse_options "$@"
  build
  prepare_spyctl
  umask 077
  mkdir -p "$DATA/run" "$DATA/logs" "$DATA/server/tmp" "$DATA/agent" 2>/dev/null || die "can't write to \`$DATA\`; choose another folder with --data"
  # One `up` at a time for one data folder.
  exec 9>"$DATA/run/lock"
  flock -n 9 || die "another \`up\` is at work on \`$DATA\`"
  local pid url
  url=$(server_url)
  if pid=$(running server); then
    if { [ -z "$AGENT" ] || running agent >/dev/null; } && { [ -z "$MONITOR" ] || running monitor >/dev/null; }; then
      die "already running (server's pid $pid) with the data of \`$DATA\`; stop it with: ./guardian down --data $DATA"
    fi
    say "The server runs already."
  else
    start_server || exit 1
  fi
  say "  server        $url"
  if [ -n "$AGENT" ] && ! running agent >/dev/null; then
    start_agent "$url" || { cmd_stop_all; exit 1; }
  fi
  if [ -n "$MONITOR" ] && ! running monitor >/dev/null; then
    start_monitor "$url" || { cmd_stop_all; exit 1; }
  fi
  # Last, so that spyctl keeps to the server it knows when this one can't be used.
  add_context "$url"
  [ -z "$LINK" ] || link_spyctl
  say "  data, logs    $DATA"
  say "Next: spyctl get fingerprints --type container"
  exec 9>&-
  [ -n "$DETACH" ] || stay
}

# Until Ctrl-C, or until a program ends by itself.
stay() {
  say "Ctrl-C stops it."
  trap 'say; say "stopping"; cmd_stop_all; exit 0' INT TERM HUP
  while running server >/dev/null && { [ -z "$AGENT" ] || running agent >/dev/null; } &&
    { [ -z "$MONITOR" ] || running monitor >/dev/null; }; do
    sleep 1 &
    wait $! || true
  done
  say "guardian: a program ended by itself; see $DATA/logs"
  cmd_stop_all
  exit 1
}

server_url() {
  local host=$LISTEN scheme=http
  case "$LISTEN" in
    127.* | ::1 | localhost) ;;
    *) case " ${SERVER_ARGS[*]:-} " in *" --insecure-http "*) ;; *) scheme=https ;; esac ;;
  esac
  case " ${SERVER_ARGS[*]:-} " in *" --tls-cert "*) scheme=https ;; esac
  case "$LISTEN" in 0.0.0.0) host=127.0.0.1 ;; ::) host=::1 ;; esac
  case "$host" in *:*) host="[$host]" ;; esac
  printf '%s://%s:%s\n' "$scheme" "$host" "$PORT"
}

start_server() {
  local offset had_key=
  [ ! -e "$DATA/server/admin-key" ] || had_key=1
  offset=$(log_size server)
  launch server "$JAVA_HOME/bin/java" "${SERVER_FLAGS[@]}" -Djava.io.tmpdir="$DATA/server/tmp" \
    -Dguardian.commit="$(commit)" -Dguardian.log="$DATA/logs/server.log" -cp "$(class_path backend)" \
    io.guardian.backend.Main --data "$DATA/server" --listen "$LISTEN" --port "$PORT" ${SERVER_ARGS[@]+"${SERVER_ARGS[@]}"}
  await server '^ready on ' "$offset" || { stop server; return 1; }
  say "Guardian runs."
  [ -n "$had_key" ] || say "  admin key     $(cat "$DATA/server/admin-key")  (shown once; kept in $DATA/server/admin-key)"
}

start_agent() {
  local offset
  offset=$(log_size agent)
  launch agent env "${AGENT_ENVIRONMENT[@]}" "$JAVA_HOME/bin/java" "${AGENT_FLAGS[@]}" -Dguardian.commit="$(commit)" \
    -Dguardian.log="$DATA/logs/agent.log" -cp "$(class_path agent)" \
    io.guardian.agent.Main run --server "$1" --registration-code-file "$DATA/server/registration-code" \
    --data "$DATA/agent" --protect-pid-file "$DATA/run/server.pid" ${AGENT_ARGS[@]+"${AGENT_ARGS[@]}"}
  await agent '^ready' "$offset" || { stop agent; return 1; }
  local ready
  ready=$(tail -c "+$((offset + 1))" "$DATA/logs/agent.log" | sed -n 's/^ready *//p' | tail -n 1)
  say "  agent         $ready"
  case "$ready" in
    *source=ebpf*) ;;
    *)
      say "                without eBPF it sees less:"
      tail -c "+$((offset + 1))" "$DATA/logs/agent.log" | sed -n 's/.*WARN sensor: .* limit=/                - /p' >&2
      ;;
  esac
}

# The monitor of a Kubernetes cluster, beside the server; in a cluster the chart starts it.
start_monitor() {
  local offset
  offset=$(log_size monitor)
  launch monitor "$JAVA_HOME/bin/java" "${MONITOR_FLAGS[@]}" -Djava.io.tmpdir="$DATA/server/tmp" \
    -Dguardian.log="$DATA/logs/monitor.log" -cp "$(class_path cluster)" \
    io.guardian.cluster.Main run --server "$1" --registration-code-file "$DATA/server/registration-code" \
    --data "$DATA/monitor" --no-election "${MONITOR_ARGS[@]}"
  await monitor '^ready' "$offset" || { stop monitor; return 1; }
  say "  monitor       $(tail -c "+$((offset + 1))" "$DATA/logs/monitor.log" | sed -n 's/^ready *//p' | tail -n 1)"
}

cmd_stop_all() {
  stop monitor
  stop agent
  stop server
}

cmd_down() {
  parse_options "$@"
  if ! running server >/dev/null && ! running agent >/dev/null && ! running monitor >/dev/null; then
    say "nothing runs with the data of $DATA"
    return 0
  fi
  cmd_stop_all
  say "stopped"
}

cmd_status() {
  parse_options "$@"
  local name pid resident code=0
  for name in server agent monitor; do
    # Only who watches a cluster has heard of a monitor.
    [ "$name" != monitor ] || [ -d "$DATA/monitor" ] || continue
    if pid=$(running $name) && resident=$(resident_mib "$pid"); then
      printf '%-8s running  pid %s, since %s, %s MB resident\n' "$name" "$pid" \
        "$(date -u -d "@$(stat -c %Y "/proc/$pid")" +%Y-%m-%dT%H:%M:%SZ)" \
        "$resident"
    else
      printf '%-8s stopped\n' "$name"
      [ $name != server ] || code=1
    fi
  done
  return $code
}

cmd_logs() {
  parse_options "$@"
  [ -d "$DATA/logs" ] || die "no logs in \`$DATA\`; has it run?"
  local name logs=()
  for name in server agent monitor; do
    [ ! -e "$DATA/logs/$name.log" ] || logs+=("$DATA/logs/$name.log")
  done
  [ ${#logs[@]} -gt 0 ] || die "no logs in \`$DATA\`; has it run?"
  if [ -n "$FOLLOW" ]; then
    exec tail -n 50 -F "${logs[@]}"
  fi
  exec tail -n 200 "${logs[@]}"
}

# Takes the sensor out of the kernel and the agent's state off the disk; the server's data stays.
cmd_uninstall() {
  parse_options "$@"
  # First: what can't be built here can still be stopped.
  cmd_stop_all
  build
  local pin=() i
  for ((i = 0; i + 1 < ${#AGENT_ARGS[@]}; i++)); do
    [ "${AGENT_ARGS[i]}" != --pin ] || pin=(--pin "${AGENT_ARGS[i + 1]}")
  done
  "$JAVA_HOME/bin/java" "${AGENT_FLAGS[@]}" -cp "$(class_path agent)" io.guardian.agent.Main uninstall \
    --data "$DATA/agent" ${pin[@]+"${pin[@]}"} || die "the agent could not be uninstalled"
  local link
  for link in /usr/local/bin/spyctl "$HOME/.local/bin/spyctl"; do
    [ "$(readlink "$link" 2>/dev/null)" != "$ROOT/spyctl" ] || rm -f "$link"
  done
  if [ -d "$DATA/server" ]; then
    say "uninstalled; the server's data is still in $DATA"
  else
    say "uninstalled"
  fi
}
