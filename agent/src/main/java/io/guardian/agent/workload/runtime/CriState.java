package io.guardian.agent.workload.runtime;

import java.time.Instant;

/** Small values of the interface. */
final class CriState {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private CriState() {}

    /** The interface's {@code ContainerState}; the empty text for one that was only created. */
    static String ofContainer(long number) {
        return switch ((int) number) {
            // It has a cgroup, so it's just being started; nobody will be told when that is done.
            case 0 -> "";
            case 1 -> "running";
            case 2 -> "exited";
            default -> "unknown";
        };
    }

    /** The interface's {@code PodSandboxState}. */
    static String ofSandbox(long number) {
        return number == 0 ? "running" : "exited";
    }

    static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(epochNanos / NANOS_PER_SECOND, epochNanos % NANOS_PER_SECOND);
    }
}
