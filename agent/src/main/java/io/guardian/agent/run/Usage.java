package io.guardian.agent.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What the agent itself uses of the machine. */
public interface Usage {
    /**
     * Of this process.
     *
     * @param heap watches its heap
     */
    record OfProcess(HeapBound heap) implements Usage {
        private static final int PAGE_BYTES = 4096;

        @Override
        public Duration cpuTime() {
            return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        }

        @Override
        public long residentBytes() {
            try {
                var words = Files.readString(Path.of("/proc/self/statm")).split(" ", 3);
                return Long.parseLong(words[1]) * PAGE_BYTES;
            } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException hidden) {
                return 0;
            }
        }

        @Override
        public boolean isHeapFull() {
            return heap.isFull();
        }
    }

    /** Processor time since the start. */
    Duration cpuTime();

    /** Resident memory; 0 if it isn't known. */
    long residentBytes();

    /** Whether nothing more can be remembered. */
    boolean isHeapFull();
}
