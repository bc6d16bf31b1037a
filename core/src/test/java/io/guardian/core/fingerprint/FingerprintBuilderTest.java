package io.guardian.core.fingerprint;

import static io.guardian.core.testing.Sample.entry;
import static io.guardian.core.testing.Sample.ip;
import static io.guardian.core.testing.Sample.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.net.Direction;
import io.guardian.core.net.IpAddress;
import io.guardian.core.net.Protocol;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.NetworkEntry;
import io.guardian.core.policy.Peer;
import io.guardian.core.policy.Switches;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintBuilderTest {
    private final FingerprintBuilder builder = new FingerprintBuilder();

    @Test
    void workers_that_change_their_user_are_one_node_below_their_server() {
        int server = builder.root("cartd", "/opt/shop/cartd", "root");
        int worker = 0;
        for (int i = 0; i < 4; i++) {
            int fork = builder.child(server, "cartd", "/opt/shop/cartd", "root");
            assertThat(fork).isEqualTo(server);
            worker = builder.changedUser(fork, "cartd", "/opt/shop/cartd", "shop");
        }
        int shell = builder.child(worker, "sh", "/usr/bin/dash", "shop");
        builder.child(shell, "date", "/usr/bin/date", "shop");
        assertThat(builder.behaviour().processes())
                .containsExactly(node(
                        "cartd_0",
                        "cartd",
                        "/opt/shop/cartd",
                        "root",
                        node(
                                "cartd_1",
                                "cartd",
                                "/opt/shop/cartd",
                                "shop",
                                node("sh_0", "sh", "/usr/bin/dash", "", node("date_0", "date", "/usr/bin/date", "")))));
        assertThat(builder.changedUser(worker, "cartd", "/opt/shop/cartd", "root"))
                .isEqualTo(server);
    }

    @Test
    void folding_looks_at_the_image_and_not_at_its_node() {
        builder.root("a", "/bin/a", "www");
        int root = builder.root("a", "/bin/a", "root");
        builder.changedUser(root, "a", "/bin/a", "www");
        assertThat(builder.behaviour().processes())
                .containsExactly(node("a_0", "a", "/bin/a", "root,www", node("a_1", "a", "/bin/a", "www")));
    }

    @Test
    void ingress_is_written_by_address_and_egress_by_name() {
        int a = builder.root("a", "/bin/a", "root");
        builder.connection(a, Direction.INGRESS, Protocol.TCP, ip("192.0.2.1"), 80, "client.test");
        builder.connection(a, Direction.EGRESS, Protocol.UDP, ip("192.0.2.53"), 53, "");
        builder.connection(a, Direction.EGRESS, Protocol.TCP, ip("2001:db8::1"), 443, "api.example.net");
        var behaviour = builder.behaviour();
        assertThat(behaviour.ingress()).containsExactly(entry("192.0.2.1/32", "a_0", "80"));
        assertThat(behaviour.egress())
                .containsExactly(entry("api.example.net", "a_0", "443"), entry("192.0.2.53/32", "a_0", "U53"));
    }

    @Test
    void the_revision_grows_only_when_something_is_new() {
        int a = builder.root("a", "/bin/a", "root");
        builder.connection(a, Direction.EGRESS, Protocol.TCP, ip("192.0.2.1"), 80, "");
        long before = builder.revision();
        for (int i = 0; i < 1000; i++) {
            assertThat(builder.root("a", "/bin/a", "root")).isEqualTo(a);
            builder.connection(a, Direction.EGRESS, Protocol.TCP, ip("192.0.2.1"), 80, "");
        }
        assertThat(builder.revision()).isEqualTo(before);
        builder.child(a, "b", "/bin/b", "root");
        assertThat(builder.revision()).isGreaterThan(before);
    }

    private static List<String> peers(NetworkEntry entry) {
        return entry.peers().stream()
                .map(peer -> switch (peer) {
                    case Peer.IpBlock(var cidr, var _) -> cidr.toString();
                    case Peer.DnsSelector(var names) -> names.getFirst();
                })
                .toList();
    }

    @Test
    void as_many_peers_as_the_limit_are_written_one_by_one() {
        int a = builder.root("a", "/bin/a", "root");
        for (int i = 0; i < FingerprintBuilder.MAX_PEERS; i++) {
            builder.connection(a, Direction.INGRESS, Protocol.TCP, IpAddress.v4(0x0a000000 + i), 80, "");
        }
        assertThat(builder.behaviour().ingress().getFirst().peers()).hasSize(FingerprintBuilder.MAX_PEERS);
        assertThat(builder.overflow()).isZero();
    }

    @Test
    void peers_beyond_the_limit_become_the_smallest_block_that_holds_them_and_are_counted() {
        int a = builder.root("a", "/bin/a", "root");
        for (int i = 0; i < 1000; i++) {
            builder.connection(a, Direction.INGRESS, Protocol.TCP, IpAddress.v4(0x0a010000 + i), 80, "");
            builder.connection(a, Direction.INGRESS, Protocol.TCP, ip("10.9.9.9"), 81, "");
        }
        var behaviour = builder.behaviour();
        assertThat(behaviour.ingress())
                .containsExactly(entry("10.1.0.0/22", "a_0", "80"), entry("10.9.9.9/32", "a_0", "81"));
        assertThat(builder.overflow()).isEqualTo(1000);
        assertThat(builder.isTruncated()).isFalse();
    }

    @Test
    void further_versions_of_a_connection_are_not_counted_again() {
        int a = builder.root("a", "/bin/a", "root");
        for (int i = 0; i < 300; i++) {
            var client = IpAddress.v4(0x0a010000 + i);
            builder.connection(a, Direction.INGRESS, Protocol.TCP, client, 80, "", true);
            builder.connection(a, Direction.INGRESS, Protocol.TCP, client, 80, "", false);
        }
        assertThat(builder.overflow()).isEqualTo(300);
    }

    @Test
    void connections_to_the_first_names_are_no_part_of_a_block() {
        int a = builder.root("a", "/bin/a", "root");
        for (int i = 0; i < 300; i++) {
            builder.connection(a, Direction.EGRESS, Protocol.TCP, IpAddress.v4(0x0a010000 + i), 80, "n" + i + ".test");
        }
        builder.connection(a, Direction.EGRESS, Protocol.TCP, ip("10.1.0.0"), 80, "n0.test");
        assertThat(builder.overflow()).isEqualTo(300 - FingerprintBuilder.MAX_PEERS);
    }

    @Test
    void private_and_public_peers_and_both_families_have_blocks_of_their_own() {
        int a = builder.root("a", "/bin/a", "root");
        for (int i = 0; i < 300; i++) {
            builder.connection(a, Direction.INGRESS, Protocol.TCP, IpAddress.v4(0x0a010000 + i), 80, "");
        }
        builder.connection(a, Direction.INGRESS, Protocol.TCP, ip("192.168.1.1"), 80, "");
        builder.connection(a, Direction.INGRESS, Protocol.TCP, ip("192.0.2.1"), 80, "");
        builder.connection(a, Direction.INGRESS, Protocol.TCP, ip("192.0.2.2"), 80, "");
        builder.connection(a, Direction.INGRESS, Protocol.TCP, ip("2001:db8::1"), 80, "");
        assertThat(peers(builder.behaviour().ingress().getFirst()))
                .containsExactly("10.1.0.0/23", "192.0.2.0/30", "192.168.1.1/32", "2001:db8::1/128");
    }

    @Test
    void names_stay_beside_blocks_and_too_many_of_them_count_by_their_addresses() {
        int a = builder.root("a", "/bin/a", "root");
        builder.connection(a, Direction.EGRESS, Protocol.TCP, ip("192.0.2.9"), 443, "api.example.net");
        for (int i = 0; i < 300; i++) {
            builder.connection(a, Direction.EGRESS, Protocol.TCP, IpAddress.v4(0x0a010000 + i), 443, "");
            builder.connection(
                    a, Direction.EGRESS, Protocol.UDP, IpAddress.v4(0x0a020000 + i), 443, "n" + i + ".example");
        }
        var egress = builder.behaviour().egress();
        assertThat(egress)
                .anySatisfy(entry -> assertThat(peers(entry)).containsExactly("api.example.net", "10.1.0.0/23"));
        assertThat(egress)
                .anySatisfy(entry -> assertThat(peers(entry))
                        .hasSize(FingerprintBuilder.MAX_PEERS + 1)
                        .contains("n0.example", "10.2.1.0/26"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void the_order_of_peers_does_not_matter(long seed) {
        var random = new Random(Long.getLong("seed", seed));
        var addresses = new ArrayList<IpAddress>();
        for (int i = 0; i < 200 + random.nextInt(300); i++) {
            addresses.add(IpAddress.v4(0x0a000000 + random.nextInt(1 << 20)));
        }
        Behaviour first = behaviour(addresses);
        Collections.shuffle(addresses, random);
        assertThat(behaviour(addresses)).isEqualTo(first);
        assertThat(Join.join(List.of(first, first))).isEqualTo(first);
    }

    private static Behaviour behaviour(List<IpAddress> clients) {
        var made = new FingerprintBuilder();
        int a = made.root("a", "/bin/a", "root");
        clients.forEach(client -> made.connection(a, Direction.INGRESS, Protocol.TCP, client, 80, ""));
        return made.behaviour();
    }

    @Test
    void a_million_clients_leave_a_small_fingerprint_and_the_last_is_allowed_as_the_first() {
        int a = builder.root("a", "/bin/a", "root");
        for (int i = 0; i < 1_000_000; i++) {
            builder.connection(a, Direction.INGRESS, Protocol.TCP, IpAddress.v4(0x7f000001 + i), 80, "");
        }
        assertThat(builder.behaviour().ingress()).containsExactly(entry("127.0.0.0/12", "a_0", "80"));
        assertThat(builder.overflow()).isEqualTo(1_000_000);
        assertThat(builder.revision()).isLessThan(1_000);
    }

    @Test
    void a_chain_that_is_too_deep_is_cut_and_counted() {
        int at = builder.root("p", "/bin/p", "root");
        for (int i = 0; i < 100; i++) {
            at = builder.child(at, "p" + i, "/bin/p", "root");
        }
        assertThat(at).isEqualTo(FingerprintBuilder.LEFT_OUT);
        assertThat(builder.behaviour().nodes()).hasSize(FingerprintBuilder.MAX_DEPTH);
        assertThat(builder.leftOut()).isEqualTo(Map.of("images", 37L));
    }

    @Test
    void more_images_and_atoms_than_the_limits_are_counted() {
        for (int i = 0; i < 11_000; i++) {
            int image = builder.root("p" + i, "/bin/p", "root");
            builder.connection(image, Direction.EGRESS, Protocol.TCP, ip("192.0.2.1"), 80, "");
            builder.connection(image, Direction.EGRESS, Protocol.TCP, ip("192.0.2.1"), 443, "");
        }
        assertThat(builder.behaviour().processes()).hasSize(FingerprintBuilder.MAX_NODES);
        assertThat(builder.leftOut()).isEqualTo(Map.of("images", 1_000L, "connections", 12_000L));
    }

    @Test
    void an_image_that_was_not_seen_starting_is_a_root_and_marks_the_fingerprint() {
        builder.uncertain("a", "/bin/a", "root");
        assertThat(builder.isUncertain()).isTrue();
        assertThat(builder.behaviour().processes()).containsExactly(node("a_0", "a", "/bin/a", "root"));
    }

    @Test
    void labels_of_a_rollout_are_left_out_of_the_selectors() {
        var selectors = WorkloadSelectors.container(
                "docker.io/library/redis:7",
                "sha256:00",
                Map.of("app", "cart", "pod-template-hash", "6d9f"),
                Map.of("kubernetes.io/metadata.name", "shop"));
        assertThat(FingerprintSpec.of(selectors, Switches.NONE, Behaviour.EMPTY).toText())
                .isEqualTo("""
                        {"containerSelector":{"image":"docker.io/library/redis:7","imageID":"sha256:00"},\
                        "podSelector":{"matchLabels":{"app":"cart"}},\
                        "namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"shop"}},\
                        "processPolicy":[],"networkPolicy":{"egress":[],"ingress":[]}}""");
        assertThat(FingerprintSpec.of(
                                WorkloadSelectors.service("/system.slice/x.service", "db-1"),
                                Switches.NONE,
                                Behaviour.EMPTY)
                        .fields()
                        .keySet())
                .isEqualTo(Set.of("serviceSelector", "machineSelector", "processPolicy", "networkPolicy"));
    }
}
