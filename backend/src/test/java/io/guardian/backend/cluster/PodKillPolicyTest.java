package io.guardian.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which pods cluster policies in enforce mode have deleted, and which are guarded, over a whole server. */
class PodKillPolicyTest extends ClusterScene {
    private void denyNginxInDev(String pod) {
        server.monitor(records.pod("dev", pod, ""), records.declared("dev", pod, "nginx", NGINX));
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
    void protected_namespaces_are_guarded_in_a_line_and_an_action() {
        String anywhere = "{\"verb\":\"allow\",\"target\":\"container::image\",\"values\":[\"" + MONGO + "\"]}";
        String policy = server.policy("enforce", KILL, anywhere);
        server.monitor(records.pod("kube-system", "dns-1", ""), records.declared("kube-system", "dns-1", "dns", NGINX));
        assertThat(lines(policy, 3))
                .last()
                .isEqualTo("Failed \"agentKillPod\" action for \"dns-1\" pod. Result: guarded: namespace"
                        + " `kube-system` is protected.");
        assertThat(server.actions(server.monitor(), 0)).isEmpty();
        var status = ClusterServer.object(server.adminGet("/org/{o}/agent_action_status"))
                .array("action_statuses")
                .objects()
                .getFirst();
        assertThat(status.text("state")).isEqualTo("completed");
        assertThat(status.object("error").text("reason")).isEqualTo("guarded");
        var audit = ClusterServer.eventually(
                () -> ClusterServer.object(server.adminGet("/org/{o}/audit/?operation_equals=agent.killPod"))
                        .array("audit_events")
                        .objects(),
                entries -> !entries.isEmpty());
        assertThat(audit).singleElement().satisfies(entry -> {
            assertThat(entry.text("result")).isEqualTo("denied");
            assertThat(entry.text("principal")).isEqualTo(policy);
            assertThat(entry.text("reason")).contains("demo-policy");
        });
    }

    @Test
    void a_read_only_monitor_is_not_asked_and_the_log_says_so() throws Exception {
        server.close();
        server = new ClusterServer(directory.resolve("read-only"), List.of());
        records = new ClusterRecords(server.clusterUid);
        String policy = server.policy("enforce", KILL, MONGO_IN_DEV);
        denyNginxInDev("web-1");
        assertThat(lines(policy, 3))
                .last()
                .isEqualTo("Failed \"agentKillPod\" action for \"web-1\" pod. Result: the cluster monitor of cluster"
                        + " `demo-cluster` is read-only, it may not delete pods.");
    }

    @Test
    void no_more_than_so_many_pods_a_minute_are_deleted() throws Exception {
        server.close();
        server = new ClusterServer(directory.resolve("limited"), "--kills-a-minute", "3");
        records = new ClusterRecords(server.clusterUid);
        String policy = server.policy("enforce", KILL, MONGO_IN_DEV);
        for (int i = 0; i < 5; i++) {
            denyNginxInDev("web-" + i);
        }
        var lines = lines(policy, 15);
        assertThat(lines)
                .filteredOn(line -> line.startsWith("Initiated \"agentKillPod\""))
                .hasSize(3);
        assertThat(lines)
                .filteredOn(line -> line.endsWith("Result: guarded: more than 3 a minute."))
                .hasSize(2);
        assertThat(server.actions(server.monitor(), 0)).hasSize(3);
    }

    @Test
    void a_controller_that_makes_denied_pods_anew_is_waited_for_and_told_of() {
        String policy = server.policy("enforce", KILL, MONGO_IN_DEV);
        for (int i = 0; i < 4; i++) {
            server.monitor(records.pod("dev", "web-" + i, "web"), records.declared("dev", "web-" + i, "nginx", NGINX));
            int rounds = i + 1;
            lines(policy, 3 * rounds);
        }
        assertThat(server.lines(policy))
                .filteredOn(line -> line.startsWith("Initiated \"agentKillPod\""))
                .hasSize(3);
        assertThat(server.lines(policy))
                .filteredOn(line -> line.startsWith("Failed \"agentKillPod\" action for \"web-3\" pod. Result: guarded:"
                        + " Deployment web made pods anew 3 times, the next is deleted at "))
                .hasSize(1);
        assertThat(server.source("_flag", "event_opsflag")).singleElement().satisfies(flag -> {
            assertThat(flag.text("severity")).isEqualTo("critical");
            assertThat(flag.text("description")).contains("Deployment web");
        });
        // The wait is over after ten seconds: then it is deleted after all.
        assertThat(lines(policy, 13)).last().isEqualTo("Initiated \"agentKillPod\" action for \"web-3\" pod.");
    }

    @Test
    void kills_can_be_limited_to_a_namespace() {
        String scoped = "{\"default\":[{\"makeRedFlag\":{\"severity\":\"high\"}}],\"actions\":[{\"agentKillPod\":"
                + "{\"namespaceSelector\":{\"matchLabels\":{\"kubernetes.io/metadata.name\":\"prod\"}}}}]}";
        String policy = server.policy("enforce", scoped, MONGO_IN_DEV);
        server.monitor(
                records.pod("dev", "web-1", ""),
                records.declared("dev", "web-1", "nginx", NGINX),
                records.pod("prod", "web-2", ""),
                records.declared("prod", "web-2", "nginx", NGINX));
        lines(policy, 5);
        assertThat(server.actions(server.monitor(), 30))
                .extracting(action -> action.object("params").text("pod_name"))
                .containsExactly("web-2");
    }

    @Test
    void a_dry_run_says_how_many_pods_would_be_deleted() {
        server.monitor(
                records.namespace("dev"),
                records.declared("dev", "web-1", "nginx", NGINX),
                records.declared("dev", "web-1", "sidecar", NGINX),
                records.declared("dev", "db-1", "mongo", MONGO),
                records.declared("kube-system", "dns-1", "dns", NGINX));
        ClusterServer.eventually(() -> server.source("_poco", "model_container"), found -> found.size() == 4);
        server.policy("audit", FLAG, MONGO_IN_DEV);
        var answer = ClusterServer.object(server.adminPost(
                "/org/{o}/analyticspolicy/?dry_run=true",
                "{\"policy\":"
                        + ClusterServer.policyDocument(
                                "", "enforce", KILL, "{\"matchFields\":{\"name\":\"demo-cluster\"}}")
                        + "}"));
        assertThat(answer.object("would_hit").toText()).isEqualTo("{\"agentKillPod\":1}");
        assertThat(answer.number("in_scope").map(Json.Num::asInt)).contains(4);
    }
}
