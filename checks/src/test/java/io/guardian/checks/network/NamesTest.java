package io.guardian.checks.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Dialer;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.NetworkNamespaces;
import io.guardian.checks.fixture.PodmanContainers;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.TestCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A policy by names: who answers, who is believed, and what is judged and shown where something on the way changes the
 * destination. {@code -Draces=10000} for the full number of connects right after their answer.
 */
@Tag("container")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class NamesTest {
    private static final int RACES = Integer.getInteger("races", 1_000);
    private static final String RESOLVER = "192.168.0.53";
    private static final String STRANGER = "192.168.0.66";
    private static final String LEDGER = "192.168.0.21";
    private static final String CONFIGURED = "192.168.0.54";

    private final Cleanup cleanup = new Cleanup();
    private NetworkNamespaces network;
    private GuardianRun guardian;
    private Dialer dialer;
    private Path folder = Path.of("/");
    private String other = "";

    @BeforeAll
    void learnAndApply() throws IOException {
        Requirements.containers();
        folder = Files.createTempDirectory("gn");
        cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
        var cgroup = cleanup.keep(TestCgroup.create("names"));
        network = cleanup.keep(NetworkNamespaces.create("192.168.0.10/16"));
        var podman = cleanup.keep(PodmanContainers.start(folder.resolve("podman"), cgroup, "redis.tar"));
        guardian = cleanup.keep(GuardianRun.start(
                folder.resolve("data"),
                cgroup,
                List.of("--podman-root", podman.root() + ":" + podman.runRoot(), "--resolver", CONFIGURED)));
        other = network.client("192.168.0.20/16 192.168.0.21/16 192.168.0.53/16 192.168.0.54/16 192.168.0.66/16");
        NativeProgram.compile("dnsd", folder);
        dnsd(RESOLVER, LEDGER, "60", "192.168.0.92");
        dnsd(STRANGER, "192.168.0.91", "60");
        dnsd(CONFIGURED, "192.168.0.96", "60");
        dialer = Dialer.start(podman, "dialer", folder.resolve("dialer"), network.serverNetwork(), RESOLVER);
        dialer.order("resolve ledger.shop.local " + RESOLVER + " 6432");
        dialer.order("resolve once.shop.local " + RESOLVER + " 6432");
        // The names that are asked for are in no connection of their own and nothing of the policy.
        Eventually.get(
                "both names in the fingerprint",
                () -> guardian.shell("spyctl get fingerprints --type container -o yaml > f.yaml; cat f.yaml")
                        .out(),
                yaml -> yaml.contains("ledger.shop.local") && yaml.contains("once.shop.local"));
        // What is asked of whom is another matter: any DNS server may be asked.
        guardian.shell("spyctl create policy -f f.yaml -n names > p.yaml"
                        + " && sed -i 's#cidr: 192.168.0.53/32#cidr: 0.0.0.0/0#' p.yaml && spyctl apply -f p.yaml")
                .ok();
    }

    private void dnsd(String... words) throws IOException {
        var line = new ArrayList<>(
                List.of("ip", "netns", "exec", other, folder.resolve("dnsd").toString()));
        line.addAll(List.of(words));
        var server = new ProcessBuilder(line).inheritIO().start();
        cleanup.keep(() -> server.destroyForcibly().waitFor());
    }

    @AfterAll
    void stop() {
        cleanup.close();
    }

    private List<String> deviations() {
        return guardian.spyctl("logs policy names")
                .ok()
                .out()
                .lines()
                .filter(line -> line.contains("deviated"))
                .toList();
    }

    private static String egress(String peer, int port) {
        return "Egress TCP connection of process \"dialer\" to \"" + peer + "\" port " + port + " deviated";
    }

    private void isDeviation(String peer, int port) {
        Eventually.get(
                "a deviation to " + peer,
                this::deviations,
                lines -> lines.stream().anyMatch(line -> line.contains(egress(peer, port))));
    }

    private String connections(String filter) {
        return guardian.spyctl("get connections -o yaml " + filter).ok().out();
    }

    @Test
    @Order(1)
    void a_name_of_the_policy_is_allowed_wherever_its_resolver_says_it_is() {
        assertThat(dialer.order("resolve ledger.shop.local " + RESOLVER + " 6432"))
                .isNotEmpty();
        dialer.order("connect 192.168.0.90 6432");
        isDeviation("192.168.0.90", 6432);
        assertThat(deviations()).hasSize(1);
    }

    /** Each tries to have an address of its own taken for the ledger. */
    @ParameterizedTest
    @Order(2)
    @CsvSource({
        // An answer from somebody who is not asked by this workload's resolv.conf.
        "resolve ledger.shop.local 192.168.0.66 6432, 192.168.0.91",
        // An answer of the resolver to what was not asked.
        "resolve lie.ledger.shop.local 192.168.0.53 6432, 192.168.0.92",
        // The same three by TCP.
        "resolve-tcp ledger.shop.local 192.168.0.66 6432, 192.168.0.91",
        "resolve-tcp lie.ledger.shop.local 192.168.0.53 6432, 192.168.0.92",
        "selfmade-tcp ledger.shop.local 192.168.0.95 6432, 192.168.0.95",
        // A DNS server of the workload's own.
        "selfmade ledger.shop.local 192.168.0.93 6432, 192.168.0.93",
        // A packet made by hand that looks as if the resolver had sent it.
        "spoof once.shop.local 192.168.0.53 192.168.0.94 6432, 192.168.0.94"
    })
    void a_forged_answer_changes_nothing(String order, String address) {
        // Nobody is at the address: it was got as far as connecting to it.
        assertThat(dialer.order(order)).isEqualTo("No route to host");
        isDeviation(address, 6432);
        assertThat(connections("--remote-ip-equals " + address))
                .contains("remote_ip: " + address)
                .doesNotContain("shop.local");
    }

    /** Nobody listens there; the connect is what counts. */
    private void hasName(String order, String address, String name) {
        dialer.order(order);
        Eventually.get(
                "a connection to " + address + " by its name",
                () -> connections("--remote-ip-equals " + address),
                yaml -> yaml.contains("remote_hostname: " + name));
    }

    @Test
    @Order(3)
    void a_name_that_was_asked_for_by_tcp_is_known() {
        hasName("resolve-tcp a-192-168-7-1.tcp.local " + RESOLVER + " 6401", "192.168.7.1", "a-192-168-7-1.tcp.local");
    }

    @Test
    @Order(3)
    void an_answer_too_long_for_a_datagram_is_read_where_it_came_by_tcp() {
        hasName("resolve b-192-168-7-2.tcp.local " + RESOLVER + " 6401", "192.168.7.2", "b-192-168-7-2.tcp.local");
    }

    @Test
    @Order(3)
    void a_resolver_that_the_agent_was_told_of_is_believed() {
        hasName("resolve a-192-168-7-3.more.local " + CONFIGURED + " 6401", "192.168.7.3", "a-192-168-7-3.more.local");
    }

    @Test
    @Order(3)
    void a_connect_right_after_its_answer_has_the_name() {
        String answer = Eventually.get(
                "the end of the race",
                Duration.ofMinutes(5),
                () -> dialer.order("race " + RACES + " " + RESOLVER + " 6400"),
                text -> text.endsWith("done"));
        int tries = Integer.parseInt(answer.split(" ", -1)[1]);
        String all = Eventually.get(
                "all connections",
                Duration.ofMinutes(3),
                () -> connections("--remote-port-equals 6400"),
                yaml -> yaml.lines()
                                .filter(line -> line.contains("remote_ip: 127."))
                                .count()
                        == tries);
        var named = all.lines()
                .filter(line -> line.contains("remote_hostname: a-127-"))
                .toList();
        System.out.printf(
                "%d connects within 100 us of their answer in %d tries: %d have the name%n",
                RACES, tries, named.size());
        assertThat(named).hasSize(tries).doesNotHaveDuplicates();
    }

    @Test
    @Order(4)
    void what_was_asked_is_judged_and_both_destinations_are_shown() {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/sbin/iptables")), "needs iptables");
        network.in(
                        network.server(),
                        "iptables -w -t nat -A OUTPUT -d 192.168.0.77 -p tcp --dport 6432 -j DNAT --to 192.168.0.20:6433")
                .ok();
        dialer.order("connect 192.168.0.77 6432");
        isDeviation("192.168.0.77", 6432);
        String shown = Eventually.get(
                "where it went",
                () -> connections("--remote-port-equals 6433"),
                yaml -> yaml.contains("remote_ip: 192.168.0.20"));
        assertThat(shown).contains("asked_ip: 192.168.0.77").contains("asked_port: 6432");
        assertThat(deviations()).noneMatch(line -> line.contains("192.168.0.20"));
    }

    @Test
    @Order(5)
    void sockets_beside_tcp_and_udp_are_shown_with_their_process() {
        dialer.order("other 17 3 0");
        dialer.order("other 40 1 0");
        String shown = Eventually.get(
                "both kinds of sockets",
                () -> guardian.spyctl("get processes -o yaml --name-equals dialer")
                        .ok()
                        .out(),
                yaml -> yaml.contains("- packet") && yaml.contains("- vsock"));
        assertThat(shown).contains("other_sockets:");
    }
}
