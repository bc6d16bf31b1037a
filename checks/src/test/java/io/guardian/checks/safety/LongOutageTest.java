package io.guardian.checks.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.checks.fixture.Api;
import io.guardian.checks.fixture.Cleanup;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.GuardianRun;
import io.guardian.checks.fixture.HourOfRecords;
import io.guardian.checks.fixture.Requirements;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.TestCgroup;
import io.guardian.core.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The server is away for long and comes back: what the agent has kept on disk gets there, each record once.
 * {@code -Drecords=N} sets how many wait; an hour of a busy machine is 720000.
 */
@Tag("kernel")
class LongOutageTest {
    private static final int RECORDS = Integer.getInteger("records", 50_000);
    private static final long DEFAULT_SPOOL_BYTES = 512L << 20;
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(15);

    private final Cleanup cleanup = new Cleanup();
    private Path folder;
    private TestCgroup cgroup;

    @BeforeEach
    void start() throws IOException {
        Requirements.sensor();
        folder = Files.createTempDirectory("go");
        cleanup.keep(() -> Shell.run("rm", "-rf", folder.toString()));
        cgroup = cleanup.keep(TestCgroup.create("outage"));
    }

    @AfterEach
    void stop() {
        cleanup.close();
    }

    private GuardianRun guardian(String... options) {
        return cleanup.keep(GuardianRun.start(folder.resolve("data"), cgroup, List.of(options)));
    }

    private Path spool() {
        return folder.resolve("data/agent/spool");
    }

    private long spoolBytes() {
        try (var files = Files.list(spool())) {
            return files.mapToLong(LongOutageTest::size).sum();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException sent) {
            return 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void killHard(GuardianRun guardian, String program) {
        long pid = guardian.pid(program);
        Shell.run("kill", "-KILL", Long.toString(pid)).ok();
        Eventually.get("the end of the " + program, () -> Files.exists(Path.of("/proc/" + pid)), there -> !there);
    }

    /** Kills server and agent, and leaves an hour's records where the agent keeps what it has to send. */
    private HourOfRecords whileAway(GuardianRun guardian, int records, int processesOfTen, long limitBytes)
            throws IOException, InterruptedException {
        killHard(guardian, "server");
        killHard(guardian, "agent");
        var identity = (Json.Obj) Api.parse(Files.readString(folder.resolve("data/agent/identity.json")));
        long anHourAgo = (System.currentTimeMillis() - 3_600_000) * 1000;
        var hour = new HourOfRecords(identity.text("muid"), records, processesOfTen, anHourAgo);
        hour.spool(spool(), limitBytes);
        return hour;
    }

    /** Each lane is sent in order, so all is there when the last of both is. */
    private void awaitLast(GuardianRun guardian, HourOfRecords hour) {
        try (var api = Api.of(guardian)) {
            Eventually.get(
                    "the last records of the hour",
                    DRAIN_LIMIT,
                    () -> last(api, hour, "model_process") + last(api, hour, "model_connection"),
                    found -> found == 10);
        }
    }

    /** How many of the last ten records are there. */
    private static long last(Api api, HourOfRecords hour, String schema) {
        int end = hour.records();
        return api.records("spydergraph", schema, hour.before(end - 10), hour.before(end)).stream()
                .filter(record -> record.text("cgroup").equals("/user.slice"))
                .count();
    }

    /** The peak of a process's resident memory. */
    private static String peak(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.substring("VmHWM:".length()).strip())
                .findFirst()
                .orElse("?");
    }

    @Test
    void an_hours_records_are_there_once_when_the_server_comes_back() throws Exception {
        var guardian = guardian();
        var hour = whileAway(guardian, RECORDS, 6, DEFAULT_SPOOL_BYTES);
        long waiting = spoolBytes();
        long began = System.nanoTime();
        guardian.up();
        Eventually.get("a part of it to be sent", this::spoolBytes, left -> left < waiting * 3 / 4);
        killHard(guardian, "server");
        guardian.up();
        Eventually.get("half of it to be sent", DRAIN_LIMIT, this::spoolBytes, left -> left < waiting / 2);
        killHard(guardian, "agent");
        guardian.up();
        awaitLast(guardian, hour);
        long seconds = (System.nanoTime() - began) / 1_000_000_000;
        System.out.printf(
                "%d records: %d bytes on disk; all visible %d s after the start, with the server and the agent killed once"
                        + " each meanwhile; peak of the agent's memory %s%n",
                RECORDS, waiting, seconds, peak(guardian.pid("agent")));
        guardian.down();
        assertThat(stored("model_process", "count(*)")).isEqualTo(hour.processes());
        assertThat(stored("model_process", "count(DISTINCT id)")).isEqualTo(hour.processes());
        assertThat(stored("model_connection", "count(*)")).isEqualTo(hour.connections());
        assertThat(stored("model_connection", "count(DISTINCT id)")).isEqualTo(hour.connections());
    }

    /** What the history of the stopped server says of the hour's records. */
    private long stored(String table, String what) throws Exception {
        String file = folder.resolve("data/server/history/history.duckdb").toString();
        try (var connection = DriverManager.getConnection("jdbc:duckdb:" + file);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT " + what + " FROM " + table)) {
            return rows.next() ? rows.getLong(1) : -1;
        }
    }

    @Test
    void a_full_spool_lets_the_oldest_connections_go_first_and_says_how_many() throws Exception {
        var guardian = guardian("--spool-mib", "2");
        // Written by an agent that was allowed more, so that the one with 2 MiB starts with too much.
        var hour = whileAway(guardian, 60_000, 2, 8 << 20);
        assertThat(spoolBytes()).isBetween(3L << 20, 8L << 20);
        guardian.up();
        awaitLast(guardian, hour);
        try (var api = Api.of(guardian)) {
            long lost = Eventually.get("the count of what was dropped", () -> lost(api), count -> count > 0);
            guardian.down();
            assertThat(stored("model_process", "count(DISTINCT id)")).isEqualTo(hour.processes());
            long connections = stored("model_connection", "count(DISTINCT id)");
            assertThat(connections).isPositive();
            // The agent's own figures, one record a minute, are no more telling than connections.
            assertThat(connections + lost).isBetween(hour.connections(), hour.connections() + 2);
            long oldest = stored("model_connection", "CAST(min(valid_from) * 1000 AS BIGINT)");
            assertThat(oldest).as("those that are there are the newest").isGreaterThanOrEqualTo((long)
                    (hour.before(Math.toIntExact(lost)) * 1000));
        }
    }

    /** What the agent said it lost because its spool was full. */
    private static long lost(Api api) {
        double now = System.currentTimeMillis() / 1000.0;
        return api.records("agent_status", "event_agent_health", now - 600, now + 60).stream()
                .mapToLong(event -> event.object("lost")
                        .number("spool.full")
                        .map(Json.Num::asLong)
                        .orElse(0L))
                .sum();
    }
}
