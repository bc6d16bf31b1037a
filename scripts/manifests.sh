#!/usr/bin/env bash
# Writes deploy/kubernetes/*.yaml anew from the Helm chart. The checks fail while they differ.
set -euo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$ROOT/scripts/common.sh"

need_jdk
skip=()
for module in core host ebpf agent cluster backend cli; do
  skip+=("-Dguardian.skip.$module=true")
done
touch "$ROOT/deploy/kubernetes/guardian.yaml" "$ROOT/deploy/kubernetes/guardian-read-only.yaml"
maven -q test -pl checks -am "${skip[@]}" -Dtest='PlainManifestsTest#the_plain_manifests_are_what_the_chart_renders' -Dsurefire.failIfNoSpecifiedTests=false \
  -Dguardian.write.manifests=true
