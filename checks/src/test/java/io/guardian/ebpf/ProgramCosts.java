package io.guardian.ebpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What the kernel counts for each program of a sensor while {@code kernel.bpf_stats_enabled} is 1. */
public final class ProgramCosts {
    private static final Path SWITCH = Path.of("/proc/sys/kernel/bpf_stats_enabled");

    private ProgramCosts() {}

    /**
     * Runs of a program, and how long they took together.
     *
     * @param nanos 0 for what ran while nothing was counted
     */
    public record Cost(long runs, long nanos) {
        Cost plus(Cost other) {
            return new Cost(runs + other.runs, nanos + other.nanos);
        }

        public Cost minus(Cost before) {
            return new Cost(runs - before.runs, nanos - before.nanos);
        }
    }

    /** Has the kernel count until it is closed; then the switch is what it was. */
    public static final class Counting implements AutoCloseable {
        private final String before;

        public Counting() {
            before = read(SWITCH);
            write("1");
        }

        @Override
        public void close() {
            write(before);
        }

        private static void write(String value) {
            try {
                Files.writeString(SWITCH, value);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** The programs of a sensor's name that are attached, each summed over its cgroups. */
    public static Map<String, Cost> of(String sensor) {
        var bpf = LibBpf.load().orElseThrow();
        var byId = NativeCall.bind(NativeCall.library(LibBpf.LIBRARY_NAME), "bpf_prog_get_fd_by_id", 1);
        var costs = new TreeMap<String, Cost>();
        for (Path link : Pins.of(SensorOptions.named(sensor)).links()) {
            int linkFd = opened(bpf.objGet(link.toString()));
            int programFd = opened(NativeCall.checked(byId.call(number(linkFd, "prog_id"))));
            costs.merge(
                    function(link),
                    new Cost(number(programFd, "run_cnt"), number(programFd, "run_time_ns")),
                    Cost::plus);
            LibC.close(programFd);
            LibC.close(linkFd);
        }
        return costs;
    }

    /** {@code link-on_connect4-4711} is {@code on_connect4}. */
    private static String function(Path link) {
        return link.getFileName().toString().replaceAll("^.*link-", "").replaceAll("-[0-9]+$", "");
    }

    private static int opened(int fd) {
        if (fd < 0) {
            throw new IllegalStateException("a program can't be looked at: " + LibC.strerror(-fd));
        }
        return fd;
    }

    private static long number(int fd, String key) {
        return read(Path.of("/proc/self/fdinfo/" + fd))
                .lines()
                .filter(line -> line.startsWith(key + ":"))
                .mapToLong(
                        line -> Long.parseLong(line.substring(key.length() + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
