package io.guardian.agent.decode;

import io.guardian.ebpf.ProcessImage;
import io.guardian.ebpf.ProcessKey;

/**
 * What was last told of a process.
 *
 * @param key its name
 * @param exe path of its executable
 * @param comm the kernel's name of it
 * @param ordinal how many execs of it were told
 * @param cgroupId its cgroup
 * @param netNamespace its network namespace
 * @param euid its effective uid, as the host sees it
 * @param asOfBootNanos all that it did until then is in this
 * @param found whether a look told of it, so that the notice of the same exec may be still to come
 */
record SeenProcess(
        ProcessKey key,
        String exe,
        String comm,
        int ordinal,
        long cgroupId,
        long netNamespace,
        long euid,
        long asOfBootNanos,
        boolean found) {

    static SeenProcess of(ProcessImage image, long asOfBootNanos, boolean found) {
        return new SeenProcess(
                image.key(),
                image.exe().path(),
                image.comm(),
                image.ordinal(),
                image.cgroupId(),
                image.namespaces().net(),
                image.credentials().euid(),
                asOfBootNanos,
                found);
    }

    private static final long TICK_NANOS = 10_000_000L;
    // A process begins some time before the kernel tells of it.
    private static final long NOTICE_NANOS = 50_000L;

    /** How /proc will name a process of which the kernel told at this time, or one tick earlier. */
    static ProcessKey nameOf(int tgid, long noticeBootNanos) {
        return new ProcessKey(tgid, (noticeBootNanos - NOTICE_NANOS) / TICK_NANOS * TICK_NANOS);
    }

    /** Whether this is the process that /proc shows; no pid is used again within a tick. */
    boolean is(ProcessImage image) {
        return key.tgid() == image.key().tgid()
                && Math.abs(key.startTicks() - image.key().startTicks()) <= 1;
    }

    /** A fork of it that has made no exec yet. */
    SeenProcess forked(ProcessKey child, long bootNanos) {
        return new SeenProcess(child, exe, comm, 0, cgroupId, netNamespace, euid, bootNanos, false);
    }

    SeenProcess withEuid(long newEuid) {
        return new SeenProcess(key, exe, comm, ordinal, cgroupId, netNamespace, newEuid, asOfBootNanos, found);
    }

    /** The notice of what a look told came. */
    SeenProcess noticed() {
        return new SeenProcess(key, exe, comm, ordinal, cgroupId, netNamespace, euid, asOfBootNanos, false);
    }
}
