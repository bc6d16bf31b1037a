package io.guardian.core.event;

import io.guardian.core.text.Json;

/**
 * An agent and how it is.
 *
 * @param life envelope; its id is the agent's uid
 * @param muid the machine it watches
 * @param hostname name of that machine
 * @param agentVersion the agent's version
 * @param arch as {@code uname -m} says
 * @param type {@code node}
 * @param osName pretty name of the distribution
 * @param health {@code Normal}, {@code Warning}, {@code Error}, {@code Critical}, {@code Starting}, {@code Offline}
 * @param modules its parts ({@code sensor}, {@code containers}, {@code sender}), each {@code {running, status}}
 */
public record AgentModel(
        Life life,
        String muid,
        String hostname,
        String agentVersion,
        String arch,
        String type,
        String osName,
        String health,
        Json.Obj modules)
        implements Event {

    @Override
    public EventKind kind() {
        return EventKind.AGENT;
    }

    @Override
    public String id() {
        return life.id();
    }

    @Override
    public long timeMicros() {
        return life.timeMicros();
    }

    @Override
    public long version() {
        return life.version();
    }

    @Override
    public Json.Obj toJson() {
        return life.begin(kind())
                .put("status", health)
                .put("muid", muid)
                .put("hostname", hostname)
                .put("agent_version", agentVersion)
                .put("agent_arch", arch)
                .put("agent_type", type)
                .put("os_pretty_name", osName)
                .put("ephemeral", false)
                .put("last_seen", Seconds.json(life.timeMicros()))
                .put("bat_statuses", modules)
                .build();
    }

    static AgentModel read(Fields in) {
        return new AgentModel(
                Life.read(in),
                in.textOr("muid", ""),
                in.textOr("hostname", ""),
                in.textOr("agent_version", ""),
                in.textOr("agent_arch", ""),
                in.textOr("agent_type", "node"),
                in.textOr("os_pretty_name", ""),
                in.textOr("status", ""),
                in.object("bat_statuses"));
    }
}
