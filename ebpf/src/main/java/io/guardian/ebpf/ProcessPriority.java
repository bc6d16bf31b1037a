package io.guardian.ebpf;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The priority (nice value) of a process.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/setpriority.2.html">setpriority(2)</a>
 */
public final class ProcessPriority {
    private static final int PRIO_PROCESS = 0;

    private ProcessPriority() {}

    /** What came of setting it. */
    public sealed interface Result {
        /** Set for this many threads. */
        record Set(int threads) implements Result {}

        /** There is no such process. */
        record Gone() implements Result {}

        /** The kernel refused. */
        record Refused(String reason) implements Result {}
    }

    /**
     * Sets the priority of every thread of a process: the kernel keeps one for each.
     *
     * @param pid the process
     * @param nice -20 (most) to 19 (least)
     */
    public static Result set(int pid, int nice) {
        int threads = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                int tid = Integer.parseInt(task.getFileName().toString());
                int result = LibC.setpriority(PRIO_PROCESS, tid, nice);
                if (result < 0 && result != -LibC.ESRCH) {
                    return new Result.Refused(
                            "the priority of pid " + pid + " can't be set: " + LibC.strerror(-result));
                }
                threads += result < 0 ? 0 : 1;
            }
        } catch (IOException e) {
            return new Result.Gone();
        }
        return threads == 0 ? new Result.Gone() : new Result.Set(threads);
    }
}
