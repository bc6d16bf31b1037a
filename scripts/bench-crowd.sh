#!/usr/bin/env bash
# bench crowd [INSTANCES [PROCESSES [THREADS]]]: what the agent's memory cgroup holds, kernel maps included, on a machine
# with that many services, processes in each and threads in each process: found at the start, after a kill -9, and when
# the agent sees all of them come. Needs root, a v1 or v2 memory controller, and about 120 KiB for each process.
# The agent has LIMIT_MIB (128) and no more: what the kernel caches for it counts, and goes when it is needed.
# HISTOGRAM=FILE keeps what the heap holds; SETTLE is how many seconds pass before each look.
set -euo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$ROOT/scripts/common.sh"
. "$ROOT/scripts/run.sh"

instances=${1:-4000}
processes=${2:-6}
threads=${3:-1}
settle=${SETTLE:-20}
work=$(mktemp -d /tmp/guardian-crowd.XXXXXX)
v2=/sys/fs/cgroup/unified
[ -e "$v2/cgroup.procs" ] || v2=/sys/fs/cgroup
watched=$v2/guardian-bench-crowd-$$
v1=/sys/fs/cgroup/memory
server='' agent='' crowd='' pid_max=''

if [ -e "$v1/memory.usage_in_bytes" ]; then
  memory=$v1/guardian-bench-crowd-$$
  usage=memory.usage_in_bytes most=memory.max_usage_in_bytes limit=memory.limit_in_bytes
else
  memory=$v2/guardian-bench-crowd-agent-$$
  usage=memory.current most=memory.peak limit=memory.max
fi

