# What the recording `service` is of. Runs as a service of its own; `./workload` is ebpf/src/test/c/workload.c.
set -e
# Programs started by the shell, by fork from a subshell, by vfork, and by a clone of all threads.
/bin/true
(/bin/echo hello | /bin/cat) >/dev/null
./workload many 3 /bin/true
# An exec by a thread that does not lead its process; a leader that ends before its threads.
./workload thread-exec /bin/true
./workload leader-exits || true
# Programs that are no files of the machine any more, or never were.
./workload memfd /bin/true || true
./workload deleted ./workload ./copy || true
# Users: changed without an exec, then by a program that has the right to.
./workload become 65534
cp workload setuid
chmod 755 .
chmod 4755 setuid
setpriv --reuid 1 --regid 1 --clear-groups ./setuid exit 3 || true
# Ends that are no plain exit.
./workload signal 15 || true
# Connections, all to loopback.
./workload tcp4
./workload tcp6
./workload mapped
./workload refused
./workload udp
./workload udp-connected
./workload dns
./workload dns-tcp
