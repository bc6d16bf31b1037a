package io.guardian.checks.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.guardian.checks.install.Manifests.Container;
import io.guardian.checks.install.Manifests.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart promises about rights, whatever values are given. */
final class ChartSecurityTest {
    private static final Set<String> READING = Set.of("get", "list", "watch");

    static List<String> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void no_role_has_a_wildcard_or_reaches_secrets(String valueSet) {
        var rules = Chart.render(valueSet).rules();
        assertThat(rules).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.toString()).doesNotContain("*");
            assertThat(texts(rule, "resources"))
                    .isNotEmpty()
                    .doesNotContain("secrets", "configmaps", "pods/exec", "pods/log", "pods/eviction", "nodes/proxy");
            assertThat(rule.has("nonResourceURLs")).isFalse();
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void beside_reading_only_pods_may_be_deleted_and_the_own_lease_be_kept(String valueSet) {
        for (Manifest role : Chart.render(valueSet).kind("ClusterRole")) {
            for (JsonObject rule : rules(role)) {
                boolean reads = READING.containsAll(texts(rule, "verbs"));
                boolean deletesPods = texts(rule, "verbs").equals(List.of("delete"))
                        && texts(rule, "resources").equals(List.of("pods"));
                assertThat(reads || deletesPods).as("%s %s", role, rule).isTrue();
            }
        }
        for (Manifest role : Chart.render(valueSet).kind("Role")) {
            assertThat(role.namespace()).isEqualTo(Chart.NAMESPACE);
            for (JsonObject rule : rules(role)) {
                assertThat(texts(rule, "resources")).containsExactly("leases");
                assertThat(texts(rule, "verbs").equals(List.of("create")) || rule.has("resourceNames"))
                        .as("%s %s", role, rule)
                        .isTrue();
            }
        }
    }

    /** Beside what is listed, the monitor reads nothing; the list is that of the objects it turns into records. */
    @Test
    void the_monitor_watches_exactly_what_it_reports() {
        var watched = Chart.render("default").kind("ClusterRole").stream()
                .flatMap(role -> rules(role).stream())
                .filter(rule -> texts(rule, "verbs").contains("watch"))
                .flatMap(rule -> texts(rule, "resources").stream())
                .toList();
        assertThat(watched)
                .containsExactlyInAnyOrder(
                        "namespaces",
                        "nodes",
                        "pods",
                        "services",
                        "serviceaccounts",
                        "deployments",
                        "replicasets",
                        "daemonsets",
                        "statefulsets",
                        "jobs",
                        "cronjobs",
                        "endpointslices",
                        "roles",
                        "rolebindings",
                        "clusterroles",
                        "clusterrolebindings");
    }

    @Test
    void a_read_only_install_has_no_right_to_delete_anything() {
        assertThat(verbs(Chart.render("default"))).contains("delete");
        assertThat(verbs(Chart.render("read-only"))).doesNotContain("delete", "deletecollection");
        assertThat(Chart.render("read-only").all())
                .noneMatch(manifest -> manifest.name().endsWith(":kill"));
    }

    @Test
    void a_read_only_install_tells_its_programs_so_and_takes_their_capabilities() {
        var readOnly = Chart.render("read-only");
        assertThat(args(readOnly, "DaemonSet", "node-agent")).contains("--read-only");
        assertThat(args(readOnly, "Deployment", "cluster-monitor")).contains("--read-only");
        assertThat(added(readOnly.one("DaemonSet", "node-agent")))
                .containsExactlyInAnyOrder("BPF", "PERFMON", "NET_ADMIN", "SYS_PTRACE");

        var acting = Chart.render("default");
        assertThat(args(acting, "DaemonSet", "node-agent")).doesNotContain("--read-only");
        assertThat(args(acting, "Deployment", "cluster-monitor")).doesNotContain("--read-only");
        assertThat(added(acting.one("DaemonSet", "node-agent"))).contains("KILL", "SYS_NICE");
    }

