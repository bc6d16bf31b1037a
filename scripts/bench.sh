#!/usr/bin/env bash
# The benchmarks. Figures are noisy on a shared machine: trust ratios and medians.
set -euo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$ROOT/scripts/common.sh"

usage() {
  cat <<'HELP'
Usage: ./guardian bench [NAME [ARGUMENT]...]

  verdicts   verdicts, joins and decoding, by JMH (arguments go to JMH); needs no root
  latency    from an exec to the API's answer that holds its deviation (-Dtries=200)
  flood      10,000 processes: recorded or counted, CPU each, memory (-Dcount=10000)
  slowdown   the same processes with and without the agent, interleaved (-Dpairs=9)
  sensor-cost  exec, fork, connect and datagrams: each kernel program by the kernel's statistics, the agent's CPU, and the
             same with and without the agent, interleaved (-Dcount=20000 -Dpairs=7)
  cluster    a cluster of 15,000 deployments read by the monitor: time and memory (-Xmx4g -Ddeployments=15000)
  simulate   agent and server under every fault, by seed (-Drecords=10000000 -Dseed=1 -Xmx2g); needs no root.
             -Dseeds=40: that many machines; -Deverystep=true -Drecords=2000: killed once at each step
  crowd      the agent's memory cgroup on a machine with many services (INSTANCES PROCESSES THREADS, 4000 6 1; 64,000 tasks
             of the costliest kind: 4000 16)
  soak       the agent's parts, in its own JVM, through ten million processes that come and go: is the memory flat?
             (-Dprocesses=10000000 -Dseed=1 -Dlooks=20); needs no root
  record-ring  no benchmark: record what the kernel tells of PLACE.sh, for the replay in the tests (PLACE)
  podkill    from a pod's appearance to the call that deletes it (-Dtries=200)

Without a name all of the first four, each in its short form.
HELP
}

case "${1:-}" in
  "") ;;
  -h | --help)
    usage
    exit 0
    ;;
  *)
    if ! usage | awk -v name="$1" '$1 == name { found = 1 } END { exit !found }'; then
      say "guardian: unknown benchmark \`$1\`"
      say "try ./guardian bench --help"
      exit 2
    fi
    ;;
esac

build
# The benchmarks are test code of the checks module; its class path is asked of Maven once per build.
classpath=$STATE/bench.classpath
maven -q test-compile -pl checks -am >&2
if [ ! -s "$classpath" ] || [ "$ROOT/checks/pom.xml" -nt "$classpath" ]; then
  maven -q package -pl checks -am -Dguardian.skip=true dependency:build-classpath -Dmdep.includeScope=test \
    -Dmdep.outputFile="$classpath" >&2
fi

program() { # CLASS ARGUMENT…: arguments that start with -D go to the JVM
  local class=$1 jvm=() words=() word
  shift
  for word in "$@"; do
    case "$word" in -D* | -X*) jvm+=("$word") ;; *) words+=("$word") ;; esac
  done
  (cd "$ROOT" && "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED ${jvm[@]+"${jvm[@]}"} \
    -cp "$ROOT/checks/target/test-classes:$(cat "$classpath")" "io.guardian.checks.$class" ${words[@]+"${words[@]}"})
}

agent_program() { # as program, in a JVM like the agent's
  . "$ROOT/scripts/run.sh"
  local class=$1 jvm=() word
  shift
  for word in "$@"; do jvm+=("$word"); done
  env "${AGENT_ENVIRONMENT[@]}" "$JAVA_HOME/bin/java" "${AGENT_FLAGS[@]}" ${jvm[@]+"${jvm[@]}"} \
    -cp "$ROOT/checks/target/test-classes:$(class_path agent)" "io.guardian.checks.$class"
}

need_root() {
  [ "$(id -u)" -eq 0 ] || die "\`$1\` runs the agent on a container: run it as root"
  need_packages "${CONTAINER_PACKAGES[@]}"
}

name=${1:-}
[ $# -eq 0 ] || shift
case "$name" in
  verdicts) program bench.Main "$@" ;;
  latency) need_root latency && program bench.DeviationLatency "$@" ;;
  flood) need_root flood && program bench.ProcessFlood "$@" ;;
  slowdown) need_root slowdown && program bench.Slowdown "$@" ;;
  sensor-cost) need_root sensor-cost && program bench.SensorCost "$@" ;;
  cluster) need_root cluster && program bench.ClusterScale "$@" ;;
  simulate) program simulation.Simulate "$@" ;;
  crowd) need_root crowd && "$ROOT/scripts/bench-crowd.sh" "$@" ;;
  soak) agent_program bench.Soak "$@" ;;
  record-ring)
    [ "$(id -u)" -eq 0 ] || die "\`record-ring\` loads the sensor: run it as root"
    program replay.RecordRing "$@"
    ;;
  podkill) need_root podkill && program bench.PodKillLatency "$@" ;;
  "")
    program bench.Main -f 1 -wi 2 -i 3
    if [ "$(id -u)" -eq 0 ]; then
      need_root bench
      program bench.DeviationLatency -Dtries=50
      program bench.ProcessFlood
      program bench.Slowdown -Dpairs=3
    else
      say "not root: latency, flood and slowdown are left out"
    fi
    ;;
esac
