# shellcheck shell=bash
# Shared by the scripts of this folder: where things are, and how trouble is said.
# Sourced, never run. Needs ROOT, the checkout's folder.

say() { printf '%s\n' "$*" >&2; }
die() { say "guardian: $*"; exit 1; }

VERSION=0.1.0

# The newest JDK of at least 25 among $JAVA_HOME, the installed JVMs and the PATH.
find_jdk() {
  local home
  for home in "${GUARDIAN_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* "$HOME"/.sdkman/candidates/java/*; do
    [ -n "$home" ] && [ -x "$home/bin/javac" ] || continue
    if [ "$(jdk_feature "$home")" -ge 25 ]; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  return 1
}

jdk_feature() {
  local feature=0
  if [ -r "$1/release" ]; then
    feature=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  fi
  printf '%s\n' "${feature:-0}"
}

need_jdk() {
  local found
  found=$(find_jdk) || die "no JDK 25 or newer found in JAVA_HOME or /usr/lib/jvm
  install one, for example Eclipse Temurin 25 (https://adoptium.net/installation/linux), or point GUARDIAN_JAVA_HOME at it"
  export JAVA_HOME=$found
}

# Installs the Debian packages that are missing, or says how.
need_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local command="apt-get install -y --no-install-recommends ${missing[*]}"
  command -v apt-get >/dev/null || die "these Debian packages are needed: ${missing[*]}"
  [ "$(id -u)" -eq 0 ] || die "these Debian packages are missing: ${missing[*]}
  run: sudo apt-get update && sudo $command"
  say "installing ${missing[*]}"
  local log
  log=$(mktemp)
  # No service may start by itself just because its package is installed.
  local policy=/usr/sbin/policy-rc.d made_policy=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    made_policy=1
  fi
  local ok=
  if { apt-get update -q && DEBIAN_FRONTEND=noninteractive $command; } >"$log" 2>&1; then
    ok=1
  fi
  [ -z "$made_policy" ] || rm -f "$policy"
  if [ -z "$ok" ]; then
    tail -n 20 "$log" >&2
    die "could not install the packages; the whole output is in $log"
  fi
  rm -f "$log"
}

BUILD_PACKAGES=(clang llvm libbpf-dev libbpf1 linux-libc-dev)
CONTAINER_PACKAGES=(containerd runc podman conmon buildah containernetworking-plugins netavark busybox-static iptables iproute2 netcat-openbsd libc6-dev gcc)
# What tests run beside that: kill is a program of procps, nginx a service whose workers change their user.
CHECK_PACKAGES=(shellcheck procps nginx)

# Maven, run on the JDK found; quiet unless something is wrong.
maven() {
  command -v mvn >/dev/null || need_packages maven
  (cd "$ROOT" && mvn -B -ntp -Dstyle.color=never "$@")
}

# The commit of the checkout, marked if a file of it was changed since.
commit() {
  git -C "$ROOT" describe --always --dirty --abbrev=7 --exclude='*' 2>/dev/null || printf 'unknown\n'
}

# One line that stands for everything the build reads.
source_hash() {
  (cd "$ROOT" && {
    "$JAVA_HOME/bin/java" -version 2>&1
    if git rev-parse --git-dir >/dev/null 2>&1; then
      git ls-files -z --cached --others --exclude-standard -- "$@"
    else
      find "$@" -type f -not -path '*/target/*' -not -path './.state/*' -print0
    fi | LC_ALL=C sort -z | xargs -0 -r sha256sum 2>/dev/null
  } | sha256sum | cut -d' ' -f1)
}

STATE=$ROOT/.state

# Runs a function while no other call of these scripts changes the checkout's built files.
locked() {
  local code=0
  mkdir -p "$STATE" 2>/dev/null && [ -w "$STATE" ] && { [ ! -e "$STATE/lock" ] || [ -w "$STATE/lock" ]; } ||
    die "can't write to \`$STATE\`, where what was built is kept: run as the owner of this checkout, or clone it anew"
  exec 8>"$STATE/lock"
  flock 8
  "$@" || code=$?
  exec 8>&-
  return $code
}

# Builds the programs unless nothing they are made of has changed.
build() { locked build_now; }

build_now() {
  need_jdk
  need_packages "${BUILD_PACKAGES[@]}"
  local hash
  hash=$(source_hash pom.xml .mvn core host ebpf agent cluster backend cli)
  if [ -r "$STATE/built" ] && [ "$(cat "$STATE/built")" = "$hash" ] && [ -d "$ROOT/cli/target/lib" ]; then
    return 0
  fi
  say "building (the first time takes some minutes: Maven fetches the libraries)"
  mkdir -p "$STATE"
  rm -f "$STATE/built" "$STATE"/*.aot "$STATE"/*.aot.key
  if ! maven -q package -Dmaven.test.skip=true -pl core,host,ebpf,agent,cluster,backend,cli >"$STATE/build.log" 2>&1; then
    tail -n 60 "$STATE/build.log" >&2
    die "the build failed; all of its output is in $STATE/build.log"
  fi
  printf '%s\n' "$hash" >"$STATE/built"
}

# The class path of a program, always in the same order, since the AOT cache insists on it.
class_path() {
  local jars
  jars=$(printf '%s\n' "$ROOT/$1/target/lib"/*.jar | LC_ALL=C sort | tr '\n' ':')
  printf '%s%s\n' "$jars" "$ROOT/$1/target/guardian-$1-$VERSION.jar"
}
