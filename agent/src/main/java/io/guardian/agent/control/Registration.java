package io.guardian.agent.control;

import io.guardian.agent.attribute.AgentIdentity;
import io.guardian.agent.log.Log;
import io.guardian.agent.state.DataFolder;
import io.guardian.core.event.Seconds;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Makes the agent known to the server. Identity and token are kept on disk, so an agent that once registered starts and
 * works without the server.
 */
public final class Registration {
    private static final String IDENTITY_FILE = "identity.json";
    private static final String TOKEN_FILE = "token";

    private final DataFolder data;
    private final RegistrationCall call;
    private final MachineInfo machine;
    private final String bootId;
    private final long bootMicros;
    private final String version;
    private final String clusterName;
    private final Log log;
    private volatile List<String> capabilities = List.of();

    /** Who the agent is and with what it speaks to the server. */
    public record Registered(AgentIdentity identity, String token) {}

    /** @param clusterName the Kubernetes cluster this machine is a node of, empty outside one */
    public Registration(
            DataFolder data,
            RegistrationCall call,
            MachineInfo machine,
            String bootId,
            long bootMicros,
            String version,
            String clusterName,
            Log log) {
        this.data = data;
        this.call = call;
        this.machine = machine;
        this.bootId = bootId;
        this.bootMicros = bootMicros;
        this.version = version;
        this.clusterName = clusterName;
        this.log = log;
    }

    /** What the sensor turned out to be able to do. */
    public void capabilities(List<String> names) {
        capabilities = List.copyOf(names);
    }

    /** What an earlier run left; absent if the agent never registered with this server as a node of this cluster. */
    public Optional<Registered> stored(String server) throws IOException {
        var identity = data.readObject(IDENTITY_FILE);
        var token = data.read(TOKEN_FILE).map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
        if (identity.isEmpty()
                || token.isEmpty()
                || !identity.get().text("server").equals(server)
                || !identity.get().text("cluster_name").equals(clusterName)) {
            return Optional.empty();
        }
        return read(identity.get()).map(known -> new Registered(known, token.get()));
    }

    /** Asks until the server agrees. */
    public Registered register(String server) throws InterruptedException {
        return call.repeat(this::request, answer -> accept(server, answer));
    }

    private Optional<Registered> accept(String server, Json.Obj answer) throws IOException {
        var identity =
                read(answer.with("hostname", Json.of(machine.hostname())).with("cluster_name", Json.of(clusterName)));
        String token = answer.text("token");
        if (identity.isEmpty() || token.isEmpty()) {
            log.warnLimited("register", "the server's answer lacks `agent_uid`, `muid`, `org_uid` or `token`");
            return Optional.empty();
        }
        var known = identity.get();
        data.write(TOKEN_FILE, token.getBytes(StandardCharsets.UTF_8));
        data.write(
                IDENTITY_FILE,
                Json.object()
                        .put("server", server)
                        .put("agent_uid", known.agentUid())
                        .put("muid", known.muid())
                        .put("org_uid", known.orgUid())
                        .put("hostname", known.hostname())
                        .put("cluster_uid", known.clusterUid())
                        .put("cluster_name", known.clusterName())
                        .build());
        log.info("register", "registered", "agent", known.agentUid(), "machine", known.muid());
        return Optional.of(new Registered(known, token));
    }

    private static Optional<AgentIdentity> read(Json.Obj from) {
        var identity = new AgentIdentity(
                from.text("agent_uid"),
                from.text("muid"),
                from.text("org_uid"),
                from.text("hostname"),
                from.text("cluster_uid"),
                from.text("cluster_name"));
        boolean whole = !identity.agentUid().isEmpty()
                && !identity.muid().isEmpty()
                && !identity.orgUid().isEmpty();
        return whole ? Optional.of(identity) : Optional.empty();
    }

    private Json.Obj request() {
        var request = Json.object()
                .put("agent_type", "node")
                .put("agent_version", version)
                .put("machine_id", machine.machineId())
                .put("boot_id", bootId)
                .put("hostname", machine.hostname())
                .put("os", machine.os().prettyName())
                .put("kernel", machine.kernel())
                .put("arch", machine.arch())
                .put("cpu_cores", machine.cores())
                .put("cpu_model", machine.cpuModel())
                .put("memory_total_bytes", machine.memoryBytes())
                .put("boot_time", Seconds.json(bootMicros))
                .put("ip_addresses", Json.strings(machine.addresses()))
                .put("capabilities", Json.strings(capabilities));
        if (!clusterName.isEmpty()) {
            request.put("cluster", Json.object().put("name", clusterName).build());
        }
        return request.build();
    }
}
