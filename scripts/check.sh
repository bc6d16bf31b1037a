#!/usr/bin/env bash
# Everything the project's checks run: format, static checks, all tests. Suites whose inputs did not change since they
# last passed on this machine are not run again (each is listed); --all runs them all, and so does CI.
set -euo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$ROOT/scripts/common.sh"

all=${CI:+1}
only=()
while [ $# -gt 0 ]; do
  case "$1" in
    --all) all=1 ;;
    --kernels)
      shift
      exec "$ROOT/scripts/kernels.sh" "$@"
      ;;
    --only)
      [ $# -ge 2 ] || die "\`--only\` needs a suite"
      only+=("$2")
      shift
      ;;
    -h | --help)
      cat <<'HELP'
Usage: ./guardian check [--all] [--only SUITE]...
       ./guardian check --kernels [--help]

Runs the suites format, core, host, ebpf, agent, cluster, backend, cli, checks, kernels (the sensor's smoke tests in an emulated Debian
kernel 6.1; --kernels runs them in all of them). A suite that passed and whose inputs (sources, tool
versions, kernel, container packages) are the same is not run again; --all runs it all the same.
HELP
      exit 0
      ;;
    *)
      say "guardian: unknown option \`$1\`"
      say "try ./guardian check --help"
      exit 2
      ;;
  esac
  shift
done

suites=(format core host ebpf agent cluster backend cli checks kernels)
for suite in ${only[@]+"${only[@]}"}; do
  [[ " ${suites[*]} " == *" $suite "* ]] || die "no suite \`$suite\`; there are: ${suites[*]}"
done

need_jdk
need_packages "${BUILD_PACKAGES[@]}"
if [ "$(id -u)" -eq 0 ]; then
  need_packages "${CONTAINER_PACKAGES[@]}" "${CHECK_PACKAGES[@]}"
else
  say "not root: the tests that need the kernel or containers are skipped, each with its reason"
fi

RESULTS=$STATE/check
mkdir -p "$RESULTS"
started=$(date +%s)

# What a suite's outcome depends on beside the sources.
machine_hash() {
  {
    uname -r
    id -u
    # Fails for a package that isn't installed, as Maven may not be and as the containers' aren't without root.
    dpkg-query -W -f='${Package} ${Version}\n' "${BUILD_PACKAGES[@]}" "${CONTAINER_PACKAGES[@]}" "${CHECK_PACKAGES[@]}" maven 2>/dev/null || true
  } | sha256sum | cut -d' ' -f1
}

inputs_of() {
  case "$1" in
    format) printf '%s\n' . ;;
    core) printf '%s\n' pom.xml .mvn core ;;
    host) printf '%s\n' pom.xml .mvn host ;;
    ebpf) printf '%s\n' pom.xml .mvn ebpf ;;
    kernels) printf '%s\n' pom.xml .mvn core host ebpf agent scripts ;;
    agent) printf '%s\n' pom.xml .mvn core host ebpf agent ;;
    cluster) printf '%s\n' pom.xml .mvn core host ebpf agent cluster ;;
    backend) printf '%s\n' pom.xml .mvn core host backend ;;
    cli) printf '%s\n' pom.xml .mvn core host cli ;;
    checks) printf '%s\n' . ;;
  esac
}

suite_hash() {
  local inputs
  mapfile -t inputs < <(inputs_of "$1")
  printf '%s %s\n' "$machine" "$(source_hash "${inputs[@]}")" | sha256sum | cut -d' ' -f1
}

machine=$(machine_hash)
run=() reused=()
for suite in "${suites[@]}"; do
  if [ ${#only[@]} -gt 0 ] && [[ " ${only[*]} " != *" $suite "* ]]; then
    continue
  fi
  if [ -z "$all" ] && [ -r "$RESULTS/$suite.passed" ] && [ "$(cat "$RESULTS/$suite.passed")" = "$(suite_hash "$suite")" ]; then
    reused+=("$suite")
  else
    run+=("$suite")
    rm -f "$RESULTS/$suite.passed"
    rm -rf "${RESULTS:?}/$suite"
  fi
done

failed=()
finish_suite() { # SUITE EXIT_CODE SECONDS
  if [ "$2" -eq 0 ]; then
    suite_hash "$1" >"$RESULTS/$1.passed"
  else
    failed+=("$1")
  fi
  printf '%s\n' "$3" >"$RESULTS/$1.seconds"
}

run_format() {
  maven -q spotless:check && shellcheck_scripts
}

shellcheck_scripts() {
  command -v shellcheck >/dev/null || { say "shellcheck is not installed: the scripts were not checked"; return 0; }
  (cd "$ROOT" && shellcheck -x guardian spyctl .ci/run scripts/*.sh)
}

# The tests of one module. The others are compiled, not tested again.
run_module() {
  local module=$1 other skip=()
  for other in core host ebpf agent cluster backend cli checks; do
    [ "$other" = "$module" ] || skip+=("-Dguardian.skip.$other=true")
  done
  rm -rf "$ROOT/$module/target/surefire-reports"
  local code=0
  maven -q package -pl "$module" -am -Dsurefire.printSummary=false "${skip[@]}" || code=$?
  mkdir -p "$RESULTS/$module"
  cp "$ROOT/$module"/target/surefire-reports/TEST-*.xml "$RESULTS/$module/" 2>/dev/null || true
  return $code
}

# The sensor in an emulated kernel. What it can't download it reports as skipped.
run_kernels() {
  local code=0
  "$ROOT/scripts/kernels.sh" --or-skip --only 6.1-amd64 || code=$?
  mkdir -p "$RESULTS/kernels"
  cp "$STATE"/kernels/TEST-6.1-amd64.xml "$RESULTS/kernels/" 2>/dev/null || true
  return $code
}

for suite in ${run[@]+"${run[@]}"}; do
  say "== $suite"
  begin=$(date +%s)
  code=0
  log=$RESULTS/$suite.log
  case "$suite" in
    format) run_format >"$log" 2>&1 || code=$? ;;
    checks) { build && run_module checks; } >"$log" 2>&1 || code=$? ;;
    kernels) run_kernels >"$log" 2>&1 || code=$? ;;
    *) run_module "$suite" >"$log" 2>&1 || code=$? ;;
  esac
  if [ "$code" -ne 0 ]; then
    say "-- the end of $log"
    tail -n 80 "$log" >&2
  fi
  finish_suite "$suite" "$code" $(($(date +%s) - begin))
done

"$JAVA_HOME/bin/java" "$ROOT/scripts/CheckReport.java" "$RESULTS" \
  "run=$(IFS=,; printf '%s' "${run[*]-}")" "reused=$(IFS=,; printf '%s' "${reused[*]-}")" \
  "failed=$(IFS=,; printf '%s' "${failed[*]-}")" "seconds=$(($(date +%s) - started))"
