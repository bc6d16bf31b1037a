#!/usr/bin/env bash
# Boots Debian kernels in software emulation and runs the sensor's tests in each.
set -euo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$ROOT/scripts/common.sh"

usage() {
  cat <<'HELP'
Usage: ./guardian check --kernels [--only NAME]... [--all-tests | --programs [--object FILE]]

Boots Debian kernels in qemu's software emulation (neither KVM nor root) and runs the sensor's smoke tests in each, with the real
sensor, which says what it gets of the kernel. The kernels are downloaded once from the
mirror that apt uses and compared with the SHA-256 in scripts/kernels.pins.

  --only NAME    only this kernel or version: 5.10-amd64, 6.1-amd64, 6.12-amd64, 6.1-arm64; 6.1-v1-amd64 is a machine of
                 cgroup v1 only and runs the tests of that, with a controller and with systemd's hierarchy only; all others
                 have v2 only. On 6.1-amd64 the machine's clock is stepped too, under an agent that enforces a policy
  --all-tests    all of the sensor's kernel tests instead of the smoke tests, on two CPUs at the same time; takes minutes
  --programs     no tests: load and attach each program by itself, with the end of the verifier's log of one that is refused
  --or-skip      where packages are missing and can't be installed: skip and say so
  --object FILE  with --programs: this BPF object instead of the build's

What each kernel printed: .state/kernels/NAME.log. Downloads and what is unpacked: ~/.cache/guardian/kernels.
HELP
}

PINS=$ROOT/scripts/kernels.pins
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/guardian/kernels
LOGS=$STATE/kernels
# In the folder of each module.
CLASS_PATH=target/test.classpath
# A boot with the smoke tests takes about half a minute of one free core; the machine may be busy.
LIMIT_SECONDS=${GUARDIAN_KERNEL_SECONDS:-420}
# One thread for all CPUs of a guest keeps one core busy. With a thread for each they truly run at the same time, but where
# guests need more cores than there are, a CPU waits for another that isn't run.
AT_ONCE=$(nproc)
THREADS=single
KERNEL_PACKAGES=(qemu-system-x86 kmod cpio busybox-static gcc libc6-dev xz-utils zstd)
ARM_PACKAGES=(qemu-system-arm gcc-aarch64-linux-gnu libc6-dev-arm64-cross)

only=() mode=smoke object='' or_skip=''
while [ $# -gt 0 ]; do
  case "$1" in
    --only)
      only+=("${2:?--only needs a name}")
      shift
      ;;
    --all-tests) mode=all LIMIT_SECONDS=$((LIMIT_SECONDS * 4)) THREADS=multi AT_ONCE=$(((AT_ONCE + 1) / 2)) ;;
    --programs) mode=programs ;;
    --or-skip) or_skip=1 ;;
    --object) object=$(readlink -e "${2:?--object needs a file}") || die "there is no file \`$2\`"; shift ;;
    -h | --help) usage; exit 0 ;;
    *) say "guardian: unknown option \`$1\`"; usage >&2; exit 2 ;;
  esac
  shift
done

# The mirrors of Debian that apt is configured with.
mirrors() {
  apt-get indextargets --format "\$(REPO_URI) \$(ORIGIN)" 2>/dev/null | awk '$2 == "Debian" { print $1 }' | sort -u
}

fetch() { # PATH SHA256 FILE: false, with the reason said, if it can't be had
  local mirror
  [ ! -e "$3" ] || return 0
  for mirror in $(mirrors); do
    # apt's own: with its proxies, as any user, and nothing is kept that has another sum.
    if timeout 300 /usr/lib/apt/apt-helper download-file "$mirror$1" "$3.part" "SHA256:$2" >>"$CACHE/fetch.log" 2>&1; then
      mv "$3.part" "$3"
      return 0
    fi
  done
  rm -f "$3.part"
  say "guardian: ${1##*/} can't be had from apt's mirrors (see $CACHE/fetch.log); if the archive has a newer one, pin that in scripts/kernels.pins"
  return 1
}

