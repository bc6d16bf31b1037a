package io.guardian.core.decide;

import static io.guardian.core.testing.Sample.egress;
import static io.guardian.core.testing.Sample.entry;
import static io.guardian.core.testing.Sample.ingress;
import static io.guardian.core.testing.Sample.ip;
import static io.guardian.core.testing.Sample.node;
import static io.guardian.core.testing.Sample.policy;
import static io.guardian.core.testing.Sample.processes;
import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.net.Direction;
import io.guardian.core.net.Protocol;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.Switches;
import io.guardian.core.policy.Switches.Directions;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionVerdictTest {
    private final Behaviour two = processes(node("a_0", "a", "/bin/a", "root"), node("b_0", "b", "/bin/b", "root"));

    private static Connection to(String remote, int port, String... names) {
        return new Connection(Direction.EGRESS, Protocol.TCP, ip(remote), port, List.of(names));
    }

    private static Connection from(String remote, int port) {
        return new Connection(Direction.INGRESS, Protocol.TCP, ip(remote), port, List.of());
    }

    @Test
    void one_entry_must_allow_peer_port_and_process_together() {
        var compiled = CompiledPolicy.compile(
                policy(egress(two, entry("10.9.0.1/32", "a_0,b_0", "443"), entry("10.9.0.2/32", "b_0", "443,80"))));
        var a = compiled.root("a", "/bin/a", "root");
        var b = compiled.root("b", "/bin/b", "root");
        assertThat(compiled.allows(to("10.9.0.1", 443), a)).isTrue();
        assertThat(compiled.allows(to("10.9.0.2", 443), a)).as("other process").isFalse();
        assertThat(compiled.allows(to("10.9.0.2", 80), b)).isTrue();
        assertThat(compiled.allows(to("10.9.0.1", 80), b))
                .as("entries are not mixed")
                .isFalse();
        assertThat(compiled.allows(to("10.9.0.1", 443), compiled.none()))
                .as("deviating process")
                .isFalse();
        assertThat(compiled.allows(from("10.9.0.1", 443), a))
                .as("other direction")
                .isFalse();
    }

    @Test
    void an_address_inside_an_exception_is_not_in_the_block() {
        var compiled = CompiledPolicy.compile(
                policy(egress(two, entry("10.0.0.0/8!10.1.0.0/16", "", "443"), entry("10.1.2.0/24", "", "443"))));
        assertThat(compiled.allows(to("10.2.0.1", 443), compiled.none())).isTrue();
        assertThat(compiled.allows(to("10.1.0.1", 443), compiled.none())).isFalse();
        assertThat(compiled.allows(to("10.1.2.3", 443), compiled.none()))
                .as("another entry has it")
                .isTrue();
    }

    @Test
    void a_v4_mapped_address_is_its_ipv4_address_and_not_in_an_ipv6_block() {
        var v4 = CompiledPolicy.compile(policy(egress(two, entry("0.0.0.0/0", "", "443"))));
        var v6 = CompiledPolicy.compile(policy(egress(two, entry("::/0", "", "443"))));
        assertThat(v4.allows(to("::ffff:192.0.2.1", 443), v4.none())).isTrue();
        assertThat(v6.allows(to("::ffff:192.0.2.1", 443), v6.none())).isFalse();
        assertThat(v6.allows(to("2001:db8::1", 443), v6.none())).isTrue();
    }

    @Test
    void a_name_allows_an_address_while_it_is_valid_for_it() {
        var compiled = CompiledPolicy.compile(policy(egress(two, entry("*.example.net", "a_0", "443"))));
        var a = compiled.root("a", "/bin/a", "root");
        assertThat(compiled.allows(to("192.0.2.1", 443, "other.test", "x.y.example.net"), a))
                .isTrue();
        assertThat(compiled.allows(to("192.0.2.1", 443), a)).isFalse();
        assertThat(compiled.allows(to("192.0.2.1", 443, "example.net"), a)).isFalse();
    }

    @Test
    void switches_turn_off_a_direction_or_one_kind_of_remote() {
        var noEgress = new Switches(false, Directions.EGRESS, Directions.NONE, Directions.NONE);
        var one = CompiledPolicy.compile(policy(two, noEgress));
        assertThat(one.allows(to("8.8.8.8", 53), one.none())).isTrue();
        assertThat(one.allows(from("8.8.8.8", 53), one.none())).isFalse();
        var noPrivate = new Switches(false, Directions.NONE, Directions.ALL, Directions.NONE);
        var other = CompiledPolicy.compile(policy(two, noPrivate));
        assertThat(other.allows(to("fd00::1", 53), other.none())).isTrue();
        assertThat(other.allows(from("172.31.255.255", 53), other.none())).isTrue();
        assertThat(other.allows(to("172.32.0.1", 53), other.none())).isFalse();
    }

    @Test
    void ingress_entries_are_about_the_local_port() {
        var compiled = CompiledPolicy.compile(policy(ingress(two, entry("192.168.0.0/16", "a_0", "27017"))));
        var a = compiled.root("a", "/bin/a", "root");
        assertThat(compiled.allows(from("192.168.4.31", 27017), a)).isTrue();
        assertThat(compiled.allows(from("192.169.0.1", 27017), a)).isFalse();
    }

    @Test
    void processes_of_entries_are_ignored_when_processes_are_switched_off() {
        var off = new Switches(true, Directions.NONE, Directions.NONE, Directions.NONE);
        var compiled = CompiledPolicy.compile(policy(egress(two, entry("10.9.0.1/32", "a_0", "443")), off));
        assertThat(compiled.allows(to("10.9.0.1", 443), compiled.none())).isTrue();
        assertThat(compiled.allows(to("10.9.0.2", 443), compiled.none())).isFalse();
    }

    @Test
    void private_means_one_of_the_listed_blocks() {
        for (String text : List.of(
                "10.0.0.0",
                "172.16.0.0",
                "192.168.255.255",
                "127.0.0.53",
                "169.254.1.1",
                "::1",
                "fc00::",
                "fdff::1",
                "fe80::1",
                "febf::1")) {
            assertThat(PrivateNetworks.contain(ip(text))).as(text).isTrue();
        }
        for (String text : List.of(
                "9.255.255.255",
                "11.0.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.0.1",
                "128.0.0.1",
                "::",
                "::2",
                "fbff::1",
                "fe00::1",
                "fec0::1",
                "2001:db8::1")) {
            assertThat(PrivateNetworks.contain(ip(text))).as(text).isFalse();
        }
    }
}
