package io.guardian.agent.send;

import io.guardian.core.event.Event;

/**
 * How telling records are. Each lane has batches of its own, so that a full spool can let the less telling ones go
 * first.
 */
public enum Lane {
    /** Processes, containers, machines, deviations, health: sent first, dropped last. */
    TELLING("t"),
    /** Connections, sockets and metrics. */
    BULK("b");

    private final String prefix;

    Lane(String prefix) {
        this.prefix = prefix;
    }

    String prefix() {
        return prefix;
    }

    static Lane of(Event event) {
        return switch (event.kind()) {
            case PROCESS, CONTAINER, MACHINE, AGENT, DEVIATION, AGENT_HEALTH -> TELLING;
            case CONNECTION, LISTENING_SOCKET, METRIC -> BULK;
        };
    }
}