end() { # PID [SIGNAL]
  kill "-${2:-TERM}" "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

clean() {
  trap '' INT TERM
  exec 7>&- || true
  [ -z "$agent" ] || end "$agent"
  [ -z "$server" ] || end "$server"
  [ -z "$crowd" ] || end "$crowd"
  "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -cp "$agent_path" io.guardian.agent.Main uninstall \
    --data "$work/agent" --pin "crowd-$$" >/dev/null 2>&1 || true
  for _ in $(seq 300); do
    [ ! -e "$watched/cgroup.kill" ] || echo 1 >"$watched/cgroup.kill" || true
    find "$watched" -depth -type d -exec rmdir {} + 2>/dev/null || true
    [ -d "$watched" ] || break
    sleep 0.2
  done
  [ -z "$pid_max" ] || echo "$pid_max" >/proc/sys/kernel/pid_max
  rmdir "$memory" 2>/dev/null || true
  rm -rf "$work"
}

need_jdk
agent_path=${AGENT_CLASS_PATH:-$(class_path agent)}
server_path=${SERVER_CLASS_PATH:-$(class_path backend)}
trap "" PIPE
trap 'exit 130' INT TERM
trap clean EXIT

# --- the machine -----------------------------------------------------------------------------------------------------

tasks=$((instances * processes * threads))
# Those that end take a while to be gone, while others come.
room=$((2 * tasks + 20000))
[ "$(cat /proc/sys/kernel/threads-max)" -gt "$room" ] || die "kernel.threads-max is too low for $tasks tasks"
if [ "$(cat /proc/sys/kernel/pid_max)" -lt "$room" ]; then
  pid_max=$(cat /proc/sys/kernel/pid_max)
  echo "$room" >/proc/sys/kernel/pid_max
fi
mkdir "$watched" "$memory"
echo $((${LIMIT_MIB:-128} * 1048576)) >"$memory/$limit"
cc -static -O2 -Wall -Werror -pthread -o "$work/crowd" "$ROOT/checks/src/test/c/crowd.c"
mkfifo "$work/end"

gather() {
  "$work/crowd" "$watched" "$instances" "$processes" "$threads" <"$work/end" >"$work/crowd.out" &
  crowd=$!
  exec 7>"$work/end"
  for _ in $(seq 3000); do
    ! grep -q ready "$work/crowd.out" || return 0
    kill -0 "$crowd" 2>/dev/null || break
    sleep 0.1
  done
  die "the machine refuses so many processes"
}

disperse() {
  exec 7>&-
  wait "$crowd" || true
  crowd=''
  for _ in $(seq 600); do [ "$(populated)" -gt 0 ] || return 0; sleep 0.2; done
  die "the crowd does not end"
}

populated() { awk '$1 == "populated" {print $2}' "$watched/cgroup.events"; }

# --- Guardian --------------------------------------------------------------------------------------------------------

"$JAVA_HOME/bin/java" "${SERVER_FLAGS[@]}" -Djava.io.tmpdir="$work" -cp "$server_path" io.guardian.backend.Main \
  --data "$work/server" --listen 127.0.0.1 --port 0 >"$work/server.out" 2>&1 &
server=$!
for _ in $(seq 900); do grep -qo 'http://127.0.0.1:[0-9]*' "$work/server.out" && break; sleep 0.2; done
url=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/server.out" | head -1)
export SPYCTL_HOME=$work/spyctl NO_COLOR=1
"$ROOT/spyctl" config set-apisecret bench -k - -u "$url" <"$work/server/admin-key" >/dev/null 2>&1
"$ROOT/spyctl" config set-context bench -s bench -o default --no-check -u -g >/dev/null 2>&1

start_agent() {
  (
    exec 7>&-
    echo "$BASHPID" >"$memory/cgroup.procs"
    exec env "${AGENT_ENVIRONMENT[@]}" "$JAVA_HOME/bin/java" "${AGENT_FLAGS[@]}" -cp "$agent_path" io.guardian.agent.Main run --server "$url" \
      --registration-code-file "$work/server/registration-code" --data "$work/agent" --pin "crowd-$$" --only-cgroup "$watched"
  ) >"$work/agent.out" 2>&1 &
  agent=$!
  local began=$SECONDS
  for _ in $(seq 3000); do grep -q '^ready' "$work/agent.out" && break; kill -0 "$agent" || break; sleep 0.1; done
  grep -q '^ready' "$work/agent.out" || agent_died
  say "  ready after $((SECONDS - began)) s"
}

agent_died() {
  grep -v "^\s*at " "$work/agent.out" | tail -20 >&2
  die "the agent does not run (any more)"
}

mib() { echo $(($1 / 1048576)); }
stat() { awk -v key="$1" '$1 == key {print $2}' "$memory/memory.stat"; }
status() { awk -v key="$1:" '$1 == key {print int($2 / 1024)}' "/proc/$agent/status"; }
# What lives after a full collection, in MiB.
heap() {
  "$JAVA_HOME/bin/jcmd" "$agent" GC.run >/dev/null 2>&1
  "$JAVA_HOME/bin/jcmd" "$agent" GC.heap_info 2>/dev/null |
    awk '{for (i = 1; i < NF; i++) if ($i == "used") {sub(/K.*/, "", $(i + 1)); if ($1 != "Metaspace" && $1 != "class") sum += $(i + 1)}} END {print int(sum / 1024)}'
}
# Followed processes as the agent itself tells the server.
followed() { "$ROOT/spyctl" get agents -o yaml 2>/dev/null | awk '$1 == "now.processes:" {print $2; exit}'; }

look() { # TITLE
  local anon file total peak rss hwm began=$SECONDS
  until [ "$(followed)" = "$((instances * processes))" ]; do
    kill -0 "$agent" 2>/dev/null || agent_died
    [ $((SECONDS - began)) -lt 240 ] || { say "  followed after 240 s: $(followed)"; break; }
    sleep 1
  done
  sleep "$settle"
  kill -0 "$agent" 2>/dev/null || agent_died
  anon=$(stat rss) file=$(stat cache)
  [ -n "$anon" ] || { anon=$(stat anon) file=$(stat file); }
  total=$(cat "$memory/$usage") peak=$(cat "$memory/$most") rss=$(status VmRSS) hwm=$(status VmHWM)
  printf '%-28s memory cgroup %d MiB (most %d): anonymous %d, page cache %d, kernel with maps %d; resident %d (most %d); heap that lives %s; CPU %s s; follows %s\n' \
    "$1" "$(mib "$total")" "$(mib "$peak")" "$(mib "$anon")" "$(mib "$file")" "$(mib $((total - anon - file)))" \
    "$rss" "$hwm" "$(heap)" "$(ps -o cputimes= -p "$agent" | tr -d ' ')" "$(followed)"
  kill -0 "$agent" 2>/dev/null || agent_died
  [ -z "${HISTOGRAM:-}" ] || "$JAVA_HOME/bin/jcmd" "$agent" GC.class_histogram >"$HISTOGRAM.${1%% *}" 2>&1 || true
}

# From a forbidden process in one of the services to its deviation at the server.
judges() { # PROGRAM
  local unit=crowd0.service
  for _ in $(seq 120); do
    "$ROOT/spyctl" get fingerprints --type linux-service -o yaml "$unit" >"$work/f.yaml" 2>/dev/null && grep -q -- '- name:' "$work/f.yaml" && break
    sleep 1
  done
  "$ROOT/spyctl" create policy -f "$work/f.yaml" -n crowd >"$work/p.yaml" && "$ROOT/spyctl" apply -f "$work/p.yaml" -y >/dev/null ||
    { say "  no policy could be made"; return 0; }
  sleep 5
  local began
  began=$(date +%s%N)
  (echo "$BASHPID" >"$watched/$unit/cgroup.procs" && exec "/usr/bin/$1" --version >/dev/null)
  for _ in $(seq 300); do
    "$ROOT/spyctl" get deviations -o yaml 2>/dev/null | grep -q "/$1" && break
    [ "$(date +%s%N)" -lt $((began + 120000000000)) ] || { say "  NO DEVIATION within 120 s"; return 0; }
  done
  say "  a forbidden process was at the server as a deviation after $((($(date +%s%N) - began) / 1000000)) ms"
}

began=$SECONDS
gather
say "$instances services with $processes processes of $threads threads: $tasks tasks, made in $((SECONDS - began)) s"
start_agent
look "found at the start"
judges sleep
end "$agent" KILL
start_agent
look "after kill -9"
disperse
gather
look "came while it watched"
judges tail
