#!/usr/bin/env bash
# Builds the container images of the server, the node agent and the cluster monitor.
#
#   container-images.sh [--from-registry] [--tag TAG] [--storage DIR] [IMAGE]...
#
# Without --from-registry nothing is pulled: the base is made from Debian's packages by debootstrap (root only), and the
# JDK is the one on this machine. IMAGE is server, node-agent or cluster-monitor; default: those that were built.
# The images are localhost/guardian-IMAGE:TAG (default: the version) in buildah's storage, or below DIR.
set -euo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$ROOT/scripts/common.sh"

registry='' tag=$VERSION storage=() images=()
while [ $# -gt 0 ]; do
  case "$1" in
    --from-registry) registry=1 ;;
    --tag) tag=${2:?--tag needs a value}; shift ;;
    --storage) storage=(--root "${2:?--storage needs a folder}/storage" --runroot "$2/run"); shift ;;
    server | node-agent | cluster-monitor) images+=("$1") ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) die "unknown option \`$1\`; see --help" ;;
  esac
  shift
done
need_packages buildah
build
if [ ${#images[@]} -eq 0 ]; then
  images=(server node-agent)
  [ ! -e "$ROOT/cluster/target/guardian-cluster-$VERSION.jar" ] || images+=(cluster-monitor)
fi

store() { buildah "${storage[@]}" "$@"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work

BASE=localhost/guardian-base:bookworm
JDK=localhost/guardian-jdk:25

# image_of NAME FROM CONTENT TARGET: commits FROM with a folder copied into it.
image_of() {
  local container
  container=$(store from --pull-never "$2")
  store copy -q "$container" "$3" "$4" >/dev/null
  store config --env JAVA_HOME=/opt/java/openjdk --cmd /bin/bash "$container"
  store commit -q "$container" "$1" >/dev/null
  store rm "$container" >/dev/null
}

arguments=(--build-arg VERSION="$VERSION")
if [ -z "$registry" ]; then
  [ "$(id -u)" -eq 0 ] || die "making the base image needs root; use --from-registry, or run as root"
  need_packages debootstrap
  if ! store inspect --type image "$BASE" >/dev/null 2>&1; then
    say "making $BASE from Debian's packages"
    debootstrap --variant=minbase --include=libbpf1,ca-certificates bookworm "$work/base" >"$work/log" 2>&1 ||
      { tail -n 20 "$work/log" >&2; die "debootstrap failed"; }
    rm -rf "$work/base/var/cache/apt/archives"/*.deb "$work/base/var/lib/apt/lists"/*
    image_of "$BASE" scratch "$work/base" /
  fi
  if ! store inspect --type image "$JDK" >/dev/null 2>&1; then
    say "making $JDK from $JAVA_HOME"
    # Packaged JDKs link their list of authorities to a place outside.
    cp -rL "$JAVA_HOME" "$work/jdk"
    image_of "$JDK" "$BASE" "$work/jdk" /opt/java/openjdk
  fi
  arguments+=(--pull-never --build-arg BASE_IMAGE="$BASE" --build-arg JDK_IMAGE="$JDK")
fi

for image in "${images[@]}"; do
  say "building localhost/guardian-$image:$tag"
  store bud --isolation chroot --layers "${arguments[@]}" -f "$ROOT/deploy/images/$image.Dockerfile" \
    -t "localhost/guardian-$image:$tag" "$ROOT" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; die "$image was not built"; }
done
