package io.guardian.core.event;

import io.guardian.core.text.Json;
import java.util.Map;

/**
 * Something about the agent itself that whoever reads its records must know: a loss, a limit reached, a restart.
 *
 * @param stamp envelope
 * @param ref uid of the agent
 * @param muid the machine
 * @param status health from now on
 * @param message one line for people
 * @param lost records that were lost, by where and why ({@code ring.cpu0}, {@code spool.connection}), since the last
 *     such event
 */
public record AgentHealthEvent(
        Stamp stamp, String ref, String muid, String status, String message, Map<String, Long> lost) implements Event {

    public AgentHealthEvent {
        lost = Map.copyOf(lost);
    }

    @Override
    public EventKind kind() {
        return EventKind.AGENT_HEALTH;
    }

    @Override
    public String id() {
        return stamp.id();
    }

    @Override
    public long timeMicros() {
        return stamp.timeMicros();
    }

    @Override
    public long version() {
        return stamp.version();
    }

    @Override
    public Json.Obj toJson() {
        var losses = Json.object();
        new java.util.TreeMap<>(lost).forEach(losses::put);
        return stamp.begin(kind())
                .put("ref", ref)
                .put("muid", muid)
                .put("status", status)
                .put("message", message)
                .put("lost", losses.build())
                .build();
    }

    static AgentHealthEvent read(Fields in) {
        return new AgentHealthEvent(
                Stamp.read(in),
                in.text("ref"),
                in.textOr("muid", ""),
                in.textOr("status", ""),
                in.textOr("message", ""),
                in.wholeMap("lost"));
    }
}
