package io.guardian.agent.send;

import io.guardian.core.event.Event;

/**
 * How telling records are, most first. Each lane has batches of its own, so that who floods the agent with processes
 * can't hold up what is said of them, and a full spool can let the less telling ones go first.
 */
public enum Lane {
    /** Deviations, and how the agent is: few by their limits. Sent first, dropped last. */
    URGENT("u"),
    /** Processes, containers, machines. */
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
            case DEVIATION, AGENT, AGENT_HEALTH -> URGENT;
            case PROCESS, CONTAINER, MACHINE -> TELLING;
            case CONNECTION, LISTENING_SOCKET, METRIC -> BULK;
        };
    }
}
