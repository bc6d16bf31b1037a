package io.guardian.core.event;

import io.guardian.core.text.Json;
import java.util.List;

/** What came of reading one record. */
public sealed interface EventReading {

    record Read(Event event) implements EventReading {}

    /** A record whose kind isn't in {@link EventKind}; it may still be kept as it is. */
    record OtherKind(String schema) implements EventReading {}

    /** @param problems each names the field and what it must be */
    record Malformed(List<String> problems) implements EventReading {
        public Malformed {
            problems = List.copyOf(problems);
        }
    }

    /** Reads a record; never throws, whatever the object holds. Fields that are not known are ignored. */
    static EventReading of(Json.Obj object) {
        String schema = object.text("schema");
        if (schema.isEmpty()) {
            return new Malformed(List.of("`schema` is missing"));
        }
        return EventKind.ofSchema(schema)
                .<EventReading>map(kind -> known(kind, new Fields(object)))
                .orElseGet(() -> new OtherKind(schema));
    }

    private static EventReading known(EventKind kind, Fields in) {
        Event event = switch (kind) {
            case PROCESS -> ProcessModel.read(in);
            case CONNECTION -> ConnectionModel.read(in);
            case LISTENING_SOCKET -> ListeningSocketModel.read(in);
            case CONTAINER -> ContainerModel.read(in);
            case MACHINE -> MachineModel.read(in);
            case AGENT -> AgentModel.read(in);
            case DEVIATION -> DeviationEvent.read(in);
            case AGENT_HEALTH -> AgentHealthEvent.read(in);
            case METRIC -> MetricEvent.read(in);
        };
        return in.problems().isEmpty() ? new Read(event) : new Malformed(in.problems());
    }
}
