package io.guardian.core.event;

import io.guardian.core.text.Json;

/**
 * One record. The newest version of an id wins for a model; an event is written once.
 *
 * <p>Texts that are not known are empty, numbers that are not known are absent from the JSON and -1 here unless said
 * otherwise. Times are microseconds since the epoch here and seconds with a fraction in JSON.
 */
public sealed interface Event
        permits ProcessModel,
                ConnectionModel,
                ListeningSocketModel,
                ContainerModel,
                MachineModel,
                AgentModel,
                DeviationEvent,
                AgentHealthEvent,
                MetricEvent {

    EventKind kind();

    String id();

    /** When it was observed in this version. */
    long timeMicros();

    /** Grows with every update of a model. */
    long version();

    Json.Obj toJson();
}
