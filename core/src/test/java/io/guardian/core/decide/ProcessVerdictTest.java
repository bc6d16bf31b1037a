package io.guardian.core.decide;

import static io.guardian.core.testing.Sample.listening;
import static io.guardian.core.testing.Sample.node;
import static io.guardian.core.testing.Sample.policy;
import static io.guardian.core.testing.Sample.port;
import static io.guardian.core.testing.Sample.processes;
import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.net.Protocol;
import io.guardian.core.policy.Switches;
import org.junit.jupiter.api.Test;

class ProcessVerdictTest {
    private final CompiledPolicy cart = CompiledPolicy.compile(policy(processes(node(
            "cartd_0",
            "cartd",
            "/opt/shop/cartd",
            "shop",
            node("sh_0", "sh", "/usr/bin/dash", "", node("date_0", "date", "/usr/bin/date", ""))))));
    private final NodeSet cartd = cart.root("cartd", "/opt/shop/cartd", "shop");
    private final NodeSet shell = cart.child(cartd, "sh", "/usr/bin/dash", "shop");

    @Test
    void a_known_process_in_its_known_place_is_allowed() {
        assertThat(cart.allows(cart.child(shell, "date", "/usr/bin/date", "shop")))
                .isTrue();
    }

    @Test
    void a_known_name_in_an_unknown_place_deviates() {
        assertThat(cart.allows(cart.child(cartd, "date", "/usr/bin/date", "shop")))
                .isFalse();
    }

    @Test
    void the_same_base_name_elsewhere_deviates_and_so_do_its_children() {
        var forged = cart.child(cartd, "sh", "/dev/shm/dash", "shop");
        assertThat(cart.allows(forged)).isFalse();
        assertThat(cart.allows(cart.child(forged, "date", "/usr/bin/date", "shop")))
                .isFalse();
    }

    @Test
    void another_user_than_the_inherited_one_deviates() {
        assertThat(cart.allows(cart.child(cartd, "sh", "/usr/bin/dash", "root")))
                .isFalse();
    }

    @Test
    void a_child_entered_from_outside_deviates() {
        assertThat(cart.allows(cart.root("sh", "/usr/bin/dash", "shop"))).isFalse();
    }

    @Test
    void an_image_whose_place_is_not_known_is_held_against_every_node() {
        assertThat(cart.uncertain("date", "/usr/bin/date", "shop")).hasToString("[2]");
        assertThat(cart.allows(cart.uncertain("nc", "/usr/bin/nc", "shop"))).isFalse();
    }

    @Test
    void all_nodes_that_match_are_kept_and_their_children_too() {
        var compiled = CompiledPolicy.compile(policy(processes(
                node("a_0", "sh", "/bin/*", "*", node("x_0", "x", "/bin/x", "root")),
                node("b_0", "s?", "/bin/sh", "root", node("y_0", "y", "/bin/y", "root")))));
        var both = compiled.root("sh", "/bin/sh", "root");
        assertThat(both).hasToString("[0, 2]").isSameAs(compiled.root("sh", "/bin/sh", "root"));
        assertThat(compiled.allows(compiled.child(both, "x", "/bin/x", "root"))).isTrue();
        assertThat(compiled.allows(compiled.child(both, "y", "/bin/y", "root"))).isTrue();
        assertThat(compiled.root("sh", "/bin/sh", "www")).hasToString("[0]");
    }

    @Test
    void an_unknown_executable_matches_only_a_pattern_that_matches_the_word() {
        var compiled = CompiledPolicy.compile(
                policy(processes(node("a_0", "a", "/bin/a", "root"), node("b_0", "b", "*", "root"))));
        assertThat(compiled.allows(compiled.root("a", "unknown", "root"))).isFalse();
        assertThat(compiled.allows(compiled.root("b", "unknown", "root"))).isTrue();
    }

    @Test
    void nothing_is_looked_at_when_processes_are_switched_off() {
        var off = new Switches(true, Switches.Directions.NONE, Switches.Directions.NONE, Switches.Directions.NONE);
        var compiled = CompiledPolicy.compile(policy(processes(), off));
        assertThat(compiled.allows(compiled.root("nc", "/usr/bin/nc", "root"))).isTrue();
    }

    @Test
    void a_socket_must_be_listed_once_every_matched_node_lists_sockets() {
        var listing = listening(node("a_0", "a", "/bin/a", "root"), port("80"), port("8000-8010"));
        var one = CompiledPolicy.compile(policy(processes(listing)));
        var image = one.root("a", "/bin/a", "root");
        assertThat(one.allowsSocket(image, Protocol.TCP, 80)).isTrue();
        assertThat(one.allowsSocket(image, Protocol.TCP, 8005)).isTrue();
        assertThat(one.allowsSocket(image, Protocol.UDP, 80)).isFalse();
        assertThat(one.allowsSocket(image, Protocol.TCP, 81)).isFalse();
        var two = CompiledPolicy.compile(policy(processes(listing, node("b_0", "a", "/bin/*", "root"))));
        assertThat(two.allowsSocket(two.root("a", "/bin/a", "root"), Protocol.TCP, 81))
                .isTrue();
    }
}
