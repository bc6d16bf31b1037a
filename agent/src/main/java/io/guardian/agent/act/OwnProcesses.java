package io.guardian.agent.act;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Guardian's own processes on this machine. Agent and server run in a Java of the machine like other programs may, so
 * it is the pid that tells them. A server that was started again has another one: that is why its pid file is read each
 * time.
 */
public final class OwnProcesses {
    private static final int BYTES_MAX = 64;

    private final int agent;
    private final Set<Integer> pids;
    private final List<Path> pidFiles;

    /**
     * @param agent the agent itself; what it starts is protected too
     * @param pids others that are protected
     * @param pidFiles files with {@code PID START}, the start in ticks since boot as proc(5) gives it; what these
     *     processes start is protected too
     */
    public OwnProcesses(int agent, Set<Integer> pids, List<Path> pidFiles) {
        this.agent = agent;
        this.pids = Set.copyOf(pids);
        this.pidFiles = List.copyOf(pidFiles);
    }

    boolean contains(int pid, ProcessStat stat) {
        if (pid == agent || pids.contains(pid)) {
            return true;
        }
        var parents = new HashSet<>(Set.of(agent));
        for (Path file : pidFiles) {
            var words = words(file);
            if (words.size() == 2) {
                int named = Integer.parseInt(words.get(0));
                long start = Long.parseLong(words.get(1));
                if (pid == named && stat.startTicks() == start) {
                    return true;
                }
                if (runs(named, start)) {
                    parents.add(named);
                }
            }
        }
        return parents.contains(stat.parent());
    }

    /** A pid that was given to another process since then names nobody. */
    private static boolean runs(int pid, long startTicks) {
        try {
            return ProcessStat.read(pid)
                    .filter(stat -> stat.startTicks() == startTicks)
                    .isPresent();
        } catch (IOException gone) {
            return false;
        }
    }

    private static List<String> words(Path file) {
        try (var in = Files.newInputStream(file)) {
            var text = new String(in.readNBytes(BYTES_MAX), StandardCharsets.US_ASCII).strip();
            return text.matches("[1-9][0-9]{0,8} [0-9]{1,18}") ? List.of(text.split(" ", -1)) : List.of();
        } catch (IOException none) {
            // No such program runs now.
            return List.of();
        }
    }
}
