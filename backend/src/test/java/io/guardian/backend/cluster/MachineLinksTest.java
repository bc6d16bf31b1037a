package io.guardian.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.text.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes, pods and containers get the machine of the node, over a whole server. */
class MachineLinksTest extends ClusterScene {
    private static final String ID = "3d1219c7c4c5404aaa1f6d2a48adfda4";
    private static final String IMAGE = "docker.io/library/nginx:latest";

    private void podOnNode() {
        server.monitor(records.podOn("node-a", "dev", "web-1"), records.declared("dev", "web-1", "nginx", IMAGE));
    }

    private Json.Obj newest(String schema) {
        server.awaitApplied();
        return server.source(schema.equals("model_k8s_node") ? "_base" : "_poco", schema)
                .getFirst();
    }

    private void assertLinked(String muid) {
        for (String schema : List.of("model_k8s_node", "model_k8s_pod", "model_container")) {
            ClusterServer.eventually(
                    () -> newest(schema), record -> record.text("muid").equals(muid));
        }
    }

    @Test
    void an_agent_that_registered_before_the_node_was_told_of_is_found() {
        var agent = server.node(ID, "node-a");
        server.monitor(records.node("node-a", ID, false));
        podOnNode();
        assertLinked(agent.muid());
    }

    @Test
    void an_agent_that_registers_after_all_is_there_is_written_into_what_is_stored() {
        server.monitor(records.node("node-a", ID, false));
        podOnNode();
        assertThat(newest("model_k8s_node").text("muid")).isEmpty();
        assertThat(newest("model_k8s_pod").text("muid")).isEmpty();
        assertThat(newest("model_container").text("muid")).isEmpty();
        var agent = server.node(ID, "node-a");
        assertLinked(agent.muid());
        assertThat(server.source("_poco", "model_k8s_pod"))
                .as("the record is the same in a newer version")
                .hasSize(1);
    }

    @Test
    void a_pod_may_come_before_its_node_and_its_containers_after_the_machine() {
        var agent = server.node(ID, "node-a");
        server.monitor(records.podOn("node-a", "dev", "web-1"));
        server.awaitApplied();
        server.monitor(records.node("node-a", ID, false));
        ClusterServer.eventually(
                () -> newest("model_k8s_pod"), record -> record.text("muid").equals(agent.muid()));
        server.monitor(records.declared("dev", "web-1", "nginx", IMAGE));
        assertLinked(agent.muid());
    }

    @Test
    void later_words_of_the_monitor_keep_the_machine_to_the_end() {
        var agent = server.node(ID, "node-a");
        server.monitor(records.node("node-a", ID, false));
        podOnNode();
        assertLinked(agent.muid());
        server.monitor(records.node("node-a", ID, true));
        // The node is gone, and the monitor links its pods to it no more.
        server.monitor(records.podOn("node-a", "dev", "web-1").without("node_uid"));
        server.monitor(
                records.podOn("node-a", "dev", "web-1").without("node_uid").with("status", Json.of("closed")));
        var closed = ClusterServer.eventually(
                () -> newest("model_k8s_pod"), record -> record.text("status").equals("closed"));
        assertThat(closed.text("muid")).isEqualTo(agent.muid());
        var node = ClusterServer.eventually(
                () -> newest("model_k8s_node"), record -> record.text("status").equals("closed"));
        assertThat(node.text("muid")).isEqualTo(agent.muid());
    }

    @Test
    void a_restart_knows_the_links_and_finds_those_that_were_made_meanwhile() throws Exception {
        server.monitor(records.node("node-a", ID, false));
        podOnNode();
        server.awaitApplied();
        var agent = server.node(ID, "node-a");
        server.close();
        server = new ClusterServer(directory.resolve("data"));
        assertLinked(agent.muid());
    }

    @Test
    void the_machine_of_an_agent_that_takes_its_leave_is_taken_back_and_given_again_when_it_returns() {
        var agent = server.node(ID, "node-a");
        server.monitor(records.node("node-a", ID, false));
        podOnNode();
        assertLinked(agent.muid());
        server.deregister(agent);
        assertLinked("");
        assertLinked(server.node(ID, "node-a").muid());
    }

    @Test
    void a_restart_takes_back_what_ended_meanwhile() throws Exception {
        var agent = server.node(ID, "node-a");
        server.monitor(records.node("node-a", ID, false));
        podOnNode();
        assertLinked(agent.muid());
        server.deregister(agent);
        server.close();
        server = new ClusterServer(directory.resolve("data"));
        assertLinked("");
    }

    @Test
    void a_monitor_that_claims_its_own_machine_for_a_node_is_not_believed_and_another_is_refused() {
        var own = server.monitor().muid();
        server.monitor(records.node("node-a", ID, false).with("muid", Json.of(own)));
        assertThat(newest("model_k8s_node").text("muid")).isEmpty();
        var agent = server.node(ID, "node-a");
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> server.monitor(records.node("node-a", ID, false).with("muid", Json.of(agent.muid()))))
                .hasMessageContaining("`muid` names another machine than the agent's");
    }

    @Test
    void an_agent_of_another_cluster_is_not_the_machine_of_this_ones_node() {
        server.register("node", ID, "node-a", "another", "", List.of());
        server.monitor(records.node("node-a", ID, false));
        podOnNode();
        server.policy("audit", FLAG, MONGO_IN_DEV);
        assertThat(newest("model_k8s_node").text("muid")).isEmpty();
        assertThat(newest("model_k8s_pod").text("muid")).isEmpty();
    }

    @Test
    void a_machine_that_runs_the_container_is_believed_over_the_link_of_its_node() {
        server.monitor(records.node("node-a", ID, false));
        podOnNode();
        var agent = server.node(ID, "node-a");
        assertLinked(agent.muid());
        var other = server.node("another-machine", "another-machine");
        server.deliver(other, List.of(records.runtime(other, "dev", "web-1", "nginx", IMAGE, false)));
        ClusterServer.eventually(
                () -> newest("model_container"), record -> record.text("muid").equals(other.muid()));
    }
}
