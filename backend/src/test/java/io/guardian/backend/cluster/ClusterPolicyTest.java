package io.guardian.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cluster policies over a whole server, with records as a monitor and node agents send them. */
class ClusterPolicyTest extends ClusterScene {
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
        server.finish(
                server.monitor(),
                action.text("action_uid"),
                "{\"result_code\":0,\"detail\":{\"text\":\"already gone\"}}");
        assertThat(lines(policy, 4))
                .containsExactly(
                        "Container image \"" + NGINX
                                + "\" ns:\"dev\" cluster:\"demo-cluster\" deviated from policy \"demo-policy\".",
                        "Initiated \"makeRedFlag\" action for \"" + uid + "\".",
                        "Initiated \"agentKillPod\" action for \"web-1\" pod.",
                        "Completed \"agentKillPod\" action for \"web-1\" pod. Result: already gone.");
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

    private void denyNginxInDev(String pod) {
        server.monitor(records.pod("dev", pod, ""), records.declared("dev", pod, "nginx", NGINX));
    }

    @Test
    void a_verdict_is_held_until_the_labels_of_the_namespace_come() {
        String prod = "{\"namespaceSelector\":{\"matchLabels\":{\"tier\":\"prod\"}},\"verb\":\"allow\","
                + "\"target\":\"container::image\",\"values\":[\"" + NGINX + "\"]}";
        String policy = server.policy("enforce", KILL, prod);
        server.monitor(records.declared("dev", "web-1", "nginx", NGINX).without("pod_namespace_labels"));
        ClusterServer.eventually(() -> server.metric("guardian_container_verdicts_unresolved"), held -> held == 1);
        assertThat(ClusterServer.object(server.adminGet("/org/{o}/analyticspolicy/" + policy + "/status"))
                        .number("unresolved")
                        .map(Json.Num::asInt))
                .contains(1);
        assertThat(server.lines(policy)).isEmpty();
        server.monitor(records.namespace("dev", "tier", "test"));
        assertThat(lines(policy, 3).getFirst()).contains("deviated from policy");
        assertThat(server.metric("guardian_container_verdicts_unresolved")).isZero();
    }

    @Test
    void labels_reach_agents_and_records_and_only_they_raise_the_revision() {
        var node = server.node("node-a");
        server.monitor(records.namespace("dev", "tier", "prod"), records.declared("dev", "web-1", "nginx", NGINX));
        var first = ClusterServer.eventually(
                () -> server.bundle(node, "none", 0),
                bundle -> bundle.object("namespaces").get("dev").isPresent());
        assertThat(first.object("namespaces").object("dev").text("tier")).isEqualTo("prod");
        assertThat(first.object("guards").array("namespaces").strings()).contains("kube-system");
        String etag = "\"" + first.number("revision").orElseThrow() + "\"";
        server.policy("audit", FLAG, MONGO_IN_DEV);
        server.monitor(records.namespace("dev", "tier", "prod"), records.pod("dev", "x", ""));
        assertThat(server.bundle(node, etag, 1)).isEqualTo(Json.Obj.EMPTY);
        server.monitor(records.namespace("dev", "tier", "test"));
        var second = server.bundle(node, etag, 30);
        assertThat(second.object("namespaces").object("dev").text("tier")).isEqualTo("test");
        ClusterServer.eventually(
                () -> server.source("_poco", "model_container").getFirst(),
                container ->
                        container.object("pod_namespace_labels").text("tier").equals("test"));
        server.monitor(records.namespace("dev", true));
        var third = server.bundle(node, "\"" + second.number("revision").orElseThrow() + "\"", 30);
        assertThat(third.object("namespaces")).isEqualTo(Json.Obj.EMPTY);
    }

