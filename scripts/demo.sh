#!/usr/bin/env bash
# The workload tutorial, narrated, on a real redis container and a hand-made service. It uses a Guardian, a cgroup, a
# network namespace and a podman storage of its own, and removes all of them at the end.
set -euo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$ROOT/scripts/common.sh"

case "${1:-}" in
  -h | --help)
    say "Usage: ./guardian demo [--slow]    (--slow waits for Enter between the steps; needs root)"
    exit 0
    ;;
esac
slow=''
[ "${1:-}" != --slow ] || slow=1
[ "$(id -u)" -eq 0 ] || die "the demo starts a container and an agent with eBPF: run it as root (sudo ./guardian demo)"

build
need_packages "${CONTAINER_PACKAGES[@]}"

# --- what the demo makes -----------------------------------------------------------------------------------------

name=guardian-demo-$$
work=$(mktemp -d "/tmp/$name.XXXXXX")
cgroups=/sys/fs/cgroup/unified
[ -e "$cgroups/cgroup.procs" ] || cgroups=/sys/fs/cgroup
cgroup=$cgroups/$name
namespace=gd$$
port=$((20000 + $$ % 20000))
export SPYCTL_HOME=$work/spyctl PATH=$ROOT:$PATH NO_COLOR=1
export CONTAINERS_CONF=$work/containers.conf
podman=(podman --root "$work/podman" --runroot "$work/podman-run" --runtime runc --cgroup-manager cgroupfs
  --storage-driver overlay --network-config-dir "$work/net")
guardian_data=$work/data

