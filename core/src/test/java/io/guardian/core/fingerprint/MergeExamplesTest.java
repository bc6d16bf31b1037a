package io.guardian.core.fingerprint;

import static io.guardian.core.testing.Sample.egress;
import static io.guardian.core.testing.Sample.entry;
import static io.guardian.core.testing.Sample.listening;
import static io.guardian.core.testing.Sample.node;
import static io.guardian.core.testing.Sample.policy;
import static io.guardian.core.testing.Sample.port;
import static io.guardian.core.testing.Sample.processes;
import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.Patch;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.WorkloadPolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MergeExamplesTest {

    private static Merge.Result merge(WorkloadPolicy base, Behaviour incoming) {
        var source = new Source(
                PolicyType.CONTAINER, "cart", base.selectors(), Switches.NONE, incoming, Map.of(), false, false, 0);
        return Merge.merge(base, List.of(new Merge.Incoming.Document(source)), false);
    }

    @Test
    void children_that_inherited_their_users_do_not_get_a_new_one_of_their_parent() {
        var base = policy(processes(node("a_0", "a", "/bin/a", "app", node("b_0", "b", "/bin/b", ""))));
        var merged = merge(base, processes(node("x", "a", "/bin/a", "root")));
        assertThat(merged.policy().behaviour().processes())
                .containsExactly(node("a_0", "a", "/bin/a", "app,root", node("b_0", "b", "/bin/b", "app")));
    }

    @Test
    void a_new_node_keeps_its_id_or_has_its_number_raised_until_it_is_free() {
        var base = policy(processes(node("sh_0", "sh", "/bin/dash", "root"), node("sh_1", "sh", "/bin/zsh", "root")));
        var merged =
                merge(base, processes(node("sh_0", "sh", "/bin/bash", "root"), node("nc_0", "nc", "/bin/nc", "root")));
        assertThat(merged.policy().behaviour().nodes().map(node -> node.id()))
                .containsExactly("sh_0", "sh_1", "sh_2", "nc_0");
    }

    @Test
    void another_path_of_a_known_binary_joins_its_node_and_patterns_stay_as_they_are() {
        var base = policy(processes(node("s_0", "s*", "/bin/sh", "*")));
        var merged = merge(base, processes(node("x", "sh", "/usr/bin/sh", "www")));
        assertThat(merged.policy().behaviour().processes())
                .containsExactly(node("s_0", "s*", "/bin/sh,/usr/bin/sh", "*"));
    }

    @Test
    void peers_processes_and_ports_go_where_the_other_two_are_equal() {
        var processes = processes(node("a_0", "a", "/bin/a", "root"), node("b_0", "b", "/bin/b", "root"));
        var base = policy(egress(processes, entry("10.0.0.1", "a_0", "443"), entry("10.0.0.0/24", "a_0", "80")));
        assertThat(merge(base, egress(processes, entry("10.0.0.9", "a_0", "443")))
                        .policy()
                        .behaviour()
                        .egress())
                .containsExactly(entry("10.0.0.1,10.0.0.9", "a_0", "443"), entry("10.0.0.0/24", "a_0", "80"));
        assertThat(merge(base, egress(processes, entry("10.0.0.1", "b_0", "443")))
                        .policy()
                        .behaviour()
                        .egress())
                .containsExactly(entry("10.0.0.1", "a_0,b_0", "443"), entry("10.0.0.0/24", "a_0", "80"));
        assertThat(merge(base, egress(processes, entry("10.0.0.1", "a_0", "8443")))
                        .policy()
                        .behaviour()
                        .egress())
                .containsExactly(entry("10.0.0.1", "a_0", "443,8443"), entry("10.0.0.0/24", "a_0", "80"));
        assertThat(merge(base, egress(processes, entry("10.0.0.9", "b_0", "1")))
                        .policy()
                        .behaviour()
                        .egress())
                .hasSize(3)
                .last()
                .isEqualTo(entry("10.0.0.9", "b_0", "1"));
        assertThat(merge(base, egress(processes, entry("10.0.0.7", "a_0", "80")))
                        .changed())
                .isFalse();
    }

    @Test
    void sockets_that_are_not_listed_stay_open_and_listed_ones_grow() {
        var open = policy(processes(node("a_0", "a", "/bin/a", "root")));
        var listed = policy(processes(listening(node("a_0", "a", "/bin/a", "root"), port("80-90"))));
        var incoming = processes(listening(node("a_0", "a", "/bin/a", "root"), port("85"), port("443")));
        assertThat(merge(open, incoming).changed()).isFalse();
        assertThat(merge(listed, incoming).policy().behaviour().processes())
                .containsExactly(listening(node("a_0", "a", "/bin/a", "root"), port("80-90"), port("443")));
    }

    @Test
    void deviations_of_another_policy_or_below_a_node_that_is_gone_are_skipped_and_said_so() {
        var base = policy(processes(node("a_0", "a", "/bin/a", "root")));
        var gone = new Patch(
                List.of(new Patch.Item.Below("old_0", List.of(node("nc_0", "nc", "/bin/nc", "root")))),
                List.of(),
                List.of());
        var result = Merge.merge(
                base,
                List.of(
                        new Merge.Incoming.Deviation("dev:1", base.uid(), gone),
                        new Merge.Incoming.Deviation("dev:2", "pol:other", gone)),
                false);
        assertThat(result.changed()).isFalse();
        assertThat(result.notices())
                .containsExactly(
                        "skipped `dev:1`: the policy has no node `old_0` any more",
                        "skipped deviation `dev:2`: it is of policy `pol:other`");
        assertThat(new Relevance(base).isRelevant(gone)).isFalse();
    }

    @Test
    void what_the_target_switches_off_is_not_merged_in() {
        var off = new Switches(true, Switches.Directions.EGRESS, Switches.Directions.NONE, Switches.Directions.NONE);
        var base = policy(processes(), off);
        var incoming = egress(processes(node("a_0", "a", "/bin/a", "root")), entry("10.0.0.1", "a_0", "443"));
        assertThat(merge(base, incoming).changed()).isFalse();
    }

    @Test
    void a_difference_names_what_is_new_changed_and_gone() {
        var before = egress(
                processes(node("a_0", "a", "/bin/a", "root"), node("b_0", "b", "/bin/b", "root")),
                entry("10.0.0.1", "a_0", "443,80"));
        var after = egress(
                processes(node("a_0", "a", "/bin/a", "root,www", node("c_0", "c", "/bin/c", ""))),
                entry("10.0.0.1,10.0.0.2", "a_0", "443,80"));
        var diff = Diff.of(before, after);
        assertThat(diff.nodes().stream().map(change -> change.mark() + " " + String.join("/", change.path())))
                .containsExactly("changed a_0", "added a_0/c_0", "removed b_0");
        assertThat(diff.entries().stream().map(Diff.EntryChange::mark))
                .containsExactly(Diff.Mark.CHANGED, Diff.Mark.CHANGED);
        assertThat(Diff.of(before, before).isEmpty()).isTrue();
    }
}