    @Test
    void a_changed_ruleset_is_held_against_all_that_runs() {
        String policy = server.policy("audit", FLAG, MONGO_IN_DEV);
        server.monitor(records.namespace("dev"), records.declared("dev", "db-1", "mongo", MONGO));
        ClusterServer.eventually(() -> server.metric("guardian_container_verdicts_total"), made -> made >= 1);
        assertThat(server.lines(policy)).isEmpty();
        String other = MONGO_IN_DEV.replace(MONGO, NGINX);
        server.adminPut(
                "/org/{o}/analyticsruleset/",
                "{\"ruleset\":" + ClusterServer.ruleset(server.rulesetUid(), List.of(other)) + "}");
        assertThat(lines(policy, 2).getFirst()).contains(MONGO);
    }

    @Test
    void a_policy_that_is_switched_to_enforce_acts_on_what_runs() {
        String policy = server.policy("audit", KILL, MONGO_IN_DEV);
        denyNginxInDev("web-1");
        lines(policy, 3);
        server.adminPost("/org/{o}/analyticspolicy/" + policy + "/mode", "{\"mode\":\"enforce\"}");
        assertThat(server.actions(server.monitor(), 30)).hasSize(1);
        assertThat(lines(policy, 6))
                .hasSize(6)
                .last()
                .isEqualTo("Initiated \"agentKillPod\" action for \"web-1\" pod.");
    }

    @Test
    void an_action_that_an_enforcing_policy_gets_later_is_taken_on_what_runs_and_others_not_again() {
        String policy = server.policy("enforce", FLAG, MONGO_IN_DEV);
        denyNginxInDev("web-1");
        lines(policy, 2);
        server.adminPut(
                "/org/{o}/analyticspolicy/",
                "{\"policy\":"
                        + ClusterServer.policyDocument(
                                policy, "enforce", KILL, "{\"matchFields\":{\"name\":\"demo-cluster\"}}")
                        + "}");
        assertThat(server.actions(server.monitor(), 30)).hasSize(1);
        assertThat(lines(policy, 3))
                .hasSize(3)
                .filteredOn(line -> line.contains("makeRedFlag"))
                .hasSize(1);
    }

    @Test
    void a_disabled_or_deleted_policy_judges_nothing_and_another_cluster_is_none_of_its_business() {
        String policy =
                server.policy("audit", FLAG, "{\"matchFields\":{\"name\":\"other-cluster\"}}", List.of(MONGO_IN_DEV));
        denyNginxInDev("web-1");
        server.adminPut(
                "/org/{o}/analyticspolicy/",
                "{\"policy\":"
                        + ClusterServer.policyDocument(
                                policy, "audit", FLAG, "{\"matchFields\":{\"name\":\"demo-cluster\"}}")
                        + "}");
        lines(policy, 2);
        assertThat(server.lines(policy)).hasSize(2);
        server.adminPost("/org/{o}/analyticspolicy/" + policy + "/enabled", "{\"enabled\":false}");
        denyNginxInDev("web-2");
        ClusterServer.eventually(() -> server.source("_poco", "model_container"), found -> found.size() == 2);
        assertThat(server.lines(policy)).hasSize(2);
        server.adminDelete("/org/{o}/analyticspolicy/" + policy);
        assertThat(server.lines(policy)).hasSize(2);
    }

    @Test
    void of_a_tag_that_moved_a_rule_on_the_digest_tells_the_images_apart_and_one_on_the_name_does_not() {
        var node = server.node("node-a");
        String byId =
                "{\"verb\":\"allow\",\"target\":\"container::imageID\",\"values\":[\"sha256:" + "c".repeat(64) + "\"]}";
        String byName = "{\"verb\":\"allow\",\"target\":\"container::image\",\"values\":[\"" + NGINX + "\"]}";
        String policy = server.policy("audit", FLAG, byId, byName);
        server.monitor(
                records.namespace("dev"),
                records.declared("dev", "web-1", "nginx", NGINX),
                records.declared("dev", "web-2", "nginx", NGINX));
        ClusterServer.eventually(() -> server.metric("guardian_container_verdicts_unresolved"), held -> held == 2);
        server.deliver(node, List.of(records.runtime(node, "dev", "web-1", "nginx", NGINX, false)));
        ClusterServer.eventually(() -> server.metric("guardian_container_verdicts_unresolved"), held -> held == 1);
        assertThat(server.lines(policy)).isEmpty();
        server.deliver(
                node,
                List.of(records.runtime(node, "dev", "web-2", "nginx", NGINX, false)
                        .with("image_id", Json.of("sha256:" + "e".repeat(64)))));
        lines(policy, 2);
        var deviation = server.logs(policy, "event_deviation").getFirst();
        assertThat(deviation.text("ref")).isEqualTo(records.containerUid("web-2", "nginx"));
        assertThat(deviation.array("explanations").objects())
                .singleElement()
                .satisfies(why -> assertThat(why.text("target")).isEqualTo("container::imageID"));
    }

