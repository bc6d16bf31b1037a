package io.guardian.core.fingerprint;

import static io.guardian.core.testing.Sample.egress;
import static io.guardian.core.testing.Sample.entry;
import static io.guardian.core.testing.Sample.listening;
import static io.guardian.core.testing.Sample.node;
import static io.guardian.core.testing.Sample.port;
import static io.guardian.core.testing.Sample.processes;
import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.net.Direction;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.Switches.Directions;
import io.guardian.core.testing.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinExamplesTest {

    private static Behaviour join(Behaviour... behaviours) {
        return Join.join(List.of(behaviours));
    }

    private static List<NetworkEntry> egressOf(NetworkEntry... entries) {
        return join(egress(processes(node("a_0", "a", "/bin/a", "root"), node("b_0", "b", "/bin/b", "root")), entries))
                .egress();
    }

    @Test
    void paths_of_one_binary_and_users_are_united_and_the_rest_is_kept_apart() {
        var a = processes(node("sh_0", "sh", "/bin/sh", "root", node("curl_0", "curl", "/usr/bin/curl", "")));
        var b = processes(node(
                "sh_0",
                "sh",
                "/usr/bin/sh",
                "root",
                node("curl_0", "curl", "/usr/bin/curl", "www"),
                node("id_0", "id", "/usr/bin/id", "")));
        assertThat(join(a, b).processes())
                .containsExactly(node(
                        "sh_0",
                        "sh",
                        "/bin/sh,/usr/bin/sh",
                        "root",
                        node("curl_0", "curl", "/usr/bin/curl", "root,www"),
                        node("id_0", "id", "/usr/bin/id", "")));
    }

    @Test
    void one_name_with_two_binaries_stays_two_nodes() {
        var joined =
                join(processes(node("x", "sh", "/bin/dash", "root")), processes(node("x", "sh", "/bin/bash", "root")));
        assertThat(joined.processes())
                .containsExactly(node("sh_0", "sh", "/bin/bash", "root"), node("sh_1", "sh", "/bin/dash", "root"));
    }

    @Test
    void links_between_siblings_are_taken_transitively() {
        var joined = join(
                processes(node("x", "sh", "/bin/dash", "root")),
                processes(node("x", "sh", "/bin/bash", "www")),
                processes(node("x", "sh", "/usr/bin/dash,/usr/bin/bash", "root")));
        assertThat(joined.processes())
                .containsExactly(node("sh_0", "sh", "/bin/bash,/bin/dash,/usr/bin/bash,/usr/bin/dash", "root,www"));
    }

    @Test
    void sockets_that_one_input_leaves_open_stay_open() {
        var open = node("a_0", "a", "/bin/a", "root");
        var listed = listening(open, port("80"), port("8000-8010"), port("8001"));
        assertThat(join(processes(open), processes(listed)).processes()).containsExactly(open);
        assertThat(join(processes(listed), processes(listed)).processes())
                .containsExactly(listening(open, port("80"), port("8000-8010")));
    }

    @Test
    void nobody_is_given_the_peers_of_another() {
        assertThat(egressOf(entry("10.9.0.1", "a_0", "443"), entry("10.9.0.1,10.9.0.2", "b_0", "443")))
                .containsExactly(entry("10.9.0.1", "a_0,b_0", "443"), entry("10.9.0.2", "b_0", "443"));
    }

    @Test
    void entries_that_differ_only_in_the_port_are_one() {
        assertThat(egressOf(entry("10.9.0.1", "a_0", "443"), entry("10.9.0.1", "a_0", "U53,80")))
                .containsExactly(entry("10.9.0.1", "a_0", "80,443,U53"));
    }

    @Test
    void what_a_wider_atom_covers_is_left_out_and_neighbours_are_not_aggregated() {
        assertThat(egressOf(
                        entry("10.9.0.0/31", "", "1-1000"),
                        entry("10.9.0.1", "a_0", "443"),
                        entry("10.9.0.2,10.9.0.3", "a_0", "443"),
                        entry("*.example.net,a.example.net", "a_0", "443")))
                .containsExactly(
                        entry("*.example.net,10.9.0.2,10.9.0.3", "a_0", "443"), entry("10.9.0.0/31", "", "1-1000"));
    }

    @Test
    void peers_are_names_then_ipv4_then_ipv6_ascending() {
        assertThat(egressOf(entry("2001:db8::1,b.test,10.0.0.2,a.test,9.0.0.1", "", "443")))
                .containsExactly(entry("a.test,b.test,9.0.0.1,10.0.0.2,2001:db8::1", "", "443"));
    }

    @Test
    void ids_count_per_name_in_document_order_and_entries_follow_them() {
        var input = egress(
                processes(
                        node("z", "sh", "/z/sh2", "root"),
                        node("q", "b", "/bin/b", "root", node("r", "sh", "/bin/sh", ""))),
                entry("10.0.0.1", "z,r", "1"));
        var joined = join(input);
        assertThat(joined.nodes().map(each -> each.id())).containsExactly("b_0", "sh_0", "sh_1");
        assertThat(joined.egress()).containsExactly(entry("10.0.0.1", "sh_0,sh_1", "1"));
    }

    @Test
    void a_switch_empties_what_it_switches_off() {
        var input = egress(
                processes(node("a_0", "a", "/bin/a", "root")),
                entry("10.0.0.1,8.8.8.8,0.0.0.0/0,db.local,api.test", "a_0", "443"));
        assertThat(Switched.apply(switches(Directions.EGRESS, Directions.NONE, Directions.NONE), input)
                        .egress())
                .isEmpty();
        assertThat(Switched.apply(switches(Directions.NONE, Directions.ALL, Directions.NONE), input)
                        .egress())
                .containsExactly(entry("8.8.8.8,0.0.0.0/0,api.test", "a_0", "443"));
        assertThat(Switched.apply(switches(Directions.NONE, Directions.INGRESS, Directions.EGRESS), input)
                        .egress())
                .containsExactly(entry("10.0.0.1,0.0.0.0/0,db.local", "a_0", "443"));
        var noProcesses = new Switches(true, Directions.NONE, Directions.NONE, Directions.NONE);
        assertThat(Switched.apply(noProcesses, input).processes()).isEmpty();
        assertThat(Switched.apply(noProcesses, input)
                        .entries(Direction.EGRESS)
                        .getFirst()
                        .processes())
                .isEmpty();
        assertThat(Sample.policy(input, noProcesses).switches().processes()).isTrue();
    }

    private static Switches switches(Directions all, Directions ofPrivate, Directions ofPublic) {
        return new Switches(false, all, ofPrivate, ofPublic);
    }
}