# Unpacks the packages of a tree, unless that was done before.
tree() { # TREE
  local folder=$CACHE/$1 new=$CACHE/$1.new.$$ key path sum
  # With the functions that decide what is kept.
  key=$({ awk -v t="$1" '$1 == t' "$PINS" && declare -f keep_what_boots complete_root; } | sha256sum | cut -d' ' -f1)
  [ "$(cat "$folder/.key" 2>/dev/null)" != "$key" ] || return 0
  rm -rf "$new"
  mkdir -p "$new"
  while read -r _ path sum; do
    fetch "$path" "$sum" "$CACHE/${path##*/}" || { rm -rf "$new"; return 1; }
    dpkg-deb -x "$CACHE/${path##*/}" "$new"
    rm -f "$CACHE/${path##*/}"
  done < <(awk -v t="$1" '$1 == t' "$PINS")
  case "$1" in
    kernel-*) keep_what_boots "$new" ;;
    root-*) complete_root "$new" ;;
  esac
  printf '%s\n' "$key" >"$new/.key"
  rm -rf "$folder"
  mv "$new" "$folder"
}

# Of a kernel only its image, and the modules that are needed here in the order in which they load.
keep_what_boots() { # FOLDER
  local release module file
  [ -d "$1/lib" ] || ln -s usr/lib "$1/lib"
  release=$(basename "$1"/lib/modules/*)
  depmod -b "$1" "$release"
  mkdir -p "$1/keep/bin"
  for module in virtio_pci 9pnet_virtio 9p overlay tcp_diag udp_diag; do
    modprobe -d "$1" -S "$release" --show-depends "$module"
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
    module=$(basename "$file" .xz)
    case "$file" in
      *.xz) xz -dc "$file" ;;
      *) cat "$file" ;;
    esac >"$1/keep/$module"
    printf '%s\n' "$module" >>"$1/keep/modules"
  done
  mv "$1"/boot/vmlinuz-* "$1/vmlinuz"
  rm -rf "${1:?}/boot" "${1:?}/lib" "${1:?}/usr"
}

# What tests and JVM use beside the packages, in a root file system of another architecture.
complete_root() { # FOLDER
  local name
  # The links that Debian's installer makes.
  for name in bin sbin lib; do
    mkdir -p "$1/usr/$name"
    [ -L "$1/$name" ] || { cp -a "$1/$name/." "$1/usr/$name/" 2>/dev/null || true; rm -rf "${1:?}/$name"; ln -s "usr/$name" "$1/$name"; }
  done
  for name in cat chroot cp env grep kill ls mkdir mount printf rm sleep sh sync tar taskset umount unshare; do
    ln -sf busybox "$1/usr/bin/$name"
  done
  # Not one of busybox: the tests tell programs by their path.
  printf 'int main(void) { return 0; }\n' | aarch64-linux-gnu-gcc -static -Os -o "$1/usr/bin/true" -xc -
  mkdir -p "$1/etc"
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$1/etc/passwd"
}

# The kernel as qemu takes it. To unpack itself is most of what an emulated x86 machine does before its kernel begins, so
# here, where a tool for that is: https://docs.kernel.org/arch/x86/boot.html tells where what is packed begins (0x248).
image_of() { # NAME
  local folder sectors offset length unpack
  folder=$CACHE/$(kernel_of "$1")
  if [[ "$1" == *-amd64 ]] && [ ! -e "$folder/vmlinux" ]; then
    sectors=$(od -An -tu1 -j497 -N1 "$folder/vmlinuz")
    read -r offset length < <(od -An -tu4 -j584 -N8 "$folder/vmlinuz")
    offset=$(((sectors + 1) * 512 + offset))
    case "$(od -An -tx1 -j"$offset" -N4 "$folder/vmlinuz" | tr -d ' ')" in
      fd377a58) unpack=(xz -dc) ;;
      28b52ffd) unpack=(zstd -dcq) ;;
      *) unpack=(false) ;;
    esac
    # What follows it is its length, which is no end that a tool knows: what came out counts.
    tail -c "+$((offset + 1))" "$folder/vmlinuz" | head -c "$length" | "${unpack[@]}" >"$folder/vmlinux.$$" 2>/dev/null || true
    if [ "$(head -c 4 "$folder/vmlinux.$$" | od -An -tx1 | tr -d ' ')" = 7f454c46 ]; then
      mv "$folder/vmlinux.$$" "$folder/vmlinux"
    else
      rm -f "$folder/vmlinux.$$"
    fi
  fi
  if [ -e "$folder/vmlinux" ]; then
    printf '%s\n' "$folder/vmlinux"
  else
    printf '%s\n' "$folder/vmlinuz"
  fi
}

# What the guest runs: the built classes, the tests and their native programs, in one folder that it sees as /job.
job() { # FOLDER ARCH
  local cc=cc library=(-lbpf) jar source program
  mkdir -p "$1/lib" "$work/include"
  cp -r "$ROOT/ebpf/target/classes" "$ROOT/ebpf/target/test-classes" "$1/"
  mkdir "$1/agent"
  cp -r "$ROOT/agent/target/classes/." "$ROOT/agent/target/test-classes/." "$1/agent/"
  # Jars, and the classes of other modules.
  cat "$ROOT/ebpf/$CLASS_PATH" <(echo :) "$ROOT/agent/$CLASS_PATH" | tr ':' '\n' | sort -u | while read -r jar; do
    [ ! -f "$jar" ] || cp "$jar" "$1/lib/"
    [ ! -d "$jar" ] || cp -r "$jar/." "$1/agent/"
  done
  if [ "$2" = arm64 ]; then
    cc=aarch64-linux-gnu-gcc
    # Only libbpf's headers, beside the cross compiler's own; the library needs a newer C library, which the guest has.
    ln -sfn /usr/include/bpf "$work/include/bpf"
    # shellcheck disable=SC2054 # a comma of the linker's
    library=(-I "$work/include" "$CACHE/root-$2/usr/lib/aarch64-linux-gnu/libbpf.so.1" -Wl,--allow-shlib-undefined)
  fi
  "$cc" -O1 -o "$1/programs" "$ROOT/ebpf/src/test/c/programs.c" "${library[@]}"
  for source in "$ROOT"/ebpf/src/test/c/*.c; do
    program=$(basename "$source" .c)
    [ "$program" = programs ] || "$cc" -static -O1 -pthread -o "$1/$program" "$source"
  done
  cp "${object:-$1/classes/io/guardian/ebpf/guardian.bpf.o}" "$1/guardian.bpf.o"
  [ -n "$object" ] || cp "$1/classes/io/guardian/ebpf/guardian-before-5.12.bpf.o" "$1/before.bpf.o"
  guest_script "$2" >"$1/run.sh"
  systemd_only >"$1/systemd-only.sh"
}

# The classes of a module with tests of a tag, by their sources. The guest would take seconds to look for them.
tests_of() { # TAG MODULE
  local found
  found=$(cd "$ROOT/$2/src/test/java" && grep -rlF "@Tag(\"$1\")" . | LC_ALL=C sort | sed 's#^\./##; s#\.java$##; s#/#.#g' | paste -sd, -)
  [ -n "$found" ] || die "no test in $2 has the tag \`$1\`"
  printf '%s\n' "$found"
}

# The commands of the guest, run as its first process.
guest_script() { # ARCH
  local java=$JAVA_HOME/bin/java
  [ "$1" != arm64 ] || java=/usr/lib/jvm/java-25-openjdk-arm64/bin/java
  cat <<SCRIPT
exec </dev/console >/dev/console 2>&1
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
# The loader of the sensor finds out which of the two objects a kernel takes; here its release must do.
object=/job/guardian.bpf.o
case \$(uname -r) in
  5.[0-9].* | 5.1[01].*) [ ! -e /job/before.bpf.o ] || object=/job/before.bpf.o ;;
esac
[ $mode != programs ] || /job/programs \$object
if [ $mode != programs ]; then
  echo "guest: ready after \$(cut -d' ' -f1 /proc/uptime) s"
  export JDK_JAVA_OPTIONS="-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
  if [ $mode = all ]; then
    set -- kernel $all_tests
  elif grep -qw guardian.cgroups=v1 /proc/cmdline; then
    set -- v1 $v1_tests -- run /bin/sh /job/systemd-only.sh -- v1 $v1_tests "name=systemd only"
  else
    set -- smoke $smoke_tests
  fi
  ! grep -qw guardian.clock=steps /proc/cmdline || set -- "\$@" -- clock $clock_tests
  $java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -XX:-UsePerfData --enable-native-access=ALL-UNNAMED \\
    -Dguardian.test.programs=/job -Dguardian.test.clock=true -cp '/job/classes:/job/test-classes:/job/agent:/job/lib/*' io.guardian.ebpf.KernelSmoke "\$@"
fi
echo "guest: done"
echo o >/proc/sysrq-trigger
while :; do sleep 1; done
SCRIPT
}

# As on a machine that mounts nothing but systemd's own.
systemd_only() {
  cat <<'SCRIPT'
set -e
umount /sys/fs/cgroup/pids /sys/fs/cgroup/memory
mkdir /sys/fs/cgroup/systemd
mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
SCRIPT
}

# The tree of its kernel.
kernel_of() { # NAME
  printf 'kernel-%s\n' "${1/-v1-/-}"
}

# Everything that a boot needs; false if it can't be downloaded.
prepare() { # NAME
  local arch=${1##*-} busybox=/bin/busybox keep
  if [ "$arch" = amd64 ] && [ "$(uname -m)" != x86_64 ]; then
    say "guardian: $1 runs the programs of this machine, which is no x86-64"
    return 1
  fi
  keep=$CACHE/$(kernel_of "$1")/keep
  tree "$(kernel_of "$1")" || return 1
  image_of "$1" >/dev/null
  if [ "$arch" != amd64 ]; then
    tree "root-$arch" || return 1
    busybox=$CACHE/root-$arch/bin/busybox
  fi
  if [ ! -d "$work/$arch" ]; then
    job "$work/$arch/job" "$arch"
    # In memory from the start: through the emulated bus each look at a file waits for the host.
    (cd "$work/$arch" && find job | cpio -o -H newc --quiet) >"$work/$arch.cpio"
  fi
  cp "$busybox" "$keep/bin/busybox"
  install -m 755 "$ROOT/scripts/guest-init.sh" "$keep/init"
  { (cd "$keep" && find . | cpio -o -H newc --quiet) && cat "$work/$arch.cpio"; } >"$work/$1.cpio"
}

# Boots a kernel and runs its job. Leaves what it printed, how qemu ended and how long it took.
boot() { # NAME
  local name=$1 machine console=ttyS0 root=/ cgroups=v2 clock=runs begin code=0
  [[ "$name" != *-v1-* ]] || cgroups=v1
  [ "$name-$mode" != 6.1-amd64-smoke ] || clock=steps
  case "$name" in
    *-arm64)
      root=$CACHE/root-arm64 console=ttyAMA0
      machine=(qemu-system-aarch64 -M virt -cpu "max,pauth=off")
      ;;
    # No wider vectors: kernel and JVM would use them, and emulating them costs.
    *) machine=(qemu-system-x86_64 -cpu "qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt,+cx16") ;;
  esac
  begin=$(date +%s)
  timeout -k 5 "$LIMIT_SECONDS" "${machine[@]}" -accel tcg,thread=$THREADS -smp 2 -m 2048 -display none -monitor none -serial stdio \
    -no-reboot -nic none -kernel "$(image_of "$name")" -initrd "$work/$name.cpio" \
    -append "console=$console quiet loglevel=3 panic=-1 lsm=lockdown,yama,bpf mitigations=off guardian.cgroups=$cgroups guardian.clock=$clock" \
    -fsdev "local,id=root,path=$root,readonly=on,security_model=none,multidevs=remap" -device virtio-9p-pci,fsdev=root,mount_tag=root \
    </dev/null >"$work/$name.out" 2>&1 &
  printf '%s\n' $! >"$work/$name.pid"
  wait $! || code=$?
  rm -f "$work/$name.pid"
  tr -d '\r' <"$work/$name.out" >"$LOGS/$name.log"
  printf '%s %s\n' "$code" $(($(date +%s) - begin)) >"$work/$name.end"
}

# Says what came of a kernel, and writes it as a JUnit report. False if anything failed.
judge() { # NAME
  local log=$LOGS/$1.log problem='' code seconds outcome=0
  read -r code seconds <"$work/$1.end"
  if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
    problem="it did not end within $LIMIT_SECONDS s"
  elif ! grep -q '^guest: up' "$log"; then
    problem='it did not boot'
  elif ! grep -q '^guest: done' "$log"; then
    problem='its tests did not end'
  elif [ "$mode" != programs ] && ! grep -q '^tests: ' "$log"; then
    problem='its tests did not begin'
  elif [ "$mode" != programs ] && [ "$(grep -c '^tests: ' "$log")" -ne "$(grep -c '^guest: tests' "$log")" ]; then
    problem='its tests did not run to their end'
  elif grep -q '^tests: 0 passed, 0 failed' "$log"; then
    problem='none of its tests ran'
  fi
  awk -v name="$1" -v seconds="$seconds" -v problem="$problem" -v xml="$LOGS/TEST-$1.xml" -f "$ROOT/scripts/kernels.awk" "$log" || outcome=1
  [ "$mode" != programs ] || sed -n '/^  \(refused\|loads\)/,/^$/p' "$log"
  return $outcome
}

skip() { # NAME WHY
  say "== $1: skipped: $2"
  printf '<testsuite name="%s"><testcase classname="Kernel" name="boots on %s"><skipped message="%s"/></testcase></testsuite>\n' \
    "$1" "$1" "$2" >"$LOGS/TEST-$1.xml"
}

wanted() { # NAME
  local prefix
  [ ${#only[@]} -gt 0 ] || return 0
  for prefix in "${only[@]}"; do
    [[ "$1-" != "$prefix-"* ]] || return 0
  done
  return 1
}

# What takes longest begins first, or it would end alone: the steps of the clock need three agents, arm64 costs more to emulate.
longest_first() { # NAME...
  printf '%s\n' "$@" | awk '{ print ($1 == "6.1-amd64" ? 1 : $1 ~ /arm64/ ? 2 : $1 ~ /-v1-/ ? 3 : 4), $1 }' | sort -s -k1,1n | cut -d' ' -f2
}

packages() { # NAME...
  need_packages "${BUILD_PACKAGES[@]}" "${KERNEL_PACKAGES[@]}"
  [[ "$*" != *arm64* ]] || need_packages "${ARM_PACKAGES[@]}"
}

compile() {
  local path=()
  # The class paths are asked of Maven once per build file.
  local last=$ROOT/agent/$CLASS_PATH
  if [ ! -s "$last" ] || [ "$ROOT/ebpf/pom.xml" -nt "$last" ] || [ "$ROOT/agent/pom.xml" -nt "$last" ] || [ "$ROOT/pom.xml" -nt "$last" ]; then
    path=(dependency:build-classpath -Dmdep.includeScope=test "-Dmdep.outputFile=$CLASS_PATH")
  fi
  maven -q test-compile -pl agent -am -Dguardian.skip=true ${path[@]+"${path[@]}"} >&2
}

# Whoever ends this ends its guests; timeout passes it on to qemu.
clean() {
  local file
  for file in "$work"/*.pid; do
    [ ! -e "$file" ] || kill "$(cat "$file")" 2>/dev/null || true
  done
  # shellcheck disable=SC2046 # a word for each
  kill $(jobs -rp) 2>/dev/null || true
  wait
  rm -rf "$work"
}

main() {
  local name names=() failed=() begin
  begin=$(date +%s)
  need_jdk
  mapfile -t names < <({ sed -n 's/^kernel-\([^ ]*\) .*/\1/p' "$PINS" && echo 6.1-v1-amd64; } |
    while read -r name; do ! wanted "$name" || printf '%s\n' "$name"; done)
  [ ${#names[@]} -gt 0 ] || die "no kernel is named \`${only[*]}\`: see --help"
  mkdir -p "$CACHE" "$LOGS"
  if [ -n "$or_skip" ] && ! (packages "${names[@]}"); then
    for name in "${names[@]}"; do
      skip "$name" "packages that it needs are missing: ./guardian check --kernels says which"
    done
    return 0
  fi
  packages "${names[@]}"
  work=$(mktemp -d "$CACHE/job.XXXXXX")
  trap clean EXIT
  trap 'exit 143' TERM
  trap 'exit 130' INT
  compile
  all_tests=$(tests_of kernel ebpf)
  smoke_tests=$(tests_of smoke ebpf)
  v1_tests=$(tests_of v1 ebpf)
  clock_tests=$(tests_of clock agent)
  for name in "${names[@]}"; do
    rm -f "$LOGS/$name.log" "$LOGS/TEST-$name.xml"
    prepare "$name" || skip "$name" "what it needs can't be had here"
  done
  for name in $(longest_first "${names[@]}"); do
    [ -e "$work/$name.cpio" ] || continue
    while [ "$(jobs -rp | wc -l)" -ge "$AT_ONCE" ]; do wait -n || true; done
    boot "$name" &
  done
  wait
  for name in "${names[@]}"; do
    [ ! -e "$work/$name.end" ] || judge "$name" || failed+=("$name")
  done
  say "$((${#names[@]})) kernels in $(($(date +%s) - begin)) s"
  [ ${#failed[@]} -eq 0 ] || die "failed: ${failed[*]}; all that they printed is in $LOGS"
}

main
