package io.guardian.agent.act;

import io.guardian.ebpf.ProcessKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the kernel says of a process in {@code /proc/PID/stat} (proc(5)).
 *
 * @param startTicks when it was made, in ticks of 1/100 s since boot
 */
record ProcessStat(int parent, int group, long flags, long startTicks) {
    private static final long KERNEL_THREAD_FLAG = 0x0020_0000L;
    private static final long TICK_NANOS = 10_000_000L;
    private static final int BYTES_MAX = 4096;

    /**
     * Reads it now.
     *
     * @throws IOException when the process is gone, or may not be looked at
     */
    static Optional<ProcessStat> read(int pid) throws IOException {
        try (var in = Files.newInputStream(folder(pid).resolve("stat"))) {
            return parse(new String(in.readNBytes(BYTES_MAX), StandardCharsets.ISO_8859_1));
        }
    }

    /** The process's folder in /proc. */
    static Path folder(int pid) {
        return Path.of("/proc", Integer.toString(pid));
    }

    /** The name in parentheses may hold anything, so what counts starts behind the last one. */
    static Optional<ProcessStat> parse(String text) {
        int close = text.lastIndexOf(')');
        if (close < 0 || close + 2 >= text.length()) {
            return Optional.empty();
        }
        var rest = text.substring(close + 2).split(" ", -1);
        try {
            return rest.length < 20
                    ? Optional.empty()
                    : Optional.of(new ProcessStat(
                            Integer.parseInt(rest[1]),
                            Integer.parseInt(rest[2]),
                            Long.parseLong(rest[6]),
                            Long.parseLong(rest[19])));
        } catch (NumberFormatException other) {
            return Optional.empty();
        }
    }

    boolean isKernelThread() {
        return (flags & KERNEL_THREAD_FLAG) != 0;
    }

    ProcessKey key(int pid) {
        return new ProcessKey(pid, startTicks * TICK_NANOS);
    }
}
