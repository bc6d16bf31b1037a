#!/usr/bin/env bash
# bench crowd [INSTANCES [PROCESSES]]: what the agent's memory cgroup holds, kernel maps included, on a machine with that
# many services and processes in each. Needs root, a v1 or v2 memory controller, and room below kernel.pid_max.
set -euo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$ROOT/scripts/common.sh"
. "$ROOT/scripts/run.sh"

instances=${1:-4000}
processes=${2:-6}
work=$(mktemp -d /tmp/guardian-crowd.XXXXXX)
v2=/sys/fs/cgroup/unified
[ -e "$v2/cgroup.procs" ] || v2=/sys/fs/cgroup
watched=$v2/guardian-bench-crowd-$$
v1=/sys/fs/cgroup/memory
server='' agent='' crowd=''

if [ -e "$v1/memory.usage_in_bytes" ]; then
  memory=$v1/guardian-bench-crowd-$$
  usage=memory.usage_in_bytes most=memory.max_usage_in_bytes
else
  memory=$v2/guardian-bench-crowd-agent-$$
  usage=memory.current most=memory.peak
fi

clean() {
  exec 7>&- || true
  [ -z "$agent" ] || { kill "$agent" && wait "$agent"; } 2>/dev/null || true
  [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true
  [ -z "$crowd" ] || { kill "$crowd" && wait "$crowd"; } 2>/dev/null || true
  "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -cp "$agent_path" io.guardian.agent.Main uninstall \
    --data "$work/agent" --pin "crowd-$$" >/dev/null 2>&1 || true
  for _ in $(seq 100); do
    [ ! -e "$watched/cgroup.kill" ] || echo 1 >"$watched/cgroup.kill" || true
    find "$watched" -depth -type d -exec rmdir {} + 2>/dev/null || true
    [ -d "$watched" ] || break
    sleep 0.2
  done
  rmdir "$memory" 2>/dev/null || true
  rm -rf "$work"
}

agent_path=${AGENT_CLASS_PATH:-$(class_path agent)}
server_path=${SERVER_CLASS_PATH:-$(class_path backend)}
trap "" PIPE
[ -n "${KEEP:-}" ] || trap clean EXIT

cc -static -O2 -Wall -Werror -o "$work/crowd" "$ROOT/checks/src/test/c/crowd.c"
mkdir "$watched" "$memory"
"$JAVA_HOME/bin/java" "${SERVER_FLAGS[@]}" -Djava.io.tmpdir="$work" -cp "$server_path" io.guardian.backend.Main \
  --data "$work/server" --listen 127.0.0.1 --port 0 >"$work/server.out" 2>&1 &
server=$!
for _ in $(seq 900); do grep -qo 'http://127.0.0.1:[0-9]*' "$work/server.out" && break; sleep 0.2; done
url=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/server.out" | head -1)

mkfifo "$work/end"
"$work/crowd" "$watched" "$instances" "$processes" <"$work/end" >"$work/crowd.out" &
crowd=$!
exec 7>"$work/end"
for _ in $(seq 1200); do grep -q ready "$work/crowd.out" && break; sleep 0.1; done
grep -q ready "$work/crowd.out" || die "the machine refuses so many processes"

(
  echo "$BASHPID" >"$memory/cgroup.procs"
  exec "$JAVA_HOME/bin/java" "${AGENT_FLAGS[@]}" -cp "$agent_path" io.guardian.agent.Main run --server "$url" \
    --registration-code-file "$work/server/registration-code" --data "$work/agent" --pin "crowd-$$" --only-cgroup "$watched"
) >"$work/agent.out" 2>&1 &
agent=$!
for _ in $(seq 900); do grep -q ready "$work/agent.out" && break; kill -0 "$agent" || break; sleep 0.2; done
grep -q ready "$work/agent.out" || { tail -5 "$work/agent.out" >&2; die "the agent did not get ready"; }
sleep "${SETTLE:-30}"

mib() { echo $(($1 / 1048576)); }
stat() { awk -v key="$1" '$1 == key {print $2}' "$memory/memory.stat"; }
tasks=$(find "$watched" -name cgroup.procs -exec cat {} + | wc -l)
anon=$(stat rss) cache=$(stat cache)
[ -n "$anon" ] || { anon=$(stat anon) cache=$(stat file); }
total=$(cat "$memory/$usage")
printf '%d instances, %d tasks: memory cgroup %d MiB (most %d), of it anonymous %d, page cache %d, kernel with BPF maps %d; resident %d MiB\n' \
  "$instances" "$tasks" "$(mib "$total")" "$(mib "$(cat "$memory/$most")")" "$(mib "$anon")" "$(mib "$cache")" \
  "$(mib $((total - anon - cache)))" "$(awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$agent/status")"
