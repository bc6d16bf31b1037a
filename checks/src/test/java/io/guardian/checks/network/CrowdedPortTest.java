package io.guardian.checks.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.Table;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One listener and very many clients, each with an address of its own. {@code -Dclients=1000000} for the full number,
 * {@code -Drate} for how many a second.
 */
@Tag("kernel")
class CrowdedPortTest {
    private static final int CLIENTS = Integer.getInteger("clients", 3_000);
    private static final int RATE = Integer.getInteger("rate", 2_000);
    private static final int FINGERPRINT_BYTES_MAX = 64 * 1024;
    private static final int RECORDS_MAX = 2 * (256 + 2) + 4;

    private final Cleanup cleanup = new Cleanup();
    private Path folder = Path.of("/");
    private GuardianRun guardian;
    private List<String> ports = List.of();

    @BeforeEach
    void start() throws IOException {
        Requirements.sensor();
        folder = Files.createTempDirectory("gn");
        cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
        var cgroup = cleanup.keep(TestCgroup.create("crowd"));
        guardian = cleanup.keep(GuardianRun.start(folder.resolve("data"), cgroup, List.of()));
        var clients = NativeProgram.compile("clients", folder);
        var service = cgroup.child("system.slice/crowd.service");
        var server = new ProcessBuilder(TestCgroup.inside(service, "exec " + clients + " serve")).start();
        cleanup.keep(server::destroyForcibly);
        var out = server.inputReader(StandardCharsets.UTF_8);
        ports = List.of(out.readLine(), out.readLine());
    }

    @AfterEach
    void stop() {
        cleanup.close();
    }

    private void crowd(String protocol, String port, int first, int count) {
        try {
            var line = List.of(
                    folder.resolve("clients").toString(),
                    protocol,
                    port,
                    Integer.toString(first),
                    Integer.toString(count),
                    Integer.toString(RATE));
            assertThat(new ProcessBuilder(line).inheritIO().start().waitFor()).isZero();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private String fingerprints() {
        return guardian.spyctl("get fingerprints --type linux-service -o yaml").out();
    }

    private long residentKib(String program) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + guardian.pid(program) + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_crowd_of_clients_leaves_a_small_marked_fingerprint_whose_policy_allows_all_of_them() throws IOException {
        long before = residentKib("agent");
        long agent = guardian.pid("agent");
        crowd("udp", ports.get(1), 1, CLIENTS);
        crowd("tcp", ports.get(0), 1, CLIENTS);
        long wanted = 2L * CLIENTS;
        String yaml;
        long lost;
        try (var api = Api.of(guardian)) {
            // What a machine under load loses is counted by the agent: no client is in neither.
            yaml = Eventually.get(
                    "the clients in the fingerprint",
                    Duration.ofMinutes(10),
                    this::fingerprints,
                    text -> overflow(text) + lostConnections(api) >= wanted);
            lost = lostConnections(api);
        }
        System.out.printf(
                "%d clients by UDP and %d by TCP: agent %d KiB before, %d KiB after; fingerprint %d bytes, overflow %d, lost and counted %d%n",
                CLIENTS, CLIENTS, before, residentKib("agent"), yaml.length(), overflow(yaml), lost);
        assertThat(guardian.pid("agent")).isEqualTo(agent);
        assertThat(yaml.length()).isLessThan(FINGERPRINT_BYTES_MAX);
        assertThat(overflow(yaml)).isLessThanOrEqualTo(2L * CLIENTS);
        var created = guardian.shell("spyctl get fingerprints --type linux-service -o yaml > f.yaml && "
                        + "spyctl create policy -f f.yaml -n crowd > p.yaml && spyctl apply -f p.yaml -y")
                .ok();
        assertThat(created.err()).contains("more than 256 peers on one port");
        // An address outside the block is a deviation, and by then the others were judged. Until the agent has the
        // policy
        // nobody is a stranger, so this one tries again.
        String log = Eventually.get(
                "the deviation of a stranger",
                () -> {
                    crowd("tcp", ports.get(0), 2, 1_000);
                    crowd("tcp", ports.get(0), 0x00ff_0000, 1);
                    return guardian.spyctl("logs policy crowd").ok().out();
                },
                text -> text.contains("from \"127.255.0.0\""));
        assertThat(log.lines().filter(line -> line.contains("deviated")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("from \"127.255.0.0\""));
    }

    @Test
    void a_crowd_of_strangers_makes_few_records_and_an_exact_count() throws IOException {
        crowd("tcp", ports.get(0), 1, 1);
        Eventually.get(
                "the first client in the fingerprint", this::fingerprints, text -> text.contains("127.0.0.1/32"));
        guardian.shell("spyctl get fingerprints --type linux-service -o yaml > f.yaml && "
                        + "spyctl create policy -f f.yaml -n known > p.yaml && spyctl apply -f p.yaml -y")
                .ok();
        // Until the agent has the policy nobody is a stranger, so this one tries again.
        int[] tries = {0};
        Eventually.get(
                "the agent to have the policy",
                () -> {
                    crowd("tcp", ports.get(0), 2, 1);
                    tries[0]++;
                    return guardian.spyctl("logs policy known").ok().out();
                },
                text -> text.contains("from \"127.0.0.2\""));
        long agent = guardian.pid("agent");
        crowd("udp", ports.get(1), 0x0100, CLIENTS);
        crowd("tcp", ports.get(0), 0x0100, CLIENTS);
        long strangers = 2L * CLIENTS;
        try (var api = Api.of(guardian)) {
            String policy = Table.of(guardian.spyctl("get policies").ok().out()).cell("NAME", "known", "UID");
            var records = Eventually.get(
                    "the count of all strangers",
                    Duration.ofMinutes(10),
                    () -> api.policyRecords(policy, "event_deviation"),
                    all -> times(all) + lostConnections(api) >= strangers);
            long lost = lostConnections(api);
            System.out.printf(
                    "%d strangers by UDP and %d by TCP: %d counted in %d records of %d bytes, %d lost and counted; agent %d KiB%n",
                    CLIENTS,
                    CLIENTS,
                    times(records),
                    records.size(),
                    records.stream().mapToLong(each -> each.toText().length()).sum(),
                    lost,
                    residentKib("agent"));
            assertThat(times(records)).isBetween(strangers - lost + 1, strangers + tries[0]);
            assertThat(records).hasSizeLessThanOrEqualTo(RECORDS_MAX);
            assertThat(guardian.spyctl("get deviations").ok().out()).contains("/" + times(records));
            assertThat(guardian.spyctl("logs policy known").ok().out().lines())
                    .hasSizeLessThanOrEqualTo(RECORDS_MAX * 3);
        }
        assertThat(guardian.pid("agent")).isEqualTo(agent);
        assertThat(Path.of("/proc/" + agent)).exists();
    }

    private static long times(List<Json.Obj> records) {
        return records.stream()
                .mapToLong(each -> each.number("count").map(Json.Num::asLong).orElse(1L))
                .sum();
    }

    private static long lostConnections(Api api) {
        double now = System.currentTimeMillis() / 1000.0;
        return api.records("agent_status", "event_agent_health", now - 3600, now + 60).stream()
                .mapToLong(event -> event.object("lost")
                        .number("ring.accept")
                        .map(Json.Num::asLong)
                        .orElse(0L))
                .sum();
    }

    private static long overflow(String yaml) {
        return yaml.lines()
                .filter(line -> line.strip().startsWith("overflow:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }
}