    @Test
    void the_digest_of_a_manifest_will_do_where_no_agent_tells_that_of_the_configuration() {
        String byManifest =
                "{\"verb\":\"allow\",\"target\":\"container::imageID\",\"values\":[\"sha256:" + "d".repeat(64) + "\"]}";
        server.policy("audit", FLAG, byManifest);
        server.monitor(records.declared("dev", "web-1", "nginx", NGINX)
                .with("image_repo_digests", Json.strings(List.of("nginx@sha256:" + "d".repeat(64)))));
        ClusterServer.eventually(() -> server.metric("guardian_container_verdicts_total"), made -> made >= 1);
        assertThat(server.metric("guardian_container_verdicts_unresolved")).isZero();
        assertThat(server.metric("guardian_containers_denied_total")).isZero();
    }

    @Test
    void init_and_ephemeral_containers_count_and_sandboxes_do_not() {
        var node = server.node("node-a");
        String policy = server.policy("audit", FLAG, MONGO_IN_DEV);
        server.monitor(
                records.declared("dev", "web-1", "setup", NGINX).with("container_kind", Json.of("init")),
                records.declared("dev", "web-1", "debug", NGINX).with("container_kind", Json.of("ephemeral")));
        lines(policy, 4);
        server.deliver(
                node,
                List.of(records.runtime(node, "dev", "web-1", "pause", "registry.k8s.io/pause:3.9", false)
                        .with("sandbox", Json.of(true))));
        ClusterServer.eventually(() -> server.source("_poco", "model_container"), found -> found.size() == 3);
        assertThat(server.logs(policy, "event_deviation")).hasSize(2);
    }

    @Test
    void nobody_speaks_for_a_cluster_but_its_own_agents() {
        String policy = server.policy("enforce", KILL, MONGO_IN_DEV);
        var stranger = server.register("cluster-monitor", "m2", "other", "kuid-2", List.of("kill-pod"));
        var agent = new ClusterServer.Agent(stranger.text("token"), stranger.text("agent_uid"), stranger.text("muid"));
        server.deliver(agent, List.of(records.namespace("dev"), records.declared("dev", "web-1", "nginx", NGINX)));
        var node = server.node("node-a");
        server.deliver(node, List.of(records.namespace("dev", "tier", "forged")));
        ClusterServer.eventually(() -> server.metric("guardian_cluster_foreign_total"), count -> count == 3);
        assertThat(server.source("", "model_")).isEmpty();
        assertThat(server.lines(policy)).isEmpty();
        assertThat(stranger.text("cluster_uid")).isNotEqualTo(server.clusterUid);
    }

    @Test
    void a_cluster_known_by_its_name_gets_its_uid_from_its_monitor() {
        var node = server.register("node", "early", "late-cluster", "", List.of());
        var monitor = server.register("cluster-monitor", "m3", "late-cluster", "kuid-3", List.of());
        assertThat(monitor.text("cluster_uid")).isEqualTo(node.text("cluster_uid"));
        assertThat(server.adminGet("/org/{o}/cluster/").body()).contains("\"cluster_uid\":\"kuid-3\"");
        var renamed = server.register("cluster-monitor", "m3", "renamed", "kuid-3", List.of());
        assertThat(renamed.text("cluster_uid")).isEqualTo(node.text("cluster_uid"));
        assertThat(server.adminGet("/org/{o}/cluster/").body()).contains("\"name\":\"renamed\"");
    }
}
