package io.guardian.cluster.run;

import io.guardian.agent.control.MachineInfo;
import io.guardian.agent.control.RegistrationCall;
import io.guardian.agent.control.RegistrationCode;
import io.guardian.agent.control.SafeTransport;
import io.guardian.agent.log.Log;
import io.guardian.agent.send.Backoff;
import io.guardian.agent.send.ServerClient;
import io.guardian.agent.state.DataFolder;
import io.guardian.cluster.setup.MonitorOptions;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * Makes the monitor known to the server. All replicas of a cluster are one agent there, named by the cluster; the
 * answer says under which uid the server knows the cluster. Both are kept on disk, so that a monitor that once
 * registered starts without the server.
 */
final class Enrolment {
    private static final String FILE = "enrolment.json";

    private final MonitorOptions options;
    private final DataFolder data;
    private final String kubernetesUid;
    private final String version;
    private final Log log;
    private final ServerClient client;
    private final RegistrationCall call;

    /** Who the monitor is at the server. */
    record Enrolled(String agentUid, String muid, String clusterUid, String token) {
        @Override
        public String toString() {
            return "Enrolled[" + agentUid + ", " + clusterUid + "]";
        }
    }

    /** @param kubernetesUid uid of the namespace {@code kube-system} */
    Enrolment(MonitorOptions options, DataFolder data, String kubernetesUid, String version, Backoff backoff, Log log)
            throws IOException {
        this.options = options;
        this.data = data;
        this.kubernetesUid = kubernetesUid;
        this.version = version;
        this.log = log;
        this.client = SafeTransport.to(options.server(), options.insecureHttp(), data, code(options), version);
        this.call = new RegistrationCall(client, () -> code(options), backoff, log);
    }

    ServerClient client() {
        return client;
    }

    /** What an earlier run left, or what the server says now; waits for the server if there is neither. */
    Enrolled get() throws IOException, InterruptedException {
        var stored = stored();
        return stored.isPresent() ? stored.get() : register();
    }

    private Optional<Enrolled> stored() throws IOException {
        return data.readObject(FILE)
                .filter(known -> known.text("server").equals(options.server().toString())
                        && known.text("kubernetes_uid").equals(kubernetesUid)
                        && known.text("cluster_name").equals(options.clusterName()))
                .flatMap(Enrolment::read);
    }

    private static Optional<Enrolled> read(Json.Obj from) {
        var enrolled =
                new Enrolled(from.text("agent_uid"), from.text("muid"), from.text("cluster_uid"), from.text("token"));
        boolean whole = !enrolled.agentUid.isEmpty() && !enrolled.clusterUid.isEmpty() && !enrolled.token.isEmpty();
        return whole ? Optional.of(enrolled) : Optional.empty();
    }

    /** Asks until the server agrees. */
    Enrolled register() throws InterruptedException {
        return call.repeat(this::request, this::accept);
    }

    private Optional<Enrolled> accept(Json.Obj answer) throws IOException {
        var enrolled = read(answer);
        if (enrolled.isEmpty()) {
            log.warnLimited("register", "the server's answer lacks `agent_uid`, `cluster_uid` or `token`");
            return enrolled;
        }
        data.write(
                FILE,
                Json.object()
                        .put("server", options.server().toString())
                        .put("kubernetes_uid", kubernetesUid)
                        .put("cluster_name", options.clusterName())
                        .put("agent_uid", enrolled.get().agentUid)
                        .put("muid", enrolled.get().muid)
                        .put("cluster_uid", enrolled.get().clusterUid)
                        .put("token", enrolled.get().token)
                        .build());
        log.info("register", "registered", "agent", enrolled.get().agentUid, "cluster", enrolled.get().clusterUid);
        return enrolled;
    }

    private static Optional<RegistrationCode> code(MonitorOptions options) throws IOException {
        if (options.codeFile().isEmpty()) {
            return Optional.ofNullable(System.getenv("GUARDIAN_REGISTRATION_CODE"))
                    .flatMap(RegistrationCode::parse);
        }
        var file = options.codeFile().get();
        return Files.isReadable(file) ? RegistrationCode.parse(Files.readString(file)) : Optional.empty();
    }

    private Json.Obj request() {
        return Json.object()
                .put("agent_type", "cluster-monitor")
                .put("agent_version", version)
                .put("machine_id", "cluster-" + kubernetesUid)
                .put("boot_id", MachineInfo.bootId())
                .put("hostname", "cluster-monitor." + options.clusterName())
                .put("os", System.getProperty("os.name", ""))
                .put("kernel", System.getProperty("os.version", ""))
                .put("arch", System.getProperty("os.arch", ""))
                .put("cpu_cores", Runtime.getRuntime().availableProcessors())
                .put("memory_total_bytes", Runtime.getRuntime().maxMemory())
                .put(
                        "cluster",
                        Json.object()
                                .put("name", options.clusterName())
                                .put("uid", kubernetesUid)
                                .build())
                .put("capabilities", Json.strings(options.kills().readOnly() ? List.of() : List.of("kill-pod")))
                .build();
    }
}