    @Test
    void deleting_can_be_limited_to_namespaces() {
        var manifests = Chart.render("monitor-only");
        var bindings = Stream.of("RoleBinding", "ClusterRoleBinding")
                .flatMap(kind -> manifests.kind(kind).stream())
                .filter(binding -> binding.at("roleRef.name").getAsString().endsWith(":kill"))
                .toList();
        assertThat(bindings).extracting(Manifest::kind).containsOnly("RoleBinding");
        assertThat(bindings).extracting(Manifest::namespace).containsExactly("shop", "shop-test");
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void only_the_monitor_has_a_token(String valueSet) {
        var manifests = Chart.render(valueSet);
        assertThat(manifests.kind("ServiceAccount"))
                .isNotEmpty()
                .allSatisfy(account -> assertThat(
                                account.at("automountServiceAccountToken").getAsBoolean())
                        .isFalse());
        for (Manifest workload : manifests.workloads()) {
            boolean monitor = workload.component().equals("cluster-monitor");
            assertThat(workload.at("spec.template.spec.automountServiceAccountToken")
                            .getAsBoolean())
                    .as("%s", workload)
                    .isEqualTo(monitor);
            assertThat(workload.podSpec().get("serviceAccountName").getAsString())
                    .isNotEqualTo("default");
        }
        var bound = Stream.of("RoleBinding", "ClusterRoleBinding")
                .flatMap(kind -> manifests.kind(kind).stream())
                .flatMap(binding -> Manifests.objects(binding.json().getAsJsonArray("subjects")))
                .map(subject -> subject.get("name").getAsString())
                .collect(Collectors.toSet());
        assertThat(bound)
                .containsExactly(
                        manifests.one("ServiceAccount", "cluster-monitor").name());
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void secrets_come_as_files_and_never_as_environment_or_argument(String valueSet) {
        for (Container container : Chart.render(valueSet).containers()) {
            assertThat(container.json().has("envFrom")).as("%s", container).isFalse();
            assertThat(Manifests.objects(container.json().getAsJsonArray("env")))
                    .as("%s", container)
                    .allSatisfy(variable -> {
                        assertThat(variable.toString()).doesNotContain("secretKeyRef");
                        assertThat(variable.get("name").getAsString())
                                .isIn("NODE_NAME", "NODE_ADDRESS", "POD_NAME", "JDK_JAVA_OPTIONS");
                    });
            assertThat(container.args())
                    .as("%s", container)
                    .noneMatch(argument -> argument.startsWith("--registration-code="));
        }
        var agents = Chart.render(valueSet).containers().stream()
                .filter(container -> !container.workload().component().equals("server"))
                .toList();
        assertThat(agents).isNotEmpty().allSatisfy(container -> {
            assertThat(container.args()).contains("--registration-code-file=/etc/guardian/registration/code");
            assertThat(Manifests.objects(container.json().getAsJsonArray("volumeMounts")))
                    .anySatisfy(mount -> {
                        assertThat(mount.get("mountPath").getAsString()).isEqualTo("/etc/guardian/registration");
                        assertThat(mount.get("readOnly").getAsBoolean()).isTrue();
                    });
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void every_container_is_limited_and_confined(String valueSet) {
        assertThat(Chart.render(valueSet).containers()).isNotEmpty().allSatisfy(container -> {
            var resources = container.json().getAsJsonObject("resources");
            for (String part : List.of("requests", "limits")) {
                assertThat(resources.getAsJsonObject(part).keySet()).contains("cpu", "memory");
            }
            var security = container.json().getAsJsonObject("securityContext");
            assertThat(security.get("allowPrivilegeEscalation").getAsBoolean()).isFalse();
            assertThat(security.get("readOnlyRootFilesystem").getAsBoolean()).isTrue();
            assertThat(security.has("privileged") && security.get("privileged").getAsBoolean())
                    .isFalse();
            assertThat(texts(security.getAsJsonObject("capabilities"), "drop")).containsExactly("ALL");
            assertThat(container
                            .workload()
                            .at("spec.template.spec.securityContext.seccompProfile.type")
                            .getAsString())
                    .isNotEqualTo("Unconfined");
        });
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void server_and_monitor_fit_the_restricted_pod_security_standard(String valueSet) {
        var confined = Chart.render(valueSet).workloads().stream()
                .filter(workload -> !workload.component().equals("node-agent"))
                .toList();
        assertThat(confined).isNotEmpty().allSatisfy(workload -> {
            var pod = workload.podSpec();
            for (String shared : List.of("hostPID", "hostNetwork", "hostIPC")) {
                assertThat(pod.has(shared)).isFalse();
            }
            assertThat(workload.at("spec.template.spec.securityContext.runAsNonRoot")
                            .getAsBoolean())
                    .isTrue();
            assertThat(workload.at("spec.template.spec.securityContext.runAsUser")
                            .getAsInt())
                    .isPositive();
            assertThat(workload.at("spec.template.spec.securityContext.seccompProfile.type")
                            .getAsString())
                    .isEqualTo("RuntimeDefault");
            assertThat(Manifests.objects(pod.getAsJsonArray("volumes"))).noneMatch(volume -> volume.has("hostPath"));
            assertThat(added(workload)).isEmpty();
        });
    }

    @Test
    void the_node_agent_has_only_the_capabilities_and_folders_that_are_argued_for() {
        var agent = Chart.render("default").one("DaemonSet", "node-agent");
        assertThat(added(agent))
                .containsExactlyInAnyOrder("BPF", "PERFMON", "NET_ADMIN", "SYS_PTRACE", "KILL", "SYS_NICE");
        assertThat(agent.podSpec().get("hostPID").getAsBoolean()).isTrue();
        assertThat(agent.podSpec().has("hostNetwork")).isFalse();
        Map<String, Boolean> writable = new TreeMap<>();
        Manifests.objects(agent.podSpec().getAsJsonArray("volumes"))
                .filter(volume -> volume.has("hostPath"))
                .forEach(volume -> writable.put(
                        volume.getAsJsonObject("hostPath").get("path").getAsString(),
                        isWritable(agent, volume.get("name").getAsString())));
        assertThat(writable)
                .isEqualTo(Map.of(
                        "/sys/fs/bpf", true,
                        "/var/lib/guardian/agent", true,
                        "/sys/fs/cgroup", false,
                        "/etc/machine-id", false,
                        "/etc/os-release", false,
                        "/etc/passwd", false,
                        "/run/containerd", false,
                        "/var/lib/containerd/io.containerd.grpc.v1.cri", false));
    }

    @Test
    void the_apparmor_profile_is_given_in_the_way_of_the_kubernetes_version() {
        var older = Chart.render("default", "1.25.0").one("DaemonSet", "node-agent");
        assertThat(older.at("spec.template.metadata.annotations").toString())
                .contains("\"container.apparmor.security.beta.kubernetes.io/node-agent\":\"unconfined\"");
        assertThat(older.toString() + older.json()).doesNotContain("appArmorProfile");

        var newer = Chart.render("default", "1.33.0").one("DaemonSet", "node-agent");
        assertThat(newer.json().toString())
                .contains("\"appArmorProfile\":{\"type\":\"Unconfined\"}")
                .doesNotContain("apparmor.security.beta");
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void images_have_a_tag_or_a_digest(String valueSet) {
        assertThat(Chart.render(valueSet).containers())
                .isNotEmpty()
                .allSatisfy(
                        container -> assertThat(container.json().get("image").getAsString())
                                .matches(".+(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})")
                                .doesNotEndWith(":latest"));
    }

    @Test
    void every_component_has_a_network_policy_and_agents_may_only_ask_for_names_and_the_server() {
        var manifests = Chart.render("default");
        assertThat(manifests.kind("NetworkPolicy"))
                .extracting(Manifest::component)
                .containsExactlyInAnyOrder("server", "node-agent", "cluster-monitor");
        assertThat(manifests.kind("NetworkPolicy"))
                .allSatisfy(policy -> assertThat(texts(policy.at("spec").getAsJsonObject(), "policyTypes"))
                        .containsExactly("Ingress", "Egress"));

        var agent = manifests.one("NetworkPolicy", "node-agent").at("spec").getAsJsonObject();
        assertThat(agent.getAsJsonArray("ingress")).isEmpty();
        assertThat(Manifests.objects(agent.getAsJsonArray("egress")))
                .hasSize(2)
                .allSatisfy(rule -> assertThat(rule.getAsJsonArray("to")).hasSize(1));
        assertThat(ports(agent, "egress")).containsExactlyInAnyOrder(53, 53, 8480);

        var server = manifests.one("NetworkPolicy", "server").at("spec").getAsJsonObject();
        assertThat(server.getAsJsonArray("egress")).isEmpty();
        assertThat(ports(server, "ingress")).containsExactly(8480);
        assertThat(Manifests.objects(server.getAsJsonArray("ingress"))
                        .flatMap(rule -> Manifests.objects(rule.getAsJsonArray("from"))))
                .hasSize(2)
                .allSatisfy(peer -> assertThat(peer.keySet()).containsExactly("podSelector"));
    }

    @Test
    void a_server_elsewhere_is_reached_at_its_port() {
        var agent = Chart.render("external-server").one("NetworkPolicy", "node-agent");
        assertThat(ports(agent.at("spec").getAsJsonObject(), "egress")).contains(9443);
    }

    private static boolean isWritable(Manifest workload, String volume) {
        return Manifests.objects(workload.podSpec().getAsJsonArray("containers"))
                .flatMap(container -> Manifests.objects(container.getAsJsonArray("volumeMounts")))
                .filter(mount -> mount.get("name").getAsString().equals(volume))
                .anyMatch(mount ->
                        !mount.has("readOnly") || !mount.get("readOnly").getAsBoolean());
    }

    private static List<Integer> ports(JsonObject spec, String direction) {
        return Manifests.objects(spec.getAsJsonArray(direction))
                .flatMap(rule -> Manifests.objects(rule.getAsJsonArray("ports")))
                .map(port -> port.get("port").getAsInt())
                .toList();
    }

    private static List<String> args(Manifests manifests, String kind, String component) {
        var workload = manifests.one(kind, component);
        return manifests.containers().stream()
                .filter(container -> container.workload().equals(workload))
                .flatMap(container -> container.args().stream())
                .toList();
    }

    private static List<String> added(Manifest workload) {
        return Manifests.objects(workload.podSpec().getAsJsonArray("containers"))
                .flatMap(container ->
                        texts(container.getAsJsonObject("securityContext").getAsJsonObject("capabilities"), "add")
                                .stream())
                .toList();
    }

    private static List<JsonObject> rules(Manifest role) {
        return Manifests.objects(role.json().getAsJsonArray("rules")).toList();
    }

    private static Set<String> verbs(Manifests manifests) {
        return manifests.rules().stream()
                .flatMap(rule -> texts(rule, "verbs").stream())
                .collect(Collectors.toSet());
    }

    private static List<String> texts(JsonObject json, String field) {
        return Manifests.texts(json.getAsJsonArray(field));
    }
}
