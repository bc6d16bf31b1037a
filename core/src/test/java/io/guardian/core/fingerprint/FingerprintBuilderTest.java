package io.guardian.core.fingerprint;

import static io.guardian.core.testing.Sample.entry;
import static io.guardian.core.testing.Sample.ip;
import static io.guardian.core.testing.Sample.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.net.Direction;
import io.guardian.core.net.IpAddress;
import io.guardian.core.net.Protocol;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.Switches;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

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

    @Test
    void peers_beyond_the_limit_are_counted_and_not_written() {
        int a = builder.root("a", "/bin/a", "root");
        for (int i = 0; i < 1000; i++) {
            builder.connection(a, Direction.EGRESS, Protocol.TCP, IpAddress.v4(0x0a000000 + i), 80, "");
        }
        assertThat(builder.behaviour().egress().getFirst().peers()).hasSize(FingerprintBuilder.MAX_PEERS);
        assertThat(builder.overflow()).isEqualTo(1000 - FingerprintBuilder.MAX_PEERS);
        assertThat(builder.isTruncated()).isTrue();
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