cleanup() {
  set +e
  "$ROOT/guardian" uninstall --data "$guardian_data" --pin "$name" >/dev/null 2>&1
  "${podman[@]}" rm -a -f -t 0 >/dev/null 2>&1
  "${podman[@]}" rmi -a -f >/dev/null 2>&1
  [ ! -d "$cgroup" ] || echo 1 >"$cgroup/cgroup.kill"
  ip netns del "$namespace" 2>/dev/null
  local try folder
  for try in 1 2 3 4 5 6 7 8 9 10; do
    find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null && break
    sleep 0.2
  done
  # Where v1 is mounted beside v2, the runtime makes each cgroup in every hierarchy, and leaves the outer ones there.
  for folder in /sys/fs/cgroup/*/"$name"; do
    [ ! -d "$folder" ] || find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
  grep -o "${work}[^ ]*" /proc/mounts | sort -r | xargs -r -n1 umount -l 2>/dev/null
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

bold=$(tput bold 2>/dev/null || true) plain=$(tput sgr0 2>/dev/null || true)
tell() {
  printf '\n'
  printf '%s\n' "$*" | fold -s -w 100 | sed 's/^/  /'
}
# show COMMAND: as typed, then run in the demo's folder.
show() {
  [ -z "$slow" ] || read -r -p '  (Enter)' _
  printf '\n%s$ %s%s\n' "$bold" "$1" "$plain"
  (cd "$work/folder" && bash -c "$1") 2>&1 || true
}
# until_says PATTERN COMMAND: waits quietly until the command prints the pattern.
until_says() {
  local try folder
  for try in $(seq 1 200); do
    (cd "$work/folder" && bash -c "$2" 2>&1) | grep -q -- "$1" && return 0
    sleep 0.2
  done
  say "(still waiting for \`$1\` from: $2; see $guardian_data/logs)"
  "$ROOT/guardian" logs --data "$guardian_data" | tail -n 30 >&2
  exit 1
}

printf '%sGuardian, the workload tutorial%s\n' "$bold" "$plain"
tell "Everything here is real: a redis server in a container, a service in a cgroup, an agent with eBPF that watches only" \
  "the demo's own cgroup, and a server. It takes about two minutes and removes what it made."
say "  (making the images)"
mkdir -p "$work/net" "$work/folder" "$cgroup"
# Before the images: buildah reads it too, and insists on it.
printf '[containers]\ndefault_ulimits = ["nofile=10000:10000", "nproc=30000:30000"]\n[engine]\nevents_logger = "file"\n' >"$CONTAINERS_CONF"
"$ROOT/scripts/images.sh" "$STATE/images" || die "the images could not be made"
"${podman[@]}" load -q -i "$STATE/images/redis.tar" >/dev/null
ip netns add "$namespace"
ip -n "$namespace" link set lo up
ip -n "$namespace" addr add 192.168.0.10/32 dev lo
ip -n "$namespace" addr add 192.168.0.229/32 dev lo

"$ROOT/guardian" up --detach --no-link --data "$guardian_data" --port "$port" --only-cgroup "$cgroup" --pin "$name" \
  --podman-root "$work/podman:$work/podman-run"

container() { # NAME COMMAND…: a redis in the demo's cgroup and network
  "${podman[@]}" run -d --pull never --cgroup-parent "/$name" --network "ns:/run/netns/$namespace" --name "$1" \
    docker.io/library/redis:7 "${@:2}" >/dev/null
}
# ask ADDRESS: a client that speaks to redis from this address.
ask() {
  ip netns exec "$namespace" nc -s "$1" -q 1 -w 2 192.168.0.10 6379 <<<'PING'
}

# --- the walk ----------------------------------------------------------------------------------------------------

tell "1. A redis container starts and answers a client. Guardian watches and writes a fingerprint: which processes ran," \
  "as whom, and who spoke to whom."
container shop-cache
sleep 1
ask 192.168.0.229 || true
until_says '192.168.0.229/32' 'spyctl get fingerprints --type container -o yaml'
show 'spyctl get fingerprints --type container'

tell "2. The fingerprint becomes a policy. It is text: read it, keep it in version control."
show 'spyctl get fingerprints --type container -o yaml redis:7 > fprints.yaml'
show 'spyctl create policy --from-file fprints.yaml --name redis-policy --mode audit > policy.yaml'
show 'cat policy.yaml'

tell "3. One client is too narrow: every address of 192.168.0.0/16 may connect, and any build of the image is meant."
cat >"$work/folder/widen.sh" <<'WIDEN'
#!/bin/sh
# Stands in for your editor.
sed -i -e '/imageID:/d' -e 's|redis:7$|redis:*|' -e 's|192.168.0.229/32|192.168.0.0/16|' "$1"
WIDEN
chmod +x "$work/folder/widen.sh"
show 'EDITOR=./widen.sh spyctl edit policy.yaml'
show 'spyctl apply -f policy.yaml'
show 'spyctl get policies'
until_says '1/1' 'spyctl get fingerprints --type container'
show 'spyctl get fingerprints --type container'

tell "4. Somebody gets a shell in the container. The policy is in audit mode: nothing is stopped, everything is said."
"${podman[@]}" exec shop-cache bash -c 'cat /etc/passwd; true' >/dev/null
until_says 'bash' 'spyctl logs policy redis-policy'
show 'spyctl logs policy redis-policy'
show 'spyctl get deviations'

tell "5. From now on, a bash that the policy doesn't know dies. Nothing else does."
cat >"$work/folder/enforce.sh" <<'ENFORCE'
#!/bin/sh
sed -i -e 's/mode: audit/mode: enforce/' -e 's/^\( *\)actions: \[\]/\1actions:\n\1- agentKillProcess:\n\1    processSelector:\n\1      name:\n\1      - bash/' "$1"
ENFORCE
chmod +x "$work/folder/enforce.sh"
show 'EDITOR=./enforce.sh spyctl edit policy redis-policy --yes'
show 'spyctl get policies'
sleep 2
printf '\n%s$ podman exec shop-cache bash -c "sleep 30"; echo "ended with $?"%s\n' "$bold" "$plain"
"${podman[@]}" exec shop-cache bash -c 'sleep 30; true' || printf 'ended with %s\n' "$?"
until_says 'Completed "agentKillProcess"' 'spyctl logs policy redis-policy'
show 'spyctl logs policy redis-policy --tail 6'
show 'spyctl get redflags'
printf '\n%s$ echo PING | nc 192.168.0.10 6379     # redis never noticed%s\n' "$bold" "$plain"
ask 192.168.0.229 || true

tell "6. The same for a Linux service: any cgroup whose name ends in .service."
mkdir -p "$cgroup/system.slice/ledger.service"
sh -c "echo \$\$ > '$cgroup/system.slice/ledger.service/cgroup.procs'; exec sh -c 'while :; do date +%s >/dev/null; sleep 1; done'" &
disown
until_says 'ledger.service' 'spyctl get fingerprints --type linux-service'
show 'spyctl get fingerprints --type linux-service'
show 'spyctl get fingerprints --type linux-service -o yaml ledger.service > service.yaml && spyctl create policy --from-file service.yaml --name ledger-policy'

tell "That was all of it. Now the demo removes its container, its cgroup, its agent and its server." \
  "To do the same with your own workloads: ./guardian up"
