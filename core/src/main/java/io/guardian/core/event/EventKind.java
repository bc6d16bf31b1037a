package io.guardian.core.event;

import java.util.Arrays;
import java.util.Optional;

/** The one table of the kinds of records that agents send. Parameters may be added to a kind, never taken away. */
public enum EventKind {
    PROCESS("model_process", "", "1.2.0"),
    CONNECTION("model_connection", "", "1.1.0"),
    LISTENING_SOCKET("model_listening_socket", "", "1.0.0"),
    CONTAINER("model_container", "", "1.0.0"),
    MACHINE("model_machine", "", "1.0.0"),
    AGENT("model_agent", "", "1.0.0"),
    DEVIATION("event_deviation", "workload", "1.0.0"),
    AGENT_HEALTH("event_agent_health", "", "1.0.0"),
    METRIC("event_metric", "agent", "1.0.0");

    private final String type;
    private final String subtype;
    private final String version;

    EventKind(String type, String subtype, String version) {
        this.type = type;
        this.subtype = subtype;
        this.version = version;
    }

    /** {@code model_process}, the first part of the schema. */
    public String type() {
        return type;
    }

    /** {@code model_process::1.2.0}. */
    public String schema() {
        return type + ":" + subtype + ":" + version;
    }

    /** Whether it has a life; else it is a point in time. */
    public boolean isModel() {
        return type.startsWith("model_");
    }

    /**
     * The kind of a schema text of any version; absent for a kind that is not in this table. A subtype counts only for
     * the kinds that have one here.
     */
    public static Optional<EventKind> ofSchema(String schema) {
        var parts = schema.split(":", 3);
        return Arrays.stream(values())
                .filter(kind -> kind.type.equals(parts[0]))
                .filter(kind -> kind.subtype.isEmpty() || parts.length > 1 && kind.subtype.equals(parts[1]))
                .findFirst();
    }
}
