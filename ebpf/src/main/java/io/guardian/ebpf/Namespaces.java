package io.guardian.ebpf;

/** Inode numbers of the namespaces of a process, as {@code /proc/PID/ns} shows them; 0 if not known. */
public record Namespaces(long mount, long pid, long net, long user) {}
