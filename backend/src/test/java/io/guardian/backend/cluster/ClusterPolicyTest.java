package io.guardian.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cluster policies over a whole server, with records as a monitor and node agents send them. */
class ClusterPolicyTest {
    static final String FLAG = "{\"default\":[{\"makeRedFlag\":{\"severity\":\"high\"}}],\"actions\":[]}";
    static final String KILL =
            "{\"default\":[{\"makeRedFlag\":{\"severity\":\"high\"}},{\"agentKillPod\":null}],\"actions\":[]}";
    static final String MONGO_IN_DEV =
            "{\"namespaceSelector\":{\"matchLabels\":{\"kubernetes.io/metadata.name\":\"dev\"}},\"verb\":\"allow\","
                    + "\"target\":\"container::image\",\"values\":[\"docker.io/library/mongo:latest\"]}";
    static final String MONGO = "docker.io/library/mongo:latest";
    static final String NGINX = "docker.io/library/nginx:latest";

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private ClusterServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private ClusterRecords records;

    @BeforeEach
    void start() throws Exception {
        server = new ClusterServer(directory.resolve("data"));
        records = new ClusterRecords(server.clusterUid);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<String> lines(String policy, int count) {
        return ClusterServer.eventually(() -> server.lines(policy), lines -> lines.size() >= count);
    }

    @Test
    void a_wrong_image_is_told_in_audit_mode_and_a_right_one_is_not() {
        String policy = server.policy("audit", KILL, MONGO_IN_DEV);
        server.monitor(
                records.namespace("dev"),
                records.pod("dev", "db-1", "db"),
                records.declared("dev", "db-1", "mongo", MONGO),
                records.pod("dev", "web-1", "web"),
                records.declared("dev", "web-1", "nginx", NGINX));
        String uid = records.containerUid("web-1", "nginx");
        assertThat(lines(policy, 3))
                .containsExactly(
                        "(audit mode): Container image \"" + NGINX
                                + "\" ns:\"dev\" cluster:\"demo-cluster\" deviated from policy \"demo-policy\".",
                        "(audit mode): Would have initiated \"makeRedFlag\" action for \"" + uid
                                + "\". Not initiated due to \"audit\" mode.",
                        "(audit mode): Would have initiated \"agentKillPod\" action for \"web-1\" pod. Not initiated"
                                + " due to \"audit\" mode.");
        assertThat(server.actions(server.monitor(), 0)).isEmpty();
        assertThat(server.source("_flag", "event_redflag")).isEmpty();
    }

    @Test
    void in_enforce_mode_the_pod_is_to_be_deleted_and_all_records_name_one_container() {
        String policy = server.policy("enforce", KILL, MONGO_IN_DEV);
        server.monitor(
                records.namespace("dev"),
                records.pod("dev", "web-1", "web"),
                records.declared("dev", "web-1", "nginx", NGINX));
        var action = server.actions(server.monitor(), 30).getFirst();
        String uid = records.containerUid("web-1", "nginx");
        assertThat(action.text("action_type")).isEqualTo("kill-pod");
        assertThat(action.text("object_uid")).isEqualTo(uid);
        assertThat(action.object("params").text("pod_uid")).isEqualTo(records.podKuid("web-1"));
        assertThat(action.object("params").text("namespace")).isEqualTo("dev");
        assertThat(action.object("params").text("owner_kind")).isEqualTo("ReplicaSet");
        server.finish(server.monitor(), action.text("action_uid"), "{\"result_code\":0}");
        assertThat(lines(policy, 4))
                .containsExactly(
                        "Container image \"" + NGINX
                                + "\" ns:\"dev\" cluster:\"demo-cluster\" deviated from policy \"demo-policy\".",
                        "Initiated \"makeRedFlag\" action for \"" + uid + "\".",
                        "Initiated \"agentKillPod\" action for \"web-1\" pod.",
                        "Completed \"agentKillPod\" action for \"web-1\" pod. Result: done.");
        var deviation = server.logs(policy, "event_deviation").getFirst();
        assertThat(deviation.text("ref")).isEqualTo(uid);
        assertThat(deviation.text("pod_kuid")).isEqualTo(records.podKuid("web-1"));
        assertThat(server.source("_flag", "event_redflag"))
                .singleElement()
                .satisfies(flag -> assertThat(flag.text("ref")).isEqualTo(uid));
        assertThat(server.logs(policy, "event_log"))
                .allSatisfy(line -> assertThat(line.text("ref")).isEqualTo(uid));
        assertThat(server.logs(policy, "event_log"))
                .extracting(line -> line.text("deviation_uid"))
                .containsOnly(deviation.text("id"));
    }

    @Test
    void a_deviation_says_which_rule_decided_and_what_would_allow_it() {
        String deny = "{\"verb\":\"deny\",\"target\":\"container::image\",\"values\":[\"docker.io/library/nginx:*\"]}";
        String policy = server.policy("audit", FLAG, MONGO_IN_DEV, deny);
        server.monitor(records.namespace("dev"), records.declared("dev", "web-1", "nginx", NGINX));
        lines(policy, 2);
        var deviation = server.logs(policy, "event_deviation").getFirst();
        assertThat(deviation.array("explanations").objects()).singleElement().satisfies(why -> {
            assertThat(why.text("pattern")).isEqualTo("docker.io/library/nginx:*");
            assertThat(why.text("ruleset")).isEqualTo("demo-rules");
        });
        var spec = deviation.object("deviation").object("spec");
        assertThat(spec.array("rules").objects().getFirst().array("values").strings())
                .containsExactly(NGINX);
        assertThat(deviation
                        .object("deviation")
                        .object("metadata")
                        .object("scopes")
                        .object("namespaceSelector")
                        .text("kubernetes.io/metadata.name"))
                .isEqualTo("dev");
    }

    @Test
    void two_denied_containers_of_a_pod_are_one_delete() {
        String policy = server.policy("enforce", KILL, MONGO_IN_DEV);
        server.monitor(
                records.namespace("dev"),
                records.pod("dev", "web-1", ""),
                records.declared("dev", "web-1", "nginx", NGINX),
                records.declared("dev", "web-1", "sidecar", NGINX + "2"));
        lines(policy, 5);
        assertThat(server.actions(server.monitor(), 0)).hasSize(1);
        assertThat(server.lines(policy))
                .filteredOn(line -> line.contains("agentKillPod"))
                .hasSize(1);
    }

    @Test
    void a_restart_judges_nothing_anew() throws Exception {
        String policy = server.policy("enforce", KILL, MONGO_IN_DEV);
        server.monitor(
                records.namespace("dev"),
                records.pod("dev", "web-1", ""),
                records.declared("dev", "web-1", "nginx", NGINX));
        var before = lines(policy, 3);
        server.close();
        server = new ClusterServer(directory.resolve("data"));
        assertThat(server.metric("guardian_cluster_containers")).isEqualTo(1);
        ClusterServer.eventually(() -> server.metric("guardian_container_verdicts_total"), made -> made >= 1);
        var again = records.declared("dev", "web-1", "nginx", NGINX).with("container_state", Json.of("running"));
        server.monitor(again);
        ClusterServer.eventually(
                () -> server.source("_poco", "model_container").getFirst().text("container_state"),
                state -> state.equals("running"));
        assertThat(server.lines(policy)).isEqualTo(before);
        assertThat(server.logs(policy, "event_deviation")).hasSize(1);
    }
}
