#!/usr/bin/env bash
# Makes the container images of the demo and the tests from Debian packages, without a registry.
#
#   images.sh DIR    leaves in DIR:
#     mongo.tar      docker.io/library/mongo:latest: a server on port 27017 as user mongo, its binary the entry point
#     scripted.tar   docker.io/guardian/scripted:1.0: the same server started by an entry point script
#     redis.tar      docker.io/library/redis:7: redis on its usual port as user redis
#     pause.tar      docker.io/guardian/pause:1: what a pod's sandbox runs
#
# The server called mongo is memcached: MongoDB is not in Debian, and all that matters here is a real server on that
# port. An image that is there and was made from the same packages by the same script is kept.
set -euo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$ROOT/scripts/common.sh"

out=${1:?images.sh needs a folder}
mkdir -p "$out"
out=$(cd "$out" && pwd)
need_packages buildah gcc libc6-dev

packages=(memcached redis-server redis-tools bash dash coreutils libacl1 libattr1 netcat-openbsd base-files libc-bin)
[ -n "$(apt-cache policy memcached 2>/dev/null | sed -n 's/^ *Candidate: *//p')" ] || apt-get update -q >/dev/null

# Every package that these need, the essential ones of a running system left out.
closure() {
  apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
    --no-pre-depends "${packages[@]}" | grep -E '^[a-z0-9]' | sort -u |
    grep -vE '^(debconf|cdebconf|debconf-2.0|dpkg|tar|perl|perl-base|perlapi.*|adduser|passwd|lsb-base|sysvinit-utils|init-system-helpers|base-passwd|mawk|gawk|original-awk|libc-dev|procps|psmisc)$|:|<' || true
}

# NAME=VERSION of each, asked for at once: asking for one takes as long.
mapfile -t wanted < <(closure | xargs apt-cache policy |
  awk '/^[^ ]/ { name = substr($1, 1, length($1) - 1) } /^ *Candidate:/ && $2 != "(none)" { print name "=" $2 }')

key=$({ printf '%s\n' "${wanted[@]}"; sha256sum "${BASH_SOURCE[0]}"; } | sha256sum | cut -d' ' -f1)
if [ "$(cat "$out/key" 2>/dev/null)" = "$key" ]; then
  exit 0
fi

work=$(mktemp -d)
export TMPDIR=$work
storage=(--root "$work/storage" --runroot "$work/run" --storage-driver vfs)
cleanup() {
  buildah "${storage[@]}" rm --all >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

mkdir -p "$work/debs" "$work/root"
(cd "$work/debs" && apt-get -o APT::Sandbox::User=root download -q "${wanted[@]}" >/dev/null) || die "could not fetch the packages of the images"
for deb in "$work"/debs/*.deb; do
  dpkg -x "$deb" "$work/root"
done
rm -rf "$work/root/usr/share/doc" "$work/root/usr/share/man" "$work/root/usr/share/locale"
# dash's own script would make this link.
[ -e "$work/root/bin/sh" ] || ln -s dash "$work/root/bin/sh"
mkdir -p "$work/root"/{etc,tmp,data,proc,sys,dev,run,root}
chmod 1777 "$work/root/tmp" "$work/root/data"
cat >"$work/root/etc/passwd" <<'PASSWD'
root:x:0:0:root:/root:/bin/sh
redis:x:998:998::/data:/bin/sh
mongo:x:999:999::/data:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/false
PASSWD
printf 'root:x:0:\nredis:x:998:\nmongo:x:999:\n' >"$work/root/etc/group"
ldconfig -r "$work/root"

mkdir -p "$work/root/usr/local/bin"
cat >"$work/root/usr/local/bin/entrypoint.sh" <<'ENTRY'
#!/bin/sh
# Prepares a little, as entry points do, and becomes the server.
set -e
mkdir -p /tmp/state
date +%s >/tmp/state/started
exec "$@"
ENTRY
chmod 755 "$work/root/usr/local/bin/entrypoint.sh"

printf '#include <signal.h>\n#include <unistd.h>\nstatic void end(int s) { (void)s; _exit(0); }\nint main(void) { signal(SIGINT, end); signal(SIGTERM, end); for (;;) pause(); }\n' >"$work/pause.c"
mkdir -p "$work/pause"
gcc -static -Os -o "$work/pause/pause" "$work/pause.c"

# image FILE NAME ROOTFS BUILDAH-CONFIG…
image() {
  local file=$1 name=$2 rootfs=$3 container
  shift 3
  container=$(buildah "${storage[@]}" from --pull-never scratch)
  buildah "${storage[@]}" copy -q "$container" "$rootfs" / >/dev/null
  buildah "${storage[@]}" config "$@" "$container"
  rm -f "$out/$file"
  buildah "${storage[@]}" commit -q --format oci "$container" "oci-archive:$out/$file:$name" >/dev/null
  buildah "${storage[@]}" rm "$container" >/dev/null
}

server='["/usr/bin/memcached","-p","27017","-U","0"]'
image mongo.tar docker.io/library/mongo:latest "$work/root" --user mongo --port 27017 --workingdir /data --entrypoint "$server"
image scripted.tar docker.io/guardian/scripted:1.0 "$work/root" --user mongo --port 27017 --workingdir /data \
  --entrypoint '["/usr/local/bin/entrypoint.sh"]' --cmd '/usr/bin/memcached -p 27017 -U 0'
image redis.tar docker.io/library/redis:7 "$work/root" --user redis --port 6379 --workingdir /data \
  --entrypoint '["/usr/bin/redis-server","--save","","--protected-mode","no"]'
image pause.tar docker.io/guardian/pause:1 "$work/pause" --entrypoint '["/pause"]'
printf '%s\n' "$key" >"$out/key"
