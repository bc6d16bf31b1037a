#!/bin/busybox sh
# shellcheck shell=dash
# The first process of an emulated kernel: makes a root file system of the folder that qemu hands over (read-only, with
# memory above it), then runs the job, which came with this file, in it and powers off. What is printed goes to the console.
export PATH=/bin
/bin/busybox mkdir -p /bin /proc /sys /dev /lower /rw /root
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
exec </dev/null >/dev/console 2>&1
mount -t proc proc /proc
mount -t sysfs sys /sys
while read -r module; do
  insmod "/$module" || echo "guest: module $module can't be loaded"
done </modules

mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro root /lower && mount -t tmpfs rw /rw && mkdir /rw/upper /rw/work &&
  mount -t overlay -o lowerdir=/lower,upperdir=/rw/upper,workdir=/rw/work root /root || {
  echo "guest: no root file system"
  poweroff -f
}
cd /root && mkdir -p proc sys dev tmp run job
mount -t proc proc proc
mount -t sysfs sys sys
mount -t tmpfs tmp tmp
mount -t tmpfs run run
if grep -qw guardian.cgroups=v1 /proc/cmdline; then
  # As on a machine of v1 only: v2 is mounted nowhere.
  mount -t tmpfs cgroup sys/fs/cgroup
  for controller in pids memory; do
    mkdir "sys/fs/cgroup/$controller"
    mount -t cgroup -o "$controller" cgroup "sys/fs/cgroup/$controller"
  done
else
  mount -t cgroup2 cgroup sys/fs/cgroup
fi
mount -t bpf bpf sys/fs/bpf
mount -t securityfs security sys/kernel/security
mount --bind /job job
ip link set lo up
echo "guest: up after $(cut -d' ' -f1 /proc/uptime) s"
echo "kernel $(uname -r) $(uname -m)"
# The new root, not a chroot: paths must end where the tests expect it, and user namespaces need it.
umount /sys /proc
mount --move /dev dev 2>/dev/null
# By hand, since switch_root removes what the archive of the boot brought, which is where the job is.
cd /root && mount --move . / && exec chroot . /bin/sh /job/run.sh
