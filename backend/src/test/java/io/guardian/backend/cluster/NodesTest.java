package io.guardian.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.backend.meta.RegisteredMachine;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodesTest {
    private static final String ID = "3d1219c7c4c5404aaa1f6d2a48adfda4";
    private static final String OTHER_ID = "00000000c4c5404aaa1f6d2a48adfda4";
    private static final String MACHINE = "mach:WhfD6bTSCB8";

    private final Nodes nodes = new Nodes();
    private final ClusterRecords records = new ClusterRecords("clus:njtxwtRabwE");

    private void told(String name, String machineId) {
        nodes.told(records.node(name, machineId, false), "");
    }

    private List<String> registered(String machineId, String hostname) {
        return nodes.registered(List.of(new RegisteredMachine(MACHINE, machineId, hostname)));
    }

    private String muid(String name) {
        return nodes.muid(records.nodeUid(name));
    }

    @Test
    void a_node_is_the_machine_with_its_id_whoever_comes_first() {
        told("early", ID);
        assertThat(muid("early")).isEmpty();
        assertThat(registered(ID, "any")).containsExactly(records.nodeUid("early"));
        assertThat(muid("early")).isEqualTo(MACHINE);
        assertThat(registered(ID, "any")).as("nothing new").isEmpty();

        told("late", OTHER_ID);
        nodes.registered(List.of(
                new RegisteredMachine(MACHINE, ID, "any"), new RegisteredMachine("mach:other", OTHER_ID, "any")));
        assertThat(muid("late")).isEqualTo("mach:other");
    }

    @Test
    void the_id_is_compared_without_regard_to_case() {
        told("a", ID.toUpperCase(java.util.Locale.ROOT));
        registered(ID, "a");
        assertThat(muid("a")).isEqualTo(MACHINE);
    }

    @Test
    void names_do_where_one_of_both_has_no_id() {
        told("no-id", "");
        registered(ID, "no-id");
        assertThat(muid("no-id")).isEqualTo(MACHINE);

        told("with-id", ID);
        registered("boot-3f", "with-id");
        assertThat(muid("with-id")).isEqualTo(MACHINE);
    }

    @Test
    void a_node_of_the_same_name_on_another_installation_is_not_the_machine() {
        told("worker-1", OTHER_ID);
        assertThat(registered(ID, "worker-1")).isEmpty();
        assertThat(muid("worker-1")).isEmpty();
    }

    @Test
    void an_agent_that_took_its_leave_is_no_machine_any_more() {
        told("worker-1", ID);
        registered(ID, "worker-1");
        assertThat(nodes.registered(List.of())).containsExactly(records.nodeUid("worker-1"));
        assertThat(muid("worker-1")).isEmpty();
        assertThat(nodes.registered(List.of())).as("nothing new").isEmpty();
    }

    @Test
    void a_link_by_name_outlives_a_second_agent_of_that_name() {
        told("worker-1", "");
        registered(ID, "worker-1");
        assertThat(nodes.registered(List.of(
                        new RegisteredMachine(MACHINE, ID, "worker-1"),
                        new RegisteredMachine("mach:other", OTHER_ID, "worker-1"))))
                .isEmpty();
        assertThat(muid("worker-1")).isEqualTo(MACHINE);
    }

    @Test
    void what_the_history_names_is_taken_back_by_the_first_look_after_a_start() {
        nodes.told(records.node("worker-1", ID, false), MACHINE);
        assertThat(nodes.registered(List.of())).containsExactly(records.nodeUid("worker-1"));
        assertThat(muid("worker-1")).isEmpty();
    }

    @Test
    void a_name_that_two_machines_have_names_none() {
        told("localhost", "");
        nodes.registered(List.of(
                new RegisteredMachine(MACHINE, ID, "localhost"),
                new RegisteredMachine("mach:other", OTHER_ID, "localhost")));
        assertThat(muid("localhost")).isEmpty();
    }

    @Test
    void of_clones_that_share_an_id_only_the_one_named_like_the_agent_is_the_machine() {
        told("clone-1", ID);
        told("clone-2", ID);
        registered(ID, "clone-2");
        assertThat(muid("clone-1")).isEmpty();
        assertThat(muid("clone-2")).isEqualTo(MACHINE);
    }

    @Test
    void a_link_stays_while_the_node_is_told_of_again_and_ends_with_another_installation() {
        told("a", ID);
        registered(ID, "a");
        told("a", ID);
        assertThat(muid("a")).isEqualTo(MACHINE);
        told("a", OTHER_ID);
        assertThat(muid("a")).isEmpty();
    }

    @Test
    void what_the_history_names_is_known_after_a_restart() {
        nodes.told(records.node("a", ID, false), MACHINE);
        assertThat(muid("a")).isEqualTo(MACHINE);
        assertThat(nodes.unstored()).isEmpty();
        nodes.registered(List.of(new RegisteredMachine("mach:new", ID, "a")));
        assertThat(nodes.unstored()).containsExactly(records.nodeUid("a"));
    }

    @Test
    void a_node_that_is_gone_is_forgotten() {
        told("a", ID);
        nodes.told(records.node("a", ID, true), "");
        assertThat(nodes.isKnown(records.nodeUid("a"))).isFalse();
        assertThat(nodes.isEmpty()).isTrue();
    }
}
