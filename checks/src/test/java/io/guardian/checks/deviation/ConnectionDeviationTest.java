package io.guardian.checks.deviation;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
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

/** One deviation for each connection that the policy doesn't know, none for one that it knows. */
@Tag("container")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class ConnectionDeviationTest {
    private static final Pattern LINE =
            Pattern.compile("(?m)^\\(audit mode\\): ((?:Egress|Ingress) .* deviated from policy \"dialer\"\\.)$");

    private final Cleanup cleanup = new Cleanup();
    private NetworkNamespaces network;
    private GuardianRun guardian;
    private Dialer dialer;
    private String client = "";
    private Process resolver;

    @BeforeAll
    void learnAndApply() throws Exception {
        Requirements.containers();
        Path folder = Files.createTempDirectory("gc");
        cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
        var cgroup = cleanup.keep(TestCgroup.create("connections"));
        network = cleanup.keep(NetworkNamespaces.create("192.168.0.10/16 fd00:9::10/64"));
        var podman = cleanup.keep(PodmanContainers.start(folder.resolve("podman"), cgroup, "redis.tar"));
        guardian = cleanup.keep(GuardianRun.start(
                folder.resolve("data"), cgroup, List.of("--podman-root", podman.root() + ":" + podman.runRoot())));
        String other = network.client("192.168.0.20/16 192.168.0.21/16 192.168.0.53/16 fd00:9::20/64 fd00:9::21/64");
        client = network.client("192.168.0.229/16 192.168.0.230/16 fd00:9::e5/64 fd00:9::e6/64");
        resolver = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        other,
                        NativeProgram.compile("dnsd", folder).toString(),
                        "192.168.0.53",
                        "192.168.0.21",
                        "60")
                .inheritIO()
                .start();
        cleanup.keep(() -> resolver.destroyForcibly().waitFor());
        dialer = Dialer.start(podman, "dialer", folder.resolve("dialer"), network.serverNetwork(), "192.168.0.53");
        learn();
    }

    private void learn() {
        List.of(
                        "listen 7000",
                        "bind 7001",
                        "connect 192.168.0.20 5432",
                        "connect fd00:9::20 5432",
                        "send 192.168.0.20 8125",
                        "resolve ledger.shop.local 192.168.0.53 6432")
                .forEach(dialer::order);
        knock("192.168.0.229", "192.168.0.10", 7000);
        knock("fd00:9::e5", "fd00:9::10", 7000);
        tell("192.168.0.229", "192.168.0.10", 7001);
        Eventually.get(
                "the whole behaviour in the fingerprint",
                () -> guardian.shell("spyctl get fingerprints --type container -o yaml > f.yaml; cat f.yaml")
                        .out(),
                yaml ->
                        List.of(
                                        "192.168.0.20/32",
                                        "fd00:9::20/128",
                                        "8125",
                                        "ledger.shop.local",
                                        "fd00:9::e5/128",
                                        "7001")
                                .stream()
                                .allMatch(yaml::contains));
        guardian.shell("spyctl create policy -f f.yaml -n dialer > p.yaml && spyctl apply -f p.yaml")
                .ok();
    }

    @AfterAll
    void stop() {
        cleanup.close();
    }

    /** A TCP connection from outside, from this address of the client. */
    private void knock(String from, String to, int port) {
        network.in(client, "nc -s " + from + " -w 2 -z " + to + " " + port).ok();
    }

    private void tell(String from, String to, int port) {
        network.in(client, "echo x | nc -u -s " + from + " -w 1 " + to + " " + port);
    }

    private List<String> deviations() {
        return LINE.matcher(guardian.spyctl("logs policy dialer").ok().out())
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @ParameterizedTest
    @Order(2)
    @CsvSource(delimiter = '|', textBlock = """
            connect 192.168.0.20 5433   | Egress TCP connection of process "dialer" to "192.168.0.20" port 5433 deviated from policy "dialer".
            connect 192.168.0.23 5432   | Egress TCP connection of process "dialer" to "192.168.0.23" port 5432 deviated from policy "dialer".
            connect fd00:9::21 5432     | Egress TCP connection of process "dialer" to "fd00:9::21" port 5432 deviated from policy "dialer".
            connect fd00:9::20 5433     | Egress TCP connection of process "dialer" to "fd00:9::20" port 5433 deviated from policy "dialer".
            mapped 192.168.0.22 5432    | Egress TCP connection of process "dialer" to "192.168.0.22" port 5432 deviated from policy "dialer".
            send 192.168.0.20 8126      | Egress UDP connection of process "dialer" to "192.168.0.20" port 8126 deviated from policy "dialer".
            send fd00:9::20 8125        | Egress UDP connection of process "dialer" to "fd00:9::20" port 8125 deviated from policy "dialer".
            resolve mint.shop.local 192.168.0.53 6433 | Egress TCP connection of process "dialer" to "mint.shop.local" port 6433 deviated from policy "dialer".
            """)
    void an_unknown_egress_connection_is_one_deviation(String order, String line) {
        dialer.order(order);
        exactlyOnce(line);
    }

    private void exactlyOnce(String line) {
        assertThat(Eventually.get(line, this::deviations, lines -> lines.contains(line)))
                .filteredOn(line::equals)
                .hasSize(1);
    }

    @ParameterizedTest
    @Order(3)
    @CsvSource({"192.168.0.230,192.168.0.10", "fd00:9::e6,fd00:9::10"})
    void an_unknown_client_is_one_deviation(String from, String to) {
        knock(from, to, 7000);
        exactlyOnce("Ingress TCP connection of process \"dialer\" from \"" + from
                + "\" port 7000 deviated from policy \"dialer\".");
    }

    @Test
    @Order(4)
    void an_unknown_port_of_a_known_client_is_one_deviation() {
        dialer.order("listen 7002");
        knock("192.168.0.229", "192.168.0.10", 7002);
        exactlyOnce(
                "Ingress TCP connection of process \"dialer\" from \"192.168.0.229\" port 7002 deviated from policy \"dialer\".");
    }

    @Test
    @Order(1)
    void what_the_policy_knows_is_no_deviation() {
        List.of(
                        "connect 192.168.0.20 5432",
                        "mapped 192.168.0.20 5432",
                        "connect fd00:9::20 5432",
                        "send 192.168.0.20 8125",
                        "resolve ledger.shop.local 192.168.0.53 6432")
                .forEach(dialer::order);
        knock("192.168.0.229", "192.168.0.10", 7000);
        knock("fd00:9::e5", "fd00:9::10", 7000);
        tell("192.168.0.229", "192.168.0.10", 7001);
        // Records keep their order, so once the last one is answered the others have been judged.
        dialer.order("connect 192.168.0.99 9");
        String last =
                "Egress TCP connection of process \"dialer\" to \"192.168.0.99\" port 9 deviated from policy \"dialer\".";
        assertThat(Eventually.get("the marker", this::deviations, lines -> lines.contains(last)))
                .containsExactly(last);
    }
}
